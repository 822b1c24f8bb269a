#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "engine/codec/post_key.h"
#include "engine/graph/block_directory.h"
#include "engine/graph/radix_sort.h"
#include "engine/graph/view_filter.h"

namespace fasti::graph {

// Rows of a block, `end` excluded.
struct RowRange {
  size_t begin;
  size_t end;
};

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

// The timelines of busy entities: of those that have facts in several blocks of the base.  They
// hold the rows up to one base, as a BlockDirectory does.  What was not asked for longest makes
// room.
//
// All methods may be called from several threads at once.
class Timelines {
 public:
  explicit Timelines(size_t bytes_max) : bytes_max_(bytes_max) {}
  Timelines(const Timelines&) = delete;
  Timelines& operator=(const Timelines&) = delete;

  // Null if there is none.
  std::shared_ptr<const Timeline> Find(codec::Order order, uint64_t anchor);

  // Tells that a question passed so many blocks of an entity without a timeline.  True if one is
  // worth making, which costs about as much as two such questions: at once as long as there is
  // room, else the second time, so that entities asked about once do not displace the others.
  bool IsWorthMaking(codec::Order order, uint64_t anchor, size_t blocks);
  void Insert(codec::Order order, uint64_t anchor, std::shared_ptr<const Timeline> timeline);

 private:
  using Key = std::pair<codec::Order, uint64_t>;
  using Generation = absl::flat_hash_map<Key, std::shared_ptr<const Timeline>>;

  const size_t bytes_max_;
  absl::Mutex mutex_;
  // What was used since `young_` was begun, and what was used before and not since.
  Generation young_ ABSL_GUARDED_BY(mutex_);
  Generation old_ ABSL_GUARDED_BY(mutex_);
  size_t young_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_set<Key> passed_ ABSL_GUARDED_BY(mutex_);  // once, when there was no room
};

}  // namespace fasti::graph
