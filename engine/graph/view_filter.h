#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/graph/catalog.h"
#include "engine/model/row.h"
#include "fasti/pattern.h"
#include "fasti/period.h"

namespace fasti::graph {

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

// The recorded axis of a view, in sequences: a version passes if it was recorded by `last` and not
// yet gone at `first`.
struct RecordedRange {
  Sequence first = 0;
  Sequence last = 0;
};

// Decides row by row what a view shows.  Made once per scan.
class ViewFilter {
 public:
  // `sequence` is the state asked, `recorded` its view's recorded axis within that state.
  ViewFilter(const View& view, std::shared_ptr<const Catalog> catalog, Sequence sequence,
             RecordedRange recorded, Instant now);

  bool Passes(const Row& row) const {
    return PassesRecorded(row) && row.known_from < known_.to && row.known_to > known_.from &&
           (tests_.empty() || PassesValid(row));
  }
  bool has_valid_tests() const { return !tests_.empty(); }
  const ClassWindows& windows() const { return windows_; }

  // The row as a fact of the state: a later retraction does not show.
  Fact ToFact(const Row& row) const;

 private:
  struct KnownRange {
    Instant from;
    Instant to;
  };

  bool PassesRecorded(const Row& row) const {
    // A retraction after the state at `sequence` is not part of it.
    return row.version <= recorded_.last &&
           (row.gone == 0 || row.gone > sequence_ || row.gone > recorded_.first);
  }
  bool PassesValid(const Row& row) const;

  std::shared_ptr<const Catalog> catalog_;
  Sequence sequence_;
  RecordedRange recorded_;
  KnownRange known_;
  std::vector<ValidTest> tests_;
  ClassWindows windows_;
};

}  // namespace fasti::graph
