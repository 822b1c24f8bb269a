#include "engine/base/text.h"

#include <utf8proc.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/check.h"

namespace fasti {
namespace {

const utf8proc_uint8_t* Bytes(absl::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

void Append(utf8proc_int32_t code_point, std::string* out) {
  utf8proc_uint8_t buffer[4];
  const utf8proc_ssize_t size = utf8proc_encode_char(code_point, buffer);
  out->append(reinterpret_cast<const char*>(buffer), static_cast<size_t>(size));
}

// Takes the first character off `text`.  REQUIRES: `text` is valid UTF-8 and not empty.
utf8proc_int32_t NextCodePoint(absl::string_view* text) {
  utf8proc_int32_t code_point = 0;
  const utf8proc_ssize_t size =
      utf8proc_iterate(Bytes(*text), static_cast<utf8proc_ssize_t>(text->size()), &code_point);
  FASTI_CHECK(size > 0);
  text->remove_prefix(static_cast<size_t>(size));
  return code_point;
}

// Marks that a writer may leave out without naming something else: accents (combining classes
// from 200) and Hebrew and Arabic points (10 to 35).  Not vowel signs of Indic or Thai script, nor
// the Japanese voicing marks, which make other letters.
bool IsAccent(utf8proc_int32_t code_point) {
  const int combining_class = utf8proc_get_property(code_point)->combining_class;
  return combining_class >= 200 || (combining_class >= 10 && combining_class <= 35);
}

// Letters whose stroke or missing dot Unicode does not treat as an accent, and signs that differ
// only in typography.
utf8proc_int32_t Plain(utf8proc_int32_t code_point) {
  switch (code_point) {
    case 0x00F8:
      return 'o';  // ø
    case 0x0111:
      return 'd';  // đ
    case 0x0127:
      return 'h';  // ħ
    case 0x0131:
      return 'i';  // ı
    case 0x0142:
      return 'l';  // ł
    case 0x0167:
      return 't';  // ŧ
    case 0x2018:   // ‘
    case 0x2019:   // ’
    case 0x02BC:
      return '\'';  // ʼ
    case 0x2010:    // hyphen
    case 0x2011:
      return '-';  // non-breaking hyphen
    default:
      return code_point;
  }
}

bool IsSpace(utf8proc_int32_t code_point) {
  return (code_point >= '\t' && code_point <= '\r') || code_point == 0x85 ||
         (utf8proc_category(code_point) >= UTF8PROC_CATEGORY_ZS &&
          utf8proc_category(code_point) <= UTF8PROC_CATEGORY_ZP);
}

std::string Map(absl::string_view text, utf8proc_option_t options) {
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(Bytes(text), static_cast<utf8proc_ssize_t>(text.size()), &mapped, options);
  FASTI_CHECK(size >= 0);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<size_t>(size));
}

bool IsAscii(absl::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

// FoldName for what most names are made of, ten times as fast.
std::string FoldAsciiName(absl::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  bool space_pending = false;
  for (const char c : text) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      space_pending = !folded.empty();
      continue;
    }
    if (space_pending) folded.push_back(' ');
    space_pending = false;
    folded.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return folded;
}

}  // namespace

std::optional<size_t> FindInvalidUtf8(absl::string_view text) {
  const size_t total = text.size();
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first >= 1 && first < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t size =
        utf8proc_iterate(Bytes(text), static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    if (size <= 0 || code_point == 0) return total - text.size();
    text.remove_prefix(static_cast<size_t>(size));
  }
  return std::nullopt;
}

std::string FoldName(absl::string_view text) {
  if (IsAscii(text)) return FoldAsciiName(text);
  const std::string decomposed =
      Map(text,
          static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD));
  std::string folded;
  folded.reserve(decomposed.size());
  bool space_pending = false;
  for (absl::string_view rest = decomposed; !rest.empty();) {
    const utf8proc_int32_t code_point = NextCodePoint(&rest);
    if (IsAccent(code_point)) continue;
    if (IsSpace(code_point)) {
      space_pending = !folded.empty();
      continue;
    }
    if (space_pending) folded.push_back(' ');
    space_pending = false;
    Append(Plain(code_point), &folded);
  }
  return NormalizeNfc(folded);
}

std::string NormalizeNfc(absl::string_view text) {
  return Map(text, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
}

std::string ToLower(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) Append(utf8proc_tolower(NextCodePoint(&text)), &out);
  return out;
}

std::string ToUpper(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const utf8proc_int32_t code_point = NextCodePoint(&text);
    if (code_point == 0x00DF) {  // ß has no capital of its own in running text
      out += "SS";
    } else {
      Append(utf8proc_toupper(code_point), &out);
    }
  }
  return out;
}

std::string Excerpt(absl::string_view text, size_t max) {
  const bool cut = text.size() > max;
  if (cut) {
    size_t end = max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text = text.substr(0, end);
  }
  std::string out;
  while (!text.empty()) {
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t size =
        utf8proc_iterate(Bytes(text), static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    const size_t length = size > 0 ? static_cast<size_t>(size) : 1;
    if (size <= 0) {
      absl::StrAppend(&out, absl::StrFormat("\\x%02x", static_cast<unsigned char>(text.front())));
    } else if (code_point == '\n') {
      out += "\\n";
    } else if (code_point == '\t') {
      out += "\\t";
    } else if (utf8proc_category(code_point) == UTF8PROC_CATEGORY_CC) {
      absl::StrAppend(&out, absl::StrFormat("\\x%02x", code_point));
    } else {
      absl::StrAppend(&out, text.substr(0, length));
    }
    text.remove_prefix(length);
  }
  if (cut) out += "...";
  return out;
}

std::string FormatDouble(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  const double size = std::fabs(number);
  const bool plain = size == 0 || (size >= 1e-5 && size < 1e17);
  char buffer[64];
  const std::to_chars_result result =
      std::to_chars(buffer, buffer + sizeof(buffer), number,
                    plain ? std::chars_format::fixed : std::chars_format::scientific);
  FASTI_CHECK(result.ec == std::errc());
  std::string out(buffer, result.ptr);
  if (plain && out.find('.') == std::string::npos) out += ".0";
  return out;
}

}  // namespace fasti
