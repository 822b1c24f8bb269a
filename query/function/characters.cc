#include "query/function/characters.h"

namespace fasti::function {
namespace {

bool StartsCharacter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

// The byte at which the character after the next `count` ones from byte `from` begins.
size_t SkipCharacters(absl::string_view text, size_t from, size_t count) {
  size_t at = from;
  while (at < text.size() && count > 0) {
    do {
      ++at;
    } while (at < text.size() && !StartsCharacter(text[at]));
    --count;
  }
  return at;
}

}  // namespace

size_t CharacterCount(absl::string_view text) {
  size_t count = 0;
  for (const char byte : text) count += StartsCharacter(byte);
  return count;
}

absl::string_view CharacterRange(absl::string_view text, size_t from, size_t count) {
  const size_t begin = SkipCharacters(text, 0, from);
  return text.substr(begin, SkipCharacters(text, begin, count) - begin);
}

std::vector<absl::string_view> Characters(absl::string_view text) {
  std::vector<absl::string_view> characters;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = SkipCharacters(text, begin, 1);
    characters.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return characters;
}

}  // namespace fasti::function
