#include "engine/codec/row_columns.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "engine/codec/block.h"
#include "tests/codec/random_rows.h"

namespace fasti::codec {
namespace {

std::vector<Row> RowsOf(const RowColumns& columns) {
  std::vector<Row> rows;
  for (size_t i = 0; i < columns.size(); ++i) rows.push_back(columns.row(i));
  return rows;
}

class RowColumnsTest : public ::testing::Test {
 protected:
  RowColumnsTest()
      : seed_(std::random_device()()),
        source_(seed_),
        trace_(__FILE__, __LINE__, absl::StrCat("seed ", seed_)) {}

  std::vector<Row> Make(size_t count) {
    std::vector<Row> rows;
    for (size_t i = 1; i <= count; ++i)
      rows.push_back(source_.OneIn(2) ? source_.Any(i) : source_.Plausible(i));
    return rows;
  }

  const uint32_t seed_;
  RandomRows source_;
  const ::testing::ScopedTrace trace_;
};

TEST_F(RowColumnsTest, RowsComeBackAsTheyWereAdded) {
  const std::vector<Row> rows = Make(500);
  EXPECT_EQ(RowsOf(RowColumns(rows)), rows);
}

TEST_F(RowColumnsTest, KeysAndPlacesInAnOrderAreThoseOfTheRow) {
  const std::vector<Row> rows = Make(500);
  const RowColumns columns(rows);
  for (const Order order : kOrders) {
    for (size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(columns.key(order, i), KeyOfRow(order, rows[i]));
      EXPECT_EQ(columns.IsHeld(order, i), OrderHolds(order, rows[i]));
    }
  }
}

TEST_F(RowColumnsTest, APartIsAppendedAndTakenFromEitherEnd) {
  const std::vector<Row> rows = Make(100);
  const RowColumns columns(rows);
  RowColumns some;
  some.Add(rows[7]);
  some.Append(columns, 20, 50);
  some.Append(columns, 60, 60);
  std::vector<Row> expected = {rows[7]};
  expected.insert(expected.end(), rows.begin() + 20, rows.begin() + 50);
  EXPECT_EQ(RowsOf(some), expected);
  some.RemoveLast();
  some.RemoveFirst(11);
  EXPECT_EQ(RowsOf(some), std::vector<Row>(rows.begin() + 30, rows.begin() + 49));
  some.Clear();
  EXPECT_TRUE(some.empty());
}

TEST_F(RowColumnsTest, TheOrderOfIdsKeepsWhatIdRowKeeps) {
  const std::vector<Row> rows = Make(500);
  RowColumns ids;
  ids.Add(rows[0]);  // stays as it is
  ids.AppendIds(RowColumns(rows), 1, rows.size());
  EXPECT_EQ(ids.row(0), rows[0]);
  for (size_t i = 1; i < rows.size(); ++i) EXPECT_EQ(ids.row(i), IdRow(rows[i]));
}

TEST_F(RowColumnsTest, NumberedRowsAreTheFirstOfTheirFacts) {
  RowColumns columns(Make(10));
  columns.Number(40);
  for (size_t i = 0; i < columns.size(); ++i) {
    EXPECT_EQ(columns.row(i).version, 40 + i);
    EXPECT_EQ(columns.row(i).lineage, 40 + i);
  }
}

TEST_F(RowColumnsTest, ABlockOfAPartHoldsItsRows) {
  for (const Order order : kOrders) {
    const std::vector<Row> rows = source_.Sorted(order, 300, source_.OneIn(2));
    const size_t begin = source_.random()() % 100, end = begin + 1 + source_.random()() % 200;
    const std::string bytes = EncodeBlock(RowColumns(rows), begin, end);
    const absl::StatusOr<BlockReader> block = BlockReader::Open(bytes);
    ASSERT_TRUE(block.ok()) << block.status();
    ASSERT_EQ(block->size(), end - begin);
    for (size_t i = begin; i < end; ++i) EXPECT_EQ(block->row(i - begin), rows[i]);
  }
}

}  // namespace
}  // namespace fasti::codec
