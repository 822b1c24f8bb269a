#include "query/parse/lexer.h"

#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/character.h"
#include "engine/base/text.h"
#include "fasti/status_macros.h"
#include "query/parse/syntax_error.h"

namespace fasti {
namespace {

constexpr char32_t kEndOfText = 0;  // NUL is no text, so it can mark the end

bool IsDigit(char32_t c) {
  return c >= '0' && c <= '9';
}

// Length of the granule ("2025", "2025-Q2", "2025-06-12T14:00:00.5+02:00") at the start of
// `text`; 0 if there is none.  Only the shape: whether the month exists is asked later.
size_t GranuleLength(absl::string_view text) {
  size_t at = 0;
  const auto digits = [&](size_t from, size_t count) {
    if (text.size() < from + count) return false;
    for (size_t i = from; i < from + count; ++i) {
      if (!absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) return false;
    }
    return true;
  };
  const auto is = [&](size_t index, char c) { return index < text.size() && text[index] == c; };
  const auto between = [&](size_t index, char low, char high) {
    return index < text.size() && text[index] >= low && text[index] <= high;
  };
  if (!digits(0, 4)) return 0;
  at = 4;
  if (!is(at, '-')) return at;
  if (is(at + 1, 'H') && between(at + 2, '1', '2')) return at + 3;
  if (is(at + 1, 'Q') && between(at + 2, '1', '4')) return at + 3;
  for (int field = 0; field < 2; ++field) {  // month, day
    if (!is(at, '-') || !digits(at + 1, 2)) return at;
    at += 3;
  }
  if (!is(at, 'T') || !digits(at + 1, 2) || !is(at + 3, ':') || !digits(at + 4, 2)) return at;
  at += 6;
  if (is(at, ':') && digits(at + 1, 2)) {
    at += 3;
    if (is(at, '.') && digits(at + 1, 1)) {
      ++at;
      while (digits(at, 1)) ++at;
    }
  }
  if (is(at, 'Z')) return at + 1;
  if ((is(at, '+') || is(at, '-')) && digits(at + 1, 2) && is(at + 3, ':') && digits(at + 4, 2)) {
    return at + 6;
  }
  return at;
}

class Lexer {
 public:
  explicit Lexer(absl::string_view text) : text_(text) {}

  absl::StatusOr<std::vector<Token>> Run() {
    if (const std::optional<size_t> bad = FindInvalidUtf8(text_)) {
      while (at_ < *bad) Advance();
      return SyntaxError("InvalidUnicodeCharacter", Here(), "expected UTF-8 text");
    }
    while (true) {
      FASTI_RETURN_IF_ERROR(SkipBlanks());
      start_ = Here();
      if (at_ == text_.size()) break;
      FASTI_RETURN_IF_ERROR(LexToken());
    }
    Add(TokenKind::kEnd, "");
    return std::move(tokens_);
  }

 private:
  ast::Position Here() const { return {line_, column_, static_cast<uint32_t>(at_)}; }

  char32_t Peek(size_t bytes_ahead = 0) const {
    if (at_ + bytes_ahead >= text_.size()) return kEndOfText;
    return DecodeCharacter(text_.substr(at_ + bytes_ahead)).code;
  }
  bool LooksAt(absl::string_view what) const { return absl::StartsWith(text_.substr(at_), what); }

  char32_t Advance() {
    const Character character = DecodeCharacter(text_.substr(at_));
    at_ += character.size;
    if (character.code == '\n') {
      ++line_;
      column_ = 1;
    } else {
      ++column_;
    }
    return character.code;
  }
  void AdvanceBytes(size_t bytes) {
    const size_t to = at_ + bytes;
    while (at_ < to) Advance();
  }
  template <typename Predicate>
  void AdvanceWhile(Predicate predicate) {
    while (at_ < text_.size() && predicate(Peek())) Advance();
  }

  absl::string_view TextSince(size_t offset) const { return text_.substr(offset, at_ - offset); }

  void Add(TokenKind kind, absl::string_view text) {
    tokens_.push_back({kind, std::string(text), start_, static_cast<uint32_t>(at_)});
  }

  absl::Status SkipBlanks() {
    while (at_ < text_.size()) {
      if (LooksAt("//")) {
        AdvanceWhile([](char32_t c) { return c != '\n'; });
      } else if (LooksAt("/*")) {
        const ast::Position opened = Here();
        AdvanceBytes(2);
        while (!LooksAt("*/")) {
          if (at_ == text_.size()) {
            return SyntaxError("UnexpectedSyntax", opened, "expected '*/' to end the comment");
          }
          Advance();
        }
        AdvanceBytes(2);
      } else if (IsSpace(Peek())) {
        Advance();
      } else {
        break;
      }
    }
    return absl::OkStatus();
  }

