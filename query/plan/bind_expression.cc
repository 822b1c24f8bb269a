#include "absl/strings/str_cat.h"
#include "fasti/result.h"
#include "fasti/status_macros.h"
#include "query/plan/binding.h"

namespace fasti::plan {

absl::Status BindError(absl::string_view code, const ast::Position& position,
                       absl::string_view message) {
  QueryError error;
  error.code = std::string(code);
  error.message = std::string(message);
  error.line = position.line;
  error.column = position.column;
  return MakeQueryError(error);
}

absl::Status NotSupportedYet(const ast::Position& position, absl::string_view what) {
  return BindError("SyntaxError.NotSupportedYet", position,
                   absl::StrCat(what, " is not supported yet"));
}

namespace {

std::shared_ptr<Expression> Make(Expression::Kind kind, const ast::Position& position) {
  auto result = std::make_shared<Expression>();
  result->kind = kind;
  result->place = PlaceOf(position);
  return result;
}

Op OpOf(ast::BinaryOperator op) {
  switch (op) {
    case ast::BinaryOperator::kAdd:
      return Op::kAdd;
    case ast::BinaryOperator::kSubtract:
      return Op::kSubtract;
    case ast::BinaryOperator::kMultiply:
      return Op::kMultiply;
    case ast::BinaryOperator::kDivide:
      return Op::kDivide;
    case ast::BinaryOperator::kModulo:
      return Op::kModulo;
    case ast::BinaryOperator::kPower:
      return Op::kPower;
    case ast::BinaryOperator::kIn:
      return Op::kIn;
    case ast::BinaryOperator::kContains:
      return Op::kContains;
    case ast::BinaryOperator::kStartsWith:
      return Op::kStartsWith;
    case ast::BinaryOperator::kEndsWith:
      return Op::kEndsWith;
    case ast::BinaryOperator::kOverlaps:
      return Op::kOverlaps;
    case ast::BinaryOperator::kDuring:
      return Op::kDuring;
    case ast::BinaryOperator::kBefore:
      return Op::kBefore;
    case ast::BinaryOperator::kAfter:
      return Op::kAfter;
  }
  return Op::kAdd;
}

Op OpOf(ast::ComparisonOperator op) {
  switch (op) {
    case ast::ComparisonOperator::kEqual:
      return Op::kEqual;
    case ast::ComparisonOperator::kNotEqual:
      return Op::kNotEqual;
    case ast::ComparisonOperator::kLess:
      return Op::kLess;
    case ast::ComparisonOperator::kLessOrEqual:
      return Op::kLessOrEqual;
    case ast::ComparisonOperator::kGreater:
      return Op::kGreater;
    case ast::ComparisonOperator::kGreaterOrEqual:
      return Op::kGreaterOrEqual;
  }
  return Op::kEqual;
}

Op OpOf(ast::UnaryOperator op) {
  switch (op) {
    case ast::UnaryOperator::kNot:
      return Op::kNot;
    case ast::UnaryOperator::kPlus:
      return Op::kPlus;
    case ast::UnaryOperator::kMinus:
      return Op::kNegate;
    case ast::UnaryOperator::kIsNull:
      return Op::kIsNull;
    case ast::UnaryOperator::kIsNotNull:
      return Op::kIsNotNull;
  }
  return Op::kNot;
}

}  // namespace

// ---------------------------------------------------------------------------------------------
// Names

const Variable* Binder::Find(absl::string_view name) {
  return FindIn(*frame_, name);
}

const Variable* Binder::FindIn(Frame& frame, absl::string_view name) {
  for (auto it = frame.locals.rbegin(); it != frame.locals.rend(); ++it) {
    if (it->first == name) return &it->second;
  }
  if (const auto it = frame.scope.find(name); it != frame.scope.end()) return &it->second;
  if (frame.outer == nullptr) return nullptr;
  const Variable* outer = FindIn(*frame.outer, name);
  if (outer == nullptr) return nullptr;
  Variable imported = *outer;
  imported.slot = ImportSlot(frame, *outer);
  imported.is_local = false;
  imported.view = ImportView(frame, outer->view);
  // A name of the rows around stays visible to the end of the subplan.
  return &frame.scope.emplace(std::string(name), std::move(imported)).first->second;
}

Slot Binder::ImportSlot(Frame& frame, const Variable& outer) {
  for (size_t i = 0; i < frame.imports.size(); ++i) {
    const Expression& known = *frame.imports[i];
    const bool is_local = known.kind == Expression::Kind::kLocal;
    if (known.slot == outer.slot && is_local == outer.is_local) return frame.import_slots[i];
  }
  auto reference = std::make_shared<Expression>();
  reference->kind = outer.is_local ? Expression::Kind::kLocal : Expression::Kind::kSlot;
  reference->slot = outer.slot;
  frame.imports.push_back(std::move(reference));
  frame.import_slots.push_back(frame.NewSlot());
  return frame.import_slots.back();
}

ViewPtr Binder::ImportView(Frame& frame, const ViewPtr& view) {
  if (view == nullptr || view->cache >= 0) return view;
  auto result = std::make_shared<ViewSpec>(*view);
  for (ViewSpec::Scope& scope : result->scopes) {
    scope.operand = Rewrite(scope.operand, [&](const ExpressionPtr& part) -> ExpressionPtr {
      if (part->kind != Expression::Kind::kSlot) return nullptr;
      Variable outer;
      outer.slot = part->slot;
      return SlotReference(ImportSlot(frame, outer), part->place);
    });
  }
  return result;
}

ExpressionPtr Binder::Reference(absl::string_view name, const Variable& variable,
                                const ast::Position& position) const {
  auto result =
      Make(variable.is_local ? Expression::Kind::kLocal : Expression::Kind::kSlot, position);
  result->slot = variable.slot;
  result->name = std::string(name);
  return result;
}

ViewPtr Binder::ViewOf(const ast::Expression& expression) {
  if (const auto* variable = expression.As<ast::Variable>(); variable != nullptr) {
    const Variable* found = Find(variable->name);
    if (found != nullptr && found->view != nullptr) return found->view;
  }
  return statement_view_;
}

// ---------------------------------------------------------------------------------------------
// Expressions

absl::StatusOr<std::vector<ExpressionPtr>> Binder::BindAll(
    const std::vector<ast::ExpressionPtr>& expressions) {
  std::vector<ExpressionPtr> result;
  result.reserve(expressions.size());
  for (const ast::ExpressionPtr& expression : expressions) {
    FASTI_ASSIGN_OR_RETURN(result.emplace_back(), BindExpression(*expression));
  }
  return result;
}

absl::StatusOr<ExpressionPtr> Binder::BindExpression(const ast::Expression& expression) {
  using Kind = Expression::Kind;
  using Bound = absl::StatusOr<ExpressionPtr>;
  const ast::Position& position = expression.position;
  return std::visit(
      ast::Overloaded{
          [&](const ast::Literal& e) -> Bound { return Constant(e.value, PlaceOf(position)); },
          [&](const ast::Now&) -> Bound { return ExpressionPtr(Make(Kind::kNow, position)); },
          [&](const ast::Parameter& e) -> Bound {
            auto result = Make(Kind::kParameter, position);
            result->name = e.name;
            const auto known = std::find(parameters_.begin(), parameters_.end(), e.name);
            result->slot = static_cast<Slot>(known - parameters_.begin());
            if (known == parameters_.end()) parameters_.push_back(e.name);
            return ExpressionPtr(result);
          },
          [&](const ast::Variable& e) -> Bound {
            const Variable* variable = Find(e.name);
            if (variable == nullptr) {
              return BindError("SyntaxError.UndefinedVariable", position,
                               absl::StrCat("variable `", e.name, "` is not defined"));
            }
            return Reference(e.name, *variable, position);
          },
          [&](const ast::Property& e) -> Bound {
            auto result = Make(Kind::kProperty, position);
            FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*e.object));
            result->name = e.key;
            result->view = ViewOf(*e.object);
            return ExpressionPtr(result);
          },
          [&](const ast::Subscript& e) -> Bound {
            auto result = Make(Kind::kOperator, position);
            result->op = Op::kIndex;
            FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*e.object));
            FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*e.index));
            result->view = ViewOf(*e.object);
            return ExpressionPtr(result);
          },
          [&](const ast::Slice& e) -> Bound {
            auto result = Make(Kind::kOperator, position);
            result->op = Op::kSlice;
            FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*e.object));
            for (const ast::ExpressionPtr* bound : {&e.from, &e.to}) {
              result->args.emplace_back();
              if (*bound == nullptr) continue;
              FASTI_ASSIGN_OR_RETURN(result->args.back(), BindExpression(**bound));
            }
            return ExpressionPtr(result);
          },
          [&](const ast::HasLabels& e) -> Bound {
            auto result = Make(e.labels.any ? Kind::kHasAnyLabel : Kind::kHasLabels, position);
            FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*e.object));
            result->view = ClocksOf(ViewOf(*e.object));
            result->names = e.labels.names;
            return ExpressionPtr(result);
          },
          [&](const ast::Unary& e) -> Bound {
            FASTI_ASSIGN_OR_RETURN(ExpressionPtr operand, BindExpression(*e.operand));
            return Operator(OpOf(e.op), {std::move(operand)}, PlaceOf(position));
          },
          [&](const ast::Logical& e) -> Bound {
            FASTI_ASSIGN_OR_RETURN(std::vector<ExpressionPtr> operands, BindAll(e.operands));
            if (e.op == ast::LogicalOperator::kXor) {
              ExpressionPtr left = operands[0];
              for (size_t i = 1; i < operands.size(); ++i) {
                left = Operator(Op::kXor, {left, operands[i]}, PlaceOf(position));
              }
              return left;
            }
            auto result =
                Make(e.op == ast::LogicalOperator::kAnd ? Kind::kAnd : Kind::kOr, position);
            result->args = std::move(operands);
            return ExpressionPtr(result);
          },
          [&](const ast::Comparison& e) -> Bound {
            FASTI_ASSIGN_OR_RETURN(std::vector<ExpressionPtr> operands, BindAll(e.operands));
            std::vector<ExpressionPtr> steps;
            for (size_t i = 0; i < e.ops.size(); ++i) {
              steps.push_back(
                  Operator(OpOf(e.ops[i]), {operands[i], operands[i + 1]}, PlaceOf(position)));
            }
            return Conjunction(std::move(steps));
          },
          [&](const ast::Binary& e) -> Bound {
            std::vector<ExpressionPtr> operands(2);
            FASTI_ASSIGN_OR_RETURN(operands[0], BindExpression(*e.left));
            FASTI_ASSIGN_OR_RETURN(operands[1], BindExpression(*e.right));
            if (e.within != nullptr) {
              FASTI_ASSIGN_OR_RETURN(operands.emplace_back(), BindExpression(*e.within));
            }
            return Operator(OpOf(e.op), std::move(operands), PlaceOf(position));
          },
          [&](const ast::Call& e) { return BindCall(e, position); },
          [&](const ast::ListLiteral& e) -> Bound {
            auto result = Make(Kind::kList, position);
            FASTI_ASSIGN_OR_RETURN(result->args, BindAll(e.elements));
            return ExpressionPtr(result);
          },
          [&](const ast::MapLiteral& e) -> Bound {
            auto result = Make(Kind::kMap, position);
            for (const ast::MapEntry& entry : e.entries) {
              result->names.push_back(entry.key);
              FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*entry.value));
            }
            return ExpressionPtr(result);
          },
          [&](const ast::Case& e) { return BindCase(e, position); },
          [&](const ast::ListComprehension& e) { return BindComprehension(e, position); },
          [&](const ast::PatternComprehension& e) { return BindPatternComprehension(e, position); },
          [&](const ast::Quantifier& e) { return BindQuantifier(e, position); },
          [&](const ast::Exists& e) { return BindExists(e, position); },
          [&](const ast::PatternPredicate& e) { return BindPatternPredicate(e, position); },
      },
      expression.node);
}

