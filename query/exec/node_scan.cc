#include <algorithm>

#include "fasti/status_macros.h"
#include "query/exec/scan_operators.h"

namespace fasti::exec {

void NodeScanOperator::Rewind() {
  FlatMap::Rewind();
  scanned_ = false;
  entities_ = std::vector<EntityId>();
}

absl::Status NodeScanOperator::Begin(const Row& row) {
  next_ = 0;
  // Without merges all views show the same entities.
  const bool is_fixed = node_.view == nullptr || node_.view->cache >= 0;
  if (scanned_ && (is_fixed || !context_.snapshot().AnyMerged())) return absl::OkStatus();
  entities_.clear();
  if (node_.access == plan::NodeScan::Access::kAttribute) {
    FASTI_ASSIGN_OR_RETURN(const bool found, Seek(row));
    if (found) return absl::OkStatus();
  }
  scanned_ = true;
  return ScanAll(row);
}

absl::StatusOr<bool> NodeScanOperator::Seek(const Row& row) {
  FASTI_ASSIGN_OR_RETURN(const Value value, evaluator_.Evaluate(*node_.value, row));
  if (value.is_null()) return true;  // Nothing equals null.
  // Of these kinds equal values have one term, and the index holds all of it.  Numbers do not: an
  // integer equals floats, which are not kept in the order of objects.
  const bool is_indexed = value.is(Value::Kind::kString) || value.is(Value::Kind::kBool) ||
                          value.is(Value::Kind::kDate);
  if (!is_indexed) return false;
  const Snapshot& snapshot = context_.snapshot();
  const std::optional<RelationInfo> key = snapshot.FindAttribute(node_.key);
  if (!key.has_value()) return true;
  FASTI_ASSIGN_OR_RETURN(const std::optional<Term> term, snapshot.FindTerm(value));
  if (!term.has_value()) return true;
  FASTI_ASSIGN_OR_RETURN(const View* const view, evaluator_.EvaluateView(node_.view, row));
  if (view == nullptr) return true;
  Pattern pattern;
  pattern.object = *term;
  pattern.relations = {key->id};
  pattern.view = *view;
  // A node bears its attributes in a wider view than facts have (Snapshot::Attribute); the filter
  // above this scan looks again.
  pattern.view.valid.clear();
  FactReader reader(snapshot, {{.pattern = std::move(pattern)}});
  FactReader::Item item;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, reader.Next(&item));
    if (!more) break;
    entities_.push_back(item.fact->subject);
  }
  std::sort(entities_.begin(), entities_.end());
  entities_.erase(std::unique(entities_.begin(), entities_.end()), entities_.end());
  return true;
}

absl::Status NodeScanOperator::ScanAll(const Row& row) {
  const Snapshot& snapshot = context_.snapshot();
  View view;
  if (snapshot.AnyMerged()) {
    FASTI_ASSIGN_OR_RETURN(const View* const own, evaluator_.EvaluateView(node_.view, row));
    if (own != nullptr) view = *own;
  }
  if (node_.label.empty()) {
    FASTI_ASSIGN_OR_RETURN(entities_, snapshot.AllEntities(view));
    return absl::OkStatus();
  }
  const std::optional<LabelInfo> label = snapshot.FindLabel(node_.label);
  if (!label.has_value()) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(entities_, snapshot.EntitiesWithLabel(label->id, view));
  return absl::OkStatus();
}

absl::StatusOr<bool> NodeScanOperator::Produce(const Row& row, Batch* out) {
  for (; next_ < entities_.size(); ++next_) {
    if (out->full()) return true;
    out->AddRow(*row.batch, row.index, node_.carry);
    out->Put(node_.node, entities_[next_]);
  }
  return false;
}

}  // namespace fasti::exec
