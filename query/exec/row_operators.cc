#include "query/exec/row_operators.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"

namespace fasti::exec {

absl::StatusOr<bool> UnitOperator::Next(Batch* out) {
  out->Clear();
  if (done_) return false;
  done_ = true;
  out->AddRow();
  return true;
}

// ---------------------------------------------------------------------------------------------

absl::StatusOr<bool> FilterOperator::Passes(const Row& row) {
  for (const plan::ExpressionPtr& predicate : node_.predicates) {
    FASTI_ASSIGN_OR_RETURN(const bool is_true, evaluator_.IsTrue(*predicate, row));
    if (!is_true) return false;
  }
  return true;
}

absl::StatusOr<bool> FilterOperator::Next(Batch* out) {
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, input_->Next(out));
    if (!more) return false;
    FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
    kept_.clear();
    for (size_t i = 0; i < out->size(); ++i) {
      FASTI_ASSIGN_OR_RETURN(const bool passes, Passes(Row{out, i}));
      if (passes) kept_.push_back(i);
    }
    out->Keep(kept_);
    if (out->size() > 0) return true;
  }
}

namespace {

// Whether every row gets a list of its own; others show one that is kept elsewhere.
bool Builds(const plan::Expression& expression) {
  using Kind = plan::Expression::Kind;
  return expression.kind == Kind::kComprehension || expression.kind == Kind::kCollect ||
         expression.kind == Kind::kCall || expression.kind == Kind::kOperator ||
         expression.kind == Kind::kList;
}

}  // namespace

absl::StatusOr<bool> ProjectOperator::Next(Batch* out) {
  built_.Clear();
  FASTI_ASSIGN_OR_RETURN(const bool more, input_->Next(out));
  if (!more) return false;
  for (const plan::Assignment& item : node_.items) {
    if (item.value->kind == plan::Expression::Kind::kSlot && !context_.changes()) {
      out->CopyColumn(item.value->slot, item.slot);
      continue;
    }
    column_.Clear();
    for (size_t i = 0; i < out->size(); ++i) {
      FASTI_ASSIGN_OR_RETURN(Value value, evaluator_.Evaluate(*item.value, Row{out, i}));
      if (value.is(Value::Kind::kList) && Builds(*item.value)) {
        FASTI_RETURN_IF_ERROR(built_.Add(ApproximateBytes(value)));
      }
      column_.Push(std::move(value));
    }
    out->SwapColumn(item.slot, &column_);
  }
  return true;
}

// ---------------------------------------------------------------------------------------------

absl::StatusOr<uint64_t> EvaluateCount(const plan::Expression& expression, Evaluator& evaluator) {
  FASTI_ASSIGN_OR_RETURN(const Value value, evaluator.Evaluate(expression, Row{}));
  if (!value.is(Value::Kind::kInt)) {
    return RunError("SyntaxError.InvalidArgumentType", expression.place,
                    absl::StrCat("SKIP and LIMIT take an Integer, found ", KindName(value.kind())));
  }
  if (value.as_int() < 0) {
    return RunError("SyntaxError.NegativeIntegerArgument", expression.place,
                    absl::StrCat("SKIP and LIMIT take no negative number, found ", value.as_int()));
  }
  return static_cast<uint64_t>(value.as_int());
}

void SkipOperator::Rewind() {
  input_->Rewind();
  left_.reset();
}

absl::StatusOr<bool> SkipOperator::Next(Batch* out) {
  if (!left_.has_value()) {
    FASTI_ASSIGN_OR_RETURN(left_, EvaluateCount(*node_.count, evaluator_));
  }
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, input_->Next(out));
    if (!more) return false;
    const size_t skipped = std::min<uint64_t>(*left_, out->size());
    *left_ -= skipped;
    out->DropFront(skipped);
    if (out->size() > 0) return true;
  }
}

void LimitOperator::Rewind() {
  input_->Rewind();
  left_.reset();
}

