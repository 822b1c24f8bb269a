#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "tools/ingest/pipeline.h"

namespace fasti::ingest {

// What a fact that waits for a person's decision has besides the fact.
struct CandidateNote {
  std::string sentence;
  double gate = 0;     // the confidence that facts had to have
  std::string reason;  // why it was not stored, if it has that confidence
};

// A fact as one line of JSON without its end, in the exchange form of docs/extraction.md, with all
// that its source calls the entities, and with the note; review/candidates reads it back.
std::string FormatCandidate(absl::string_view article, const ExtractedFact& fact,
                            const CandidateNote& note);

}  // namespace fasti::ingest
