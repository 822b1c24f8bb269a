#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "query/parse/lexer.h"

namespace fasti {

// A place in a list of tokens, and the questions a parser asks there.  `ahead` counts tokens from
// the next one; past the end there is only kEnd.
class TokenReader {
 public:
  // REQUIRES: the last token is kEnd.
  explicit TokenReader(std::vector<Token> tokens);

  size_t index() const { return index_; }
  void Rewind(size_t index) { index_ = index; }
  const Token& At(size_t index) const { return tokens_[std::min(index, tokens_.size() - 1)]; }
  const Token& Peek(size_t ahead = 0) const { return At(index_ + ahead); }
  // The token before the next one.  REQUIRES: one was taken.
  const Token& Last() const { return tokens_[index_ - 1]; }
  const Token& Take() { return At(index_++); }

  bool IsWord(absl::string_view keyword, size_t ahead = 0) const {
    return IsWordAt(index_ + ahead, keyword);
  }
  bool IsSymbol(absl::string_view symbol, size_t ahead = 0) const {
    return IsSymbolAt(index_ + ahead, symbol);
  }
  // Whether it can name a variable.
  bool IsName(size_t ahead = 0) const { return IsNameAt(index_ + ahead); }
  // Whether it can name a label, a relation, a property or a function: any word.
  bool IsKey(size_t ahead = 0) const { return IsKeyAt(index_ + ahead); }

  bool IsWordAt(size_t index, absl::string_view keyword) const;
  bool IsSymbolAt(size_t index, absl::string_view symbol) const;
  bool IsNameAt(size_t index) const;
  bool IsKeyAt(size_t index) const;

  // Take the next token if it is the one named.
  bool AcceptWord(absl::string_view keyword);
  bool AcceptSymbol(absl::string_view symbol);
  // The same, else an error.
  absl::Status ExpectWord(absl::string_view keyword);
  absl::Status ExpectSymbol(absl::string_view symbol);

  // The index of the bracket that closes the one opened at `index`; nullopt if none does.
  std::optional<size_t> Closing(size_t index) const;
  // The indices of `symbol` directly between the brackets of which the first is at `open`.
  // Empty if the bracket is never closed.
  std::vector<size_t> Directly(absl::string_view symbol, size_t open) const;

  // SyntaxError.UnexpectedSyntax at the next token: "expected a node, found ')'", with a
  // suggestion if that token looks like a misspelt keyword.
  absl::Status Unexpected(absl::string_view expected,
                          absl::string_view detail = "UnexpectedSyntax") const;

 private:
  const std::vector<Token> tokens_;
  std::vector<size_t> closing_;  // per token; 0, which closes nothing, if there is none
  size_t index_ = 0;
};

}  // namespace fasti