  absl::Status LexToken() {
    const char32_t c = Peek();
    if (c == '@') return LexTime();
    if (c == '$') return LexParameter();
    if (c == '\'' || c == '"') return LexString();
    if (c == '`') return LexQuoted();
    if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) return LexNumber();
    if (IsWordStart(c)) {
      AdvanceWhile(IsWordPart);
      Add(TokenKind::kWord, TextSince(start_.offset));
      return absl::OkStatus();
    }
    for (absl::string_view pair : {"..", "<>", "<=", ">=", "+="}) {
      if (LooksAt(pair)) return AddSymbol(2);
    }
    constexpr absl::string_view kSymbols = "-()[]{},.:;=<>+*/%^|";
    if (c < 0x80 && absl::StrContains(kSymbols, static_cast<char>(c))) return AddSymbol(1);
    return UnexpectedCharacter(c);
  }

  absl::Status AddSymbol(size_t bytes) {
    AdvanceBytes(bytes);
    Add(TokenKind::kSymbol, TextSince(start_.offset));
    return absl::OkStatus();
  }

  absl::Status UnexpectedCharacter(char32_t c) const {
    if (c > 0x20 && c < 0x7f) {
      return SyntaxError("UnexpectedSyntax", start_,
                         absl::StrCat("no word, number or operator begins with '",
                                      std::string(1, static_cast<char>(c)), "'"));
    }
    return SyntaxError("InvalidUnicodeCharacter", start_,
                       absl::StrFormat("no word, number or operator begins with U+%04X",
                                       static_cast<uint32_t>(c)));
  }

  // The longest text that has the shape of a number.  A word part right after it spoils it.
  absl::Status LexNumber() {
    TokenKind kind = TokenKind::kInteger;
    const auto is_hex = [](char32_t c) {
      return c < 0x80 && absl::ascii_isxdigit(static_cast<unsigned char>(c));
    };
    if (LooksAt("0x") || LooksAt("0o")) {
      const bool hex = Peek(1) == 'x';
      AdvanceBytes(2);
      const size_t digits = at_;
      AdvanceWhile([&](char32_t c) { return hex ? is_hex(c) : c >= '0' && c <= '7'; });
      if (at_ == digits) kind = TokenKind::kBadNumber;
    } else {
      AdvanceWhile([](char32_t c) { return IsDigit(c) || c == '_'; });
      if (Peek() == '.' && IsDigit(Peek(1))) {
        kind = TokenKind::kFloat;
        Advance();
        AdvanceWhile(IsDigit);
      }
      if (Peek() == 'e' || Peek() == 'E') {
        const size_t sign = Peek(1) == '+' || Peek(1) == '-' ? 1 : 0;
        if (IsDigit(Peek(1 + sign))) {
          kind = TokenKind::kFloat;
          AdvanceBytes(1 + sign);
          AdvanceWhile(IsDigit);
        }
      }
    }
    if (at_ < text_.size() && IsWordPart(Peek())) {
      kind = TokenKind::kBadNumber;
      AdvanceWhile(IsWordPart);
    }
    Add(kind, TextSince(start_.offset));
    return absl::OkStatus();
  }

  absl::Status LexTime() {
    Advance();
    const size_t begin = at_;
    if (Peek() == 'P') {
      AdvanceWhile([](char32_t c) {
        return c < 0x80 && absl::StrContains("0123456789.YMWDTHPS", static_cast<char>(c));
      });
    } else if (LooksAt("now")) {
      AdvanceBytes(3);
    } else {
      AdvanceBytes(GranuleLength(text_.substr(at_)));
      if (LooksAt("..")) {
        AdvanceBytes(2);
        AdvanceBytes(GranuleLength(text_.substr(at_)));
      }
    }
    if (at_ == begin || Peek() == '-' || (at_ < text_.size() && IsWordPart(Peek()))) {
      return SyntaxError("InvalidTimeLiteral", start_,
                         "expected a time after '@', such as @2025, @2025-Q2, @2025-06-12, "
                         "@2025-06-12T14:00:00Z, @2023..2025, @now or @P30D");
    }
    Add(TokenKind::kTime, TextSince(begin));
    return absl::OkStatus();
  }

  absl::Status LexParameter() {
    Advance();
    const size_t begin = at_;
    if (Peek() == '`') {
      Advance();
      AdvanceWhile([](char32_t c) { return c != '`'; });
      if (at_ == text_.size()) {
        return SyntaxError("UnexpectedSyntax", start_, "expected '`' to end the parameter's name");
      }
      Advance();
      Add(TokenKind::kParameter, text_.substr(begin + 1, at_ - begin - 2));
      return absl::OkStatus();
    }
    AdvanceWhile(IsWordPart);
    if (at_ == begin) {
      return SyntaxError("UnexpectedSyntax", start_, "expected a parameter's name after '$'");
    }
    Add(TokenKind::kParameter, TextSince(begin));
    return absl::OkStatus();
  }

