#include "engine/graph/timeline.h"

#include <algorithm>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/random_rows.h"

namespace fasti::graph {
namespace {

using ::testing::ContainerEq;

TEST(TimelineTest, OfEveryClassTheRowsWithinItsWindowAreFoundAndNoOthers) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  for (const size_t count : {size_t{1}, size_t{300}, size_t{3000}}) {
    const std::vector<Row> rows = RandomRows(count, random);
    const auto timeline = TimelineOf(BlocksOf(rows, random));
    for (int question = 0; question < 200; ++question) {
      const ClassWindows windows = WindowsOf(RandomTests(random));
      std::vector<uint64_t> expected, found;
      for (const Row& row : rows) {
        const FromWindow& window = windows[DurationClass(row)];
        if (row.from >= window.min && row.from <= window.max) expected.push_back(row.version);
      }
      for (size_t i = timeline->NextWithin(windows, 0); i < timeline->parts();
           i = timeline->NextWithin(windows, i + 1)) {
        const RowRange range = timeline->RowsWithin(windows, i);
        for (size_t row = range.begin; row < range.end; ++row) {
          found.push_back(timeline->part(i).block->reader().version(row));
        }
      }
      std::sort(found.begin(), found.end());
      ASSERT_THAT(found, ContainerEq(expected));
    }
  }
}

}  // namespace
}  // namespace fasti::graph
