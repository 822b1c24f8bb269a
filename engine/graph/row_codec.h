#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "engine/model/row.h"

namespace fasti::graph {

// Rows of a sorted run in a scratch file: each takes the same number of bytes, so that a run can be
// searched, and no more of them than the values of the run need.  A column is kept as distances
// from its least value, times as multiples of a day or a second where all of them are.  Distances
// sort as their values do.
//
// The bytes are read by the process that wrote them, so they have no format to keep.
// REQUIRES of rows: gone = 0, lineage = version.
class RowCodec {
 public:
  enum Column {
    kSubject,
    kObject,
    kVersion,
    kRelation,
    kFlags,
    kFrom,
    kDuration,
    kKnownFrom,
    kKnownTo,
    kColumns
  };
  using Values = std::array<uint64_t, kColumns>;

  RowCodec() = default;
  explicit RowCodec(absl::Span<const Row> rows);  // fits these rows and no others

  uint64_t Distance(Column column, const Row& row) const;
  uint64_t distance_max(Column column) const { return distance_max_[column]; }

  size_t row_bytes() const { return row_bytes_; }
  // Writes row_bytes() bytes, and spoils up to kSpill behind them.
  void Encode(const Row& row, char* out) const;
  // Reads row_bytes() bytes; kSpill more must be there.
  Row Decode(const char* in) const;
  static constexpr size_t kSpill = sizeof(uint64_t);

 private:
  uint64_t FromDistance(uint64_t from) const;

  Values base_{};
  Values distance_max_{};
  Values mask_{};
  std::array<uint8_t, kColumns> bytes_{};
  uint64_t unit_ = 1;  // of kFrom and kDuration
  size_t row_bytes_ = 0;
};

}  // namespace fasti::graph
