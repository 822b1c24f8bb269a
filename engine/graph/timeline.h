#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/graph/block_directory.h"
#include "engine/graph/radix_sort.h"
#include "engine/graph/view_filter.h"

namespace fasti::graph {

// The facts of one entity once more, in memory, by duration class and start whatever their
// relation.  The blocks of the store keep them by relation first: with a hundred relations a window
// of a month is a hundred short stretches there for each class, and one here.
class Timeline {
 public:
  // Rows `begin` to `end` of the block are of one class and ascend by the column `from`.
  struct Part {
    uint8_t duration_class;
    uint16_t begin, end;
    Instant first, last;  // of `from`
    std::shared_ptr<const StoredBlock> block;
  };

  const Part& part(size_t i) const { return parts_[i]; }
  size_t parts() const { return parts_.size(); }
  // The first part from `i` on of which rows may lie within the windows; parts() if there is none.
  size_t NextWithin(const ClassWindows& windows, size_t i) const;
  // Those rows of a part.
  RowRange RowsWithin(const ClassWindows& windows, size_t i) const;

  size_t bytes() const { return bytes_; }

 private:
  friend class TimelineBuilder;

  std::vector<Part> parts_;  // ascending by class, then by start
  size_t bytes_ = 0;
};

// Makes the timeline of the rows it is shown.
class TimelineBuilder {
 public:
  // No row twice.
  void Add(std::shared_ptr<const StoredBlock> block, absl::Span<const uint16_t> rows);
  absl::StatusOr<std::shared_ptr<const Timeline>> Build();

 private:
  // The start of a row, so that it sorts unsigned, and where the row is: block << 16 | row.
  using Place = RadixSort<2>::Number;

  static void Sort(std::vector<Place>* places);
  absl::Status AddBlock(absl::Span<const Row> rows, Timeline* timeline) const;

  std::vector<std::shared_ptr<const StoredBlock>> blocks_;
  std::array<std::vector<Place>, kClassCount> classes_;
};

}  // namespace fasti::graph
