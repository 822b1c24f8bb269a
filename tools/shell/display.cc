#include "tools/shell/display.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace fasti::shell {
namespace {

struct Character {
  int32_t code = -1;  // -1: not UTF-8
  size_t bytes = 1;
};

Character FirstCharacter(absl::string_view text) {
  Character character;
  utf8proc_int32_t code = -1;
  const utf8proc_ssize_t bytes =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                       static_cast<utf8proc_ssize_t>(text.size()), &code);
  if (bytes > 0) {
    character.code = code;
    character.bytes = static_cast<size_t>(bytes);
  }
  return character;
}

size_t WidthOf(Character character) {
  if (character.code < 0) return 1;
  return static_cast<size_t>(std::max(0, utf8proc_charwidth(character.code)));
}

bool ReordersText(int32_t code) {
  return code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

// The longest beginning of `text` that is at most `width` columns wide, at least one character.
size_t PrefixOfWidth(absl::string_view text, size_t width) {
  size_t used = 0, at = 0;
  while (at < text.size()) {
    const Character character = FirstCharacter(text.substr(at));
    used += WidthOf(character);
    if (used > width && at > 0) break;
    at += character.bytes;
  }
  return at;
}

}  // namespace

size_t DisplayWidth(absl::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    width += WidthOf(character);
    text.remove_prefix(character.bytes);
  }
  return width;
}

std::string EscapeControls(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    const int32_t code = character.code;
    if (code < 0) {
      absl::StrAppendFormat(&out, "\\x%02x", static_cast<unsigned char>(text[0]));
    } else if (code == '\n') {
      out += "\\n";
    } else if (code == '\r') {
      out += "\\r";
    } else if (code == '\t') {
      out += "\\t";
    } else if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      absl::StrAppendFormat(&out, "\\x%02x", static_cast<unsigned>(code));
    } else if (ReordersText(code)) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned>(code));
    } else {
      absl::StrAppend(&out, text.substr(0, character.bytes));
    }
    text.remove_prefix(character.bytes);
  }
  return out;
}

std::vector<std::string> WrapText(absl::string_view text, size_t width) {
  std::vector<std::string> lines;
  while (true) {
    size_t cut = PrefixOfWidth(text, width);
    if (cut == text.size()) break;
    size_t next = cut;
    if (text[cut] == ' ') {
      next = cut + 1;
    } else if (const size_t space = text.rfind(' ', cut - 1);
               space != absl::string_view::npos && space > 0) {
      cut = space;
      next = space + 1;
    }
    lines.emplace_back(text.substr(0, cut));
    text.remove_prefix(next);
  }
  lines.emplace_back(text);
  return lines;
}

std::string Pad(absl::string_view text, size_t width, bool align_right) {
  const size_t used = DisplayWidth(text);
  const std::string fill(width > used ? width - used : 0, ' ');
  return align_right ? absl::StrCat(fill, text) : absl::StrCat(text, fill);
}

}  // namespace fasti::shell
