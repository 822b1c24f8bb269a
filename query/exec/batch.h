#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "engine/base/check.h"
#include "fasti/value.h"
#include "query/plan/expression.h"

namespace fasti::exec {

using plan::kNoSlot;
using plan::Slot;

inline constexpr size_t kBatchRows = 1024;

// Up to 1,024 rows, a column of values per slot.  A column is either full or empty: the optimizer
// finds out which slots anybody reads, and the others are never filled.
class Batch {
 public:
  explicit Batch(int width) : columns_(width) {}

  size_t size() const { return rows_; }
  bool full() const { return rows_ >= kBatchRows; }
  int width() const { return static_cast<int>(columns_.size()); }

  // REQUIRES: the slot is filled.
  const Value& at(Slot slot, size_t row) const {
    FASTI_DCHECK(row < columns_[slot].size());
    return columns_[slot][row];
  }
  bool Has(Slot slot) const { return columns_[slot].size() == rows_; }

  void Clear() {
    for (std::vector<Value>& column : columns_) column.clear();
    rows_ = 0;
  }

  // Adds a row that holds `carry` of row `row` of another batch.  Its other slots are then filled
  // by Put.
  void AddRow(const Batch& from, size_t row, absl::Span<const Slot> carry) {
    for (Slot slot : carry) columns_[slot].push_back(from.at(slot, row));
    ++rows_;
  }
  void AddRow() { ++rows_; }
  // Fills a slot of the last row.  Nothing happens for kNoSlot, which stands for a value that
  // nobody reads.
  void Put(Slot slot, Value value) {
    if (slot == kNoSlot) return;
    FASTI_DCHECK(columns_[slot].size() + 1 == rows_);
    columns_[slot].push_back(std::move(value));
  }
  // Whether the last row has the slot already.
  bool IsPut(Slot slot) const { return columns_[slot].size() == rows_; }

  // Puts a whole column.  REQUIRES: values.size() == size().
  void SetColumn(Slot slot, std::vector<Value> values) {
    FASTI_DCHECK(values.size() == rows_);
    columns_[slot] = std::move(values);
  }
  const std::vector<Value>& column(Slot slot) const { return columns_[slot]; }
  void Replace(Slot slot, size_t row, Value value) { columns_[slot][row] = std::move(value); }

  // Keeps the rows whose numbers are given, in that order.  REQUIRES: ascending.
  void Keep(const std::vector<size_t>& rows);
  // Drops the first `count` rows, or all after the first `count`.
  void DropFront(size_t count);
  void Truncate(size_t count);

 private:
  std::vector<std::vector<Value>> columns_;
  size_t rows_ = 0;
};

// One row of a batch, valid as long as the batch stays as it is.
struct Row {
  const Batch* batch = nullptr;
  size_t index = 0;
  const Value& operator[](Slot slot) const { return batch->at(slot, index); }
};

// Calls `see` with every relationship in some slots of a row, in order: a slot holds one, or the
// list of those that a variable-length step took.
template <typename See>
void ForEachFact(const Row& row, absl::Span<const Slot> slots, See see) {
  const auto see_fact = [&see](const Value& value) {
    if (value.is(Value::Kind::kFact)) see(*value.as_fact());
  };
  for (Slot slot : slots) {
    see_fact(row[slot]);
    if (!row[slot].is(Value::Kind::kList)) continue;
    for (const Value& hop : row[slot].as_list()) see_fact(hop);
  }
}

// About how much memory a value takes.
size_t ApproximateBytes(const Value& value);

}  // namespace fasti::exec