absl::StatusOr<ExpressionPtr> Binder::BindCall(const ast::Call& call,
                                               const ast::Position& position) {
  const function::Function* function = function::FindFunction(call.name);
  if (function == nullptr) {
    const std::optional<absl::string_view> why = function::WhyLeftOut(call.name);
    return BindError("SyntaxError.UnknownFunction", position,
                     why.has_value()
                         ? absl::StrCat("there is no function `", call.written, "`: ", *why)
                         : absl::StrCat("there is no function `", call.written, "`"));
  }
  if (call.over != nullptr) return BindWindow(call, *function, position);
  const size_t count = call.arguments.size();
  const bool fits =
      call.star ? function->name == "count"
                : count >= function->args_min &&
                      (function->args_max == function::kVariadic || count <= function->args_max);
  if (!fits) {
    return BindError("SyntaxError.InvalidNumberOfArguments", position,
                     absl::StrCat("`", function->name, "` does not take ", count, " arguments"));
  }
  const bool is_aggregate = function->form == function::Form::kAggregate;
  if (is_aggregate && !aggregates_allowed_) {
    return BindError("SyntaxError.InvalidAggregation", position,
                     absl::StrCat("`", function->name,
                                  "` aggregates, which is possible only in "
                                  "RETURN and WITH"));
  }
  auto result =
      Make(is_aggregate ? Expression::Kind::kAggregate : Expression::Kind::kCall, position);
  const bool allowed = aggregates_allowed_;
  if (is_aggregate) aggregates_allowed_ = false;
  absl::StatusOr<std::vector<ExpressionPtr>> args = BindAll(call.arguments);
  aggregates_allowed_ = allowed;
  FASTI_ASSIGN_OR_RETURN(result->args, std::move(args));
  result->function = function;
  result->distinct = call.distinct;
  result->view = call.arguments.empty() ? statement_view_ : ViewOf(*call.arguments[0]);
  if (function->has(function::kUsesClauseView)) result->view = ClocksOf(view_);
  return ExpressionPtr(result);
}

