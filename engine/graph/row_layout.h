#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "engine/codec/post_key.h"
#include "engine/codec/row_columns.h"

namespace fasti::graph {

using codec::RowColumn;
using codec::RowColumns;

// What a RowLayout keeps of a row: all columns but the last two.
inline constexpr int kPackedColumns = 10;

// The least and the greatest value of each column of some rows.
//
// REQUIRES of rows: gone = 0, lineage = version.
class RowRanges {
 public:
  RowRanges();

  void Include(const RowColumns& rows);
  void Include(const RowRanges& other);
  bool Contain(const RowRanges& other) const;
  // Leaves room for values that may still come, at the cost of a bit or two for each column that
  // varies.
  void Widen();
  // Rows have versions within these and no others.
  void SetVersions(uint64_t least, uint64_t greatest);

  uint64_t least(RowColumn column) const { return least_[static_cast<int>(column)]; }
  uint64_t range(RowColumn column) const;
  // A day, a second or a microsecond, of which every instant and duration of kFrom and kDuration is
  // a multiple.
  uint64_t unit() const { return unit_; }

 private:
  void Include(RowColumn column, uint64_t least, uint64_t greatest);

  // kFrom leaves out kInstantMax, which stands for "no time".
  std::array<uint64_t, kPackedColumns> least_;
  std::array<uint64_t, kPackedColumns> greatest_;
  uint64_t unit_;
};

// A row as one large number that sorts as its key does in an order: bit fields from the highest bit
// on, those of the key first, then the rest of the row.  A field holds the distance of a value from
// the least one, times in the unit of the ranges, and is as wide as they ask for: a row of days
// takes two words of 64 bits, where a Row takes ten.
//
// The numbers are read by the process that made them, so they have no format to keep.
class RowLayout {
 public:
  RowLayout() = default;
  // Fits every row within `ranges`.  REQUIRES: not the order ID.
  RowLayout(codec::Order order, const RowRanges& ranges);

  // Of a number, the highest first.
  size_t words() const { return words_; }
  static constexpr size_t kWordsMax = 8;
  size_t bits() const { return bits_; }

  // `out` has room for words() of each row.
  void Pack(const RowColumns& rows, uint64_t* out) const;
  // As many rows as there are in `rows`.
  void Unpack(const uint64_t* in, RowColumns* rows) const;

  friend bool operator==(const RowLayout&, const RowLayout&) = default;

 private:
  struct Field {
    RowColumn column = RowColumn::kSubject;
    int width = 0;
    size_t word = 0;  // where it begins
    int room = 0;     // bits of that word from there on; the rest is in the next word
    friend bool operator==(const Field&, const Field&) = default;
  };

  void Add(RowColumn column, uint64_t distance_max);
  void FindDistances(const Field& field, absl::Span<const uint64_t> values, uint64_t* out) const;

  std::array<Field, kPackedColumns> fields_;  // from the highest bit on
  size_t field_count_ = 0;
  size_t words_ = 1;
  size_t bits_ = 0;
  std::array<uint64_t, kPackedColumns> least_{};
  uint64_t unit_ = 1;
  uint64_t timeless_ = 0;  // stands for kInstantMax in kFrom
};

}  // namespace fasti::graph
