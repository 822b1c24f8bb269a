#pragma once

#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "tools/ingest/text/document.h"

namespace fasti::ingest {

// Groups the tokens of a text into sentences.  ICU proposes the breaks; those after an
// abbreviation, an initial, a list number or before a lower-case letter are taken back, and a
// number after a longer word begins one, too.  The records `abbreviation` (never ends a sentence:
// "Mr."), `abbreviation closing` (may end one: "Inc."), `starter` (words that, after such a one,
// begin a new sentence: "the") and `ordinal_noun` (what is counted by a number with a period: "14.
// April") of text.txt tell them apart.  A sentence of more than kSentenceTokensMax tokens is told
// in pieces, so that no later stage, some of which compare every word of a sentence with every
// other, takes long over it.
inline constexpr uint32_t kSentenceTokensMax = 500;

class SentenceSplitter {
 public:
  SentenceSplitter(const Resources& resources, absl::string_view language);

  absl::StatusOr<std::vector<Sentence>> Split(absl::string_view text,
                                              const std::vector<Token>& tokens) const;

 private:
  bool Breaks(const std::vector<Token>& tokens, absl::string_view text, uint32_t next) const;
  bool BreaksBeforeNumber(const std::vector<Token>& tokens, uint32_t next) const;

  std::string language_;
  absl::flat_hash_set<std::string> abbreviations_;
  absl::flat_hash_set<std::string> closing_;
  absl::flat_hash_set<std::string> starters_;
  absl::flat_hash_set<std::string> ordinal_nouns_;
};

}  // namespace fasti::ingest
