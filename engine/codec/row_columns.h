#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "engine/codec/post_key.h"
#include "engine/model/row.h"

namespace fasti::codec {

// The columns of rows, and the duration class, which follows from them but is what rows are sorted
// by.
enum class RowColumn : uint8_t {
  kSubject,
  kObject,
  kVersion,
  kRelation,
  kClass,
  kFlags,
  kFrom,
  kDuration,
  kKnownFrom,
  kKnownTo,
  kGone,
  kLineage,
};
inline constexpr int kRowColumns = 12;

// Rows by columns, for work that passes over one column after the other.  Instants are told as
// unsigned numbers that sort as they do.
class RowColumns {
 public:
  RowColumns() = default;
  explicit RowColumns(absl::Span<const Row> rows);

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void Reserve(size_t rows);
  // New rows have any values.
  void Resize(size_t rows);
  void Clear() { Resize(0); }
  void Add(const Row& row);
  // REQUIRES for the next two: not its own rows; begin <= end <= rows.size().
  void Append(const RowColumns& rows, size_t begin, size_t end);
  // The same of what IdRow makes of them.
  void AppendIds(const RowColumns& rows, size_t begin, size_t end);
  void RemoveLast() { Resize(size_ - 1); }
  void RemoveFirst(size_t rows);
  // Gives the rows versions from `first` on, as the first of their facts.
  void Number(uint64_t first);

  // REQUIRES for the rest: i < size().
  Row row(size_t i) const;
  PostKey key(Order order, size_t i) const;
  bool IsHeld(Order order, size_t i) const;  // OrderHolds of the row

  absl::Span<const uint64_t> operator[](RowColumn column) const {
    return {columns_[static_cast<int>(column)].data(), size_};
  }
  absl::Span<uint64_t> operator[](RowColumn column) {
    return {columns_[static_cast<int>(column)].data(), size_};
  }

 private:
  uint64_t at(RowColumn column, size_t i) const { return (*this)[column][i]; }

  std::array<std::vector<uint64_t>, kRowColumns> columns_;
  size_t size_ = 0;
};

// EncodeBlock of rows [begin, end).
std::string EncodeBlock(const RowColumns& rows, size_t begin, size_t end);

}  // namespace fasti::codec
