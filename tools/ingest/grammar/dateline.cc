#include "tools/ingest/grammar/dateline.h"

#include <algorithm>

namespace fasti::ingest {

namespace {

constexpr size_t kSentencesMax = 6;  // among which a date line may be
constexpr uint32_t kOtherWordsMax = 4;

uint32_t WordsOutside(const Document& document, TokenRange line, TokenRange date) {
  uint32_t words = 0;
  for (uint32_t i = line.begin; i < line.end; ++i) {
    const bool outside = i < date.begin || i >= date.end;
    if (outside && document.tokens[i].kind != TokenKind::kPunctuation) ++words;
  }
  return words;
}

bool IsFullDate(const TimeSpan& time) {
  return time.anchor == TimeAnchor::kAt && !time.from_published && time.named.has_value() &&
         time.named->from_precision == Precision::kDay &&
         time.named->to_precision == Precision::kDay;
}

}  // namespace

std::optional<Period> FindDateline(const Document& document, const TimeGrammar& times) {
  const size_t count = std::min(document.sentences.size(), kSentencesMax);
  for (size_t i = 0; i < count; ++i) {
    const Sentence& line = document.sentences[i];
    if (!line.is_heading) continue;
    for (const TimeSpan& time : times.FindIn(document, line, std::nullopt)) {
      if (IsFullDate(time) && WordsOutside(document, line.tokens, time.tokens) <= kOtherWordsMax) {
        return time.named;
      }
    }
  }
  return std::nullopt;
}

}  // namespace fasti::ingest
