#include "engine/graph/row_sorter.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/storage/store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fasti::graph {
namespace {

using codec::KeyOfRow;
using codec::Order;
using codec::PostKey;
using ::testing::Le;

constexpr int64_t kDay = int64_t{86'400} * 1'000'000;

// Rows whose columns take few bits, or all there are.
class RandomRows {
 public:
  RandomRows(uint64_t seed, bool are_wide) : random_(seed), are_wide_(are_wide) {}

  std::vector<Row> Make(size_t count) {
    std::vector<Row> rows(count);
    for (Row& row : rows) {
      row.subject = Number(30);
      row.object = Number(1000) << 3;
      row.version = row.lineage = ++version_;
      row.relation = static_cast<uint32_t>(Number(5));
      row.from = are_wide_ ? static_cast<int64_t>(random_()) : Below(5000) * kDay - 2500 * kDay;
      row.duration = are_wide_ ? random_() >> Below(60) : static_cast<uint64_t>(Below(9) * kDay);
      row.known_from = are_wide_ && Below(2) == 0 ? Below(100) : kInstantMin;
      row.known_to = are_wide_ && Below(2) == 0 ? 100 + Below(100) : kInstantMax;
      row.flags = MakeFlags(Precision::kDay, row.duration == 0 ? Precision::kOpen : Precision::kDay,
                            Modality::kAsserted, false, false);
      if (Below(5) == 0) {
        row = TimelessRow(static_cast<EntityId>(row.subject), static_cast<RelationId>(1), Term());
        row.version = row.lineage = version_;
      }
    }
    return rows;
  }
  int64_t Below(int64_t bound) {
    return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound));
  }

 private:
  uint64_t Number(int64_t usual) {
    return are_wide_ ? random_() : static_cast<uint64_t>(Below(usual));
  }

  std::mt19937_64 random_;
  const bool are_wide_;
  uint64_t version_ = 0;
};

std::vector<Row> ReadAll(const RowSorter& sorter, const std::optional<PostKey>& above,
                         const std::optional<PostKey>& upto) {
  std::vector<Row> all;
  const auto reader = sorter.Read(above, upto);
  EXPECT_TRUE(reader.ok()) << reader.status();
  while (true) {
    const auto rows = (*reader)->Next();
    EXPECT_TRUE(rows.ok()) << rows.status();
    if (!rows.ok() || (*rows)->empty()) return all;
    for (size_t i = 0; i < (*rows)->size(); ++i) all.push_back((*rows)->row(i));
  }
}

TEST(RowSorterTest, GivesEveryRowBackInTheOrderOfItsKey) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  const auto store = *storage::OpenMemoryStore();
  for (const bool are_wide : {false, true}) {
    for (const Order order : {Order::kOut, Order::kIn, Order::kRel}) {
      SCOPED_TRACE(absl::StrCat("wide ", are_wide, ", order ", static_cast<int>(order)));
      RandomRows source(random(), are_wide);
      std::vector<Row> rows = source.Make(static_cast<size_t>(source.Below(3000)));
      RowRanges ranges;
      ranges.Include(RowColumns(rows));
      const size_t chunk_bytes = size_t{1} << (10 + source.Below(10));
      auto sorter = source.Below(2) == 0
                        ? std::make_unique<RowSorter>(*store, order, chunk_bytes)
                        : std::make_unique<RowSorter>(*store, order, chunk_bytes, ranges);
      for (absl::Span<const Row> rest(rows); !rest.empty();) {
        const absl::Span<const Row> some =
            rest.subspan(0, static_cast<size_t>(1 + source.Below(500)));
        ASSERT_TRUE(sorter->Append(RowColumns(some)).ok());
        rest.remove_prefix(some.size());
      }
      for (const RowSorter::Task& task : sorter->Seal(3)) ASSERT_TRUE(task().ok());

      rows.erase(std::remove_if(rows.begin(), rows.end(),
                                [&](const Row& row) { return !codec::OrderHolds(order, row); }),
                 rows.end());
      std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
        return KeyOfRow(order, a) < KeyOfRow(order, b);
      });
      EXPECT_EQ(sorter->rows(), rows.size());
      ASSERT_EQ(ReadAll(*sorter, {}, {}), rows);

      // Parts put together are the whole.
      std::vector<Row> joined;
      std::optional<PostKey> above;
      for (const PostKey& border : sorter->Borders(4)) {
        const std::vector<Row> part = ReadAll(*sorter, above, border);
        EXPECT_FALSE(part.empty());
        joined.insert(joined.end(), part.begin(), part.end());
        EXPECT_EQ(*sorter->CountUpTo(border), joined.size());
        above = border;
      }
      const std::vector<Row> last = ReadAll(*sorter, above, {});
      joined.insert(joined.end(), last.begin(), last.end());
      EXPECT_EQ(joined, rows);
    }
  }
}

TEST(RowLayoutTest, RowsOfDaysTakeTwoWords) {
  RandomRows source(1, /*are_wide=*/false);
  RowRanges ranges;
  ranges.Include(RowColumns(source.Make(1000)));
  EXPECT_THAT(RowLayout(Order::kIn, ranges).words(), Le(2));
}

TEST(RowLayoutTest, NoTimeIsToldFromEveryTimeThereIs) {
  const Row timeless = TimelessRow(EntityId{1}, RelationId{1}, Term());
  Row first = timeless, last = timeless;
  first.from = kInstantMin;
  last.from = kInstantMax - 1;
  const std::vector<Row> rows = {first, last, timeless};
  for (const bool are_wider : {false, true}) {
    RowRanges ranges;
    ranges.Include(RowColumns(rows));
    if (are_wider) ranges.Widen();
    const RowLayout layout(Order::kOut, ranges);
    std::vector<uint64_t> packed(rows.size() * layout.words());
    layout.Pack(RowColumns(rows), packed.data());
    RowColumns unpacked;
    unpacked.Resize(rows.size());
    layout.Unpack(packed.data(), &unpacked);
    for (size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(unpacked.row(i), rows[i]) << are_wider;
  }
}

TEST(RowRangesTest, WiderOnesContainWhatTheyWereMadeFrom) {
  for (const bool are_wide : {false, true}) {
    RandomRows source(2, are_wide);
    RowRanges ranges;
    ranges.Include(RowColumns(source.Make(100)));
    RowRanges wider = ranges;
    wider.Widen();
    EXPECT_TRUE(wider.Contain(ranges));
  }
}

}  // namespace
}  // namespace fasti::graph
