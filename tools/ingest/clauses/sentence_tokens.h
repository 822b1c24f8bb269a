#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "tools/ingest/clauses/chunker.h"
#include "tools/ingest/names/shape.h"

namespace fasti::ingest {

// The tokens of one sentence, with their readings, and which of them are part of a name, a figure
// or a time.  Tokens are told by their places in the document.
class SentenceTokens {
 public:
  // `analysis` must outlive it.
  SentenceTokens(const Analysis& analysis, TokenRange range)
      : analysis_(analysis), range_(range), fixed_(range.size(), false) {}

  uint32_t begin() const { return range_.begin; }
  uint32_t end() const { return range_.end; }

  // From `span` on: spans are sorted, and none crosses the end of a sentence.
  template <typename Iterator>
  void MarkFixed(Iterator span, Iterator end) {
    for (; span != end && span->tokens.begin < range_.end; ++span) {
      for (uint32_t i = span->tokens.begin; i < std::min(span->tokens.end, range_.end); ++i) {
        fixed_[i - range_.begin] = true;
      }
    }
  }

  // Whether a name, a figure or a time covers the token.
  bool IsFixed(uint32_t token) const { return fixed_[token - range_.begin]; }
  bool Has(uint32_t token, ClassId id) const {
    return token < range_.end && HasSense(analysis_.senses, token, id);
  }
  const Token& At(uint32_t token) const { return analysis_.document->tokens[token]; }
  const Senses& senses(uint32_t token) const { return analysis_.senses[token]; }
  // Of the phrase of class `id` that begins at the token, in tokens; 0 if there is none.
  uint32_t LengthOf(uint32_t token, ClassId id) const {
    for (const Sense& sense : analysis_.senses[token]) {
      if (sense.word_class == id) return sense.length;
    }
    return 0;
  }

 private:
  const Analysis& analysis_;
  const TokenRange range_;
  std::vector<bool> fixed_;
};

}  // namespace fasti::ingest
