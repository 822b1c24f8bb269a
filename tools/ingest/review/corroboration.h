#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "fasti/database.h"
#include "tools/ingest/pipeline.h"
#include "tools/ingest/review/candidate_rows.h"

// What several sources tell in their own words needs less proof from each of them.  A fact between
// two entities that an article tells below the gate is stored all the same where other sources,
// stored or waiting (candidates.h), tell it, too, and it is likely enough that one of them is read
// right: 1 - (1 - p1)(1 - p2)... reaches the gate, p being the confidence of each (a noisy or, as
// in O. Etzioni et al., Web-Scale Information Extraction in KnowItAll, 2004).  All that wait with
// it are stored then.  A source counts once, and so does a sentence, which an agency sends to many.
//
// What is stored is the same in whatever order the sources come.

namespace fasti::ingest {

struct ConfirmedCandidate {
  Candidate candidate;
  StatementOutcome outcome;  // of its claim
};

// Before the report of `extraction` is made in `transaction`: keeps those of its facts that become
// sure enough, and makes claims of what waits with them.  Returns those of other sources.
absl::StatusOr<std::vector<ConfirmedCandidate>> Corroborate(double gate, Extraction* extraction,
                                                            Transaction* transaction);

}  // namespace fasti::ingest
