#include "query/exec/evaluator.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/exec/changes.h"
#include "query/exec/labels.h"
#include "query/exec/merged_nodes.h"
#include "query/exec/subplan.h"
#include "query/exec/value_depth.h"
#include "query/function/errors.h"
#include "query/function/graph_access.h"
#include "query/function/operators.h"

namespace fasti::exec {

using plan::Expression;
using plan::Op;
using plan::ViewSpec;

namespace {

const function::Function* ValidFunction() {
  static const function::Function* const valid = function::FindFunction("valid");
  return valid;
}

}  // namespace

absl::StatusOr<Value> Evaluator::Evaluate(const Expression& expression, const Row& row) {
  absl::StatusOr<Value> result = EvaluateParts(expression, row);
  if (!result.ok()) return Located(std::move(result).status(), expression.place);
  return result;
}

absl::StatusOr<Value> Evaluator::EvaluateParts(const Expression& expression, const Row& row) {
  using Kind = Expression::Kind;
  switch (expression.kind) {
    case Kind::kConstant:
      return expression.constant;
    case Kind::kParameter:
      return context_.Parameter(expression);
    case Kind::kNow:
      return Value(Period::Granule(context_.now(), Precision::kMicrosecond));
    case Kind::kSlot:
      return Current(row[expression.slot]);
    case Kind::kLocal:
      return Current(context_.Local(expression.slot));
    case Kind::kProperty:
      return Property(expression, row);
    case Kind::kCall:
      return Call(expression, row);
    case Kind::kOperator:
      return Operate(expression, row);
    case Kind::kAnd:
    case Kind::kOr:
      return Logical(expression, row);
    case Kind::kCase:
      return Case(expression, row);
    case Kind::kList: {
      FASTI_ASSIGN_OR_RETURN(List items, Arguments(expression, row));
      return IfRoomFor(Value(std::move(items)));
    }
    case Kind::kMap: {
      Map map;
      for (size_t i = 0; i < expression.args.size(); ++i) {
        FASTI_ASSIGN_OR_RETURN(map[expression.names[i]], Evaluate(*expression.args[i], row));
      }
      return IfRoomFor(Value(std::move(map)));
    }
    case Kind::kHasLabels:
    case Kind::kHasAnyLabel:
      return HasLabels(expression, row);
    case Kind::kMatchesMap:
      return MatchesMap(expression, row);
    case Kind::kComprehension:
      return Comprehension(expression, row);
    case Kind::kQuantifier:
      return Quantifier(expression, row);
    case Kind::kPath:
      return Path(expression, row);
    case Kind::kExists: {
      FASTI_ASSIGN_OR_RETURN(List arguments, Arguments(expression, row));
      FASTI_ASSIGN_OR_RETURN(const bool exists,
                             context_.RunnerOf(*expression.subplan).Exists(std::move(arguments)));
      return Value(exists);
    }
    case Kind::kCollect: {
      FASTI_ASSIGN_OR_RETURN(List arguments, Arguments(expression, row));
      FASTI_ASSIGN_OR_RETURN(List items,
                             context_.RunnerOf(*expression.subplan).Collect(std::move(arguments)));
      return Value(std::move(items));
    }
    case Kind::kAggregate:
    case Kind::kWindow:
      break;
  }
  return absl::InternalError("an aggregate was not replaced while binding");
}

absl::StatusOr<bool> Evaluator::IsTrue(const Expression& condition, const Row& row) {
  FASTI_ASSIGN_OR_RETURN(const Value value, Evaluate(condition, row));
  if (value.is_null()) return false;
  if (value.is(Value::Kind::kBool)) return value.as_bool();
  return RunError(function::kInvalidType, condition.place,
                  absl::StrCat("a condition is a Boolean, found ", KindName(value.kind())));
}

absl::StatusOr<std::vector<Value>> Evaluator::Arguments(const Expression& expression,
                                                        const Row& row) {
  std::vector<Value> values;
  values.reserve(expression.args.size());
  for (const plan::ExpressionPtr& arg : expression.args) {
    FASTI_ASSIGN_OR_RETURN(values.emplace_back(), Evaluate(*arg, row));
  }
  return values;
}

Value Evaluator::Current(const Value& value) const {
  if (context_.changes() == nullptr || !value.is(Value::Kind::kFact)) return value;
  return Value(context_.changes()->Current(value.as_fact()));
}

const Fact* Evaluator::FactOf(const Expression& expression, const Row& row) const {
  if (expression.kind != Expression::Kind::kSlot || context_.changes() != nullptr) return nullptr;
  return row.fact(expression.slot);
}

absl::StatusOr<Value> Evaluator::EvaluatePeriod(const Expression& expression, const Row& row) {
  if (const Fact* fact = FactOf(expression, row)) return Value(fact->valid);
  return Evaluate(expression, row);
}

// ---------------------------------------------------------------------------------------------
// Views

absl::StatusOr<const View*> Evaluator::EvaluateView(const plan::ViewPtr& view, const Row& row) {
  static const View everything;
  if (view == nullptr) return &everything;
  std::optional<View>* const cached = view->cache < 0 ? nullptr : &context_.CachedView(view->cache);
  if (cached != nullptr && cached->has_value()) return &**cached;
  View result;
  FASTI_ASSIGN_OR_RETURN(const bool is_whole, AddScopes(view->scopes, row, &result));
  if (!is_whole) return nullptr;
  View& kept = cached != nullptr ? cached->emplace() : view_;
  kept = std::move(result);
  return &kept;
}

absl::StatusOr<bool> Evaluator::AddScopes(const std::vector<ViewSpec::Scope>& scopes,
                                          const Row& row, View* view) {
  for (const ViewSpec::Scope& scope : scopes) {
    FASTI_ASSIGN_OR_RETURN(const Value operand, EvaluatePeriod(*scope.operand, row));
    absl::StatusOr<std::optional<Period>> period = function::AsPeriod(operand, context_);
    if (!period.ok()) return Located(std::move(period).status(), scope.operand->place);
    if (!period->has_value()) return false;
    switch (scope.axis) {
      case ViewSpec::Axis::kAt:
        view->valid.push_back({ValidTest::Kind::kAt, **period});
        break;
      case ViewSpec::Axis::kDuring:
        view->valid.push_back({ValidTest::Kind::kDuring, **period});
        break;
      case ViewSpec::Axis::kBefore:
        view->valid.push_back({ValidTest::Kind::kBefore, **period});
        break;
      case ViewSpec::Axis::kAfter:
        view->valid.push_back({ValidTest::Kind::kAfter, **period});
        break;
      case ViewSpec::Axis::kAsOf:
        view->as_of = **period;
        break;
      case ViewSpec::Axis::kAsRecorded:
        view->as_recorded = **period;
        break;
    }
  }
  return true;
}

absl::Status Evaluator::UseView(const Expression& expression, const Row& row) {
  if (expression.view == nullptr) {
    context_.SetView(nullptr);
    return absl::OkStatus();
  }
  // Without a moment of its own (the rows of a group disagreed) a variable is seen as it is now.
  FASTI_ASSIGN_OR_RETURN(const View* const view, EvaluateView(expression.view, row));
  context_.SetView(view);
  return absl::OkStatus();
}

// ---------------------------------------------------------------------------------------------
// Operators and functions

absl::StatusOr<Value> Evaluator::Operate(const Expression& expression, const Row& row) {
  const bool takes_periods = expression.op == Op::kOverlaps || expression.op == Op::kDuring ||
                             expression.op == Op::kBefore || expression.op == Op::kAfter;
  const auto arg = [&](size_t i) {
    return takes_periods ? EvaluatePeriod(*expression.args[i], row)
                         : Evaluate(*expression.args[i], row);
  };
  FASTI_ASSIGN_OR_RETURN(const Value a, arg(0));
  switch (expression.op) {
    case Op::kIsNull:
      return Value(a.is_null());
    case Op::kIsNotNull:
      return Value(!a.is_null());
    case Op::kNot:
      return function::Not(a);
    case Op::kNegate:
      return function::Negate(a);
    case Op::kPlus:
      return function::UnaryPlus(a);
    case Op::kSlice: {
      std::optional<Value> bounds[2];
      for (int i = 0; i < 2; ++i) {
        if (expression.args[i + 1] == nullptr) continue;
        FASTI_ASSIGN_OR_RETURN(bounds[i], arg(i + 1));
      }
      return function::Slice(a, bounds[0], bounds[1]);
    }
    default:
      break;
  }
  FASTI_ASSIGN_OR_RETURN(const Value b, arg(1));
  std::optional<Value> within;
  if (expression.args.size() == 3) {
    FASTI_ASSIGN_OR_RETURN(within, arg(2));
  }
  switch (expression.op) {
    case Op::kAdd:
      return IfRoomFor(function::Add(a, b));
    case Op::kSubtract:
      return function::Subtract(a, b);
    case Op::kMultiply:
      return function::Multiply(a, b);
    case Op::kDivide:
      return function::Divide(a, b);
    case Op::kModulo:
      return function::Modulo(a, b);
    case Op::kPower:
      return function::Power(a, b);
    case Op::kEqual:
      if (expression.of_any_member && context_.snapshot().AnyMerged()) {
        return AnyMemberEquals(*expression.args[0], a, b, row);
      }
      return function::Equal(a, b);
    case Op::kNotEqual:
      return function::NotEqual(a, b);
    case Op::kLess:
      return function::Less(a, b);
    case Op::kLessOrEqual:
      return function::LessOrEqual(a, b);
    case Op::kGreater:
      return function::Greater(a, b);
    case Op::kGreaterOrEqual:
      return function::GreaterOrEqual(a, b);
    case Op::kIn:
      return function::In(a, b);
    case Op::kStartsWith:
      return function::StartsWith(a, b);
    case Op::kEndsWith:
      return function::EndsWith(a, b);
    case Op::kContains:
      return function::Contains(a, b);
    case Op::kXor:
      return function::Xor(a, b);
    case Op::kOverlaps:
      return function::PeriodsOverlap(a, b, context_);
    case Op::kDuring:
      return function::PeriodDuring(a, b, context_);
    case Op::kBefore:
      return function::PeriodBefore(a, b, within, context_);
    case Op::kAfter:
      return function::PeriodAfter(a, b, within, context_);
    case Op::kIndex:
      FASTI_RETURN_IF_ERROR(UseView(expression, row));
      return function::Index(a, b, context_);
    default:
      return absl::InternalError("an operator without a kernel");
  }
}

absl::StatusOr<Value> Evaluator::Property(const Expression& expression, const Row& row) {
  if (const Fact* fact = FactOf(*expression.args[0], row)) {
    FASTI_RETURN_IF_ERROR(UseView(expression, row));
    return function::FactProperty(*fact, expression.name, context_);
  }
  FASTI_ASSIGN_OR_RETURN(const Value base, Evaluate(*expression.args[0], row));
  FASTI_RETURN_IF_ERROR(UseView(expression, row));
  return function::Property(base, expression.name, context_);
}

absl::StatusOr<Value> Evaluator::AnyMemberEquals(const Expression& expression, const Value& shown,
                                                 const Value& value, const Row& row) {
  Value equal = function::Equal(shown, value);
  if (equal.is(Value::Kind::kBool) && equal.as_bool()) return equal;
  const bool is_property = expression.kind == Expression::Kind::kProperty;
  Value node = shown;
  if (is_property) {
    FASTI_ASSIGN_OR_RETURN(node, Evaluate(*expression.args[0], row));
  }
  if (!node.is(Value::Kind::kNode)) return equal;
  const Snapshot& snapshot = context_.snapshot();
  FASTI_RETURN_IF_ERROR(UseView(expression, row));
  if (is_property) {
    FASTI_ASSIGN_OR_RETURN(const bool has, AnyMemberHas(context_.view(), node.as_node(),
                                                        expression.name, value, snapshot));
    return has ? Value(true) : equal;
  }
  // Of a node itself, whether it is the other one.
  if (!value.is(Value::Kind::kNode)) return equal;
  FASTI_ASSIGN_OR_RETURN(const std::optional<EntityId> other,
                         NodeIn(context_.view(), value.as_node(), snapshot));
  return Value(*other == node.as_node());
}

absl::StatusOr<Value> Evaluator::Call(const Expression& expression, const Row& row) {
  if (expression.function == ValidFunction()) {
    if (const Fact* fact = FactOf(*expression.args[0], row)) {
      return Value(fact->valid);
    }
  }
  absl::InlinedVector<Value, 4> args;  // most functions take no more
  for (const plan::ExpressionPtr& arg : expression.args) {
    FASTI_ASSIGN_OR_RETURN(args.emplace_back(), Evaluate(*arg, row));
  }
  FASTI_RETURN_IF_ERROR(UseView(expression, row));
  return function::Call(*expression.function, args, context_);
}

absl::StatusOr<Value> Evaluator::Logical(const Expression& expression, const Row& row) {
  const bool is_and = expression.kind == Expression::Kind::kAnd;
  Value result(is_and);
  for (const plan::ExpressionPtr& arg : expression.args) {
    FASTI_ASSIGN_OR_RETURN(const Value value, Evaluate(*arg, row));
    FASTI_ASSIGN_OR_RETURN(result,
                           is_and ? function::And(result, value) : function::Or(result, value));
    if (result.is(Value::Kind::kBool) && result.as_bool() != is_and) return result;
  }
  return result;
}

absl::StatusOr<Value> Evaluator::Case(const Expression& expression, const Row& row) {
  const size_t last = expression.args.size() - 1;
  for (size_t i = 0; i < last; i += 2) {
    FASTI_ASSIGN_OR_RETURN(const bool chosen, IsTrue(*expression.args[i], row));
    if (chosen) return Evaluate(*expression.args[i + 1], row);
  }
  return Evaluate(*expression.args[last], row);
}

absl::StatusOr<Value> Evaluator::HasLabels(const Expression& expression, const Row& row) {
  FASTI_ASSIGN_OR_RETURN(const Value subject, Evaluate(*expression.args[0], row));
  if (subject.is_null()) return Value();
  const bool wants_all = expression.kind == Expression::Kind::kHasLabels;
  const Snapshot& snapshot = context_.snapshot();
  if (subject.is(Value::Kind::kFact)) {
    const std::string type = snapshot.GetRelation(subject.as_fact()->relation).name;
    const auto is_type = [&](const std::string& name) { return name == type; };
    const std::vector<std::string>& names = expression.names;
    return Value(wants_all ? std::all_of(names.begin(), names.end(), is_type)
                           : std::any_of(names.begin(), names.end(), is_type));
  }
  if (!subject.is(Value::Kind::kNode)) {
    return RunError(function::kInvalidType, expression.place,
                    absl::StrCat("a label is tested on a Node, found ", KindName(subject.kind())));
  }
  if (context_.IsDeleted(subject.as_node())) {
    return RunError(function::kDeletedEntity, expression.place,
                    "the node was deleted by this statement");
  }
  FASTI_RETURN_IF_ERROR(UseView(expression, row));
  FASTI_ASSIGN_OR_RETURN(const std::vector<LabelId> labels,
                         snapshot.Labels(subject.as_node(), context_.view()));
  for (const std::string& name : expression.names) {
    if (HasLabel(snapshot, labels, name) != wants_all) return Value(!wants_all);
  }
  return Value(wants_all);
}

namespace {

// Whether `value.key` can mean anything.
bool HasComponents(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kBool:
    case Value::Kind::kInt:
    case Value::Kind::kDouble:
    case Value::Kind::kString:
    case Value::Kind::kList:
    case Value::Kind::kPath:
      return false;
    default:
      return true;
  }
}

}  // namespace