absl::StatusOr<ExpressionPtr> Binder::BindCase(const ast::Case& expression,
                                               const ast::Position& position) {
  ExpressionPtr operand;
  if (expression.operand != nullptr) {
    FASTI_ASSIGN_OR_RETURN(operand, BindExpression(*expression.operand));
  }
  auto result = Make(Expression::Kind::kCase, position);
  for (const ast::CaseBranch& branch : expression.branches) {
    FASTI_ASSIGN_OR_RETURN(ExpressionPtr when, BindExpression(*branch.when));
    if (operand != nullptr) when = Operator(Op::kEqual, {operand, when}, when->place);
    result->args.push_back(std::move(when));
    FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*branch.then));
  }
  if (expression.otherwise != nullptr) {
    FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*expression.otherwise));
  } else {
    result->args.push_back(Constant(Value(), PlaceOf(position)));
  }
  return ExpressionPtr(result);
}

absl::StatusOr<ExpressionPtr> Binder::BindComprehension(const ast::ListComprehension& comprehension,
                                                        const ast::Position& position) {
  auto result = Make(Expression::Kind::kComprehension, position);
  FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*comprehension.list));
  result->slot = locals_++;
  frame_->locals.emplace_back(comprehension.variable.text,
                              Variable{.slot = result->slot, .is_local = true});
  absl::Status status;
  for (const ast::ExpressionPtr* part : {&comprehension.where, &comprehension.projection}) {
    result->args.emplace_back();
    if (*part == nullptr || !status.ok()) continue;
    absl::StatusOr<ExpressionPtr> bound = BindExpression(**part);
    status.Update(bound.status());
    if (bound.ok()) result->args.back() = *std::move(bound);
  }
  frame_->locals.pop_back();
  FASTI_RETURN_IF_ERROR(status);
  return ExpressionPtr(result);
}

