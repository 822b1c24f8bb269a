#include <algorithm>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/function/registry.h"
#include "query/parse/suggestion.h"
#include "query/parse/syntax_error.h"
#include "query/parse/walk.h"
#include "query/plan/check_pass.h"

namespace fasti::plan {
namespace {

using Kind = Value::Kind;
using Checked = absl::StatusOr<StaticType>;
using function::Kinds;

constexpr Kinds kMeasured =
    kNumbers | kDurations | Kinds::Of(Value::Kind::kQuantity);  // can be scaled
constexpr Kinds kSubtractable = kMeasured | kCalendar | Kinds::Of(Value::Kind::kPeriod);
constexpr Kinds kAddable = kSubtractable | kLists | Kinds::Of(Value::Kind::kString);

StaticType Boolean() {
  return StaticType::Of(Kind::kBool);
}

// The use of an operand of AND, OR, XOR, NOT.
ExpressionUse AsCondition(ExpressionUse use) {
  use.is_condition = true;
  return use;
}
// The use of any other part of an expression.
ExpressionUse AsValue(ExpressionUse use) {
  use.is_condition = false;
  return use;
}
// The use of what is evaluated once per element of a list: there is no group of rows there.
ExpressionUse PerElement(bool is_condition) {
  return {.is_condition = is_condition};
}

absl::Status UnknownFunction(const ast::Call& call, const ast::Position& position) {
  std::string message = absl::StrCat("there is no function ", call.written);
  if (const std::optional<absl::string_view> why = function::WhyLeftOut(call.name)) {
    absl::StrAppend(&message, ": ", *why);
  } else {
    std::vector<absl::string_view> names;
    for (const function::Function* known : function::AllFunctions()) names.push_back(known->name);
    absl::StrAppend(&message, DidYouMean(NearestWord(call.name, names)));
  }
  return SyntaxError("UnknownFunction", position, message);
}

class ExpressionChecker {
 public:
  ExpressionChecker(const ast::Expression& expression, const CheckScope& scope,
                    const ExpressionUse& use)
      : position_(expression.position), scope_(scope), use_(use) {}

