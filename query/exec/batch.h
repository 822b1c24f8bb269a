#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "engine/base/check.h"
#include "fasti/value.h"
#include "query/exec/column.h"
#include "query/plan/expression.h"

namespace fasti::exec {

using plan::kNoSlot;
using plan::Slot;

inline constexpr size_t kBatchRows = 1024;

// Up to 1,024 rows, a column per slot.  A column is either full or empty: the optimizer finds out
// which slots anybody reads, and the others are never filled.
class Batch {
 public:
  explicit Batch(int width) : columns_(width) {}

  size_t size() const { return rows_; }
  bool full() const { return rows_ >= rows_max_; }
  size_t room() const { return full() ? 0 : rows_max_ - rows_; }
  int width() const { return static_cast<int>(columns_.size()); }

  // REQUIRES: the slot is filled.
  Value at(Slot slot, size_t row) const { return columns_[slot].at(row); }
  Value Take(Slot slot, size_t row) { return columns_[slot].Take(row); }
  const Column& column(Slot slot) const { return columns_[slot]; }

  void Clear() {
    for (Column& column : columns_) column.Clear();
    rows_ = 0;
    rows_max_ = kBatchRows;
  }
  // Is full earlier, until it is cleared: for who may not want that many.
  void LimitRows(size_t rows_max) { rows_max_ = rows_max; }

  // Adds a row that holds `carry` of row `row` of another batch.  Its other slots are then filled
  // by Put.
  void AddRow(const Batch& from, size_t row, absl::Span<const Slot> carry) {
    for (Slot slot : carry) columns_[slot].PushFrom(from.columns_[slot], row);
    ++rows_;
  }
  void AddRow() { ++rows_; }
  // Fills a slot of the last row with a value, a node or a fact.  Nothing happens for kNoSlot,
  // which stands for a value that nobody reads.
  template <typename T>
  void Put(Slot slot, T&& value) {
    if (slot == kNoSlot) return;
    FASTI_DCHECK(columns_[slot].size() + 1 == rows_);
    columns_[slot].Push(std::forward<T>(value));
  }
  // The same with what a row of another batch holds in that slot.
  void PutFrom(Slot slot, const Batch& from, size_t row) {
    if (slot == kNoSlot) return;
    FASTI_DCHECK(columns_[slot].size() + 1 == rows_);
    columns_[slot].PushFrom(from.columns_[slot], row);
  }
  // Adds rows at once, which hold `carry` of one row of another batch, or nothing.
  void AddRows(size_t count, const Batch& from, size_t row, absl::Span<const Slot> carry) {
    for (Slot slot : carry) {
      for (size_t i = 0; i < count; ++i) columns_[slot].PushFrom(from.columns_[slot], row);
    }
    rows_ += count;
  }
  void AddRows(size_t count) { rows_ += count; }
  // Fills a slot of the first row that lacks it, or those of as many rows as there are values.
  template <typename T>
  void Append(Slot slot, T&& value) {
    if (slot == kNoSlot) return;
    columns_[slot].Push(std::forward<T>(value));
    FASTI_DCHECK(columns_[slot].size() <= rows_);
  }
  // Whether the last row has the slot already.
  bool IsPut(Slot slot) const { return columns_[slot].size() == rows_; }

  // Puts a whole column and takes the one that was there, for its room.
  // REQUIRES: column->size() == size().
  void SwapColumn(Slot slot, Column* column) {
    FASTI_DCHECK(column->size() == rows_);
    std::swap(columns_[slot], *column);
  }
  void CopyColumn(Slot from, Slot to) { columns_[to] = columns_[from]; }

  // Keeps the rows whose numbers are given, in that order.  REQUIRES: ascending.
  void Keep(const std::vector<size_t>& rows);
  // Drops the first `count` rows, or all after the first `count`.
  void DropFront(size_t count);
  void Truncate(size_t count);

 private:
  std::vector<Column> columns_;
  size_t rows_ = 0;
  size_t rows_max_ = kBatchRows;
};

// One row of a batch, valid as long as the batch stays as it is.
struct Row {
  const Batch* batch = nullptr;
  size_t index = 0;
  Value operator[](Slot slot) const { return batch->at(slot, index); }
  // Without making a value: null and nullopt if the slot holds something else.
  const Fact* fact(Slot slot) const { return batch->column(slot).fact(index); }
  std::optional<EntityId> node(Slot slot) const { return batch->column(slot).node(index); }
};

// Calls `see` with every relationship in some slots of a row, in order: a slot holds one, or the
// list of those that a variable-length step took.
template <typename See>
void ForEachFact(const Row& row, absl::Span<const Slot> slots, See see) {
  for (Slot slot : slots) {
    if (const Fact* fact = row.fact(slot)) {
      see(*fact);
      continue;
    }
    const Value value = row[slot];
    if (!value.is(Value::Kind::kList)) continue;
    for (const Value& hop : value.as_list()) {
      if (hop.is(Value::Kind::kFact)) see(*hop.as_fact());
    }
  }
}

// About how much memory a value takes, or the values of a column.
size_t ApproximateBytes(const Value& value);
size_t ApproximateBytes(const Column& column);

}  // namespace fasti::exec
