#include "query/plan/expression.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "query/plan/logical_plan.h"

namespace fasti::plan {

Subplan::Subplan() = default;
Subplan::~Subplan() = default;

absl::string_view OpName(Op op) {
  switch (op) {
    case Op::kAdd:
      return "+";
    case Op::kSubtract:
      return "-";
    case Op::kMultiply:
      return "*";
    case Op::kDivide:
      return "/";
    case Op::kModulo:
      return "%";
    case Op::kPower:
      return "^";
    case Op::kNegate:
      return "-";
    case Op::kPlus:
      return "+";
    case Op::kEqual:
      return "=";
    case Op::kNotEqual:
      return "<>";
    case Op::kLess:
      return "<";
    case Op::kLessOrEqual:
      return "<=";
    case Op::kGreater:
      return ">";
    case Op::kGreaterOrEqual:
      return ">=";
    case Op::kIn:
      return "IN";
    case Op::kStartsWith:
      return "STARTS WITH";
    case Op::kEndsWith:
      return "ENDS WITH";
    case Op::kContains:
      return "CONTAINS";
    case Op::kIndex:
      return "[]";
    case Op::kSlice:
      return "[..]";
    case Op::kOverlaps:
      return "OVERLAPS";
    case Op::kDuring:
      return "DURING";
    case Op::kBefore:
      return "BEFORE";
    case Op::kAfter:
      return "AFTER";
    case Op::kXor:
      return "XOR";
    case Op::kNot:
      return "NOT";
    case Op::kIsNull:
      return "IS NULL";
    case Op::kIsNotNull:
      return "IS NOT NULL";
  }
  return "?";
}

ExpressionPtr Constant(Value value, Place place) {
  auto result = std::make_shared<Expression>();
  result->kind = Expression::Kind::kConstant;
  result->place = place;
  result->constant = std::move(value);
  return result;
}

ExpressionPtr SlotReference(Slot slot, Place place) {
  auto result = std::make_shared<Expression>();
  result->kind = Expression::Kind::kSlot;
  result->place = place;
  result->slot = slot;
  return result;
}

ExpressionPtr Operator(Op op, std::vector<ExpressionPtr> args, Place place) {
  auto result = std::make_shared<Expression>();
  result->kind = Expression::Kind::kOperator;
  result->op = op;
  result->place = place;
  result->args = std::move(args);
  return result;
}

ExpressionPtr Conjunction(std::vector<ExpressionPtr> terms) {
  if (terms.size() == 1) return std::move(terms[0]);
  auto result = std::make_shared<Expression>();
  result->kind = Expression::Kind::kAnd;
  if (!terms.empty()) result->place = terms[0]->place;
  result->args = std::move(terms);
  return result;
}

void SplitConjunction(const ExpressionPtr& expression, std::vector<ExpressionPtr>* terms) {
  if (expression->kind != Expression::Kind::kAnd) {
    terms->push_back(expression);
    return;
  }
  for (const ExpressionPtr& term : expression->args) SplitConjunction(term, terms);
}

namespace {

bool SameView(const ViewPtr& a, const ViewPtr& b) {
  if (a == b) return true;
  if (a == nullptr || b == nullptr || a->scopes.size() != b->scopes.size()) return false;
  for (size_t i = 0; i < a->scopes.size(); ++i) {
    if (a->scopes[i].axis != b->scopes[i].axis ||
        !SameExpression(*a->scopes[i].operand, *b->scopes[i].operand)) {
      return false;
    }
  }
  return true;
}

}  // namespace

ViewPtr ClocksOf(const ViewPtr& view) {
  if (view == nullptr) return nullptr;
  for (const ViewSpec::Scope& scope : view->scopes) {
    if (scope.axis == ViewSpec::Axis::kAsOf || scope.axis == ViewSpec::Axis::kAsRecorded) {
      return view;
    }
  }
  return nullptr;
}

bool SameExpression(const Expression& a, const Expression& b) {
  if (&a == &b) return true;
  if ((a.window == nullptr) != (b.window == nullptr) ||
      (a.window != nullptr && *a.window != *b.window)) {
    return false;
  }
  if (a.kind != b.kind || a.op != b.op || a.distinct != b.distinct ||
      a.of_any_member != b.of_any_member || a.name != b.name || a.names != b.names ||
      a.slot != b.slot || a.function != b.function || a.subplan != b.subplan ||
      a.args.size() != b.args.size() || !SameView(a.view, b.view) ||
      a.constant.kind() != b.constant.kind() || !SameValue(a.constant, b.constant)) {
    return false;
  }
  if (a.function != nullptr && a.function->has(function::kNotDeterministic)) return false;
  for (size_t i = 0; i < a.args.size(); ++i) {
    if ((a.args[i] == nullptr) != (b.args[i] == nullptr)) return false;
    if (a.args[i] != nullptr && !SameExpression(*a.args[i], *b.args[i])) return false;
  }
  return true;
}

void ForEachSlot(const Expression& expression, const std::function<void(Slot)>& visit) {
  if (expression.kind == Expression::Kind::kSlot) visit(expression.slot);
  for (const ExpressionPtr& arg : expression.args) {
    if (arg != nullptr) ForEachSlot(*arg, visit);
  }
  if (expression.view != nullptr) ForEachSlot(*expression.view, visit);
}

void ForEachSlot(const ViewSpec& view, const std::function<void(Slot)>& visit) {
  for (const ViewSpec::Scope& scope : view.scopes) ForEachSlot(*scope.operand, visit);
}

ExpressionPtr Rewrite(const ExpressionPtr& expression,
                      const std::function<ExpressionPtr(const ExpressionPtr&)>& replace) {
  if (ExpressionPtr other = replace(expression); other != nullptr) return other;
  std::shared_ptr<Expression> copy;
  const auto change = [&]() -> Expression& {
    if (copy == nullptr) copy = std::make_shared<Expression>(*expression);
    return *copy;
  };
  for (size_t i = 0; i < expression->args.size(); ++i) {
    const ExpressionPtr& arg = expression->args[i];
    if (arg == nullptr) continue;
    if (ExpressionPtr other = Rewrite(arg, replace); other != arg) change().args[i] = other;
  }
  if (expression->view != nullptr) {
    std::shared_ptr<ViewSpec> view;
    for (size_t i = 0; i < expression->view->scopes.size(); ++i) {
      const ExpressionPtr& operand = expression->view->scopes[i].operand;
      ExpressionPtr other = Rewrite(operand, replace);
      if (other == operand) continue;
      if (view == nullptr) view = std::make_shared<ViewSpec>(*expression->view);
      view->scopes[i].operand = std::move(other);
    }
    if (view != nullptr) change().view = std::move(view);
  }
  return copy != nullptr ? copy : expression;
}

bool IsRowIndependent(const Expression& expression) {
  switch (expression.kind) {
    case Expression::Kind::kSlot:
    case Expression::Kind::kLocal:
    case Expression::Kind::kExists:
    case Expression::Kind::kCollect:
    case Expression::Kind::kAggregate:
    case Expression::Kind::kWindow:
      return false;
    case Expression::Kind::kComprehension:
    case Expression::Kind::kQuantifier:
      return false;  // They hold locals, which are bound inside; rare enough not to matter.
    default:
      break;
  }
  if (expression.function != nullptr && expression.function->has(function::kNotDeterministic))
    return false;
  for (const ExpressionPtr& arg : expression.args) {
    if (arg != nullptr && !IsRowIndependent(*arg)) return false;
  }
  if (expression.view != nullptr) {
    for (const ViewSpec::Scope& scope : expression.view->scopes) {
      if (!IsRowIndependent(*scope.operand)) return false;
    }
  }
  return true;
}

namespace {

std::string FormatArgs(const Expression& expression, size_t begin = 0) {
  std::vector<std::string> parts;
  for (size_t i = begin; i < expression.args.size(); ++i) {
    const ExpressionPtr& arg = expression.args[i];
    parts.push_back(arg == nullptr ? "" : FormatExpression(*arg));
  }
  return absl::StrJoin(parts, ", ");
}

std::string FormatOperator(const Expression& e) {
  const auto arg = [&](size_t i) {
    return e.args[i] == nullptr ? std::string() : FormatExpression(*e.args[i]);
  };
  switch (e.op) {
    case Op::kIndex:
      return absl::StrCat(arg(0), "[", arg(1), "]");
    case Op::kSlice:
      return absl::StrCat(arg(0), "[", arg(1), "..", arg(2), "]");
    case Op::kIsNull:
    case Op::kIsNotNull:
      return absl::StrCat(arg(0), " ", OpName(e.op));
    case Op::kNot:
      return absl::StrCat("NOT ", arg(0));
    case Op::kNegate:
    case Op::kPlus:
      return absl::StrCat(OpName(e.op), arg(0));
    default:
      break;
  }
  std::string text = absl::StrCat(arg(0), " ", OpName(e.op), " ", arg(1));
  if (e.args.size() == 3) absl::StrAppend(&text, " WITHIN ", arg(2));
  return text;
}

}  // namespace

std::string FormatExpression(const Expression& e) {
  using Kind = Expression::Kind;
  switch (e.kind) {
    case Kind::kConstant:
      return FormatValue(e.constant);
    case Kind::kParameter:
      return absl::StrCat("$", e.name);
    case Kind::kNow:
      return "@now";
    case Kind::kSlot:
      return e.name.empty() ? absl::StrCat("#", e.slot) : e.name;
    case Kind::kLocal:
      return e.name.empty() ? absl::StrCat("@", e.slot) : e.name;
    case Kind::kProperty:
      return absl::StrCat(FormatExpression(*e.args[0]), ".", e.name);
    case Kind::kCall:
    case Kind::kAggregate:
    case Kind::kWindow: {
      const absl::string_view name = e.function->name;
      return absl::StrCat(name, "(", e.distinct ? "DISTINCT " : "", FormatArgs(e), ")");
    }
    case Kind::kOperator:
      return FormatOperator(e);
    case Kind::kAnd:
    case Kind::kOr: {
      std::vector<std::string> parts;
      for (const ExpressionPtr& arg : e.args) parts.push_back(FormatExpression(*arg));
      return absl::StrCat("(", absl::StrJoin(parts, e.kind == Kind::kAnd ? " AND " : " OR "), ")");
    }
    case Kind::kCase:
      return absl::StrCat("CASE(", FormatArgs(e), ")");
    case Kind::kList:
      return absl::StrCat("[", FormatArgs(e), "]");
    case Kind::kMap: {
      std::vector<std::string> parts;
      for (size_t i = 0; i < e.args.size(); ++i) {
        parts.push_back(absl::StrCat(e.names[i], ": ", FormatExpression(*e.args[i])));
      }
      return absl::StrCat("{", absl::StrJoin(parts, ", "), "}");
    }
    case Kind::kHasLabels:
      return absl::StrCat(FormatExpression(*e.args[0]), ":", absl::StrJoin(e.names, ":"));
    case Kind::kHasAnyLabel:
      return absl::StrCat(FormatExpression(*e.args[0]), ":", absl::StrJoin(e.names, "|"));
    case Kind::kMatchesMap:
      return absl::StrCat(FormatExpression(*e.args[0]), " matches ", FormatExpression(*e.args[1]));
    case Kind::kComprehension:
      return absl::StrCat("[for each in ", FormatArgs(e), "]");
    case Kind::kQuantifier:
      return absl::StrCat(e.name, "(each in ", FormatArgs(e), ")");
    case Kind::kPath:
      return absl::StrCat("path(", FormatArgs(e), ")");
    case Kind::kExists:
      return "EXISTS {...}";
    case Kind::kCollect:
      return "[pattern | ...]";
  }
  return "?";
}

}  // namespace fasti::plan
