// RETURN and WITH.  Two questions make them hard, and both are about rows that are gone:
//
// An expression with an aggregate has one value per group, so what stands beside the aggregate must
// have one too: a constant, or a grouping key.  Only variables and properties count as keys here;
// `me.age + you.age + count(*)` is refused even if `me.age + you.age` is projected.
//
// After grouping or DISTINCT, ORDER BY and WHERE see the projected columns, and expressions written
// exactly as a projected one.  Without them, they also see all variables from before.

#include <set>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/parse/syntax_error.h"
#include "query/parse/walk.h"
#include "query/plan/check_pass.h"

namespace fasti::plan {
namespace {

// The names that comprehensions and quantifiers bring, while walking through an expression.
using Locals = std::multiset<std::string>;

const ast::Name* LocalOf(const ast::Expression& expression) {
  if (const auto* list = expression.As<ast::ListComprehension>()) return &list->variable;
  if (const auto* quantifier = expression.As<ast::Quantifier>()) return &quantifier->variable;
  return nullptr;
}

// `n` or `n.a.b`
bool IsSimple(const ast::Expression& expression) {
  if (expression.Is<ast::Variable>()) return true;
  const auto* property = expression.As<ast::Property>();
  return property != nullptr && IsSimple(*property->object);
}

bool NamesVariable(const ast::Expression& expression, absl::string_view name) {
  if (const auto* variable = expression.As<ast::Variable>()) return variable->name == name;
  bool found = false;
  ast::ForEachChild(expression, [&](const ast::Expression& child) {
    found = found || NamesVariable(child, name);
  });
  return found;
}

// Calls `check` on the parts of an expression from the outside in, until it answers that a part is
// settled; with the locals of comprehensions around it.  Subqueries have rows of their own and are
// not entered.
template <typename Check>
absl::Status WalkParts(const ast::Expression& expression, Locals* locals, const Check& check) {
  FASTI_ASSIGN_OR_RETURN(const bool settled, check(expression, *locals));
  if (settled || expression.Is<ast::Exists>()) return absl::OkStatus();
  const ast::Name* local = LocalOf(expression);
  if (local != nullptr) locals->insert(local->text);
  absl::Status status;
  ast::ForEachChild(expression, [&](const ast::Expression& child) {
    if (status.ok()) status = WalkParts(child, locals, check);
  });
  if (local != nullptr) locals->erase(locals->find(local->text));
  return status;
}

class ProjectionChecker {
 public:
  ProjectionChecker(const ast::Projection& projection, const ast::Position& position,
                    CheckScope* scope)
      : projection_(projection), position_(position), scope_(scope) {}

  // Computes the columns.
  absl::Status CheckItems(bool aliases_needed);
  absl::Status CheckOrderBy() const;
  absl::Status CheckWhereAfter(const ast::ExpressionPtr& where) const;
  absl::Status CheckCounts() const;
  // From now on only the columns are in scope.
  void Close() { scope_->ReplaceNames(columns_); }

 private:
  bool is_barrier() const { return is_aggregating_ || projection_.distinct; }
  absl::Status AddColumn(const ast::ProjectionItem& item, StaticType type, bool alias_needed);
  absl::Status CheckGrouping(const ast::Expression& item) const;
  absl::Status CheckAfterBarrier(const ast::Expression& expression) const;
  static absl::Status Gone(absl::string_view name, const ast::Position& position);
  absl::Status NotProjected(const ast::Expression& aggregate) const;
  absl::Status CheckAfter(const ast::Expression& expression, function::Kinds kinds,
                          absl::string_view what, ExpressionUse use) const;
  absl::Status CheckCount(const ast::ExpressionPtr& count, absl::string_view clause) const;
  // Whether a part of an expression is written as a key that the grouping has computed.
  bool IsSimpleKey(const ast::Expression& part) const;
  bool IsKeyVariable(absl::string_view name) const;