  absl::Status LexQuoted() {
    Advance();
    std::string name;
    while (true) {
      if (at_ == text_.size()) {
        return SyntaxError("UnexpectedSyntax", start_, "expected '`' to end the quoted name");
      }
      const char32_t c = Advance();
      if (c == '`') {
        if (Peek() != '`') break;  // a doubled one stands for itself
        Advance();
      }
      AppendCharacter(c, &name);
    }
    Add(TokenKind::kQuoted, name);
    return absl::OkStatus();
  }

  absl::Status LexString() {
    const char32_t quote = Advance();
    std::string value;
    while (true) {
      if (at_ == text_.size()) {
        return SyntaxError(
            "UnexpectedSyntax", start_,
            absl::StrCat("expected ", quote == '"' ? "'\"'" : "\"'\"", " to end the string"));
      }
      const ast::Position place = Here();
      const char32_t c = Advance();
      if (c == quote) break;
      if (c == '\\') {
        FASTI_RETURN_IF_ERROR(LexEscape(place, &value));
      } else {
        AppendCharacter(c, &value);
      }
    }
    Add(TokenKind::kString, value);
    return absl::OkStatus();
  }

  // What follows a backslash at `place`.
  absl::Status LexEscape(const ast::Position& place, std::string* value) {
    constexpr absl::string_view kWritten = "\\'\"`/bfnrt";
    constexpr absl::string_view kMeant = "\\'\"`/\b\f\n\r\t";
    const char32_t c = Peek();
    if (c == 'u' || c == 'U') {
      FASTI_ASSIGN_OR_RETURN(char32_t code, LexUnicodeEscape(place));
      AppendCharacter(code, value);
      return absl::OkStatus();
    }
    const size_t index =
        c != kEndOfText && c < 0x80 ? kWritten.find(static_cast<char>(c)) : kWritten.npos;
    if (index == kWritten.npos) {
      return SyntaxError("UnexpectedSyntax", place,
                         "expected one of \\ ' \" ` / b f n r t u U after '\\' in a string");
    }
    Advance();
    value->push_back(kMeant[index]);
    return absl::OkStatus();
  }

  // `uXXXX`, twice for a pair of surrogates, or `UXXXXXXXX`.
  absl::StatusOr<char32_t> LexUnicodeEscape(const ast::Position& place) {
    FASTI_ASSIGN_OR_RETURN(char32_t code, LexHexDigits(place));
    if (code >= 0xd800 && code < 0xdc00 && LooksAt("\\u")) {
      Advance();
      FASTI_ASSIGN_OR_RETURN(char32_t low, LexHexDigits(place));
      if (low >= 0xdc00 && low < 0xe000) {
        return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      }
    }
    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
      return SyntaxError("InvalidUnicodeLiteral", place,
                         "expected the number of a Unicode character other than NUL");
    }
    return code;
  }

  absl::StatusOr<char32_t> LexHexDigits(const ast::Position& place) {
    const size_t count = Advance() == 'u' ? 4 : 8;
    char32_t code = 0;
    for (size_t i = 0; i < count; ++i) {
      const char32_t c = Peek();
      if (c >= 0x80 || !absl::ascii_isxdigit(static_cast<unsigned char>(c))) {
        return SyntaxError("InvalidUnicodeLiteral", place,
                           absl::StrCat("expected ", count, " hexadecimal digits after '",
                                        count == 4 ? "\\u" : "\\U", "'"));
      }
      const char digit = absl::ascii_tolower(static_cast<unsigned char>(Advance()));
      code = code * 16 + static_cast<char32_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    return code;
  }

  const absl::string_view text_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  uint32_t column_ = 1;
  ast::Position start_;  // of the token being read
  std::vector<Token> tokens_;
};

}  // namespace

absl::StatusOr<std::vector<Token>> Lex(absl::string_view text) {
  return Lexer(text).Run();
}

std::optional<uint64_t> IntegerValue(absl::string_view text) {
  uint64_t base = 10;
  if (absl::StartsWith(text, "0x")) base = 16;
  if (absl::StartsWith(text, "0o")) base = 8;
  uint64_t value = 0;
  for (char c : base == 10 ? text : text.substr(2)) {
    if (c == '_') continue;
    const auto lower = static_cast<uint64_t>(absl::ascii_tolower(static_cast<unsigned char>(c)));
    const uint64_t digit = lower <= '9' ? lower - '0' : lower - 'a' + 10;
    if (value > (std::numeric_limits<uint64_t>::max() - digit) / base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

}  // namespace fasti
