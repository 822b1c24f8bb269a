#include "query/exec/window_operator.h"

#include <algorithm>
#include <compare>
#include <numeric>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/exec/row_operators.h"
#include "query/function/errors.h"
#include "query/function/operators.h"
#include "query/function/registry.h"
#include "query/function/temporal_arithmetic.h"

namespace fasti::exec {

namespace {

using Frame = plan::Window::Frame;

std::weak_ordering CompareKeys(const std::vector<plan::Sort::Key>& keys,
                               const std::vector<Value>& a, const std::vector<Value>& b) {
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::weak_ordering order =
        keys[i].descending ? ValueOrder(b[i], a[i]) : ValueOrder(a[i], b[i]);
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

std::weak_ordering CompareValues(const std::vector<Value>& a, const std::vector<Value>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    const std::weak_ordering order = ValueOrder(a[i], b[i]);
    if (order != 0) return order;
  }
  return std::weak_ordering::equivalent;
}

}  // namespace

void WindowOperator::Rewind() {
  input_->Rewind();
  batch_.Clear();
  rows_.clear();
  reads_.clear();
  results_.clear();
  filled_ = false;
  next_ = 0;
  context_.Release(charged_);
  charged_ = 0;
}

absl::StatusOr<WindowOperator::Read> WindowOperator::ReadRow(const Call& call, const Row& row) {
  Read read;
  for (const plan::ExpressionPtr& key : call.partition_by) {
    FASTI_ASSIGN_OR_RETURN(read.partition.emplace_back(), evaluator_.Evaluate(*key, row));
  }
  for (const plan::Sort::Key& key : call.order_by) {
    FASTI_ASSIGN_OR_RETURN(read.order.emplace_back(), evaluator_.Evaluate(*key.value, row));
  }
  for (const plan::ExpressionPtr& arg : call.args) {
    FASTI_ASSIGN_OR_RETURN(read.args.emplace_back(), evaluator_.Evaluate(*arg, row));
  }
  return read;
}

absl::Status WindowOperator::Fill() {
  reads_.resize(node_.calls.size());
  results_.resize(node_.calls.size());
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, input_->Next(&batch_));
    if (!more) break;
    FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
    size_t bytes = 0;
    for (size_t i = 0; i < batch_.size(); ++i) {
      const Row row{&batch_, i};
      for (size_t call = 0; call < node_.calls.size(); ++call) {
        FASTI_ASSIGN_OR_RETURN(Read read, ReadRow(node_.calls[call], row));
        for (const std::vector<Value>* values : {&read.partition, &read.order, &read.args}) {
          for (const Value& value : *values) bytes += ApproximateBytes(value);
        }
        reads_[call].push_back(std::move(read));
      }
      std::vector<Value>& kept = rows_.emplace_back();
      for (Slot slot : node_.carry) {
        kept.push_back(row[slot]);
        bytes += ApproximateBytes(kept.back());
      }
    }
    charged_ += bytes;
    FASTI_RETURN_IF_ERROR(context_.Charge(bytes));
  }
  for (size_t call = 0; call < node_.calls.size(); ++call) {
    absl::Status status = Compute(call);
    if (!status.ok()) return Located(std::move(status), node_.calls[call].place);
  }
  filled_ = true;
  return absl::OkStatus();
}

absl::Status WindowOperator::Compute(size_t call_number) {
  const Call& call = node_.calls[call_number];
  const std::vector<Read>& reads = reads_[call_number];
  std::vector<Value>& results = results_[call_number];
  results.resize(reads.size());
  absl::flat_hash_map<std::vector<Value>, std::vector<size_t>, KeyHash, KeySame> partitions;
  for (size_t row = 0; row < reads.size(); ++row) partitions[reads[row].partition].push_back(row);
  for (auto& [key, rows] : partitions) {
    // Rows that tie are ordered by what the call reads, so that its answers do not depend on the
    // order in which they came.
    std::stable_sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
      const auto order = CompareKeys(call.order_by, reads[a].order, reads[b].order);
      return order != 0 ? order < 0 : CompareValues(reads[a].args, reads[b].args) < 0;
    });
    FASTI_RETURN_IF_ERROR(ComputePartition(call, rows, reads, &results));
  }
  return absl::OkStatus();
}

absl::Status WindowOperator::ComputePartition(const Call& call, const std::vector<size_t>& rows,
                                              const std::vector<Read>& reads,
                                              std::vector<Value>* results) {
  FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
  Partition partition;
  partition.rows = rows;
  for (size_t row : rows) partition.args.push_back(reads[row].args);
  FASTI_RETURN_IF_ERROR(SetFrames(call, reads, &partition));
  std::vector<Value> values;
  if (call.function->form == function::Form::kWindow) {
    FASTI_ASSIGN_OR_RETURN(values,
                           call.function->evaluate_window(
                               {partition.args, partition.peers_from, partition.frame_from}));
  } else {
    FASTI_ASSIGN_OR_RETURN(values, Aggregate(call, partition));
  }
  for (size_t i = 0; i < rows.size(); ++i) (*results)[rows[i]] = std::move(values[i]);
  return absl::OkStatus();
}

