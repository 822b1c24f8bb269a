#include "query/parse/token_reader.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/text.h"
#include "query/parse/keywords.h"
#include "query/parse/suggestion.h"
#include "query/parse/syntax_error.h"

namespace fasti {
namespace {

// For every opening bracket the index of the one that closes it.
std::vector<size_t> MatchBrackets(const std::vector<Token>& tokens) {
  constexpr absl::string_view kOpening = "([{";
  constexpr absl::string_view kClosing = ")]}";
  std::vector<size_t> closing(tokens.size(), 0);
  std::vector<size_t> open;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::kSymbol || tokens[i].text.size() != 1) continue;
    const char c = tokens[i].text[0];
    if (absl::StrContains(kOpening, c)) {
      open.push_back(i);
    } else if (const size_t kind = kClosing.find(c); kind != kClosing.npos) {
      if (open.empty() || tokens[open.back()].text[0] != kOpening[kind]) break;
      closing[open.back()] = i;
      open.pop_back();
    }
  }
  return closing;
}

std::string Describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::kEnd:
      return "end of text";
    case TokenKind::kString:
      return absl::StrCat("the string '", Excerpt(token.text), "'");
    case TokenKind::kQuoted:
      return absl::StrCat("`", Excerpt(token.text), "`");
    case TokenKind::kTime:
      return absl::StrCat("'@", Excerpt(token.text), "'");
    case TokenKind::kParameter:
      return absl::StrCat("'$", Excerpt(token.text), "'");
    case TokenKind::kWord:
    case TokenKind::kInteger:
    case TokenKind::kFloat:
    case TokenKind::kBadNumber:
    case TokenKind::kSymbol:
      break;
  }
  return absl::StrCat("'", Excerpt(token.text), "'");
}

}  // namespace

TokenReader::TokenReader(std::vector<Token> tokens)
    : tokens_(std::move(tokens)), closing_(MatchBrackets(tokens_)) {}

bool TokenReader::IsWordAt(size_t index, absl::string_view keyword) const {
  const Token& token = At(index);
  return token.kind == TokenKind::kWord && absl::EqualsIgnoreCase(token.text, keyword);
}

bool TokenReader::IsSymbolAt(size_t index, absl::string_view symbol) const {
  const Token& token = At(index);
  return token.kind == TokenKind::kSymbol && token.text == symbol;
}

bool TokenReader::IsNameAt(size_t index) const {
  const Token& token = At(index);
  return token.kind == TokenKind::kQuoted ||
         (token.kind == TokenKind::kWord && !IsReservedWord(token.text));
}

bool TokenReader::IsKeyAt(size_t index) const {
  const TokenKind kind = At(index).kind;
  return kind == TokenKind::kWord || kind == TokenKind::kQuoted;
}

bool TokenReader::AcceptWord(absl::string_view keyword) {
  if (!IsWord(keyword)) return false;
  ++index_;
  return true;
}

bool TokenReader::AcceptSymbol(absl::string_view symbol) {
  if (!IsSymbol(symbol)) return false;
  ++index_;
  return true;
}

absl::Status TokenReader::ExpectWord(absl::string_view keyword) {
  return AcceptWord(keyword) ? absl::OkStatus() : Unexpected(keyword);
}

absl::Status TokenReader::ExpectSymbol(absl::string_view symbol) {
  return AcceptSymbol(symbol) ? absl::OkStatus() : Unexpected(absl::StrCat("'", symbol, "'"));
}

std::optional<size_t> TokenReader::Closing(size_t index) const {
  if (index >= closing_.size() || closing_[index] == 0) return std::nullopt;
  return closing_[index];
}

std::vector<size_t> TokenReader::Directly(absl::string_view symbol, size_t open) const {
  std::vector<size_t> found;
  const std::optional<size_t> close = Closing(open);
  if (!close.has_value()) return found;
  for (size_t i = open + 1; i < *close; ++i) {
    if (IsSymbolAt(i, symbol)) found.push_back(i);
    if (const std::optional<size_t> inner = Closing(i)) i = *inner;
  }
  return found;
}

absl::Status TokenReader::Unexpected(absl::string_view expected, absl::string_view detail) const {
  const Token& token = Peek();
  std::string message = absl::StrCat("expected ", expected, ", found ", Describe(token));
  if (token.kind == TokenKind::kWord) {
    absl::StrAppend(&message, DidYouMean(NearestWord(token.text, AllKeywords())));
  }
  return SyntaxError(detail, token.position, message);
}

}  // namespace fasti
