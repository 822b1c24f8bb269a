#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/exec/merged_nodes.h"
#include "query/exec/scan_operators.h"

namespace fasti::exec {

namespace {

bool IsSame(const Value& a, const Value& b) {
  return ValueEquals(a, b) == Truth::kTrue;
}

}  // namespace

absl::StatusOr<std::optional<BoundEdgeOperator::Ends>> BoundEdgeOperator::Walk(
    const List& facts, const Value& from, const Relations& relations) const {
  Value here = from;
  for (const Value& value : facts) {
    if (!value.is(Value::Kind::kFact)) return std::nullopt;
    const Fact& fact = *value.as_fact();
    FASTI_ASSIGN_OR_RETURN(Value object, context_.snapshot().ValueOf(fact.object));
    const Value subject(fact.subject);
    const bool straight = relations.MatchesStraight(fact);
    const bool turned = relations.MatchesTurned(fact);
    const bool may_leave_subject = (node_.direction != plan::Direction::kIn && straight) ||
                                   (node_.direction != plan::Direction::kOut && turned);
    const bool may_leave_object = (node_.direction != plan::Direction::kOut && straight) ||
                                  (node_.direction != plan::Direction::kIn && turned);
    if (may_leave_subject && IsSame(here, subject)) {
      here = std::move(object);
    } else if (may_leave_object && IsSame(here, object)) {
      here = subject;
    } else {
      return std::nullopt;
    }
  }
  return std::optional<Ends>(Ends{from, std::move(here)});
}

absl::StatusOr<bool> BoundEdgeOperator::AllVisible(const List& facts, const Row& row) {
  FASTI_ASSIGN_OR_RETURN(const View* const view, evaluator_.EvaluateView(node_.view, row));
  if (view == nullptr) return false;
  for (const Value& value : facts) {
    if (!value.is(Value::Kind::kFact)) return false;
    const Fact& fact = *value.as_fact();
    Pattern pattern;
    pattern.subject = fact.subject;
    pattern.object = fact.object;
    pattern.relations = {fact.relation};
    pattern.view = *view;
    FactReader reader(context_.snapshot(), {{.pattern = std::move(pattern)}});
    FactReader::Item item;
    do {
      FASTI_ASSIGN_OR_RETURN(const bool more, reader.Next(&item));
      if (!more) return false;
    } while (item.fact->version != fact.version);
  }
  return true;
}

absl::Status BoundEdgeOperator::Begin(const Row& row) {
  ends_.clear();
  next_ = 0;
  const Value edge = row[node_.edge];
  if (edge.is_null()) return absl::OkStatus();
  List facts;
  if (edge.is(Value::Kind::kFact)) {
    facts.push_back(edge);
  } else if (edge.is(Value::Kind::kList)) {
    facts = edge.as_list();
  } else {
    return RunError(
        "TypeError.InvalidArgumentType", {},
        absl::StrCat("a pattern takes a Relationship here, found ", KindName(edge.kind())));
  }
  if (node_.var_length && (facts.size() < node_.hops_min ||
                           (node_.hops_max.has_value() && facts.size() > *node_.hops_max))) {
    return absl::OkStatus();
  }
  for (const Value& fact : facts) {
    if (fact.is(Value::Kind::kFact) && IsAmong(*fact.as_fact(), node_.differs_from, row)) {
      return absl::OkStatus();
    }
  }
  Value from = node_.from_bound ? row[node_.from] : Value();
  Value to = node_.to_bound ? row[node_.to] : Value();
  if (const Snapshot& snapshot = context_.snapshot(); snapshot.AnyMerged()) {
    // They may have been bound in other views.
    FASTI_ASSIGN_OR_RETURN(const View* const view, evaluator_.EvaluateView(node_.view, row));
    if (view == nullptr) return absl::OkStatus();
    for (Value& value : facts) {
      if (!value.is(Value::Kind::kFact)) continue;
      FASTI_ASSIGN_OR_RETURN(Fact seen, snapshot.AsSeen(*value.as_fact(), *view));
      value = Value(std::make_shared<const Fact>(std::move(seen)));
    }
    for (Value* const end : {&from, &to}) {
      if (!end->is(Value::Kind::kNode)) continue;
      FASTI_ASSIGN_OR_RETURN(const std::optional<EntityId> node,
                             NodeIn(*view, end->as_node(), snapshot));
      *end = Value(*node);
    }
  }
  if (node_.view != nullptr) {
    FASTI_ASSIGN_OR_RETURN(const bool visible, AllVisible(facts, row));
    if (!visible) return absl::OkStatus();
  }
  // A walk starts at a known end, or at either end of its first relationship.
  std::vector<Value> starts;
  if (node_.from_bound) {
    starts.push_back(from);
  } else if (facts.empty()) {
    if (node_.to_bound) starts.push_back(to);
  } else if (facts[0].is(Value::Kind::kFact)) {
    const Fact& first = *facts[0].as_fact();
    starts.emplace_back(first.subject);
    FASTI_ASSIGN_OR_RETURN(Value object, context_.snapshot().ValueOf(first.object));
    if (!IsSame(object, starts[0])) starts.push_back(std::move(object));
  }
  const Relations& relations = context_.RelationsOf(node_.relations);
  for (const Value& start : starts) {
    FASTI_ASSIGN_OR_RETURN(std::optional<Ends> ends, Walk(facts, start, relations));
    if (!ends.has_value()) continue;
    if (node_.to_bound && !IsSame(to, ends->to)) continue;
    if (node_.from == node_.to && !IsSame(ends->from, ends->to)) continue;
    ends_.push_back(*std::move(ends));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> BoundEdgeOperator::Produce(const Row& row, Batch* out) {
  for (; next_ < ends_.size(); ++next_) {
    if (out->full()) return true;
    out->AddRow(*row.batch, row.index, node_.carry);
    if (!node_.from_bound) out->Put(node_.from, ends_[next_].from);
    if (!node_.to_bound && node_.to != node_.from) out->Put(node_.to, ends_[next_].to);
  }
  return false;
}

// ---------------------------------------------------------------------------------------------

void UnwindOperator::Rewind() {
  FlatMap::Rewind();
  list_ = Value(List());
}

absl::Status UnwindOperator::Begin(const Row& row) {
  next_ = 0;
  FASTI_ASSIGN_OR_RETURN(list_, evaluator_.Evaluate(*node_.list, row));
  // One value is unwound to itself, null to nothing.
  if (list_.is_null()) list_ = Value(List());
  if (!list_.is(Value::Kind::kList)) list_ = Value(List{list_});
  return absl::OkStatus();
}

absl::StatusOr<bool> UnwindOperator::Produce(const Row& row, Batch* out) {
  const List& items = list_.as_list();
  for (; next_ < items.size(); ++next_) {
    if (out->full()) return true;
    out->AddRow(*row.batch, row.index, node_.carry);
    out->Put(node_.slot, items[next_]);
  }
  return false;
}

}  // namespace fasti::exec