  Checked operator()(const ast::Literal& e) const {
    return e.value.is_null() ? StaticType::Null() : StaticType::Of(e.value.kind());
  }
  Checked operator()(const ast::Now&) const {
    return StaticType::Of(Kind::kPeriod, Kind::kDateTime);
  }
  Checked operator()(const ast::Parameter&) const { return StaticType::Unknown(); }
  Checked operator()(const ast::Variable& e) const {
    const StaticType* type = scope_.Find(e.name);
    if (type == nullptr) return UndefinedVariable(e.name, position_, scope_);
    return *type;
  }
  Checked operator()(const ast::Property& e) const {
    FASTI_ASSIGN_OR_RETURN(StaticType object, Part(e.object));
    if (object.IsSurely(kPaths)) {
      return SyntaxError("InvalidArgumentType", position_, "a path has no properties");
    }
    constexpr Kinds kWithout = kNumbers | kBooleans | kLists | kPaths | Kinds::Of(Kind::kString);
    if (object.IsSurely(kWithout)) {
      return CompileError("TypeError.InvalidArgumentType", position_,
                          absl::StrCat("expected a node, a relationship, a map or a time before '.",
                                       e.key, "', found ", object.Describe()));
    }
    return StaticType::Unknown();
  }
  Checked operator()(const ast::Subscript& e) const {
    FASTI_ASSIGN_OR_RETURN(StaticType object, Part(e.object));
    FASTI_RETURN_IF_ERROR(Part(e.index).status());
    return object.IsSurely(kLists) ? object.Element() : StaticType::Unknown();
  }
  Checked operator()(const ast::Slice& e) const {
    FASTI_ASSIGN_OR_RETURN(StaticType object, Part(e.object));
    for (const ast::ExpressionPtr* end : {&e.from, &e.to}) {
      if (*end != nullptr) FASTI_RETURN_IF_ERROR(Part(*end).status());
    }
    return object;
  }
  Checked operator()(const ast::HasLabels& e) const {
    FASTI_RETURN_IF_ERROR(Require(*e.object, kEntities, "a node or a relationship"));
    return Boolean();
  }
  Checked operator()(const ast::Unary& e) const {
    switch (e.op) {
      case ast::UnaryOperator::kNot:
        FASTI_RETURN_IF_ERROR(RequireCondition(*e.operand));
        return Boolean();
      case ast::UnaryOperator::kIsNull:
      case ast::UnaryOperator::kIsNotNull:
        FASTI_RETURN_IF_ERROR(Part(e.operand).status());
        return Boolean();
      case ast::UnaryOperator::kPlus:
      case ast::UnaryOperator::kMinus:
        break;
    }
    FASTI_ASSIGN_OR_RETURN(StaticType type, Part(e.operand));
    FASTI_RETURN_IF_ERROR(Fits(type, *e.operand, kMeasured, "a number"));
    return type;
  }
  Checked operator()(const ast::Logical& e) const {
    for (const ast::ExpressionPtr& operand : e.operands) {
      FASTI_RETURN_IF_ERROR(RequireCondition(*operand));
    }
    return Boolean();
  }
  Checked operator()(const ast::Comparison& e) const {
    for (const ast::ExpressionPtr& operand : e.operands) {
      FASTI_RETURN_IF_ERROR(Part(operand).status());
    }
    return Boolean();
  }
  Checked operator()(const ast::Binary& e) const {
    using Op = ast::BinaryOperator;
    switch (e.op) {
      case Op::kAdd:
        return Sum(e);
      case Op::kSubtract:
        return Arithmetic(e, kSubtractable, "a number or a time");
      case Op::kMultiply:
      case Op::kDivide:
        return Arithmetic(e, kMeasured, "a number");
      case Op::kModulo:
      case Op::kPower:
        return Arithmetic(e, kNumbers, "a number");
      case Op::kIn:
        FASTI_RETURN_IF_ERROR(Part(e.left).status());
        FASTI_RETURN_IF_ERROR(Require(*e.right, kLists, "a list after IN"));
        return Boolean();
      case Op::kContains:
      case Op::kStartsWith:
      case Op::kEndsWith:
        FASTI_RETURN_IF_ERROR(Part(e.left).status());
        FASTI_RETURN_IF_ERROR(Part(e.right).status());
        return Boolean();
      case Op::kOverlaps:
      case Op::kDuring:
      case Op::kBefore:
      case Op::kAfter:
        break;
    }
    FASTI_RETURN_IF_ERROR(Require(*e.left, kPeriodic, "a period, a date or a relationship"));
    FASTI_RETURN_IF_ERROR(Require(*e.right, kPeriodic, "a period, a date or a relationship"));
    if (e.within != nullptr) {
      FASTI_RETURN_IF_ERROR(Require(*e.within, kDurations, "a duration after WITHIN"));
    }
    return Boolean();
  }
  Checked operator()(const ast::Call& e) const;
  Checked operator()(const ast::ListLiteral& e) const {
    if (e.elements.empty()) return StaticType{kLists, nullptr};
    StaticType element = StaticType::Null();
    for (const ast::ExpressionPtr& child : e.elements) {
      FASTI_ASSIGN_OR_RETURN(StaticType type, Part(child));
      element = Either(element, type);
    }
    return StaticType::ListOf(std::move(element));
  }
  Checked operator()(const ast::MapLiteral& e) const {
    for (const ast::MapEntry& entry : e.entries) {
      FASTI_RETURN_IF_ERROR(Part(entry.value).status());
    }
    return StaticType::Of(Kind::kMap);
  }
  Checked operator()(const ast::Case& e) const {
    if (e.operand != nullptr) FASTI_RETURN_IF_ERROR(Part(e.operand).status());
    StaticType result = StaticType::Null();
    for (const ast::CaseBranch& branch : e.branches) {
      if (e.operand != nullptr) {
        FASTI_RETURN_IF_ERROR(Part(branch.when).status());
      } else {
        FASTI_RETURN_IF_ERROR(RequireCondition(*branch.when));
      }
      FASTI_ASSIGN_OR_RETURN(StaticType type, Part(branch.then));
      result = Either(result, type);
    }
    if (e.otherwise != nullptr) {
      FASTI_ASSIGN_OR_RETURN(StaticType type, Part(e.otherwise));
      result = Either(result, type);
    }
    return result;
  }
  Checked operator()(const ast::ListComprehension& e) const {
    FASTI_ASSIGN_OR_RETURN(CheckScope inner, ElementScope(*e.list, e.variable));
    if (e.where != nullptr) FASTI_RETURN_IF_ERROR(CheckWhere(e.where, inner));
    StaticType element = *inner.Find(e.variable.text);
    if (e.projection != nullptr) {
      FASTI_ASSIGN_OR_RETURN(element, TypeOf(*e.projection, inner, PerElement(false)));
    }
    return StaticType::ListOf(std::move(element));
  }
  Checked operator()(const ast::PatternComprehension& e) const {
    CheckScope inner(&scope_);
    FASTI_RETURN_IF_ERROR(CheckChain(e.chain, e.variable, &inner));
    FASTI_RETURN_IF_ERROR(CheckWhere(e.where, inner));
    FASTI_ASSIGN_OR_RETURN(StaticType element, TypeOf(*e.projection, inner, PerElement(false)));
    return StaticType::ListOf(std::move(element));
  }
  Checked operator()(const ast::Quantifier& e) const {
    FASTI_ASSIGN_OR_RETURN(CheckScope inner, ElementScope(*e.list, e.variable));
    FASTI_RETURN_IF_ERROR(CheckWhere(e.where, inner));
    return Boolean();
  }
  Checked operator()(const ast::Exists& e) const {
    if (e.query != nullptr) {
      FASTI_RETURN_IF_ERROR(CheckSubquery(*e.query, scope_));
      return Boolean();
    }
    FASTI_RETURN_IF_ERROR(CheckView(e.view, scope_));
    CheckScope inner(&scope_);
    FASTI_RETURN_IF_ERROR(CheckPattern(e.pattern, &inner));
    FASTI_RETURN_IF_ERROR(CheckWhere(e.where, inner));
    return Boolean();
  }
  Checked operator()(const ast::PatternPredicate& e) const {
    if (!use_.is_condition) {
      return SyntaxError("UnexpectedSyntax", position_,
                         "a pattern is a condition, not a value; EXISTS { ... } makes it one, "
                         "[pattern | value] collects what it finds");
    }
    FASTI_RETURN_IF_ERROR(CheckPatternPredicate(e.chain, scope_));
    return Boolean();
  }

