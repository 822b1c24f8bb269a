#include <cmath>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <regex>
#include <string>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "engine/base/character.h"
#include "engine/base/text.h"
#include "fasti/status_macros.h"
#include "query/parse/parser.h"
#include "tests/fuzz/draw.h"
#include "tests/fuzz/target.h"

// Texts and numbers: UTF-8 is what a second decoder takes for it, folding is done once, and a
// number means what the C library reads and comes back from its own print.

namespace fasti::fuzz {
namespace {

std::string Encode(uint32_t code) {
  const auto tail = [code](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | code >> 18), tail(12), tail(6), tail(0)};
}

// The bits of a character of `size` bytes, whether it is one or not.
uint32_t BitsOf(absl::string_view bytes, size_t size) {
  constexpr uint8_t kMasks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  uint32_t code = static_cast<uint8_t>(bytes[0]) & kMasks[size];
  for (size_t i = 1; i < size; ++i) code = code << 6 | (static_cast<uint8_t>(bytes[i]) & 0x3F);
  return code;
}

// The size of the character at the front of `bytes`: that whose code has these bytes; 0 if none.
size_t SlowCharacterSize(absl::string_view bytes) {
  for (size_t size = 1; size <= 4 && size <= bytes.size(); ++size) {
    const uint32_t code = BitsOf(bytes, size);
    const bool is_text = code != 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    if (is_text && Encode(code) == bytes.substr(0, size)) return size;
  }
  return 0;
}

std::optional<size_t> SlowFindInvalidUtf8(absl::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t size = SlowCharacterSize(text.substr(at));
    if (size == 0) return at;
    at += size;
  }
  return std::nullopt;
}

absl::Status CheckExcerpt(absl::string_view text) {
  constexpr size_t kMax = 20;
  const std::string excerpt = Excerpt(text, kMax);
  for (const char c : excerpt) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      return Broken("an excerpt holds a control character");
    }
  }
  if (FindInvalidUtf8(excerpt).has_value()) return Broken("an excerpt is not UTF-8");
  return absl::OkStatus();
}

absl::Status CheckText(absl::string_view text) {
  FASTI_RETURN_IF_ERROR(CheckExcerpt(text));
  const std::optional<size_t> invalid = FindInvalidUtf8(text);
  if (invalid != SlowFindInvalidUtf8(text)) {
    return Broken("UTF-8 is said to end at ", invalid.value_or(text.size()));
  }
  if (invalid.has_value()) return absl::OkStatus();
  std::string copy;
  for (absl::string_view rest = text; !rest.empty();) {
    const Character character = DecodeCharacter(rest);
    if (character.size != SlowCharacterSize(rest)) return Broken("a character of another size");
    AppendCharacter(character.code, &copy);
    rest.remove_prefix(character.size);
  }
  if (copy != text) return Broken("characters come back as others");
  const std::string folded = FoldName(text), normal = NormalizeNfc(text);
  for (const std::string& changed : {folded, normal, ToLower(text), ToUpper(text)}) {
    if (FindInvalidUtf8(changed).has_value()) return Broken("UTF-8 becomes something else");
  }
  if (NormalizeNfc(normal) != normal) return Broken("what is NFC is changed by NFC");
  if (FoldName(folded) != folded) {
    return Broken("'", text, "' is folded to '", folded, "' and then to '", FoldName(folded), "'");
  }
  if (FoldName(normal) != folded) return Broken("'", text, "' and its NFC are folded apart");
  return absl::OkStatus();
}

// The value of the literal in "RETURN literal", if that is what the statement is.
std::optional<Value> LiteralOf(const absl::StatusOr<ast::Statement>& statement) {
  if (!statement.ok()) return std::nullopt;
  const auto& query = std::get<ast::Query>(statement->body);
  const auto& projection = std::get<ast::Return>(query.parts[0].clauses[0]).projection;
  const auto* literal = std::get_if<ast::Literal>(&projection.items[0].expression->node);
  return literal == nullptr ? std::nullopt : std::optional(literal->value);
}

absl::Status CheckNumber(const std::string& text) {
  static const std::regex kInteger(R"(\d[\d_]*|0x[\da-fA-F]+|0o[0-7]+)");
  static const std::regex kFloat(R"((\d[\d_]*)?\.\d+([eE][+-]?\d+)?|\d[\d_]*[eE][+-]?\d+)");
  const bool is_integer = std::regex_match(text, kInteger);
  if (!is_integer && !std::regex_match(text, kFloat)) return absl::OkStatus();
  const std::optional<Value> value = LiteralOf(Parse("RETURN " + text));
  std::string plain = absl::StrReplaceAll(text, {{"_", ""}});
  if (is_integer) {
    const bool octal = absl::StartsWith(plain, "0o"), hex = absl::StartsWith(plain, "0x");
    errno = 0;
    const auto number =
        static_cast<uint64_t>(std::strtoull(plain.c_str() + (octal || hex ? 2 : 0), nullptr,
                                            octal ? 8
                                            : hex ? 16
                                                  : 10));
    const bool fits = errno == 0 && number <= INT64_MAX;
    if (fits != value.has_value()) return Broken("integer ", text, fits ? " refused" : " read");
    if (!fits) return absl::OkStatus();
    if (value->is(Value::Kind::kInt) && value->as_int() == static_cast<int64_t>(number)) {
      return absl::OkStatus();
    }
    return Broken("integer ", text, " is read as ", FormatValue(*value));
  }
  const double number = std::strtod(plain.c_str(), nullptr);
  if (std::isinf(number) == value.has_value()) return Broken("float ", text);
  if (!value.has_value()) return absl::OkStatus();
  if (value->is(Value::Kind::kDouble) && value->as_double() == number) return absl::OkStatus();
  return Broken("float ", text, " is read as ", FormatValue(*value));
}

absl::Status CheckDouble(Draw draw) {
  const uint64_t bits = draw.Number();
  double number = 0;
  std::memcpy(&number, &bits, sizeof(number));
  const std::string text = FormatDouble(number);
  const double again = std::strtod(text.c_str(), nullptr);
  if (std::isnan(number) ? std::isnan(again) : again == number) return absl::OkStatus();
  return Broken(text, " is printed for ", absl::StrCat(absl::Hex(bits)));
}

}  // namespace

absl::Status FuzzText(absl::string_view input) {
  Draw draw(input);
  switch (draw.Below(4)) {
    case 0:
      return CheckDouble(draw);
    case 1:
      return CheckNumber(std::string(draw.Rest().substr(0, 100)));
    default:
      return CheckText(draw.Rest());
  }
}

}  // namespace fasti::fuzz
