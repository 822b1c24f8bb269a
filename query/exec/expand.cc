#include <algorithm>
#include <utility>

#include "fasti/status_macros.h"
#include "query/exec/merged_nodes.h"
#include "query/exec/scan_operators.h"

namespace fasti::exec {

// ---------------------------------------------------------------------------------------------

void RelationScanOperator::Rewind() {
  FlatMap::Rewind();
  facts_.Clear();
  ends_.Clear();
}

absl::Status RelationScanOperator::Begin(const Row& row) {
  facts_.Clear();
  ends_.Clear();
  FASTI_ASSIGN_OR_RETURN(const View* const view, evaluator_.EvaluateView(node_.view, row));
  if (view == nullptr) return absl::OkStatus();
  std::vector<FactScan> scans =
      PlanScans(context_.RelationsOf(node_.relations), node_.direction, std::nullopt, *view);
  if (ends_suffice_) {
    ends_.Start(context_.snapshot(), std::move(scans));
  } else {
    facts_.Plan(context_.snapshot(), std::move(scans));
  }
  return absl::OkStatus();
}

namespace {

absl::Status AppendLiteral(Term object, const Snapshot& snapshot, Slot slot, Batch* out) {
  if (slot == kNoSlot) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(Value value, snapshot.ValueOf(object));
  out->Append(slot, std::move(value));
  return absl::OkStatus();
}

// Fills a slot of the next row with the object of a fact.
inline absl::Status AppendObject(Term object, const Snapshot& snapshot, Slot slot, Batch* out) {
  if (!object.is_entity()) return AppendLiteral(object, snapshot, slot, out);
  out->Append(slot, object.entity());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<bool> RelationScanOperator::ProduceEnds(const Row& row, Batch* out) {
  while (!out->full()) {
    FASTI_ASSIGN_OR_RETURN(const absl::Span<const FactEnds> some, ends_.NextSome(out->room()));
    if (some.empty()) return false;
    out->AddRows(some.size(), *row.batch, row.index, node_.carry);
    const bool is_straight = ends_.anchor_is_subject();
    if (const Slot slot = is_straight ? node_.from : node_.to; slot != kNoSlot) {
      for (const FactEnds& ends : some) out->Append(slot, ends.subject);
    }
    if (const Slot slot = is_straight ? node_.to : node_.from; slot != kNoSlot) {
      for (const FactEnds& ends : some) {
        FASTI_RETURN_IF_ERROR(AppendObject(ends.object, context_.snapshot(), slot, out));
      }
    }
  }
  return true;
}

absl::StatusOr<bool> RelationScanOperator::Produce(const Row& row, Batch* out) {
  if (ends_suffice_) return ProduceEnds(row, out);
  EdgeReader::Item item;
  while (!out->full()) {
    FASTI_ASSIGN_OR_RETURN(const bool more, facts_.Next(&item));
    if (!more) return false;
    const Fact& fact = *item.fact;
    if (IsAmong(fact, node_.differs_from, row)) continue;
    out->AddRow(*row.batch, row.index, node_.carry);
    out->Put(node_.edge, fact);
    out->Put(item.anchor_is_subject ? node_.from : node_.to, fact.subject);
    FASTI_RETURN_IF_ERROR(AppendObject(fact.object, context_.snapshot(),
                                       item.anchor_is_subject ? node_.to : node_.from, out));
  }
  return true;
}

// ---------------------------------------------------------------------------------------------

void ExpandOperator::Rewind() {
  FlatMap::Rewind();
  edges_.Clear();
}

absl::Status ExpandOperator::Begin(const Row& row) {
  const std::optional<EntityId> from = row.node(node_.from);
  const bool is_fixed = node_.view == nullptr || node_.view->cache >= 0;
  if (!from.has_value() || !is_fixed) edges_.Clear();
  if (!from.has_value()) return absl::OkStatus();
  if (node_.to_bound) to_ = row.node(node_.to);
  const bool is_merged = context_.snapshot().AnyMerged();
  if (is_merged || !edges_.is_planned()) {
    FASTI_ASSIGN_OR_RETURN(const View* const view, evaluator_.EvaluateView(node_.view, row));
    if (view == nullptr) return absl::OkStatus();
    if (is_merged) {
      FASTI_ASSIGN_OR_RETURN(to_, NodeIn(*view, to_, context_.snapshot()));
    }
    if (!edges_.is_planned()) {
      edges_.Plan(context_.snapshot(),
                  PlanScans(context_.RelationsOf(node_.relations), node_.direction, *from, *view));
    }
  }
  if (node_.scopes.empty()) {
    edges_.StartFrom(*from);
    return absl::OkStatus();
  }
  scope_.valid.clear();
  FASTI_ASSIGN_OR_RETURN(const bool is_whole, evaluator_.AddScopes(node_.scopes, row, &scope_));
  if (is_whole) {
    edges_.StartFrom(*from, graph::BoundsOf(scope_.valid));
  } else {
    edges_.Clear();
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> ExpandOperator::LeadsTo(const FactReader::Item& item, const Row& row) const {
  const Fact& fact = *item.fact;
  if (item.anchor_is_subject && !fact.object.is_entity()) {
    FASTI_ASSIGN_OR_RETURN(const Value object, context_.snapshot().ValueOf(fact.object));
    return ValueEquals(row[node_.to], object) == Truth::kTrue;
  }
  return to_ == (item.anchor_is_subject ? fact.object.entity() : fact.subject);
}

absl::StatusOr<bool> ExpandOperator::Produce(const Row& row, Batch* out) {
  FactReader::Item item;
  while (!out->full()) {
    FASTI_ASSIGN_OR_RETURN(const bool more, edges_.Next(&item));
    if (!more) return false;
    const Fact& fact = *item.fact;
    if (IsAmong(fact, node_.differs_from, row)) continue;
    if (node_.to_bound) {
      FASTI_ASSIGN_OR_RETURN(const bool leads_to, LeadsTo(item, row));
      if (!leads_to) continue;
    }
    out->AddRow(*row.batch, row.index, node_.carry);
    out->Put(node_.edge, fact);
    if (node_.to_bound) continue;
    if (item.anchor_is_subject) {
      FASTI_RETURN_IF_ERROR(AppendObject(fact.object, context_.snapshot(), node_.to, out));
    } else {
      out->Put(node_.to, fact.subject);
    }
  }
  return true;
}

// ---------------------------------------------------------------------------------------------

void VarExpandOperator::Rewind() {
  FlatMap::Rewind();
  levels_.clear();
  walk_.clear();
}

absl::Status VarExpandOperator::Begin(const Row& row) {
  levels_.clear();
  walk_.clear();
  if (!row.node(node_.from).has_value()) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(const View* const view, evaluator_.EvaluateView(node_.view, row));
  if (view == nullptr) return absl::OkStatus();
  view_ = *view;
  const Snapshot& snapshot = context_.snapshot();
  FASTI_ASSIGN_OR_RETURN(const std::optional<EntityId> from,
                         NodeIn(view_, row.node(node_.from), snapshot));
  if (node_.to_bound) {
    FASTI_ASSIGN_OR_RETURN(to_, NodeIn(view_, row.node(node_.to), snapshot));
  }
  Enter(*from);
  return absl::OkStatus();
}

void VarExpandOperator::Enter(EntityId node) {
  Level level{.node = node, .edges = EdgeReader(cache_)};
  if (!node_.hops_max.has_value() || walk_.size() < *node_.hops_max) {
    level.edges.Plan(context_.snapshot(), PlanScans(context_.RelationsOf(node_.relations),
                                                    node_.direction, node, view_));
    level.edges.StartFrom(node);
  }
  levels_.push_back(std::move(level));
  entered_ = true;
}

absl::StatusOr<bool> VarExpandOperator::MayFollow(const Fact& fact, const Row& row) {
  for (const std::shared_ptr<const Fact>& earlier : walk_) {
    if (earlier->lineage == fact.lineage) return false;
  }
  if (!fact.object.is_entity() || IsAmong(fact, node_.differs_from, row)) return false;
  if (node_.hop_predicates.empty()) return true;
  context_.Local(node_.hop) = Value(std::make_shared<const Fact>(fact));
  for (const plan::ExpressionPtr& predicate : node_.hop_predicates) {
    FASTI_ASSIGN_OR_RETURN(const bool fits, evaluator_.IsTrue(*predicate, row));
    if (!fits) return false;
  }
  return true;
}

bool VarExpandOperator::IsEnd() const {
  if (walk_.size() < node_.hops_min) return false;
  // A range like *3..2 holds no length.
  if (node_.hops_max.has_value() && walk_.size() > *node_.hops_max) return false;
  if (!node_.to_bound) return true;
  return to_ == levels_.back().node;
}

void VarExpandOperator::Emit(const Row& row, Batch* out) const {
  out->AddRow(*row.batch, row.index, node_.carry);
  if (!node_.to_bound) out->Put(node_.to, levels_.back().node);
  if (node_.edge == kNoSlot) return;
  List facts;
  facts.reserve(walk_.size());
  for (const std::shared_ptr<const Fact>& fact : walk_) facts.emplace_back(fact);
  if (node_.reversed) std::reverse(facts.begin(), facts.end());
  out->Put(node_.edge, Value(std::move(facts)));
}

absl::StatusOr<bool> VarExpandOperator::Produce(const Row& row, Batch* out) {
  size_t steps = 0;
  while (!levels_.empty()) {
    if (entered_) {
      if (IsEnd()) {
        if (out->full()) return true;
        Emit(row, out);
      }
      entered_ = false;
    }
    if (++steps % kBatchRows == 0) FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
    FactReader::Item item;
    FASTI_ASSIGN_OR_RETURN(const bool more, levels_.back().edges.Next(&item));
    if (!more) {
      levels_.pop_back();
      if (!walk_.empty()) walk_.pop_back();
      continue;
    }
    FASTI_ASSIGN_OR_RETURN(const bool follow, MayFollow(*item.fact, row));
    if (!follow) continue;
    const EntityId next = item.anchor_is_subject ? item.fact->object.entity() : item.fact->subject;
    walk_.push_back(std::make_shared<const Fact>(*item.fact));
    Enter(next);
  }
  return false;
}

}  // namespace fasti::exec
