#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "tools/ingest/text/document.h"

namespace fasti::ingest {

// Lower case, NFC, apostrophes written '.  Accents are kept.  REQUIRES: valid UTF-8.
std::string FoldWord(absl::string_view text);

// Token::hash of a word so folded.
size_t HashOfWord(absl::string_view folded);

// Cuts text of one language into tokens.  The rules are the same for all languages, except for what
// stands before or after an apostrophe, which the records `elision` and `clitic` of text.txt list.
class Tokenizer {
 public:
  Tokenizer(const Resources& resources, absl::string_view language);

  // The tokens of text[begin, ...).  REQUIRES: valid UTF-8, `begin` on a character border.
  std::vector<Token> Tokenize(absl::string_view text, uint32_t begin = 0) const;

 private:
  absl::flat_hash_set<std::string> elisions_;  // "dell'"
  absl::flat_hash_set<std::string> clitics_;   // "'s"
};

}  // namespace fasti::ingest