absl::StatusOr<Value> Evaluator::MatchesMap(const Expression& expression, const Row& row) {
  FASTI_ASSIGN_OR_RETURN(const Value subject, Evaluate(*expression.args[0], row));
  FASTI_ASSIGN_OR_RETURN(const Value map, Evaluate(*expression.args[1], row));
  if (subject.is_null() || map.is_null()) return Value();
  if (!map.is(Value::Kind::kMap)) {
    return RunError(function::kInvalidType, expression.args[1]->place,
                    absl::StrCat("properties are a Map, found ", KindName(map.kind())));
  }
  if (!HasComponents(subject)) return Value(map.as_map().empty());
  FASTI_RETURN_IF_ERROR(UseView(expression, row));
  Truth all = Truth::kTrue;
  for (const auto& [key, wanted] : map.as_map()) {
    FASTI_ASSIGN_OR_RETURN(const Value value, function::Property(subject, key, context_));
    all = And(all, ValueEquals(value, wanted));
  }
  return Value(all);
}

// ---------------------------------------------------------------------------------------------
// Lists and paths

namespace {

absl::Status NotAList(const Expression& list, const Value& found) {
  return RunError(function::kInvalidType, list.place,
                  absl::StrCat("expected a List, found ", KindName(found.kind())));
}

}  // namespace

