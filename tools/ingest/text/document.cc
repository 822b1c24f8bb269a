#include "tools/ingest/text/document.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "tools/ingest/text/language.h"
#include "tools/ingest/text/sentences.h"
#include "tools/ingest/text/tokens.h"

namespace fasti::ingest {

Span Document::SpanOf(TokenRange range) const {
  return {tokens[range.begin].begin, tokens[range.end - 1].end};
}

absl::string_view Document::TextOf(TokenRange range) const {
  const Span span = SpanOf(range);
  return absl::string_view(text).substr(span.begin, span.end - span.begin);
}

uint32_t Document::SentenceOf(uint32_t token) const {
  const auto after =
      std::upper_bound(sentences.begin(), sentences.end(), token,
                       [](uint32_t t, const Sentence& s) { return t < s.tokens.begin; });
  return static_cast<uint32_t>(after - sentences.begin()) - 1;
}

absl::StatusOr<Document> Analyze(std::string text, const AnalyzeOptions& options,
                                 const Resources& resources) {
  constexpr size_t kTextMax = std::numeric_limits<int32_t>::max();  // ICU counts in int32
  if (text.size() > kTextMax) {
    return absl::ResourceExhaustedError(
        absl::StrCat("text: expected at most ", kTextMax, " bytes, found ", text.size()));
  }
  Document document;
  document.text = std::move(text);
  const absl::string_view body = absl::string_view(document.text).substr(options.body_begin);
  FASTI_ASSIGN_OR_RETURN(document.language, ChooseLanguage(body, options.language, resources));
  document.tokens =
      Tokenizer(resources, document.language).Tokenize(document.text, options.body_begin);
  if (document.tokens.empty()) {
    return absl::InvalidArgumentError("text: expected at least one word, found none");
  }
  FASTI_ASSIGN_OR_RETURN(
      document.sentences,
      SentenceSplitter(resources, document.language).Split(document.text, document.tokens));
  if (document.sentences.front().is_heading) document.title = 0;
  return document;
}

}  // namespace fasti::ingest
