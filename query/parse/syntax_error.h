#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "fasti/result.h"
#include "query/parse/ast.h"

// Errors with a place in the text, found before a statement runs.

namespace fasti {

// `code` in full: "SyntaxError.UnexpectedSyntax".
absl::Status CompileError(absl::string_view code, const ast::Position& position,
                          absl::string_view message);

// The same with a code of type SyntaxError, of which only the detail is given.
absl::Status SyntaxError(absl::string_view detail, const ast::Position& position,
                         absl::string_view message);

}  // namespace fasti