absl::StatusOr<Value> Evaluator::Comprehension(const Expression& expression, const Row& row) {
  FASTI_ASSIGN_OR_RETURN(const Value list, Evaluate(*expression.args[0], row));
  if (list.is_null()) return Value();
  if (!list.is(Value::Kind::kList)) return NotAList(*expression.args[0], list);
  List result;
  ScopedCharge charge(context_);
  for (const Value& item : list.as_list()) {
    context_.Local(expression.slot) = item;
    if (expression.args[1] != nullptr) {
      FASTI_ASSIGN_OR_RETURN(const bool kept, IsTrue(*expression.args[1], row));
      if (!kept) continue;
    }
    if (expression.args[2] == nullptr) {
      result.push_back(item);
    } else {
      FASTI_ASSIGN_OR_RETURN(result.emplace_back(), Evaluate(*expression.args[2], row));
    }
    FASTI_RETURN_IF_ERROR(charge.Add(ApproximateBytes(result.back())));
  }
  Value value(std::move(result));
  FASTI_RETURN_IF_ERROR(CheckDepth(value));
  return value;
}

absl::StatusOr<Value> Evaluator::IfRoomFor(absl::StatusOr<Value> built) {
  if (!built.ok()) return built;
  const Value& value = *built;
  const bool holds_values = value.is(Value::Kind::kList) || value.is(Value::Kind::kMap);
  if (!holds_values && !value.is(Value::Kind::kString)) return built;
  if (holds_values) FASTI_RETURN_IF_ERROR(CheckDepth(value));
  ScopedCharge charge(context_);
  FASTI_RETURN_IF_ERROR(charge.Add(ApproximateBytes(value)));
  return built;
}