 private:
  Checked Part(const ast::ExpressionPtr& child) const {
    return TypeOf(*child, scope_, AsValue(use_));
  }
  absl::Status Require(const ast::Expression& child, Kinds kinds, absl::string_view what) const {
    return CheckType(child, scope_, kinds, what, AsValue(use_));
  }
  absl::Status RequireCondition(const ast::Expression& child) const {
    return CheckType(child, scope_, kBooleans, "a condition", AsCondition(use_));
  }

  static absl::Status Fits(const StaticType& type, const ast::Expression& expression, Kinds kinds,
                           absl::string_view what) {
    if (type.MayBe(kinds)) return absl::OkStatus();
    return SyntaxError("InvalidArgumentType", expression.position,
                       absl::StrCat("expected ", what, ", found ", type.Describe()));
  }

  Checked Arithmetic(const ast::Binary& e, Kinds kinds, absl::string_view what) const {
    FASTI_ASSIGN_OR_RETURN(StaticType left, Part(e.left));
    FASTI_ASSIGN_OR_RETURN(StaticType right, Part(e.right));
    FASTI_RETURN_IF_ERROR(Fits(left, *e.left, kinds, what));
    FASTI_RETURN_IF_ERROR(Fits(right, *e.right, kinds, what));
    if (!left.IsSurely(kNumbers) || !right.IsSurely(kNumbers)) return StaticType::Unknown();
    return Either(left, right);
  }

