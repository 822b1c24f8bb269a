#include "query/exec/aggregate.h"

#include <algorithm>
#include <utility>

#include "fasti/status_macros.h"
#include "query/function/registry.h"

namespace fasti::exec {

namespace {

// Whether all that is asked of the rows is how many there are with each value of one slot.
bool CountsBySlot(const plan::Aggregate& node) {
  return node.keys.size() == 1 && node.keys[0].value->kind == plan::Expression::Kind::kSlot &&
         node.agreed.empty() &&
         std::all_of(node.calls.begin(), node.calls.end(),
                     [](const plan::Aggregate::Call& call) { return call.args.empty(); });
}

}  // namespace

AggregateOperator::AggregateOperator(const plan::Aggregate& node, RunContext& context,
                                     OperatorPtr input, int width)
    : node_(node),
      counts_nodes_(CountsBySlot(node)),
      context_(context),
      evaluator_(context),
      input_(std::move(input)),
      batch_(width),
      index_(0, GroupHash{this}, GroupSame{this}) {}

void AggregateOperator::Rewind() {
  input_->Rewind();
  batch_.Clear();
  index_.clear();
  node_index_.clear();
  node_counts_.Clear();
  counted_nodes_.clear();
  counts_.clear();
  next_count_ = 0;
  keys_of_groups_.clear();
  accumulators_.clear();
  rows_.clear();
  agreed_.clear();
  filled_ = false;
  next_ = 0;
  context_.Release(charged_);
  charged_ = 0;
}

size_t AggregateOperator::GroupHash::operator()(size_t group) const {
  return HashKey(owner->KeysOf(group));
}

bool AggregateOperator::GroupSame::operator()(size_t a, size_t b) const {
  return IsSameKey(owner->KeysOf(a), owner->KeysOf(b));
}

absl::Status AggregateOperator::Charge(size_t bytes) {
  charged_ += bytes;
  return context_.Charge(bytes);
}

absl::StatusOr<size_t> AggregateOperator::AddGroup() {
  const size_t group = rows_.size();
  rows_.push_back(0);
  size_t bytes = 64 * (1 + node_.calls.size() + node_.agreed.size());
  for (const Value& key : KeysOf(group)) bytes += ApproximateBytes(key);
  FASTI_RETURN_IF_ERROR(Charge(bytes));
  for (const plan::Aggregate::Call& call : node_.calls) {
    accumulators_.push_back(
        call.args.empty() ? nullptr
                          : function::MakeAccumulator(*call.function, call.distinct, context_));
  }
  agreed_.resize(agreed_.size() + node_.agreed.size());
  return group;
}

absl::StatusOr<size_t> AggregateOperator::FindGroup(const Row& row) {
  if (node_.keys.size() == 1 && node_.keys[0].value->kind == plan::Expression::Kind::kSlot) {
    if (const std::optional<EntityId> node = row.node(node_.keys[0].value->slot)) {
      const auto [it, is_new] = node_index_.try_emplace(*node, rows_.size());
      if (!is_new) return it->second;
      keys_of_groups_.emplace_back(*node);
      return AddGroup();
    }
  }
  const size_t group = rows_.size();
  for (const plan::Assignment& key : node_.keys) {
    FASTI_ASSIGN_OR_RETURN(keys_of_groups_.emplace_back(), evaluator_.Evaluate(*key.value, row));
  }
  const auto [it, is_new] = index_.insert(group);
  if (is_new) return AddGroup();
  keys_of_groups_.resize(group * node_.keys.size());
  return *it;
}

absl::Status AggregateOperator::AddToCall(size_t number, size_t group, const Row& row) {
  const plan::Aggregate::Call& call = node_.calls[number];
  function::Accumulator* const accumulator =
      accumulators_[group * node_.calls.size() + number].get();
  args_.clear();
  size_t bytes = 0;
  for (const plan::ExpressionPtr& arg : call.args) {
    FASTI_ASSIGN_OR_RETURN(args_.emplace_back(), evaluator_.Evaluate(*arg, row));
    bytes += ApproximateBytes(args_.back());
  }
  const size_t kept = accumulator->kept_values();
  if (absl::Status status = accumulator->Add(args_); !status.ok()) {
    return Located(std::move(status), call.place);
  }
  return accumulator->kept_values() > kept ? Charge(bytes) : absl::OkStatus();
}

absl::Status AggregateOperator::Agree(size_t group, const Row& row) {
  for (size_t i = 0; i < node_.agreed.size(); ++i) {
    FASTI_ASSIGN_OR_RETURN(Value value, evaluator_.Evaluate(*node_.agreed[i].value, row));
    Value& agreed = agreed_[group * node_.agreed.size() + i];
    if (rows_[group] == 0) {
      agreed = std::move(value);
    } else if (!SameValue(agreed, value)) {
      agreed = Value();
    }
  }
  return absl::OkStatus();
}

absl::Status AggregateOperator::Add(const Row& row) {
  if (counts_nodes_) {
    if (const std::optional<EntityId> node = row.node(node_.keys[0].value->slot)) {
      return CountNodes({*node});
    }
  }
  FASTI_ASSIGN_OR_RETURN(const size_t group, FindGroup(row));
  for (size_t i = 0; i < node_.calls.size(); ++i) {
    if (!node_.calls[i].args.empty()) FASTI_RETURN_IF_ERROR(AddToCall(i, group, row));
  }
  if (!node_.agreed.empty()) FASTI_RETURN_IF_ERROR(Agree(group, row));
  ++rows_[group];
  return absl::OkStatus();
}

absl::Status AggregateOperator::CountNodes(absl::Span<const EntityId> nodes) {
  const size_t bytes = node_counts_.bytes();
  node_counts_.Add(nodes);
  return Charge(node_counts_.bytes() - bytes);
}

absl::Status AggregateOperator::Fill() {
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, input_->Next(&batch_));
    if (!more) break;
    FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
    if (counts_nodes_) {
      const absl::Span<const EntityId> nodes = batch_.column(node_.keys[0].value->slot).nodes();
      if (!nodes.empty()) {
        FASTI_RETURN_IF_ERROR(CountNodes(nodes));
        continue;
      }
    }
    for (size_t i = 0; i < batch_.size(); ++i) FASTI_RETURN_IF_ERROR(Add(Row{&batch_, i}));
  }
  node_counts_.Take(&counted_nodes_, &counts_);
  if (rows_.empty() && node_.keys.empty()) FASTI_RETURN_IF_ERROR(AddGroup().status());
  filled_ = true;
  return absl::OkStatus();
}