absl::StatusOr<bool> LimitOperator::Next(Batch* out) {
  if (!left_.has_value()) {
    FASTI_ASSIGN_OR_RETURN(left_, EvaluateCount(*node_.count, evaluator_));
  }
  if (*left_ > 0) {
    FASTI_ASSIGN_OR_RETURN(const bool more, input_->Next(out));
    if (!more) return false;
    if (out->size() > *left_) out->Truncate(*left_);
    *left_ -= out->size();
    return true;
  }
  while (drain_) {
    FASTI_ASSIGN_OR_RETURN(const bool more, input_->Next(out));
    if (!more) break;
  }
  out->Clear();
  return false;
}

// ---------------------------------------------------------------------------------------------

size_t HashKey(absl::Span<const Value> key) {
  size_t hash = 0;
  for (const Value& value : key) hash = absl::HashOf(hash, HashValue(value));
  return hash;
}

bool IsSameKey(absl::Span<const Value> a, absl::Span<const Value> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), SameValue);
}

void DistinctOperator::Rewind() {
  input_->Rewind();
  seen_.clear();
  context_.Release(charged_);
  charged_ = 0;
}

absl::StatusOr<bool> DistinctOperator::Next(Batch* out) {
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, input_->Next(out));
    if (!more) return false;
    FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
    kept_.clear();
    for (size_t i = 0; i < out->size(); ++i) {
      std::vector<Value> key;
      key.reserve(node_.slots.size());
      size_t bytes = sizeof(key);
      for (Slot slot : node_.slots) {
        key.push_back(out->at(slot, i));
        bytes += ApproximateBytes(key.back());
      }
      if (!seen_.insert(std::move(key)).second) continue;
      charged_ += bytes;
      FASTI_RETURN_IF_ERROR(context_.Charge(bytes));
      kept_.push_back(i);
    }
    out->Keep(kept_);
    if (out->size() > 0) return true;
  }
}

// ---------------------------------------------------------------------------------------------

void SortOperator::Rewind() {
  input_->Rewind();
  batch_.Clear();
  rows_.clear();
  rows_read_ = 0;
  filled_ = false;
  next_ = 0;
  context_.Release(charged_);
  charged_ = 0;
}

