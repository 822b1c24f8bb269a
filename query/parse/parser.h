#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "query/parse/ast.h"

namespace fasti {

// The longest text that Parse takes, in bytes.
inline constexpr size_t kStatementSizeMax = size_t{1} << 20;
// Each clause rests on the one before it, each part of a UNION on those before, and plans are built
// and run by recursion over them.
inline constexpr size_t kClausesMax = 1'000;  // of one part
inline constexpr size_t kUnionPartsMax = 6'000;
// To order the steps of a pattern takes time by the square of their number and more.  Nodes that
// are only created do not count.
inline constexpr size_t kMatchedNodesMax = 512;  // of all patterns of a statement

// The tree of one statement; a ';' may follow it.  Every error carries a QueryError with its place:
//
//   query:1:21: expected a node after '->', found end of text
//
// Recursive descent with one token of look-ahead, in time linear in the text for all but contrived
// statements.  "LimitError.StatementSize" and "LimitError.Depth" say that a statement is larger
// than the limits above allow or nested deeper than ast::kHeightMax.
absl::StatusOr<ast::Statement> Parse(absl::string_view text);

// The statements of a script, split at ';' outside of strings, quoted names and comments, without
// the blanks around them; empty ones and those of comments only are left out.  The statements need
// not be right otherwise.  SyntaxError if a string, a quoted name or a comment does not end.
absl::StatusOr<std::vector<std::string>> SplitScript(absl::string_view script);

}  // namespace fasti
