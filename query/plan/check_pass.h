#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "query/parse/ast.h"
#include "query/plan/check_type.h"

// The inside of CheckSemantics, shared by its files: check_semantics (statements and clauses),
// check_pattern, check_projection, check_expression.  Users include check_semantics.h.

namespace fasti::plan {

// The variables that can be named at some place, each with what is known of its type.
class CheckScope {
 public:
  // What is not found here is looked for in `outer`, which must outlive the scope; it may be null.
  explicit CheckScope(const CheckScope* outer) : outer_(outer) {}

  // Null if there is no such variable.
  const StaticType* Find(absl::string_view name) const {
    const auto found = names_.find(name);
    if (found != names_.end()) return &found->second;
    return outer_ == nullptr ? nullptr : outer_->Find(name);
  }
  void Declare(absl::string_view name, StaticType type) {
    names_.insert_or_assign(std::string(name), std::move(type));
  }

  using Names = std::map<std::string, StaticType, std::less<>>;
  // Those of this scope alone.
  const Names& names() const { return names_; }
  void ReplaceNames(Names names) { names_ = std::move(names); }
  // Those of this scope and of all around it, for suggestions.
  std::vector<absl::string_view> AllNames() const {
    std::vector<absl::string_view> all;
    for (const CheckScope* scope = this; scope != nullptr; scope = scope->outer_) {
      for (const auto& [name, type] : scope->names_) all.push_back(name);
    }
    return all;
  }

 private:
  const CheckScope* outer_;
  Names names_;
};

// What may stand where an expression is found.
struct ExpressionUse {
  bool is_condition = false;   // a pattern, as in `WHERE (a)-->(b)`
  bool may_aggregate = false;  // `count(*)`
  bool may_window = false;     // `lag(x) OVER (...)`
  bool in_aggregate = false;   // it is an argument of an aggregate
};

// check_expression.cc

// The type of an expression; an error if it has no meaning.
absl::StatusOr<StaticType> TypeOf(const ast::Expression& expression, const CheckScope& scope,
                                  const ExpressionUse& use = {});
// The same, and SyntaxError.InvalidArgumentType if it can never be one of `kinds`: "expected
// `what`, found ...".
absl::Status CheckType(const ast::Expression& expression, const CheckScope& scope,
                       function::Kinds kinds, absl::string_view what,
                       const ExpressionUse& use = {});
// WHERE; null if there is none.
absl::Status CheckWhere(const ast::ExpressionPtr& where, const CheckScope& scope);
absl::Status UndefinedVariable(absl::string_view name, const ast::Position& position,
                               const CheckScope& scope);
bool IsAggregate(const ast::Expression& expression);
// Whether an aggregate is computed somewhere in it, subqueries left out.
bool HasAggregate(const ast::Expression& expression);

// check_pattern.cc

// A pattern that is searched: declares the variables it brings into `scope`, then checks it there.
absl::Status CheckPattern(const ast::Pattern& pattern, CheckScope* scope);
absl::Status CheckChain(const ast::Chain& chain, const std::optional<ast::Name>& path,
                        CheckScope* scope);
// A pattern that is a condition: it brings no variables.
absl::Status CheckPatternPredicate(const ast::Chain& chain, const CheckScope& scope);
// Operands of scopes; they see the variables that were there before the pattern.
absl::Status CheckView(const ast::View& view, const CheckScope& scope);
// Patterns that are made, and perhaps first searched (MERGE).
absl::Status CheckCreate(const ast::Create& create, CheckScope* scope);
absl::Status CheckMergePath(const ast::PathPattern& path, CheckScope* scope);

// check_projection.cc

// RETURN or WITH: what becomes of the rows.  Leaves in `scope` what later clauses see.
absl::Status CheckReturn(const ast::Return& result, CheckScope* scope);
absl::Status CheckWith(const ast::With& with, CheckScope* scope);

// check_semantics.cc

// EXISTS { query }
absl::Status CheckSubquery(const ast::Query& query, const CheckScope& outer);

}  // namespace fasti::plan
