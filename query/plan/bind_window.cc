#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/plan/binding.h"

// OVER (...).  While an item of a projection is bound, such a call is one expression that holds all
// its parts; when grouping has had its turn, TakeWindows lifts the calls into a node below the
// projection.

namespace fasti::plan {

absl::StatusOr<ExpressionPtr> Binder::BindWindow(const ast::Call& call,
                                                 const function::Function& function,
                                                 const ast::Position& position) {
  if (!aggregates_allowed_) {
    return BindError("SyntaxError.InvalidWindow", position,
                     "OVER is for what RETURN and WITH compute, outside of aggregates");
  }
  auto result = std::make_shared<Expression>();
  result->kind = Expression::Kind::kWindow;
  result->place = PlaceOf(position);
  result->function = &function;
  result->distinct = call.distinct;
  FASTI_ASSIGN_OR_RETURN(result->args, BindAll(call.arguments));
  auto window = std::make_shared<WindowSpec>();
  window->args = result->args.size();
  window->partition_keys = call.over->partition_by.size();
  for (const ast::ExpressionPtr& key : call.over->partition_by) {
    FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*key));
  }
  for (const ast::SortItem& key : call.over->order_by) {
    FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*key.expression));
    window->descending.push_back(key.descending);
  }
  if (const auto& frame = call.over->frame; frame.has_value()) {
    const bool counts_rows = frame->unit == ast::Window::Unit::kRows;
    window->frame = counts_rows ? WindowSpec::Frame::kRows : WindowSpec::Frame::kRange;
    FASTI_ASSIGN_OR_RETURN(result->args.emplace_back(), BindExpression(*frame->preceding));
  }
  for (const ExpressionPtr& arg : result->args) {
    if (HasWindow(*arg)) {
      return BindError("SyntaxError.InvalidWindow", position,
                       "a call with OVER cannot stand within another one");
    }
  }
  result->window = std::move(window);
  return ExpressionPtr(result);
}

bool HasWindow(const Expression& expression) {
  if (expression.kind == Expression::Kind::kWindow) return true;
  for (const ExpressionPtr& arg : expression.args) {
    if (arg != nullptr && HasWindow(*arg)) return true;
  }
  return false;
}

namespace {

Window::Call CallOf(const Expression& expression, Slot slot) {
  const WindowSpec& spec = *expression.window;
  Window::Call call;
  call.slot = slot;
  call.function = expression.function;
  call.distinct = expression.distinct;
  call.frame = spec.frame;
  call.place = expression.place;
  auto next = expression.args.begin();
  const auto take = [&next](size_t count) {
    std::vector<ExpressionPtr> taken(next, next + static_cast<std::ptrdiff_t>(count));
    next += static_cast<std::ptrdiff_t>(count);
    return taken;
  };
  call.args = take(spec.args);
  call.partition_by = take(spec.partition_keys);
  for (const bool descending : spec.descending) call.order_by.push_back({*next++, descending});
  if (spec.frame != WindowSpec::Frame::kAll) call.preceding = *next;
  return call;
}

}  // namespace

NodePtr TakeWindows(Frame& frame, std::vector<Assignment>* values) {
  auto node = std::make_unique<Window>();
  for (Assignment& value : *values) {
    value.value = Rewrite(value.value, [&](const ExpressionPtr& part) -> ExpressionPtr {
      if (part->kind != Expression::Kind::kWindow) return nullptr;
      node->calls.push_back(CallOf(*part, frame.NewSlot()));
      return SlotReference(node->calls.back().slot, part->place);
    });
  }
  if (node->calls.empty()) return nullptr;
  return node;
}

}  // namespace fasti::plan
