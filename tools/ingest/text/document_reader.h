#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/ingest/text/document.h"
#include "tools/ingest/text/sentences.h"
#include "tools/ingest/text/tokens.h"

namespace fasti::ingest {

// The language of `text`, as the resources name it.  INVALID_ARGUMENT if it cannot be told, or if
// the resources do not know it, RESOURCE_EXHAUSTED if no reader takes so long a text.
absl::StatusOr<std::string> LanguageOf(absl::string_view text, const AnalyzeOptions& options,
                                       const Resources& resources);

// Cuts the texts of one language.
class DocumentReader {
 public:
  DocumentReader(const Resources& resources, absl::string_view language)
      : language_(language), tokenizer_(resources, language), splitter_(resources, language) {}

  // Nothing before byte `begin` yields tokens.  INVALID_ARGUMENT if there is no word.
  // REQUIRES: LanguageOf says that the text is of this language.
  absl::StatusOr<Document> Read(std::string text, uint32_t begin) const;

 private:
  const std::string language_;
  const Tokenizer tokenizer_;
  const SentenceSplitter splitter_;
};

}  // namespace fasti::ingest
