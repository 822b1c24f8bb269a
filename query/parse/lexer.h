#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "query/parse/ast.h"

namespace fasti {

enum class TokenKind : uint8_t {
  kWord,       // name or keyword; which one, the grammar decides
  kQuoted,     // `name`: never a keyword
  kInteger,    // text as written: 12, 1_000, 0x1F, 0o17
  kFloat,      // text as written
  kBadNumber,  // starts like a number and is none: 0x, 12ab
  kString,
  kTime,       // text without the `@`
  kParameter,  // text without the `$`
  kSymbol,     // punctuation; only `..` `<>` `<=` `>=` `+=` are longer than one character
  kEnd,        // after the last token
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;  // strings, quoted names: what they stand for, without quotes and escapes
  ast::Position position;
  uint32_t end = 0;  // offset in bytes after it
};

// The tokens of `text` in order, kEnd last.  Errors carry a QueryError: text that is not UTF-8, a
// character no token begins with, a string or comment that does not end, a bad escape.  A bad
// number is a token of its own, since only the grammar knows whether a number could stand there.
absl::StatusOr<std::vector<Token>> Lex(absl::string_view text);

// What the text of a kInteger token says; nullopt if it does not fit 64 bits.
std::optional<uint64_t> IntegerValue(absl::string_view text);

}  // namespace fasti