absl::StatusOr<ExpressionPtr> Binder::BindQuantifier(const ast::Quantifier& quantifier,
                                                     const ast::Position& position) {
  constexpr absl::string_view kNames[] = {"all", "any", "none", "single"};
  auto result = Make(Expression::Kind::kQuantifier, position);
  result->name = std::string(kNames[static_cast<int>(quantifier.kind)]);
  FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*quantifier.list));
  result->slot = locals_++;
  const Variable variable{.slot = result->slot, .is_local = true};
  if (quantifier.where == nullptr) {
    result->args.push_back(Reference(quantifier.variable.text, variable, position));
    return ExpressionPtr(result);
  }
  frame_->locals.emplace_back(quantifier.variable.text, variable);
  absl::StatusOr<ExpressionPtr> where = BindExpression(*quantifier.where);
  frame_->locals.pop_back();
  FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), std::move(where));
  return ExpressionPtr(result);
}

// ---------------------------------------------------------------------------------------------
// Subplans

template <typename Bind>
absl::StatusOr<ExpressionPtr> Binder::InSubplan(Expression::Kind kind,
                                                const ast::Position& position, const Bind& bind) {
  Frame frame;
  frame.outer = frame_;
  frame.chain = std::make_unique<Argument>();
  const ViewPtr view = view_;
  const ViewPtr statement_view = statement_view_;
  const bool allowed = aggregates_allowed_;
  view_ = ImportView(frame, view_);
  statement_view_ = ImportView(frame, statement_view_);
  aggregates_allowed_ = false;
  frame_ = &frame;
  auto subplan = std::make_shared<Subplan>();
  const absl::Status status = bind(subplan.get());
  frame_ = frame.outer;
  view_ = view;
  statement_view_ = statement_view;
  aggregates_allowed_ = allowed;
  FASTI_RETURN_IF_ERROR(status);
  subplan->root = std::move(frame.chain);
  subplan->width = frame.width;
  subplan->arguments = std::move(frame.import_slots);
  auto result = Make(kind, position);
  result->args = std::move(frame.imports);
  subplans_.push_back(subplan);
  result->subplan = std::move(subplan);
  return ExpressionPtr(result);
}

