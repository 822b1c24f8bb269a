#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fasti/database.h"
#include "tools/ingest/pipeline.h"
#include "tools/ingest/review/candidate_rows.h"

// What an article tells below the confidence gate, or of a name that fits several entities, waits
// in the database until a person decides.
//
// A candidate is an attribute of its source, with the fact as text (FormatCandidate): `.candidate`
// while it waits, `.candidate_accepted` or `.candidate_rejected` once it is decided,
// `.candidate_corroborated` once other sources made it sure enough (corroboration.h), so that the
// article read again does not bring it back.  `.candidate_agreement` finds those that say the same.
// These attributes are known only in the first
// microsecond of time, before anything could be published: no query meets them that does not ask
// AS OF all time, and no entity is made of the names in them.  See docs/decisions/0007.

namespace fasti::ingest {

enum class Decision { kAccept, kReject };
struct Decided {
  VersionId candidate = VersionId::kNone;
  Decision decision = Decision::kReject;
};

// Keeps for review what `extraction` found below `gate`, and what its report left out because of a
// name, but for what waits already or was decided; and withdraws what waits and is now stored.
// Returns how many were added.  `summary` is of the report of the extraction, in `transaction`.
absl::StatusOr<size_t> KeepCandidates(absl::string_view article, const Extraction& extraction,
                                      double gate, const ReportSummary& summary,
                                      Transaction* transaction);

// All that wait, in the order in which they were read.  DATA_LOSS if one cannot be read back.
absl::StatusOr<std::vector<Candidate>> PendingCandidates(const Snapshot& snapshot);

// Decides in one commit, all or nothing.  What is accepted becomes a claim of its source as if it
// had passed the gate, whose extractor notes that a person accepted it.  NOT_FOUND if one of them
// does not wait; FAILED_PRECONDITION if a name of an accepted one fits several entities.
absl::Status Decide(absl::Span<const Decided> decisions, Database* database);

}  // namespace fasti::ingest
