#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/plan/binding.h"

// RETURN and WITH.  The rows pass through, in this order,
//
//   Aggregate   if an item aggregates: one row per group of the items that do not
//   Window      the calls with OVER
//   Project     the items that are not there yet
//   Distinct
//   Sort, Skip, Limit
//   Filter      WHERE, of WITH
//
// ORDER BY and WHERE see the new names and, behind them, the old ones; after grouping or DISTINCT
// of the old ones only what is an item, as an expression: `RETURN DISTINCT n.name ORDER BY n.name`.

namespace fasti::plan {

namespace {

bool HasAggregate(const Expression& expression) {
  if (expression.kind == Expression::Kind::kAggregate) return true;
  for (const ExpressionPtr& arg : expression.args) {
    if (arg != nullptr && HasAggregate(*arg)) return true;
  }
  return false;
}

struct Item {
  std::string name;
  ExpressionPtr value;
  Variable variable;        // what later clauses see
  bool aggregates = false;  // is computed after grouping: has an aggregate, or OVER
};

// Puts slots in the place of what grouping or DISTINCT has computed.
class Grouping {
 public:
  Grouping(Frame& frame, const std::vector<Item>& items, bool aggregating)
      : frame_(frame), node_(aggregating ? std::make_unique<Aggregate>() : nullptr) {
    for (const Item& item : items) {
      if (item.aggregates) continue;
      known_.push_back({item.variable.slot, item.value});
      if (node_ != nullptr) node_->keys.push_back({item.variable.slot, item.value});
    }
    for (const Item& item : items) allowed_.insert(item.variable.slot);
  }

  // The expression over the rows after grouping.
  absl::StatusOr<ExpressionPtr> Rewritten(const ExpressionPtr& expression,
                                          absl::string_view error_code) {
    absl::Status status;
    ExpressionPtr result = Rewrite(expression, [&](const ExpressionPtr& part) -> ExpressionPtr {
      for (const Assignment& known : known_) {
        if (SameExpression(*part, *known.value)) return SlotReference(known.slot, part->place);
      }
      if (part->kind != Expression::Kind::kAggregate) return nullptr;
      if (node_ == nullptr) {
        status.Update(Misplaced(*part, "SyntaxError.InvalidAggregation"));
        return nullptr;
      }
      return SlotReference(SlotOfCall(*part, &status), part->place);
    });
    FASTI_RETURN_IF_ERROR(status);
    bool stray = false;
    ForEachSlot(*result, [&](Slot slot) { stray = stray || allowed_.count(slot) == 0; });
    if (stray) return Misplaced(*expression, error_code);
    return result;
  }

  std::unique_ptr<Aggregate> TakeNode() { return std::move(node_); }
  bool aggregating() const { return node_ != nullptr; }

 private:
  static absl::Status Misplaced(const Expression& expression, absl::string_view code) {
    ast::Position position;
    position.line = expression.place.line;
    position.column = expression.place.column;
    return BindError(code, position,
                     "the expression uses something that is neither grouped by nor aggregated: "
                     "make it an item of its own");
  }

  Slot SlotOfCall(const Expression& part, absl::Status* status) {
    for (const Aggregate::Call& call : node_->calls) {
      if (call.function != part.function || call.distinct != part.distinct ||
          call.args.size() != part.args.size()) {
        continue;
      }
      bool same = true;
      for (size_t i = 0; i < call.args.size(); ++i) {
        same = same && SameExpression(*call.args[i], *part.args[i]);
      }
      if (same) return call.slot;
    }
    Aggregate::Call call;
    call.slot = frame_.NewSlot();
    call.function = part.function;
    call.distinct = part.distinct;
    call.args = part.args;
    call.place = part.place;
    for (const ExpressionPtr& arg : part.args) {
      ForEachSlot(*arg, [&](Slot slot) {
        if (computed_.count(slot) != 0) {
          status->Update(Misplaced(part, "SyntaxError.InvalidAggregation"));
        }
      });
    }
    allowed_.insert(call.slot);
    node_->calls.push_back(std::move(call));
    return node_->calls.back().slot;
  }

 public:
  // Slots that come to be only after grouping, so that no aggregate can read them.
  void AddComputed(Slot slot) { computed_.insert(slot); }

