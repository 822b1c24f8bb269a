#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/ingest/pipeline.h"
#include "tools/ingest/vocabulary/vocabulary.h"

namespace fasti::ingest {

// Reads one fact that a program outside told of an article: a JSON object in the form in which
// facts are dumped (docs/extractor.md).  `text` is that of the article; without it the place of the
// evidence is not checked.  INVALID_ARGUMENT names the
// field and says what it should hold: every name is there, the relation is one of the vocabulary
// and leads to what it should, the evidence lies within the text and cuts no character.
absl::StatusOr<ExtractedFact> ReadFact(absl::string_view line,
                                       std::optional<absl::string_view> text,
                                       const Vocabulary& vocabulary);

}  // namespace fasti::ingest
