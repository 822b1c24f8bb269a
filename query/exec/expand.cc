#include <algorithm>
#include <utility>

#include "fasti/status_macros.h"
#include "query/exec/scan_operators.h"

namespace fasti::exec {

bool IsAmong(const Fact& fact, const std::vector<Slot>& slots, const Row& row) {
  bool found = false;
  ForEachFact(row, slots, [&](const Fact& other) { found |= other.lineage == fact.lineage; });
  return found;
}

namespace {

Value FactValue(const Fact& fact) {
  return Value(std::make_shared<const Fact>(fact));
}

// The end of a fact that is not its anchor.
absl::StatusOr<Value> OtherEnd(const Snapshot& snapshot, const FactReader::Item& item) {
  if (!item.anchor_is_subject) return Value(item.fact.subject);
  return snapshot.ValueOf(item.fact.object);
}

}  // namespace

// ---------------------------------------------------------------------------------------------

void RelationScanOperator::Rewind() {
  FlatMap::Rewind();
  reader_.Clear();
}

absl::Status RelationScanOperator::Begin(const Row& row) {
  reader_.Clear();
  FASTI_ASSIGN_OR_RETURN(std::optional<View> view, evaluator_.EvaluateView(node_.view, row));
  if (!view.has_value()) return absl::OkStatus();
  reader_.Start(context_.snapshot(), PlanScans(FindRelations(context_.snapshot(), node_.relations),
                                               node_.direction, std::nullopt, *view));
  return absl::OkStatus();
}

absl::StatusOr<bool> RelationScanOperator::Produce(const Row& row, Batch* out) {
  const FactReader::Item* item = nullptr;
  while (!out->full()) {
    FASTI_ASSIGN_OR_RETURN(const bool more, reader_.Next(&item));
    if (!more) return false;
    if (IsAmong(item->fact, node_.differs_from, row)) continue;
    out->AddRow(*row.batch, row.index, node_.carry);
    if (node_.edge != kNoSlot) out->Put(node_.edge, FactValue(item->fact));
    Value subject(item->fact.subject);
    Value object;
    const Slot object_slot = item->anchor_is_subject ? node_.to : node_.from;
    if (object_slot != kNoSlot) {
      FASTI_ASSIGN_OR_RETURN(object, context_.snapshot().ValueOf(item->fact.object));
    }
    out->Put(item->anchor_is_subject ? node_.from : node_.to, std::move(subject));
    out->Put(object_slot, std::move(object));
  }
  return true;
}

// ---------------------------------------------------------------------------------------------

void ExpandOperator::Rewind() {
  FlatMap::Rewind();
  relations_.reset();
  reader_.Clear();
  planned_ = false;
}

absl::Status ExpandOperator::Begin(const Row& row) {
  const Value& from = row[node_.from];
  if (planned_ && from.is(Value::Kind::kNode)) {
    reader_.StartFrom(from.as_node());
    return absl::OkStatus();
  }
  reader_.Clear();
  planned_ = false;
  if (!from.is(Value::Kind::kNode)) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(std::optional<View> view, evaluator_.EvaluateView(node_.view, row));
  if (!view.has_value()) return absl::OkStatus();
  if (!relations_.has_value()) relations_ = FindRelations(context_.snapshot(), node_.relations);
  reader_.Start(context_.snapshot(),
                PlanScans(*relations_, node_.direction, from.as_node(), *view));
  planned_ = node_.view == nullptr || node_.view->cache >= 0;
  return absl::OkStatus();
}

absl::StatusOr<bool> ExpandOperator::Produce(const Row& row, Batch* out) {
  const FactReader::Item* item = nullptr;
  while (!out->full()) {
    FASTI_ASSIGN_OR_RETURN(const bool more, reader_.Next(&item));
    if (!more) return false;
    if (IsAmong(item->fact, node_.differs_from, row)) continue;
    Value to;
    if (node_.to != kNoSlot) {
      FASTI_ASSIGN_OR_RETURN(to, OtherEnd(context_.snapshot(), *item));
    }
    if (node_.to_bound && ValueEquals(row[node_.to], to) != Truth::kTrue) continue;
    out->AddRow(*row.batch, row.index, node_.carry);
    if (node_.edge != kNoSlot) out->Put(node_.edge, FactValue(item->fact));
    if (!node_.to_bound) out->Put(node_.to, std::move(to));
  }
  return true;
}

// ---------------------------------------------------------------------------------------------

void VarExpandOperator::Rewind() {
  FlatMap::Rewind();
  relations_.reset();
  levels_.clear();
  walk_.clear();
}

absl::Status VarExpandOperator::Begin(const Row& row) {
  levels_.clear();
  walk_.clear();
  const Value& from = row[node_.from];
  if (!from.is(Value::Kind::kNode)) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(std::optional<View> view, evaluator_.EvaluateView(node_.view, row));
  if (!view.has_value()) return absl::OkStatus();
  view_ = *std::move(view);
  if (!relations_.has_value()) relations_ = FindRelations(context_.snapshot(), node_.relations);
  Enter(from.as_node());
  return absl::OkStatus();
}

void VarExpandOperator::Enter(EntityId node) {
  Level level;
  level.node = node;
  if (!node_.hops_max.has_value() || walk_.size() < *node_.hops_max) {
    level.reader =
        FactReader(context_.snapshot(), PlanScans(*relations_, node_.direction, node, view_));
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
  context_.Local(node_.hop) = FactValue(fact);
  for (const plan::ExpressionPtr& predicate : node_.hop_predicates) {
    FASTI_ASSIGN_OR_RETURN(const bool fits, evaluator_.IsTrue(*predicate, row));
    if (!fits) return false;
  }
  return true;
}

bool VarExpandOperator::IsEnd(const Row& row) const {
  if (walk_.size() < node_.hops_min) return false;
  // A range like *3..2 holds no length.
  if (node_.hops_max.has_value() && walk_.size() > *node_.hops_max) return false;
  if (!node_.to_bound) return true;
  const Value& to = row[node_.to];
  return to.is(Value::Kind::kNode) && to.as_node() == levels_.back().node;
}

void VarExpandOperator::Emit(const Row& row, Batch* out) const {
  out->AddRow(*row.batch, row.index, node_.carry);
  if (!node_.to_bound) out->Put(node_.to, Value(levels_.back().node));
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
      if (IsEnd(row)) {
        if (out->full()) return true;
        Emit(row, out);
      }
      entered_ = false;
    }
    if (++steps % kBatchRows == 0) FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
    const FactReader::Item* item = nullptr;
    FASTI_ASSIGN_OR_RETURN(const bool more, levels_.back().reader.Next(&item));
    if (!more) {
      levels_.pop_back();
      if (!walk_.empty()) walk_.pop_back();
      continue;
    }
    FASTI_ASSIGN_OR_RETURN(const bool follow, MayFollow(item->fact, row));
    if (!follow) continue;
    const EntityId next = item->anchor_is_subject ? item->fact.object.entity() : item->fact.subject;
    walk_.push_back(std::make_shared<const Fact>(item->fact));
    Enter(next);
  }
  return false;
}

}  // namespace fasti::exec