 private:
  Frame& frame_;
  std::unique_ptr<Aggregate> node_;
  std::vector<Assignment> known_;
  std::set<Slot> allowed_;
  std::set<Slot> computed_;
};

// After grouping or DISTINCT a view's operand is what all rows of a group agree on.
ViewPtr KeepOperands(const ViewPtr& view, const std::set<Slot>& kept, Frame& frame,
                     std::vector<Assignment>* agreed) {
  if (view == nullptr || view->cache >= 0) return view;
  auto result = std::make_shared<ViewSpec>(*view);
  for (ViewSpec::Scope& scope : result->scopes) {
    scope.operand = Rewrite(scope.operand, [&](const ExpressionPtr& part) -> ExpressionPtr {
      if (part->kind != Expression::Kind::kSlot || kept.count(part->slot) != 0) return nullptr;
      for (const Assignment& known : *agreed) {
        if (known.value->slot == part->slot) return SlotReference(known.slot);
      }
      agreed->push_back({frame.NewSlot(), part});
      return SlotReference(agreed->back().slot);
    });
  }
  return result;
}

}  // namespace

absl::StatusOr<Binder::Output> Binder::BindProjection(const ast::Projection& projection,
                                                      const ast::Expression* where,
                                                      const ast::Position& position) {
  std::vector<Item> items;
  if (projection.star) {
    for (const auto& [name, variable] : frame_->scope) {
      items.push_back({name, Reference(name, variable, position), variable, false});
    }
  }
  bool aggregating = false;
  aggregates_allowed_ = true;
  for (const ast::ProjectionItem& ast_item : projection.items) {
    Item item;
    item.name = ast_item.name;
    FASTI_ASSIGN_OR_RETURN(item.value, BindExpression(*ast_item.expression));
    if (const auto* name = ast_item.expression->As<ast::Variable>(); name != nullptr) {
      item.variable = *Find(name->name);
    }
    const bool has_aggregate = HasAggregate(*item.value);
    item.aggregates = has_aggregate || HasWindow(*item.value);
    aggregating = aggregating || has_aggregate;
    items.push_back(std::move(item));
  }
  aggregates_allowed_ = false;

  // A variable keeps its slot, everything else gets one.
  Scope scope;
  for (Item& item : items) {
    if (item.value->kind != Expression::Kind::kSlot) {
      item.variable = Variable{.slot = frame_->NewSlot()};
    }
    if (!scope.emplace(item.name, item.variable).second) {
      return BindError("SyntaxError.ColumnNameConflict", position,
                       absl::StrCat("there are two columns `", item.name, "`"));
    }
  }

  const bool is_barrier = aggregating || projection.distinct;
  Grouping grouping(*frame_, items, aggregating);
  std::vector<Assignment> computed;
  for (Item& item : items) {
    if (item.value->kind == Expression::Kind::kSlot) continue;
    grouping.AddComputed(item.variable.slot);
    if (aggregating && !item.aggregates) continue;
    if (aggregating) {
      FASTI_ASSIGN_OR_RETURN(
          item.value, grouping.Rewritten(item.value, "SyntaxError.AmbiguousAggregationExpression"));
    }
    computed.push_back({item.variable.slot, item.value});
  }

  Scope after = frame_->scope;
  for (const auto& [name, variable] : scope) after[name] = variable;
  frame_->scope = std::move(after);
  auto sort = std::make_unique<Sort>();
  aggregates_allowed_ = aggregating;
  for (const ast::SortItem& ast_key : projection.order_by) {
    Sort::Key key;
    key.descending = ast_key.descending;
    FASTI_ASSIGN_OR_RETURN(key.value, BindExpression(*ast_key.expression));
    if (is_barrier) {
      FASTI_ASSIGN_OR_RETURN(
          key.value,
          grouping.Rewritten(key.value, HasAggregate(*key.value)
                                            ? "SyntaxError.AmbiguousAggregationExpression"
                                            : "SyntaxError.UndefinedVariable"));
    }
    sort->keys.push_back(std::move(key));
  }
  ExpressionPtr condition;
  if (where != nullptr) {
    aggregates_allowed_ = false;
    FASTI_ASSIGN_OR_RETURN(condition, BindExpression(*where));
    if (is_barrier) {
      FASTI_ASSIGN_OR_RETURN(condition,
                             grouping.Rewritten(condition, "SyntaxError.UndefinedVariable"));
    }
  }
  aggregates_allowed_ = false;
  ExpressionPtr counts[2];
  const ast::ExpressionPtr* const count_texts[2] = {&projection.skip, &projection.limit};
  for (int i = 0; i < 2; ++i) {
    if (*count_texts[i] == nullptr) continue;
    FASTI_ASSIGN_OR_RETURN(counts[i], BindExpression(**count_texts[i]));
    bool constant = true;
    ForEachSlot(*counts[i], [&](Slot) { constant = false; });
    if (!constant) {
      return BindError("SyntaxError.NonConstantExpression", (*count_texts[i])->position,
                       "SKIP and LIMIT take a number that no row can change");
    }
  }

  Output output;
  std::set<Slot> kept;
  for (const Item& item : items) {
    output.columns.push_back(item.name);
    output.slots.push_back(item.variable.slot);
    kept.insert(item.variable.slot);
  }
  std::vector<Assignment> agreed;
  if (is_barrier) {
    for (auto& [name, variable] : scope) {
      variable.view = KeepOperands(variable.view, kept, *frame_, &agreed);
    }
  }
  if (std::unique_ptr<Aggregate> aggregate = grouping.TakeNode(); aggregate != nullptr) {
    aggregate->agreed = agreed;
    Append(std::move(aggregate));
  }
  if (NodePtr window = TakeWindows(*frame_, &computed); window != nullptr) {
    Append(std::move(window));
  }
  if (!computed.empty()) {
    auto project = std::make_unique<Project>();
    project->items = std::move(computed);
    Append(std::move(project));
  }
  if (projection.distinct && !aggregating && !agreed.empty()) {
    // Grouping by all items, which sees whether the rows of a group agree.
    auto distinct = std::make_unique<Aggregate>();
    for (Slot slot : output.slots) distinct->keys.push_back({slot, SlotReference(slot)});
    distinct->agreed = agreed;
    Append(std::move(distinct));
  } else if (projection.distinct) {
    auto distinct = std::make_unique<Distinct>();
    distinct->slots = output.slots;
    Append(std::move(distinct));
  }
  if (!sort->keys.empty()) {
    sort->ties = output.slots;
    sort->skip = counts[0];
    sort->limit = counts[1];
    Append(std::move(sort));
  } else {
    if (counts[0] != nullptr) {
      auto skip = std::make_unique<Skip>();
      skip->count = counts[0];
      Append(std::move(skip));
    }
    if (counts[1] != nullptr) {
      auto limit = std::make_unique<Limit>();
      limit->count = counts[1];
      Append(std::move(limit));
    }
  }
  frame_->scope = std::move(scope);
  if (condition != nullptr) {
    auto filter = std::make_unique<Filter>();
    SplitConjunction(condition, &filter->predicates);
    Append(std::move(filter));
  }
  return output;
}

}  // namespace fasti::plan
