#include "tools/ingest/text/document_reader.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "tools/ingest/text/language.h"

namespace fasti::ingest {

absl::StatusOr<std::string> LanguageOf(absl::string_view text, const AnalyzeOptions& options,
                                       const Resources& resources) {
  constexpr size_t kTextMax = std::numeric_limits<int32_t>::max();  // ICU counts in int32
  if (text.size() > kTextMax) {
    return absl::ResourceExhaustedError(
        absl::StrCat("text: expected at most ", kTextMax, " bytes, found ", text.size()));
  }
  return ChooseLanguage(text.substr(options.body_begin), options.language, resources);
}

absl::StatusOr<Document> DocumentReader::Read(std::string text, uint32_t begin) const {
  Document document;
  document.text = std::move(text);
  document.language = language_;
  document.tokens = tokenizer_.Tokenize(document.text, begin);
  if (document.tokens.empty()) {
    return absl::InvalidArgumentError("text: expected at least one word, found none");
  }
  FASTI_ASSIGN_OR_RETURN(document.sentences, splitter_.Split(document.text, document.tokens));
  if (document.sentences.front().is_heading) document.title = 0;
  return document;
}

}  // namespace fasti::ingest