std::weak_ordering SortOperator::Compare(const std::vector<Value>& a,
                                         const std::vector<Value>& b) const {
  for (size_t i = 0; i < a.size(); ++i) {
    const std::weak_ordering order = CompareKey(i, a[i], b[i]);
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

std::weak_ordering SortOperator::CompareKey(size_t number, const Value& a, const Value& b) const {
  const std::weak_ordering order = ValueOrder(a, b);
  return number < node_.keys.size() && node_.keys[number].descending ? 0 <=> order : order;
}

absl::StatusOr<bool> SortOperator::ReadKeys(const Row& row) {
  keys_.clear();
  const Kept* const last = rows_.size() == end_ ? &rows_.front() : nullptr;
  bool ties = true;  // with the last row that is kept
  const size_t count = node_.keys.size() + node_.ties.size();
  for (size_t i = 0; i < count; ++i) {
    if (i < node_.keys.size()) {
      FASTI_ASSIGN_OR_RETURN(keys_.emplace_back(), evaluator_.Evaluate(*node_.keys[i].value, row));
    } else {
      keys_.push_back(row[node_.ties[i - node_.keys.size()]]);
    }
    if (last == nullptr || !ties) continue;
    const std::weak_ordering order = CompareKey(i, keys_[i], last->keys[i]);
    if (order > 0) return false;
    ties = order == 0;
  }
  return last == nullptr || !ties;
}

absl::Span<const int64_t> SortOperator::FirstKeys(const Batch& batch) const {
  const plan::Expression& first = *node_.keys[0].value;
  if (first.kind != plan::Expression::Kind::kSlot) return {};
  return batch.column(first.slot).integers();
}

bool SortOperator::ComesAfterAll(int64_t first_key) const {
  if (rows_.size() != end_ || !rows_.front().keys[0].is(Value::Kind::kInt)) return false;
  const int64_t last = rows_.front().keys[0].as_int();
  return node_.keys[0].descending ? first_key < last : first_key > last;
}

bool SortOperator::Before(const Kept& a, const Kept& b) const {
  const std::weak_ordering order = Compare(a.keys, b.keys);
  return order != 0 ? order < 0 : a.number < b.number;
}

absl::StatusOr<bool> SortOperator::Add(const Row& row) {
  const auto before = [this](const Kept& a, const Kept& b) { return Before(a, b); };
  ++rows_read_;
  if (end_ == 0) return true;
  FASTI_ASSIGN_OR_RETURN(const bool is_wanted, ReadKeys(row));
  if (!is_wanted) {
    if (!node_.is_by_start) return true;
    // Rows come by the earliest instant of their start only: of equals all are seen.
    const Instant from = keys_[0].as_period().from;
    const Instant last_from = rows_.front().keys[0].as_period().from;
    return node_.keys[0].descending ? from >= last_from : from <= last_from;
  }
  const bool is_heap = rows_.size() == end_;
  if (is_heap) {
    std::pop_heap(rows_.begin(), rows_.end(), before);
    context_.Release(rows_.back().bytes);
    charged_ -= rows_.back().bytes;
    rows_.pop_back();
  }
  Kept& kept = rows_.emplace_back();
  kept.keys = keys_;
  for (Slot slot : node_.carry) kept.values.push_back(row[slot]);
  kept.number = rows_read_;
  kept.bytes = sizeof(kept);
  for (const Value& value : kept.keys) kept.bytes += ApproximateBytes(value);
  for (const Value& value : kept.values) kept.bytes += ApproximateBytes(value);
  charged_ += kept.bytes;
  FASTI_RETURN_IF_ERROR(context_.Charge(kept.bytes));
  if (is_heap) {
    std::push_heap(rows_.begin(), rows_.end(), before);
  } else if (rows_.size() == end_) {
    std::make_heap(rows_.begin(), rows_.end(), before);
  }
  return true;
}

absl::Status SortOperator::Fill() {
  begin_ = 0;
  end_ = std::numeric_limits<uint64_t>::max();
  if (node_.skip != nullptr) {
    FASTI_ASSIGN_OR_RETURN(begin_, EvaluateCount(*node_.skip, evaluator_));
  }
  if (node_.limit != nullptr) {
    FASTI_ASSIGN_OR_RETURN(const uint64_t limit, EvaluateCount(*node_.limit, evaluator_));
    end_ = limit > end_ - begin_ ? end_ : begin_ + limit;
  }
  bool goes_on = true;
  while (goes_on) {
    FASTI_ASSIGN_OR_RETURN(const bool more, input_->Next(&batch_));
    if (!more) break;
    FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
    // Of counted groups most are told by their count.
    const absl::Span<const int64_t> first_keys = FirstKeys(batch_);
    for (size_t i = 0; i < batch_.size() && goes_on; ++i) {
      if (!first_keys.empty() && end_ > 0 && ComesAfterAll(first_keys[i])) continue;
      FASTI_ASSIGN_OR_RETURN(goes_on, Add(Row{&batch_, i}));
    }
  }
  std::sort(rows_.begin(), rows_.end(),
            [this](const Kept& a, const Kept& b) { return Before(a, b); });
  end_ = std::min<uint64_t>(end_, rows_.size());
  next_ = std::min(begin_, end_);
  filled_ = true;
  return absl::OkStatus();
}

absl::StatusOr<bool> SortOperator::Next(Batch* out) {
  out->Clear();
  if (!filled_) FASTI_RETURN_IF_ERROR(Fill());
  for (; next_ < end_ && !out->full(); ++next_) {
    out->AddRow();
    for (size_t i = 0; i < node_.carry.size(); ++i) {
      out->Put(node_.carry[i], std::move(rows_[next_].values[i]));
    }
  }
  return out->size() > 0;
}

// ---------------------------------------------------------------------------------------------

void UnionOperator::Rewind() {
  for (OperatorPtr& branch : branches_) branch->Rewind();
  branch_ = 0;
}

absl::StatusOr<bool> UnionOperator::Next(Batch* out) {
  for (; branch_ < branches_.size(); ++branch_) {
    FASTI_ASSIGN_OR_RETURN(const bool more, branches_[branch_]->Next(out));
    if (more) return true;
  }
  out->Clear();
  return false;
}

}  // namespace fasti::exec
