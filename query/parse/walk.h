#pragma once

#include "absl/functional/function_ref.h"
#include "query/parse/ast.h"

// Ways through a tree for passes that care about a few kinds of nodes only.

namespace fasti::ast {

using ExpressionVisitor = absl::FunctionRef<void(const Expression&)>;

// Visits the expressions directly below `expression`, in the order of the text: operands, the
// maps in patterns, the expressions of an EXISTS subquery's clauses.
void ForEachChild(const Expression& expression, ExpressionVisitor visit);

// Visits the outermost expressions of a clause or a query, in the order of the text.
void ForEachExpression(const Clause& clause, ExpressionVisitor visit);
void ForEachExpression(const Query& query, ExpressionVisitor visit);
void ForEachExpression(const Chain& chain, ExpressionVisitor visit);

// Whether two expressions are written alike: the same nodes with the same names and values;
// places do not count.
bool SameExpression(const Expression& a, const Expression& b);

}  // namespace fasti::ast
