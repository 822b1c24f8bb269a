#include "query/exec/aggregate.h"

#include <utility>

#include "fasti/status_macros.h"
#include "query/function/registry.h"

namespace fasti::exec {

void AggregateOperator::Rewind() {
  input_->Rewind();
  batch_.Clear();
  index_.clear();
  groups_.clear();
  filled_ = false;
  next_ = 0;
  context_.Release(charged_);
  charged_ = 0;
}

absl::Status AggregateOperator::Charge(size_t bytes) {
  charged_ += bytes;
  return context_.Charge(bytes);
}

AggregateOperator::Group& AggregateOperator::NewGroup(std::vector<Value> keys) {
  Group group;
  group.keys = std::move(keys);
  for (const plan::Aggregate::Call& call : node_.calls) {
    group.accumulators.push_back(
        function::MakeAccumulator(*call.function, call.distinct, context_));
  }
  group.agreed.resize(node_.agreed.size());
  groups_.push_back(std::move(group));
  return groups_.back();
}

absl::Status AggregateOperator::Add(const Row& row) {
  keys_.clear();
  for (const plan::Assignment& key : node_.keys) {
    FASTI_ASSIGN_OR_RETURN(keys_.emplace_back(), evaluator_.Evaluate(*key.value, row));
  }
  const auto [it, is_new] = index_.try_emplace(keys_, groups_.size());
  if (is_new) {
    size_t bytes = sizeof(Group) + 64 * node_.calls.size();
    for (const Value& key : keys_) bytes += 2 * ApproximateBytes(key);
    FASTI_RETURN_IF_ERROR(Charge(bytes));
    NewGroup(keys_);
  }
  Group& group = groups_[it->second];
  for (size_t i = 0; i < node_.calls.size(); ++i) {
    const plan::Aggregate::Call& call = node_.calls[i];
    args_.clear();
    size_t bytes = 0;
    for (const plan::ExpressionPtr& arg : call.args) {
      FASTI_ASSIGN_OR_RETURN(args_.emplace_back(), evaluator_.Evaluate(*arg, row));
      bytes += ApproximateBytes(args_.back());
    }
    const size_t kept = group.accumulators[i]->kept_values();
    if (absl::Status status = group.accumulators[i]->Add(args_); !status.ok()) {
      return Located(std::move(status), call.place);
    }
    if (group.accumulators[i]->kept_values() > kept) FASTI_RETURN_IF_ERROR(Charge(bytes));
  }
  for (size_t i = 0; i < node_.agreed.size(); ++i) {
    FASTI_ASSIGN_OR_RETURN(Value value, evaluator_.Evaluate(*node_.agreed[i].value, row));
    if (group.is_new) {
      group.agreed[i] = std::move(value);
    } else if (!SameValue(group.agreed[i], value)) {
      group.agreed[i] = Value();
    }
  }
  group.is_new = false;
  return absl::OkStatus();
}

absl::Status AggregateOperator::Fill() {
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, input_->Next(&batch_));
    if (!more) break;
    FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
    for (size_t i = 0; i < batch_.size(); ++i) FASTI_RETURN_IF_ERROR(Add(Row{&batch_, i}));
  }
  if (groups_.empty() && node_.keys.empty()) NewGroup({});
  filled_ = true;
  return absl::OkStatus();
}

absl::StatusOr<bool> AggregateOperator::Next(Batch* out) {
  out->Clear();
  if (!filled_) FASTI_RETURN_IF_ERROR(Fill());
  for (; next_ < groups_.size() && !out->full(); ++next_) {
    Group& group = groups_[next_];
    out->AddRow();
    for (size_t i = 0; i < node_.keys.size(); ++i) {
      // Two items may be the same variable.
      if (!out->IsPut(node_.keys[i].slot)) {
        out->Put(node_.keys[i].slot, std::move(group.keys[i]));
      }
    }
    for (size_t i = 0; i < node_.calls.size(); ++i) {
      absl::StatusOr<Value> value = group.accumulators[i]->Finish();
      if (!value.ok()) return Located(std::move(value).status(), node_.calls[i].place);
      out->Put(node_.calls[i].slot, *std::move(value));
    }
    for (size_t i = 0; i < node_.agreed.size(); ++i) {
      out->Put(node_.agreed[i].slot, std::move(group.agreed[i]));
    }
  }
  return out->size() > 0;
}

}  // namespace fasti::exec
