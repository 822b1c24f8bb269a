#pragma once

#include "absl/strings/string_view.h"
#include "query/parse/ast.h"

// How the choices of the grammar are called in printed trees.

namespace fasti::ast {

absl::string_view NameOf(UnaryOperator op);
absl::string_view NameOf(LogicalOperator op);
absl::string_view NameOf(ComparisonOperator op);
absl::string_view NameOf(BinaryOperator op);
absl::string_view NameOf(QuantifierKind kind);
absl::string_view NameOf(Selector selector);  // empty for kNone
absl::string_view NameOf(ScopeKind kind);
absl::string_view NameOf(RelationTrait trait);

}  // namespace fasti::ast