  // `+` also joins texts, and puts anything before or after the elements of a list.
  Checked Sum(const ast::Binary& e) const {
    FASTI_ASSIGN_OR_RETURN(StaticType left, Part(e.left));
    FASTI_ASSIGN_OR_RETURN(StaticType right, Part(e.right));
    if (!left.MayBe(kLists) && !right.MayBe(kLists)) {
      constexpr absl::string_view kWhat = "a number, a text, a list or a time";
      FASTI_RETURN_IF_ERROR(Fits(left, *e.left, kAddable, kWhat));
      FASTI_RETURN_IF_ERROR(Fits(right, *e.right, kAddable, kWhat));
    }
    if (left.IsSurely(kLists) || right.IsSurely(kLists)) return StaticType{kLists, nullptr};
    if (left.IsSurely(kNumbers) && right.IsSurely(kNumbers)) return Either(left, right);
    return StaticType::Unknown();
  }

  // A scope in which `variable` is an element of `list`.
  absl::StatusOr<CheckScope> ElementScope(const ast::Expression& list,
                                          const ast::Name& variable) const {
    FASTI_ASSIGN_OR_RETURN(StaticType type, TypeOf(list, scope_, AsValue(use_)));
    if (!type.MayBe(kLists)) {
      return SyntaxError("InvalidArgumentType", list.position,
                         absl::StrCat("expected a list after IN, found ", type.Describe()));
    }
    CheckScope inner(&scope_);
    inner.Declare(variable.text, type.Element());
    return inner;
  }

  absl::Status CheckCallForm(const ast::Call& call, const function::Function& function) const;
  absl::Status CheckWindow(const ast::Window& window) const;

