#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

// Text one character (Unicode code point) at a time, for those who read a language rather than
// search in it.

namespace fasti {

struct Character {
  char32_t code = 0;
  size_t size = 0;  // bytes it takes in the text
};

// The character at the start of `text`.  REQUIRES: `text` is not empty and valid UTF-8.
Character DecodeCharacter(absl::string_view text);

// Appends `code` as UTF-8.  REQUIRES: a code point that is no surrogate, at most U+10FFFF.
void AppendCharacter(char32_t code, std::string* text);

// What may begin a word: letters of any script and '_'.
bool IsWordStart(char32_t code);
// What may follow in a word: also digits and combining marks.
bool IsWordPart(char32_t code);
// White space, that of other scripts included.
bool IsSpace(char32_t code);

}  // namespace fasti
