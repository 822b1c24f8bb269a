#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/database.h"
#include "tools/ingest/fact_json.h"
#include "tools/ingest/pipeline.h"

// Where candidates are kept: as attributes of their sources (candidates.h says which, and why).

namespace fasti::ingest {

struct Candidate {
  VersionId id = VersionId::kNone;  // by which people name it
  EntityId source = EntityId::kNone;
  std::string article;
  ExtractedFact fact;
  CandidateNote note;
};

enum class CandidateState : uint8_t {
  kWaiting,
  kAccepted,
  kRejected,
  kCorroborated,  // stored, since other sources tell it, too
};

// What makes two tellings of an article the same fact, however sure and by whatever rule.
std::string FactKey(const Statement& statement);

// What makes tellings of several sources the same: relation, names as they are compared, and
// whether it is denied.  None where the object is no entity.
std::optional<std::string> AgreementKey(const Statement& statement, const Snapshot& snapshot);

// Of one source or of all, in the order in which they were read.  DATA_LOSS if one cannot be read
// back.
absl::StatusOr<std::vector<Candidate>> CandidatesOf(const Snapshot& snapshot, CandidateState state,
                                                    std::optional<EntityId> source);

// Those that wait and have this AgreementKey.  Cost: a seek, and the candidates of their sources.
absl::StatusOr<std::vector<Candidate>> WaitingThatSay(const Snapshot& snapshot,
                                                      absl::string_view agreement_key);

// Lets a fact of `source` wait.
absl::Status AddCandidate(absl::string_view article, const ExtractedFact& fact,
                          const CandidateNote& note, EntityId source, Transaction* transaction);

// From waiting to another state.
absl::Status MoveCandidate(const Candidate& candidate, CandidateState state,
                           Transaction* transaction);

// Makes it a claim of its source, whose extractor says `note`, too.  If a name fits several
// entities nothing is stored, and the summary says so.
absl::StatusOr<ReportSummary> ReportCandidate(const Candidate& candidate, absl::string_view note,
                                              Transaction* transaction);

}  // namespace fasti::ingest
