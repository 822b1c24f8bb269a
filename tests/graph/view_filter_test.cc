#include "engine/graph/view_filter.h"

#include <memory>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/graph/catalog.h"
#include "fasti/relation.h"
#include "gtest/gtest.h"

namespace fasti::graph {
namespace {

// Periods near each other, with every kind of end and several precisions, so that borders meet.
Period RandomPeriod(std::mt19937_64& random, bool vague_ends) {
  constexpr Instant kDay = Instant{86'400} * 1'000'000;
  constexpr Precision kPrecisions[] = {Precision::kMicrosecond, Precision::kHour, Precision::kDay,
                                       Precision::kMonth, Precision::kYear};
  while (true) {
    const auto granule = [&] {
      const Instant instant =
          static_cast<Instant>(random() % 800) * kDay / 2 + static_cast<Instant>(random() % 3);
      return Period::Granule(instant, kPrecisions[random() % 5]);
    };
    Period period = Period::Between(granule(), granule());
    if (vague_ends && random() % 4 == 0) {
      period.from = kInstantMin;
      period.from_precision = random() % 2 == 0 ? Precision::kOpen : Precision::kUnknown;
    }
    if (vague_ends && random() % 4 == 0) {
      period.to = kInstantMax;
      period.to_precision = random() % 2 == 0 ? Precision::kOpen : Precision::kUnknown;
    }
    if (CheckPeriod(period).ok()) return period;
  }
}

bool PassesByDefinition(const ValidTest& test, const Period& valid) {
  switch (test.kind) {
    case ValidTest::Kind::kAt:
      return MayOverlap(valid, test.scope);
    case ValidTest::Kind::kDuring:
      return During(valid, test.scope) == Truth::kTrue;
    case ValidTest::Kind::kBefore:
      return Before(valid, test.scope) == Truth::kTrue;
    case ValidTest::Kind::kAfter:
      return After(valid, test.scope) == Truth::kTrue;
  }
  return false;
}

TEST(ViewFilterTest, RangesOfNumbersDecideAsTheComparisonsOfPeriodsDo) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  auto catalog = std::make_shared<Catalog>();
  std::vector<RelationId> relations;
  for (const RelationKind kind :
       {RelationKind::kUndeclared, RelationKind::kEvent, RelationKind::kMetric}) {
    RelationInfo info;
    info.name = absl::StrCat("relation ", RelationKindName(kind));
    info.kind = kind;
    relations.push_back(catalog->Put(info));
  }
  int passed = 0;
  for (int i = 0; i < 100'000; ++i) {
    const RelationId relation = relations[random() % relations.size()];
    Row row{.relation = Raw(relation)};
    row.known_to = kInstantMax;
    const Period told = RandomPeriod(random, true);
    SetRowValid(told, &row);
    View view;
    for (uint64_t tests = 1 + random() % 2; tests > 0; --tests) {
      ValidTest test{static_cast<ValidTest::Kind>(random() % 4), RandomPeriod(random, true)};
      test.scope.reading = static_cast<Reading>(random() % 3);
      view.valid.push_back(test);
    }
    const Period valid = told.As(catalog->ReadingOf(relation));
    bool expected = true;
    for (const ValidTest& test : view.valid) expected = expected && PassesByDefinition(test, valid);

    const ViewFilter filter(view, catalog, 1, {1, 1}, 0);
    ASSERT_EQ(filter.Passes(row), expected) << i;
    ASSERT_TRUE(!expected || filter.valid_ranges()->reaches.MayContain(row.from, row.duration))
        << i;
    // Also of a row without an end, the start alone tells.
    const ReachBounds& reaches = filter.valid_ranges()->reaches;
    ASSERT_TRUE(!expected || !told.has_start() ||
                (row.from >= reaches.least.start && row.from <= reaches.greatest.start))
        << i;
    const FromWindow& window = filter.valid_ranges()->windows[DurationClass(row)];
    ASSERT_TRUE(!expected || (row.from >= window.min && row.from <= window.max)) << i;
    passed += expected ? 1 : 0;
  }
  EXPECT_GT(passed, 1000);
}

TEST(ViewFilterTest, WithinAMonthNoRowsOfAClassOfLongerOnesAreLookedAt) {
  constexpr uint64_t kDay = uint64_t{86'400} * 1'000'000;
  const Period january = Period::Granule(0, Precision::kMonth);  // January 1970
  const ClassWindows windows = WindowsOf({{ValidTest::Kind::kDuring, january}});
  for (uint8_t c = 1; c < kClassOpen; ++c) {
    EXPECT_EQ(windows[c].empty(), ClassBound(c - 1) > 31 * kDay) << static_cast<int>(c);
  }
}

}  // namespace
}  // namespace fasti::graph
