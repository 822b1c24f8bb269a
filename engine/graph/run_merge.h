#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/graph/row_layout.h"
#include "engine/graph/sorted_run.h"

namespace fasti::graph {

// Merges runs by a tournament: each inner node keeps the loser of its match, so that a new row
// plays once per level.
class RunMerge {
 public:
  // Packs rows in a layout that fits all runs, and keeps about so many bytes of them.
  RunMerge(const RowLayout& layout, size_t bytes) : layout_(layout), bytes_(bytes) {}

  // Takes part of a run, which must outlive the merge.
  void Add(const SortedRun& run, uint64_t begin, uint64_t end) {
    parts_.push_back({&run, begin, end});
  }
  // Some packed rows, in ascending order; none at the end.  They hold until the next call.
  absl::StatusOr<absl::Span<const uint64_t>> Next();

  const RowLayout& layout() const { return layout_; }
  static constexpr size_t kRowsAtOnce = 2048;

 private:
  static constexpr size_t kNobody = std::numeric_limits<size_t>::max();
  struct Part {
    const SortedRun* run = nullptr;
    uint64_t begin = 0, end = 0;
  };

  absl::Status Start();
  void Play(size_t i);

  const RowLayout layout_;
  const size_t bytes_;
  std::vector<Part> parts_;
  bool has_started_ = false;
  RowColumns recoding_;
  std::vector<std::unique_ptr<SortedRun::Reader>> readers_;
  std::vector<const uint64_t*> heads_;  // the row of each; null at its end
  std::vector<size_t> losers_;
  size_t winner_ = kNobody;
  std::vector<uint64_t> packed_;
};

}  // namespace fasti::graph
