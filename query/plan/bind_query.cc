#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/plan/binder.h"
#include "query/plan/binding.h"

namespace fasti::plan {

absl::StatusOr<Plan> Bind(const ast::Query& query) {
  return Binder().BindStatement(query);
}

absl::StatusOr<Plan> Binder::BindStatement(const ast::Query& query) {
  Frame frame;
  frame_ = &frame;
  FASTI_ASSIGN_OR_RETURN(Output output, BindQuery(query, /*is_subquery=*/false));
  Plan plan;
  plan.root = std::move(frame.chain);
  plan.width = frame.width;
  plan.locals = locals_;
  plan.views = views_;
  plan.parameters = std::move(parameters_);
  plan.writes = writes_;
  plan.view = query.parts.size() == 1 ? statement_view_ : nullptr;
  plan.subplans = std::move(subplans_);
  plan.columns = std::move(output.columns);
  plan.outputs = std::move(output.slots);
  return plan;
}

absl::StatusOr<Binder::Output> Binder::BindQuery(const ast::Query& query, bool is_subquery) {
  FASTI_ASSIGN_OR_RETURN(Output first, BindSingle(query.parts[0], is_subquery));
  if (query.parts.size() == 1) return first;

  // Every branch fills the same slots.
  Output output;
  output.columns = first.columns;
  for (size_t i = 0; i < output.columns.size(); ++i) output.slots.push_back(frame_->NewSlot());
  const auto finish = [&](const ast::SingleQuery& single, const Output& branch) -> absl::Status {
    auto project = std::make_unique<Project>();
    for (size_t i = 0; i < output.columns.size(); ++i) {
      const auto it = std::find(branch.columns.begin(), branch.columns.end(), output.columns[i]);
      if (it == branch.columns.end() || branch.columns.size() != output.columns.size()) {
        return BindError("SyntaxError.DifferentColumnsInUnion", single.position,
                         "all parts of a UNION must have the same columns");
      }
      const Slot from = branch.slots[it - branch.columns.begin()];
      project->items.push_back({output.slots[i], SlotReference(from)});
    }
    Append(std::move(project));
    return absl::OkStatus();
  };
  auto all = std::make_unique<Union>();
  all->slots = output.slots;
  FASTI_RETURN_IF_ERROR(finish(query.parts[0], first));
  all->branches.push_back(std::move(frame_->chain));
  for (size_t part = 1; part < query.parts.size(); ++part) {
    frame_->scope.clear();
    FASTI_ASSIGN_OR_RETURN(Output branch, BindSingle(query.parts[part], is_subquery));
    FASTI_RETURN_IF_ERROR(finish(query.parts[part], branch));
    all->branches.push_back(std::move(frame_->chain));
  }
  frame_->chain = std::move(all);
  // A query has either UNION or UNION ALL between its parts.
  if (!query.union_all[0]) {
    auto distinct = std::make_unique<Distinct>();
    distinct->slots = output.slots;
    Append(std::move(distinct));
  }
  return output;
}

absl::StatusOr<Binder::Output> Binder::BindSingle(const ast::SingleQuery& query, bool is_subquery) {
  if (is_subquery) {
    frame_->chain = std::make_unique<Argument>();
  } else {
    frame_->chain = std::make_unique<Unit>();
    statement_view_ = nullptr;
  }
  FASTI_ASSIGN_OR_RETURN(statement_view_,
                         BindView(query.view, is_subquery ? view_ : statement_view_));
  view_ = statement_view_;
  Output output;
  for (const ast::Clause& clause : query.clauses) {
    const absl::Status status = std::visit(
        ast::Overloaded{
            [&](const ast::Match& c) { return BindMatch(c); },
            [&](const ast::Unwind& c) { return BindUnwind(c); },
            [&](const ast::With& c) {
              return BindProjection(c.projection, c.where.get(), c.position).status();
            },
            [&](const ast::Return& c) -> absl::Status {
              FASTI_ASSIGN_OR_RETURN(output, BindProjection(c.projection, nullptr, c.position));
              return absl::OkStatus();
            },
            [&](const ast::Create& c) { return BindCreate(c); },
            [&](const ast::Merge& c) { return BindMerge(c); },
            [&](const ast::Set& c) { return BindSet(c); },
            [&](const ast::Remove& c) { return BindRemove(c); },
            [&](const ast::Delete& c) { return BindDelete(c); },
        },
        clause);
    FASTI_RETURN_IF_ERROR(status);
  }
  return output;
}

absl::Status Binder::BindMatch(const ast::Match& match) {
  FASTI_ASSIGN_OR_RETURN(ViewPtr view, BindView(match.view, statement_view_));
  // What looks at all rows of the pattern together runs it as an inner plan, once per row.
  NodePtr before = std::exchange(frame_->chain, std::make_unique<Argument>());
  const bool has_inner =
      match.optional || match.ranked.has_value() ||
      std::any_of(match.pattern.begin(), match.pattern.end(), [](const ast::PathPattern& path) {
        return path.selector != ast::Selector::kNone;
      });
  if (!has_inner) frame_->chain = std::move(before);
  FASTI_ASSIGN_OR_RETURN(PatternSlots slots, BindPattern(match.pattern, match.where.get(), view));
  if (!has_inner) return absl::OkStatus();

  // Puts a node that runs what is bound so far, itself a part of such a plan.
  const auto wrap = [this](auto node) {
    node->inner = std::move(frame_->chain);
    node->input = std::make_unique<Argument>();
    frame_->chain = std::move(node);
  };
  if (!slots.choices.empty()) {
    auto select = std::make_unique<Select>();
    select->choices = std::move(slots.choices);
    select->view = view;
    wrap(std::move(select));
  }
  if (match.ranked.has_value()) {
    auto rank = std::make_unique<Rank>();
    rank->last = match.ranked->last;
    rank->count = match.ranked->count;
    rank->edges = slots.edges;
    wrap(std::move(rank));
  }
  if (match.optional) {
    auto optional = std::make_unique<Optional>();
    optional->nulls = slots.added;
    wrap(std::move(optional));
  }
  frame_->chain->input = std::move(before);  // The outermost one reads the clauses before.
  return absl::OkStatus();
}

absl::Status Binder::BindUnwind(const ast::Unwind& unwind) {
  auto node = std::make_unique<Unwind>();
  FASTI_ASSIGN_OR_RETURN(node->list, BindExpression(*unwind.list));
  node->slot = frame_->NewSlot();
  frame_->scope[unwind.variable.text] = Variable{.slot = node->slot};
  Append(std::move(node));
  return absl::OkStatus();
}

namespace {

// The clock that a scope selects on: valid, known, recorded.
int ClockOf(ViewSpec::Axis axis) {
  switch (axis) {
    case ViewSpec::Axis::kAsOf:
      return 1;
    case ViewSpec::Axis::kAsRecorded:
      return 2;
    default:
      return 0;
  }
}

}  // namespace

absl::StatusOr<ViewPtr> Binder::BindView(const ast::View& view, const ViewPtr& base) {
  if (view.empty()) return base;
  auto result = std::make_shared<ViewSpec>();
  bool written[3] = {};
  bool row_dependent = false;
  auto project = std::make_unique<Project>();
  for (const ast::Scope& scope : view) {
    ViewSpec::Scope bound;
    bound.axis = static_cast<ViewSpec::Axis>(scope.kind);
    written[ClockOf(bound.axis)] = true;
    FASTI_ASSIGN_OR_RETURN(bound.operand, BindExpression(*scope.operand));
    if (!IsRowIndependent(*bound.operand)) {
      row_dependent = true;
      if (bound.operand->kind != Expression::Kind::kSlot) {
        const Slot slot = frame_->NewSlot();
        project->items.push_back({slot, bound.operand});
        bound.operand = SlotReference(slot, PlaceOf(scope.position));
      }
    }
    result->scopes.push_back(std::move(bound));
  }
  if (!project->items.empty()) Append(std::move(project));
  if (base != nullptr) {
    for (const ViewSpec::Scope& scope : base->scopes) {
      if (written[ClockOf(scope.axis)]) continue;
      row_dependent = row_dependent || !IsRowIndependent(*scope.operand);
      result->scopes.push_back(scope);
    }
  }
  result->cache = row_dependent ? -1 : views_++;
  return ViewPtr(result);
}

static_assert(static_cast<int>(ViewSpec::Axis::kAt) == static_cast<int>(ast::ScopeKind::kAt));
static_assert(static_cast<int>(ViewSpec::Axis::kAsRecorded) ==
              static_cast<int>(ast::ScopeKind::kAsRecorded));

}  // namespace fasti::plan