  const ast::Position position_;
  const CheckScope& scope_;
  const ExpressionUse use_;
};

// Whether this kind of function may be called here, and in this form.
absl::Status ExpressionChecker::CheckCallForm(const ast::Call& call,
                                              const function::Function& function) const {
  const bool aggregates = function.form == function::Form::kAggregate;
  if (call.over != nullptr) {
    if (function.form == function::Form::kScalar) {
      return SyntaxError("InvalidWindow", position_,
                         absl::StrCat(call.written, " is no aggregate and takes no OVER"));
    }
    if (!use_.may_window || use_.in_aggregate) {
      return SyntaxError("InvalidWindow", position_,
                         "OVER is for what RETURN and WITH compute, outside of aggregates");
    }
  } else if (function.form == function::Form::kWindow) {
    return SyntaxError("InvalidWindow", position_,
                       absl::StrCat(call.written, " needs OVER (...) after it"));
  } else if (aggregates && use_.in_aggregate) {
    return SyntaxError("NestedAggregation", position_,
                       "an aggregate cannot be an argument of another one; use WITH between them");
  } else if (aggregates && !use_.may_aggregate) {
    return SyntaxError(
        "InvalidAggregation", position_,
        absl::StrCat(call.written, " is an aggregate, which only RETURN and WITH can compute"));
  }
  if (call.star && !function.has(function::kTakesStar)) {
    return SyntaxError("UnexpectedSyntax", position_,
                       absl::StrCat(call.written, " does not take '*'"));
  }
  if (call.distinct && !aggregates) {
    return SyntaxError("UnexpectedSyntax", position_, "only an aggregate takes DISTINCT");
  }
  if (use_.in_aggregate && function.has(function::kNotDeterministic)) {
    return SyntaxError(
        "NonConstantExpression", position_,
        absl::StrCat(call.written, " answers otherwise each time, so it cannot be aggregated"));
  }
  const size_t count = call.star ? 1 : call.arguments.size();
  if (count < function.args_min ||
      (function.args_max != function::kVariadic && count > function.args_max)) {
    return SyntaxError(
        "InvalidNumberOfArguments", position_,
        absl::StrCat(call.written, " takes ",
                     function.args_max == function::kVariadic
                         ? absl::StrCat("at least ", function.args_min)
                     : function.args_min == function.args_max
                         ? absl::StrCat(function.args_min)
                         : absl::StrCat(function.args_min, " to ", function.args_max),
                     function.args_max == 1 ? " argument" : " arguments", ", found ", count));
  }
  return absl::OkStatus();
}

absl::Status ExpressionChecker::CheckWindow(const ast::Window& window) const {
  ExpressionUse use = AsValue(use_);
  use.may_window = false;
  for (const ast::ExpressionPtr& key : window.partition_by) {
    FASTI_RETURN_IF_ERROR(TypeOf(*key, scope_, use).status());
  }
  for (const ast::SortItem& item : window.order_by) {
    FASTI_RETURN_IF_ERROR(TypeOf(*item.expression, scope_, use).status());
  }
  if (!window.frame.has_value()) return absl::OkStatus();
  const ast::Expression& preceding = *window.frame->preceding;
  if (window.frame->unit == ast::Window::Unit::kRows) {
    return CheckType(preceding, scope_, kIntegers, "a number of rows", use);
  }
  return CheckType(preceding, scope_, kDurations | kNumbers, "a duration or a number", use);
}

Checked ExpressionChecker::operator()(const ast::Call& e) const {
  const function::Function* function = function::FindFunction(e.name);
  if (function == nullptr) {
    return UnknownFunction(e, position_);
  }
  FASTI_RETURN_IF_ERROR(CheckCallForm(e, *function));
  ExpressionUse use = AsValue(use_);
  use.in_aggregate =
      use.in_aggregate || (e.over == nullptr && function->form == function::Form::kAggregate);
  use.may_window = use.may_window && e.over == nullptr;
  use.is_condition = function->name == "exists";
  StaticType first = StaticType::Unknown();
  for (size_t i = 0; i < e.arguments.size(); ++i) {
    const ast::Expression& argument = *e.arguments[i];
    FASTI_ASSIGN_OR_RETURN(StaticType type, TypeOf(argument, scope_, use));
    const Kinds takes = function->parameter(i);
    if (!type.MayBe(takes)) {
      return SyntaxError("InvalidArgumentType", argument.position,
                         absl::StrCat(e.written, " takes ", StaticType{takes, nullptr}.Describe(),
                                      ", found ", type.Describe()));
    }
    if (i == 0) first = std::move(type);
  }
  if (e.over != nullptr) FASTI_RETURN_IF_ERROR(CheckWindow(*e.over));
  if (function->name == "collect") return StaticType::ListOf(std::move(first));
  return StaticType{function->result, nullptr};
}

}  // namespace

absl::StatusOr<StaticType> TypeOf(const ast::Expression& expression, const CheckScope& scope,
                                  const ExpressionUse& use) {
  return std::visit(ExpressionChecker(expression, scope, use), expression.node);
}

absl::Status CheckType(const ast::Expression& expression, const CheckScope& scope, Kinds kinds,
                       absl::string_view what, const ExpressionUse& use) {
  FASTI_ASSIGN_OR_RETURN(StaticType type, TypeOf(expression, scope, use));
  if (type.MayBe(kinds)) return absl::OkStatus();
  return SyntaxError("InvalidArgumentType", expression.position,
                     absl::StrCat("expected ", what, ", found ", type.Describe()));
}

absl::Status CheckWhere(const ast::ExpressionPtr& where, const CheckScope& scope) {
  if (where == nullptr) return absl::OkStatus();
  return CheckType(*where, scope, kBooleans, "a condition", {.is_condition = true});
}

absl::Status UndefinedVariable(absl::string_view name, const ast::Position& position,
                               const CheckScope& scope) {
  return SyntaxError("UndefinedVariable", position,
                     absl::StrCat("variable `", name, "` is not defined here",
                                  DidYouMean(NearestWord(name, scope.AllNames()))));
}

bool IsAggregate(const ast::Expression& expression) {
  const auto* call = expression.As<ast::Call>();
  if (call == nullptr || call->over != nullptr) return false;
  const function::Function* function = function::FindFunction(call->name);
  return function != nullptr && function->form == function::Form::kAggregate;
}

bool HasAggregate(const ast::Expression& expression) {
  if (IsAggregate(expression)) return true;
  if (expression.Is<ast::Exists>()) return false;
  bool found = false;
  ast::ForEachChild(expression,
                    [&](const ast::Expression& child) { found = found || HasAggregate(child); });
  return found;
}

}  // namespace fasti::plan
