#include "tools/ingest/text/document.h"

#include <algorithm>
#include <utility>

#include "fasti/status_macros.h"
#include "tools/ingest/text/document_reader.h"

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
  FASTI_ASSIGN_OR_RETURN(const std::string language, LanguageOf(text, options, resources));
  return DocumentReader(resources, language).Read(std::move(text), options.body_begin);
}

}  // namespace fasti::ingest
