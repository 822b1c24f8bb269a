#pragma once

#include <string>

#include "query/parse/ast.h"

namespace fasti {

// The tree of a statement for people who debug queries, one line per node, children indented:
//
//   query
//     match
//       path
//         node n :Person
//     return
//       as who
//         property name
//           n
std::string FormatTree(const ast::Statement& statement);

// The same tree on one line: (query (match (path (node n :Person))) (return (as who (property name
// n)))). Statements that mean different things never print alike.
std::string FormatTreeInline(const ast::Statement& statement);
std::string FormatTreeInline(const ast::Expression& expression);

}  // namespace fasti
