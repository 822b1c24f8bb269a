#include "query/parse/syntax_error.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace fasti {

absl::Status CompileError(absl::string_view code, const ast::Position& position,
                          absl::string_view message) {
  return MakeQueryError({.code = std::string(code),
                         .at_runtime = false,
                         .message = std::string(message),
                         .line = position.line,
                         .column = position.column});
}

absl::Status SyntaxError(absl::string_view detail, const ast::Position& position,
                         absl::string_view message) {
  return CompileError(absl::StrCat("SyntaxError.", detail), position, message);
}

}  // namespace fasti