absl::StatusOr<Value> Evaluator::Quantifier(const Expression& expression, const Row& row) {
  FASTI_ASSIGN_OR_RETURN(const Value list, Evaluate(*expression.args[0], row));
  if (list.is_null()) return Value();
  if (!list.is(Value::Kind::kList)) return NotAList(*expression.args[0], list);
  int64_t trues = 0, falses = 0, nulls = 0;
  for (const Value& item : list.as_list()) {
    context_.Local(expression.slot) = item;
    FASTI_ASSIGN_OR_RETURN(const Value value, Evaluate(*expression.args[1], row));
    if (!value.is_null() && !value.is(Value::Kind::kBool)) {
      return RunError(function::kInvalidType, expression.args[1]->place,
                      absl::StrCat("a condition is a Boolean, found ", KindName(value.kind())));
    }
    ++(value.is_null() ? nulls : value.as_bool() ? trues : falses);
  }
  if (expression.name == "single") {
    if (trues > 1) return Value(false);
    return nulls > 0 ? Value() : Value(trues == 1);
  }
  // `all` and `none` are decided by one that breaks the rule, `any` by one that keeps it.
  const bool is_any = expression.name == "any";
  const int64_t deciding = expression.name == "all" ? falses : trues;
  if (deciding > 0) return Value(is_any);
  return nulls > 0 ? Value() : Value(!is_any);
}

