#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/graph/block_directory.h"
#include "engine/graph/catalog.h"
#include "engine/graph/identity.h"
#include "engine/model/row.h"
#include "fasti/pattern.h"
#include "fasti/period.h"

namespace fasti::graph {

// The earliest instant at which the start of a period may lie, and the latest of its end.  Every
// condition on valid time turns on these two alone (see engine/model/period.cc).
struct Reach {
  Instant start = kInstantMin;
  Instant end = kInstantMax;
};
Reach ReachOf(const Period& valid);

// The reaches that pass some conditions on valid time, all ends included.
struct ReachBounds {
  Reach least = {kInstantMin, kInstantMin};
  Reach greatest = {kInstantMax, kInstantMax};
  // Whether a row may pass that has no known start, or none of its end.
  bool may_lack_start = true;
  bool may_lack_end = true;

  bool Contain(Reach reach) const {
    return least.start <= reach.start && reach.start <= greatest.start && least.end <= reach.end &&
           reach.end <= greatest.end;
  }
  // By two columns of a row (see Row), without a branch: false only for a row that does not pass,
  // and true for a row with a duration only if it passes.
  // A row with a duration has both ends, and vagueness does not move its outermost instants.
  bool MayContain(Instant from, uint64_t duration) const {
    const auto end = static_cast<Instant>(static_cast<uint64_t>(from) + duration);
    const int start_fits = (from >= least.start) & (from <= greatest.start);
    const int end_fits = (end >= least.end) & (end <= greatest.end);
    const int half_told_fits = (duration == 0) & (may_lack_start | may_lack_end);
    return ((start_fits & end_fits & (duration != 0)) | half_told_fits) != 0;
  }
};
ReachBounds BoundsOf(const std::vector<ValidTest>& tests);

// A range of the column `from`, both ends included.
struct FromWindow {
  Instant min = kInstantMin;
  Instant max = kInstantMax;
  bool empty() const { return min > max; }
};

// The ranges of `from`, by duration class, outside of which no row passes a condition on valid
// time; what lies inside may still fail it.
using ClassWindows = std::array<FromWindow, kClassCount>;
ClassWindows WindowsOf(const std::vector<ValidTest>& tests);

// Conditions on valid time as ranges of numbers.
struct ValidRanges {
  ReachBounds reaches;
  ClassWindows windows;
};

// The recorded axis of a view, in sequences: a version passes if it was recorded by `last` and not
// yet gone at `first`.
struct RecordedRange {
  Sequence first = 0;
  Sequence last = 0;
};
inline bool IsRecorded(const Row& row, const RecordedRange& recorded) {
  return row.version <= recorded.last && (row.gone == 0 || row.gone > recorded.first);
}

// The known axis of a view: a version passes if it is known at some instant of [from, to).
struct KnownRange {
  Instant from = kInstantMin;
  Instant to = kInstantMax;
};
inline bool IsKnown(const Row& row, const KnownRange& known) {
  return row.known_from < known.to && row.known_to > known.from;
}
// `now` is what it means to who asks.
KnownRange KnownRangeOf(const View& view, Instant now);

// Decides row by row what a view shows.  Made once per scan.
class ViewFilter {
 public:
  // `sequence` is the state asked, `recorded` its view's recorded axis within that state, and
  // `identity` tells which entities are one in it, null: none.
  ViewFilter(const View& view, std::shared_ptr<const Catalog> catalog, Sequence sequence,
             RecordedRange recorded, Instant now,
             std::shared_ptr<const Identity> identity = nullptr);

  bool Passes(const Row& row) const {
    return IsRecorded(row, recorded_) && IsKnown(row, known_) &&
           (!has_tests_ || (row.duration != 0 ? ranges_.reaches.MayContain(row.from, row.duration)
                                              : PassesHalfTold(row)));
  }
  // True only if every row of the block passes that passes the conditions on valid time.
  bool PassesAllButValid(const StoredBlock& block) const {
    return block.reader().gone_rows() == 0 && block.reader().ended_rows() == 0 &&
           block.greatest_version() <= recorded_.last && block.greatest_known_from() < known_.to &&
           known_.from < kInstantMax;
  }
  // Whether a row that a RunCursor chose for the valid ranges passes the conditions on valid time.
  bool PassesValid(const codec::BlockReader& block, size_t i) const {
    return !has_tests_ || block.duration(i) != 0 || PassesHalfTold(block, i);
  }
  // What lets a reader pass over rows without looking at them closely; null if all of valid time
  // is asked for.
  const ValidRanges* valid_ranges() const { return has_tests_ ? &ranges_ : nullptr; }

  const Identity* identity() const { return identity_.get(); }
  // The number under which an entity is given out.
  EntityId One(EntityId entity) const {
    return identity_ == nullptr ? entity : identity_->Of(entity);
  }
  Term One(Term object) const {
    return identity_ == nullptr || !object.is_entity()
               ? object
               : Term::Entity(identity_->Of(object.entity()));
  }
  // The row as a fact of the state: a later retraction does not show.
  Fact ToFact(const Row& row) const;

 private:
  // By valid time, for a row without a duration.
  bool PassesHalfTold(const Row& row) const;
  bool PassesHalfTold(const codec::BlockReader& block, size_t i) const;

  std::shared_ptr<const Catalog> catalog_;
  Sequence sequence_;
  RecordedRange recorded_;
  KnownRange known_;
  bool has_tests_;
  ValidRanges ranges_;
  std::shared_ptr<const Identity> identity_;
};

}  // namespace fasti::graph
