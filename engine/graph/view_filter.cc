#include "engine/graph/view_filter.h"

#include <algorithm>
#include <utility>

// How a condition on valid time becomes a short range of keys.  In a duration class every row is at
// most `bound` long, so a row that overlaps [a, b) begins in (a - bound, b); the conditions that
// hold "surely" fix the start more tightly, the tighter the longer the rows of the class are at
// least: none of a year lies within a month.  The ranges are kept one microsecond wider than they
// could be, so that they do not depend on which border instants the comparisons of vague periods
// count in: the row filter decides, the ranges only save reading.

namespace fasti::graph {

namespace {

// Sums that stop at the ends of time instead of wrapping.
Instant Minus(Instant instant, uint64_t duration) {
  const Instant room = kInstantMin;
  // The distance to the beginning of time fits into uint64.
  const uint64_t distance = static_cast<uint64_t>(instant) - static_cast<uint64_t>(room);
  return duration >= distance ? kInstantMin
                              : static_cast<Instant>(static_cast<uint64_t>(instant) - duration);
}
Instant Below(Instant instant) {
  return instant == kInstantMin ? instant : instant - 1;
}
Instant Above(Instant instant) {
  return instant == kInstantMax ? instant : instant + 1;
}

// That of the rows of a class; 0 where the column `from` is not a start with an end behind it.
uint64_t LeastDuration(int duration_class) {
  if (duration_class == 0 || duration_class >= kClassOpen) return 0;
  return ClassBound(static_cast<uint8_t>(duration_class - 1));
}

// The range of starts, and for rows without one the range of ends, that `test` leaves.
FromWindow WindowOf(const ValidTest& test, int duration_class) {
  const Period& scope = test.scope;
  const bool no_start = duration_class == kClassNoStart;  // `from` holds the end
  const bool no_end = duration_class == kClassOpen;
  switch (test.kind) {
    case ValidTest::Kind::kAt:
      if (no_start) return {Below(scope.from), kInstantMax};
      return {no_end ? kInstantMin
                     : Below(Minus(scope.from, ClassBound(static_cast<uint8_t>(duration_class)))),
              scope.to};
    case ValidTest::Kind::kDuring:
      if (no_start) return {kInstantMin, Above(scope.to)};
      return {Below(scope.from), Above(Minus(scope.to, LeastDuration(duration_class)))};
    case ValidTest::Kind::kBefore:
      return {kInstantMin, Above(Minus(scope.from, LeastDuration(duration_class)))};
    case ValidTest::Kind::kAfter:
      if (no_start) return {};
      return {Below(Below(scope.to)), kInstantMax};
  }
  return {};
}

}  // namespace

ReachBounds BoundsOf(const std::vector<ValidTest>& tests) {
  ReachBounds bounds;
  Reach& least = bounds.least;
  Reach& greatest = bounds.greatest;
  for (const ValidTest& test : tests) {
    const InstantRange start = StartRange(test.scope);
    const InstantRange end = EndRange(test.scope);
    switch (test.kind) {
      case ValidTest::Kind::kAt:
        greatest.start = std::min(greatest.start, Below(end.latest));
        least.end = std::max(least.end, Above(start.earliest));
        break;
      case ValidTest::Kind::kDuring:
        least.start = std::max(least.start, start.latest);
        greatest.end = std::min(greatest.end, end.earliest);
        break;
      case ValidTest::Kind::kBefore:
        greatest.end = std::min(greatest.end, start.earliest);
        break;
      case ValidTest::Kind::kAfter:
        least.start = std::max(least.start, end.latest);
        break;
    }
  }
  // Such ends may lie anywhere, up to the first and the last instant that an end can have.
  bounds.may_lack_start = least.start <= kInstantMin + 1;
  bounds.may_lack_end = greatest.end >= kInstantMax - 1;
  // Nothing begins behind its end: what ends early began early.
  greatest.start = std::min(greatest.start, greatest.end);
  return bounds;
}

ClassWindows WindowsOf(const std::vector<ValidTest>& tests) {
  ClassWindows windows;
  for (int c = 0; c < kClassCount; ++c) {
    FromWindow& window = windows[static_cast<size_t>(c)];
    for (const ValidTest& test : tests) {
      const FromWindow other = WindowOf(test, c);
      window.min = std::max(window.min, other.min);
      window.max = std::min(window.max, other.max);
    }
  }
  const ReachBounds bounds = BoundsOf(tests);
  const FromWindow empty{kInstantMax, kInstantMin};
  if (!bounds.may_lack_start) windows[kClassNoStart] = empty;
  if (!bounds.may_lack_end) windows[kClassOpen] = empty;
  return windows;
}

KnownRange KnownRangeOf(const View& view, Instant now) {
  return view.as_of.has_value() ? KnownRange{view.as_of->from, view.as_of->to}
                                : KnownRange{now, Above(now)};
}

// A retraction after the state at `sequence` is not part of it.
ViewFilter::ViewFilter(const View& view, std::shared_ptr<const Catalog> catalog, Sequence sequence,
                       RecordedRange recorded, Instant now,
                       std::shared_ptr<const Identity> identity)
    : catalog_(std::move(catalog)),
      sequence_(sequence),
      recorded_{std::min(recorded.first, sequence), recorded.last},
      known_(KnownRangeOf(view, now)),
      has_tests_(!view.valid.empty()),
      identity_(std::move(identity)) {
  if (has_tests_) ranges_ = {BoundsOf(view.valid), WindowsOf(view.valid)};
}

Reach ReachOf(const Period& valid) {
  // Where both ends were told, or the end is open and the row no event, vagueness does not move
  // the outermost instants: most rows need no more than comparisons.
  if (valid.has_start() && (valid.has_end() || (valid.to_precision == Precision::kOpen &&
                                                valid.reading != Reading::kEvent))) {
    return {valid.from, valid.to};
  }
  return {StartRange(valid).earliest, EndRange(valid).latest};
}

bool ViewFilter::PassesHalfTold(const Row& row) const {
  const Period valid = RowValid(row, catalog_->ReadingOf(static_cast<RelationId>(row.relation)));
  return ranges_.reaches.Contain(ReachOf(valid));
}

bool ViewFilter::PassesHalfTold(const codec::BlockReader& block, size_t i) const {
  return PassesHalfTold(
      {.relation = block.relation(i), .flags = block.flags(i), .from = block.from(i)});
}

Fact ViewFilter::ToFact(const Row& row) const {
  Fact fact = fasti::ToFact(row, catalog_->ReadingOf(static_cast<RelationId>(row.relation)));
  if (fact.gone > sequence_) fact.gone = 0;
  // Of a statement that two are one it is told which two.
  if (identity_ != nullptr && fact.relation != kSameAs) {
    fact.subject = One(fact.subject);
    fact.object = One(fact.object);
  }
  return fact;
}

}  // namespace fasti::graph