absl::StatusOr<ExpressionPtr> Binder::BindPatternPredicate(const ast::PatternPredicate& predicate,
                                                           const ast::Position& position) {
  return InSubplan(Expression::Kind::kExists, position, [&](Subplan*) {
    return BindPattern({{&predicate.chain, nullptr}}, nullptr, view_).status();
  });
}

absl::StatusOr<ExpressionPtr> Binder::BindPatternComprehension(
    const ast::PatternComprehension& comprehension, const ast::Position& position) {
  return InSubplan(Expression::Kind::kCollect, position, [&](Subplan* subplan) -> absl::Status {
    const ast::Name* path = comprehension.variable.has_value() ? &*comprehension.variable : nullptr;
    FASTI_RETURN_IF_ERROR(
        BindPattern({{&comprehension.chain, path}}, comprehension.where.get(), view_).status());
    FASTI_ASSIGN_OR_RETURN(subplan->result, BindExpression(*comprehension.projection));
    return absl::OkStatus();
  });
}

absl::StatusOr<ExpressionPtr> Binder::BindExists(const ast::Exists& exists,
                                                 const ast::Position& position) {
  return InSubplan(Expression::Kind::kExists, position, [&](Subplan*) -> absl::Status {
    if (exists.query != nullptr) return BindQuery(*exists.query, true).status();
    for (const ast::PathPattern& path : exists.pattern) {
      if (path.selector == ast::Selector::kNone) continue;
      return NotSupportedYet(path.position, "a path selector in EXISTS");
    }
    FASTI_ASSIGN_OR_RETURN(ViewPtr view, BindView(exists.view, view_));
    return BindPattern(exists.pattern, exists.where.get(), view).status();
  });
}

}  // namespace fasti::plan