// Without ORDER BY the frame is the partition; with it, everything up to the row and those that
// tie with it; ROWS n PRECEDING, the row and the n before it; RANGE d PRECEDING, by time.
absl::Status WindowOperator::SetFrames(const Call& call, const std::vector<Read>& reads,
                                       Partition* partition) {
  const size_t size = partition->rows.size();
  partition->peers_from.resize(size, 0);
  partition->frame_from.resize(size, 0);
  partition->frame_to.resize(size, size);
  if (!call.order_by.empty()) {
    const auto order_of = [&](size_t i) -> const std::vector<Value>& {
      return reads[partition->rows[i]].order;
    };
    for (size_t i = 1; i < size; ++i) {
      const bool ties = CompareKeys(call.order_by, order_of(i - 1), order_of(i)) == 0;
      partition->peers_from[i] = ties ? partition->peers_from[i - 1] : i;
    }
    for (size_t i = size; i-- > 0;) {
      const bool last = i + 1 == size || partition->peers_from[i + 1] == i + 1;
      partition->frame_to[i] = last ? i + 1 : partition->frame_to[i + 1];
    }
  }
  if (call.frame == Frame::kAll) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(const Value width, evaluator_.Evaluate(*call.preceding, Row{}));
  if (call.frame == Frame::kRange) return SetRange(call, width, reads, partition);
  if (!width.is(Value::Kind::kInt) || width.as_int() < 0) {
    return RunError("SyntaxError.InvalidArgumentType", call.place,
                    absl::StrCat("ROWS takes a number of rows, found ", FormatValue(width)));
  }
  const auto rows_before = static_cast<uint64_t>(width.as_int());
  for (size_t i = 0; i < size; ++i) {
    partition->frame_from[i] = i > rows_before ? i - rows_before : 0;
    partition->frame_to[i] = i + 1;
  }
  return absl::OkStatus();
}

// Where a row stands in the order of a RANGE: a number, or the instant at which its time begins.
// Null if it stands nowhere.
absl::StatusOr<Value> WindowOperator::PositionOf(const Value& key) {
  if (key.is_number()) return key;
  FASTI_ASSIGN_OR_RETURN(const std::optional<Period> period, function::AsPeriod(key, context_));
  return period.has_value() && period->has_start() ? Value(period->from) : Value();
}

// The position that lies `width` before another one in the order.
absl::StatusOr<Value> WindowOperator::Preceding(const Value& key, const Value& position,
                                                const Value& width, bool descending) {
  if (width.is(Value::Kind::kDuration) && !key.is_number()) {
    const auto direction =
        descending ? function::Direction::kForward : function::Direction::kBackward;
    FASTI_ASSIGN_OR_RETURN(
        const Instant bound,
        function::ShiftInstant(position.as_int(), width.as_duration(), direction));
    return Value(bound);
  }
  if (width.is_number() && key.is_number()) {
    return descending ? function::Add(position, width) : function::Subtract(position, width);
  }
  return function::OperandError("RANGE", "a duration before times, a number before numbers", width,
                                key);
}

absl::Status WindowOperator::SetRange(const Call& call, const Value& width,
                                      const std::vector<Read>& reads, Partition* partition) {
  if (call.order_by.size() != 1) {
    return RunError("SyntaxError.InvalidWindow", call.place, "RANGE needs one key in ORDER BY");
  }
  const bool descending = call.order_by[0].descending;
  const size_t size = partition->rows.size();
  std::vector<Value> positions;
  for (size_t row : partition->rows) {
    FASTI_ASSIGN_OR_RETURN(positions.emplace_back(), PositionOf(reads[row].order[0]));
  }
  // Rows are in order, so the first row of the frame only ever moves on.
  size_t from = 0;
  for (size_t i = 0; i < size; ++i) {
    partition->frame_from[i] = partition->peers_from[i];
    if (positions[i].is_null()) continue;
    FASTI_ASSIGN_OR_RETURN(const Value bound, Preceding(reads[partition->rows[i]].order[0],
                                                        positions[i], width, descending));
    const auto is_before = [&](const Value& position) {
      if (position.is_null()) return true;
      const auto order = ValueOrder(position, bound);
      return descending ? order > 0 : order < 0;
    };
    while (from < partition->peers_from[i] && is_before(positions[from])) ++from;
    partition->frame_from[i] = std::min(from, partition->peers_from[i]);
  }
  return absl::OkStatus();
}

// Frames never move back, so rows are only ever added while the start stays where it is.
absl::StatusOr<std::vector<Value>> WindowOperator::Aggregate(const Call& call,
                                                             const Partition& partition) {
  std::vector<Value> values;
  values.reserve(partition.rows.size());
  std::unique_ptr<function::Accumulator> accumulator;
  size_t from = 0;
  size_t to = 0;
  for (size_t i = 0; i < partition.rows.size(); ++i) {
    if (accumulator != nullptr && partition.frame_from[i] == from && partition.frame_to[i] == to) {
      values.push_back(values.back());
      continue;
    }
    if (accumulator == nullptr || partition.frame_from[i] != from) {
      FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
      accumulator = function::MakeAccumulator(*call.function, call.distinct, context_);
      from = to = partition.frame_from[i];
    }
    for (; to < partition.frame_to[i]; ++to) {
      FASTI_RETURN_IF_ERROR(accumulator->Add(partition.args[to]));
    }
    FASTI_ASSIGN_OR_RETURN(values.emplace_back(), accumulator->Finish());
  }
  return values;
}

absl::StatusOr<bool> WindowOperator::Next(Batch* out) {
  out->Clear();
  if (!filled_) FASTI_RETURN_IF_ERROR(Fill());
  for (; next_ < rows_.size() && !out->full(); ++next_) {
    out->AddRow();
    for (size_t i = 0; i < node_.carry.size(); ++i) {
      out->Put(node_.carry[i], std::move(rows_[next_][i]));
    }
    for (size_t call = 0; call < node_.calls.size(); ++call) {
      out->Put(node_.calls[call].slot, std::move(results_[call][next_]));
    }
  }
  return out->size() > 0;
}

}  // namespace fasti::exec