absl::StatusOr<Value> Evaluator::Path(const Expression& expression, const Row& row) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<Value> parts, Arguments(expression, row));
  for (const Value& part : parts) {
    if (part.is_null()) return Value();
  }
  fasti::Path path;
  path.nodes.push_back(parts[0].as_node());
  const Snapshot& snapshot = context_.snapshot();
  if (snapshot.AnyMerged()) {
    // What was bound in another view goes by other numbers there.
    FASTI_RETURN_IF_ERROR(UseView(expression, row));
    FASTI_ASSIGN_OR_RETURN(const std::optional<EntityId> first,
                           NodeIn(context_.view(), path.nodes.back(), snapshot));
    path.nodes.back() = *first;
  }
  const auto step = [&](const Value& relationship) -> absl::Status {
    std::shared_ptr<const Fact> fact = relationship.as_fact();
    if (snapshot.AnyMerged()) {
      FASTI_ASSIGN_OR_RETURN(Fact seen, snapshot.AsSeen(*fact, context_.view()));
      fact = std::make_shared<const Fact>(std::move(seen));
    }
    if (!fact->object.is_entity()) {
      return RunError("SyntaxError.NotSupportedYet", expression.place,
                      "a path through the value of an attribute is not supported yet");
    }
    const EntityId here = path.nodes.back();
    path.nodes.push_back(fact->subject == here ? fact->object.entity() : fact->subject);
    path.facts.push_back(std::move(fact));
    return absl::OkStatus();
  };
  for (size_t i = 1; i < parts.size(); i += 2) {
    if (parts[i].is(Value::Kind::kFact)) {
      FASTI_RETURN_IF_ERROR(step(parts[i]));
      continue;
    }
    for (const Value& hop : parts[i].as_list()) FASTI_RETURN_IF_ERROR(step(hop));
  }
  return Value(std::move(path));
}

}  // namespace fasti::exec