  const ast::Projection& projection_;
  const ast::Position position_;
  CheckScope* const scope_;
  CheckScope::Names columns_;
  bool is_aggregating_ = false;
};

absl::Status ProjectionChecker::CheckItems(bool aliases_needed) {
  if (projection_.star) columns_ = scope_->names();
  std::vector<StaticType> types;
  for (const ast::ProjectionItem& item : projection_.items) {
    FASTI_ASSIGN_OR_RETURN(
        types.emplace_back(),
        TypeOf(*item.expression, *scope_, {.may_aggregate = true, .may_window = true}));
    is_aggregating_ = is_aggregating_ || HasAggregate(*item.expression);
  }
  for (size_t i = 0; i < types.size(); ++i) {
    FASTI_RETURN_IF_ERROR(CheckGrouping(*projection_.items[i].expression));
    FASTI_RETURN_IF_ERROR(AddColumn(projection_.items[i], std::move(types[i]), aliases_needed));
  }
  return absl::OkStatus();
}

absl::Status ProjectionChecker::AddColumn(const ast::ProjectionItem& item, StaticType type,
                                          bool alias_needed) {
  const auto* variable = item.expression->As<ast::Variable>();
  const bool is_named = item.has_alias || (variable != nullptr && variable->name == item.name);
  if (alias_needed && !is_named) {
    return SyntaxError("NoExpressionAlias", item.position,
                       absl::StrCat("`", item.name, "` needs a name: add AS and one"));
  }
  if (!columns_.emplace(item.name, std::move(type)).second) {
    return SyntaxError("ColumnNameConflict", item.position,
                       absl::StrCat("there are two columns `", item.name, "`"));
  }
  return absl::OkStatus();
}

bool ProjectionChecker::IsKeyVariable(absl::string_view name) const {
  if (projection_.star && scope_->names().count(name) != 0) return true;
  for (const ast::ProjectionItem& item : projection_.items) {
    const auto* variable = item.expression->As<ast::Variable>();
    if (variable != nullptr && variable->name == name) return true;
  }
  return false;
}

bool ProjectionChecker::IsSimpleKey(const ast::Expression& part) const {
  if (!IsSimple(part)) return false;
  if (const auto* variable = part.As<ast::Variable>()) return IsKeyVariable(variable->name);
  for (const ast::ProjectionItem& item : projection_.items) {
    if (ast::SameExpression(part, *item.expression)) return true;
  }
  return false;
}

// The first of the two questions above.
absl::Status ProjectionChecker::CheckGrouping(const ast::Expression& item) const {
  if (!HasAggregate(item)) return absl::OkStatus();
  Locals locals;
  return WalkParts(item, &locals,
                   [&](const ast::Expression& part, const Locals& around) -> absl::StatusOr<bool> {
                     if (IsAggregate(part) || IsSimpleKey(part)) return true;
                     const auto* variable = part.As<ast::Variable>();
                     if (variable == nullptr || around.count(variable->name) != 0) return false;
                     return SyntaxError(
                         "AmbiguousAggregationExpression", part.position,
                         absl::StrCat("`", variable->name,
                                      "` stands beside an aggregate but is no grouping key; "
                                      "project it, or compute it in a WITH before"));
                   });
}

// The second one.
absl::Status ProjectionChecker::CheckAfterBarrier(const ast::Expression& expression) const {
  const bool aggregates = HasAggregate(expression);
  if (aggregates && !is_aggregating_) {
    return SyntaxError("InvalidAggregation", expression.position,
                       "ORDER BY can use an aggregate only if the projection computes one");
  }
  const auto is_projected = [&](const ast::Expression& part) {
    for (const ast::ProjectionItem& item : projection_.items) {
      if (ast::SameExpression(part, *item.expression)) return true;
    }
    return false;
  };
  const auto is_in_key = [&](absl::string_view name) {
    for (const ast::ProjectionItem& item : projection_.items) {
      if (!HasAggregate(*item.expression) && NamesVariable(*item.expression, name)) return true;
    }
    return false;
  };
  Locals locals;
  return WalkParts(expression, &locals,
                   [&](const ast::Expression& part, const Locals& around) -> absl::StatusOr<bool> {
                     const bool counts = !aggregates || &part == &expression || IsAggregate(part);
                     if ((counts && is_projected(part)) || IsSimpleKey(part)) return true;
                     if (IsAggregate(part)) return NotProjected(part);
                     const auto* variable = part.As<ast::Variable>();
                     if (variable == nullptr || around.count(variable->name) != 0) return false;
                     if (columns_.count(variable->name) != 0) return true;
                     if (aggregates && is_in_key(variable->name)) {
                       return SyntaxError(
                           "AmbiguousAggregationExpression", part.position,
                           absl::StrCat("`", variable->name,
                                        "` stands beside an aggregate but is no grouping key"));
                     }
                     return Gone(variable->name, part.position);
                   });
}

absl::Status ProjectionChecker::Gone(absl::string_view name, const ast::Position& position) {
  return SyntaxError("UndefinedVariable", position,
                     absl::StrCat("variable `", name,
                                  "` is not defined after DISTINCT or an aggregate; project what "
                                  "ORDER BY and WHERE need"));
}

// An aggregate of ORDER BY that is no column: its rows are gone, so it cannot be computed.
absl::Status ProjectionChecker::NotProjected(const ast::Expression& aggregate) const {
  Locals locals;
  FASTI_RETURN_IF_ERROR(
      WalkParts(aggregate, &locals,
                [&](const ast::Expression& part, const Locals& around) -> absl::StatusOr<bool> {
                  const auto* variable = part.As<ast::Variable>();
                  if (variable == nullptr || around.count(variable->name) != 0) return false;
                  if (columns_.count(variable->name) != 0) return true;
                  return Gone(variable->name, part.position);
                }));
  return SyntaxError("InvalidAggregation", aggregate.position,
                     "ORDER BY can use only aggregates that are projected");
}

// An expression of ORDER BY or WHERE.
absl::Status ProjectionChecker::CheckAfter(const ast::Expression& expression, function::Kinds kinds,
                                           absl::string_view what, ExpressionUse use) const {
  if (is_barrier()) FASTI_RETURN_IF_ERROR(CheckAfterBarrier(expression));
  CheckScope after(scope_);
  after.ReplaceNames(columns_);
  return CheckType(expression, after, kinds, what, use);
}

absl::Status ProjectionChecker::CheckOrderBy() const {
  for (const ast::SortItem& item : projection_.order_by) {
    FASTI_RETURN_IF_ERROR(CheckAfter(*item.expression, function::Kinds::Any(), "a value",
                                     {.may_aggregate = is_aggregating_}));
  }
  return absl::OkStatus();
}

absl::Status ProjectionChecker::CheckWhereAfter(const ast::ExpressionPtr& where) const {
  if (where == nullptr) return absl::OkStatus();
  return CheckAfter(*where, kBooleans, "a condition", {.is_condition = true});
}

absl::Status ProjectionChecker::CheckCounts() const {
  FASTI_RETURN_IF_ERROR(CheckCount(projection_.skip, "SKIP"));
  return CheckCount(projection_.limit, "LIMIT");
}

absl::Status ProjectionChecker::CheckCount(const ast::ExpressionPtr& count,
                                           absl::string_view clause) const {
  if (count == nullptr) return absl::OkStatus();
  // In a scope without variables none is defined, which here means that the number would vary.
  const CheckScope nothing(nullptr);
  const absl::Status status = CheckType(*count, nothing, kIntegers, "an integer");
  if (const std::optional<QueryError> error = GetQueryError(status);
      error.has_value() && error->code == "SyntaxError.UndefinedVariable") {
    return SyntaxError(
        "NonConstantExpression", count->position,
        absl::StrCat(clause, " takes a number that is the same for all rows, found a variable"));
  }
  FASTI_RETURN_IF_ERROR(status);
  const auto* sign = count->As<ast::Unary>();
  const bool is_negative = sign != nullptr && sign->op == ast::UnaryOperator::kMinus &&
                           sign->operand->Is<ast::Literal>();
  const auto* literal = is_negative ? sign->operand->As<ast::Literal>() : count->As<ast::Literal>();
  if (literal == nullptr || !literal->value.is(Value::Kind::kInt)) return absl::OkStatus();
  const int64_t value = literal->value.as_int();
  if (is_negative ? value <= 0 : value >= 0) return absl::OkStatus();
  return SyntaxError("NegativeIntegerArgument", count->position,
                     absl::StrCat(clause, " takes a number of rows, which is not negative"));
}

}  // namespace

absl::Status CheckReturn(const ast::Return& result, CheckScope* scope) {
  const ast::Projection& projection = result.projection;
  if (projection.star && projection.items.empty() && scope->names().empty()) {
    return SyntaxError("NoVariablesInScope", result.position,
                       "`*` stands for the variables in scope, and there are none");
  }
  ProjectionChecker checker(projection, result.position, scope);
  FASTI_RETURN_IF_ERROR(checker.CheckItems(/*aliases_needed=*/false));
  FASTI_RETURN_IF_ERROR(checker.CheckOrderBy());
  FASTI_RETURN_IF_ERROR(checker.CheckCounts());
  checker.Close();
  return absl::OkStatus();
}

absl::Status CheckWith(const ast::With& with, CheckScope* scope) {
  ProjectionChecker checker(with.projection, with.position, scope);
  FASTI_RETURN_IF_ERROR(checker.CheckItems(/*aliases_needed=*/true));
  FASTI_RETURN_IF_ERROR(checker.CheckOrderBy());
  FASTI_RETURN_IF_ERROR(checker.CheckCounts());
  FASTI_RETURN_IF_ERROR(checker.CheckWhereAfter(with.where));
  checker.Close();
  return absl::OkStatus();
}

}  // namespace fasti::plan