void AggregateOperator::PutCounts(Batch* out) {
  const size_t rows = std::min(out->room(), counts_.size() - next_count_);
  out->AddRows(rows);
  out->Append(node_.keys[0].slot, absl::MakeConstSpan(counted_nodes_).subspan(next_count_, rows));
  for (const plan::Aggregate::Call& call : node_.calls) {
    out->Append(call.slot, absl::MakeConstSpan(counts_).subspan(next_count_, rows));
  }
  next_count_ += rows;
}

absl::StatusOr<bool> AggregateOperator::Next(Batch* out) {
  out->Clear();
  if (!filled_) FASTI_RETURN_IF_ERROR(Fill());
  if (next_count_ < counts_.size()) PutCounts(out);
  for (; next_ < rows_.size() && !out->full(); ++next_) {
    out->AddRow();
    for (size_t i = 0; i < node_.keys.size(); ++i) {
      // Two items may be the same variable.
      if (!out->IsPut(node_.keys[i].slot)) {
        out->Put(node_.keys[i].slot, std::move(keys_of_groups_[next_ * node_.keys.size() + i]));
      }
    }
    for (size_t i = 0; i < node_.calls.size(); ++i) {
      const auto& accumulator = accumulators_[next_ * node_.calls.size() + i];
      if (accumulator == nullptr) {
        out->Put(node_.calls[i].slot, rows_[next_]);
        continue;
      }
      absl::StatusOr<Value> value = accumulator->Finish();
      if (!value.ok()) return Located(std::move(value).status(), node_.calls[i].place);
      out->Put(node_.calls[i].slot, *std::move(value));
    }
    for (size_t i = 0; i < node_.agreed.size(); ++i) {
      out->Put(node_.agreed[i].slot, std::move(agreed_[next_ * node_.agreed.size() + i]));
    }
  }
  return out->size() > 0;
}

}  // namespace fasti::exec
