#include "engine/codec/block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/codec/random_rows.h"

namespace fasti::codec {
namespace {

constexpr int64_t kDay = int64_t{86400} * 1000000;

std::vector<Row> RowsOf(const BlockReader& block) {
  std::vector<Row> rows;
  for (size_t i = 0; i < block.size(); ++i) rows.push_back(block.row(i));
  return rows;
}

std::vector<Row> TwoDays() {
  Row first;
  first.subject = 7;
  first.object = 3 << 3;
  first.relation = 16;
  first.flags = MakeFlags(Precision::kDay, Precision::kDay, Modality::kAsserted, false, false);
  first.from = 20000 * kDay;
  first.duration = kDay;
  first.known_from = kInstantMin;
  first.known_to = kInstantMax;
  first.version = first.lineage = 100;
  Row second = first;
  second.object = 5 << 3;
  second.from = 20003 * kDay;
  second.version = 101;
  second.gone = 150;
  return {first, second};
}

TEST(BlockTest, TheBytesAreThoseOfTheFormat) {
  EXPECT_EQ(absl::BytesToHexString(EncodeBlock(TwoDays())),
            "fde2e7d8"  // checksum
            "01"        // format
            "0200"
            "0100"
            "0000"
            "0100"  // rows; gone, ended, moved ones
            "80c0ddeec102"
            "01"  // units: a day; a microsecond
            "00"
            "0e"  // subject 7
            "05"
            "30"  // object from 24 in 5 bits
            "01"
            "c801"  // version from 100 in 1 bit
            "00"
            "20"  // relation 16
            "03"
            "c0b802"  // start from day 20000 in 3 bits
            "00"
            "02"  // duration of a day
            "00"
            "8801"  // flags
            "00"
            "00"  // always known
            "00"
            "02"
            "00"
            "ac02"  // row 1 is gone since 150
            "00"
            "00"
            "00"
            "00"  // none ended
            "00"
            "02"
            "00"
            "c801"  // row 1 is of lineage 100
            "0002"
            "02"
            "21"  // object, version, start
            "0000000000000000");
}

TEST(BlockTest, RowsComeBackWhole) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  RandomRows random(seed);
  for (int round = 0; round < 200; ++round) {
    const Order order = kOrders[round % 4];
    const size_t count = round < 8 ? kBlockRows : 1 + random.random()() % kBlockRows;
    const std::vector<Row> rows = random.Sorted(order, count, round % 3 != 0);
    const std::string bytes = EncodeBlock(rows);
    const auto block = BlockReader::Open(bytes);
    ASSERT_TRUE(block.ok()) << block.status();
    ASSERT_EQ(RowsOf(*block), rows) << "round " << round;
    size_t gone = 0, ended = 0;
    for (size_t i = 0; i < count; ++i) {
      gone += rows[i].gone != 0;
      ended += rows[i].known_to != kInstantMax;
      ASSERT_EQ(block->key(order, i), KeyOfRow(order, rows[i])) << "round " << round;
    }
    EXPECT_EQ(block->gone_rows(), gone);
    EXPECT_EQ(block->ended_rows(), ended);
    EXPECT_EQ(EncodeBlock(rows), bytes);
  }
}

TEST(BlockTest, LowerBoundIsThatOfALinearSearch) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  RandomRows random(seed);
  for (int round = 0; round < 60; ++round) {
    const Order order = kOrders[round % 4];
    const std::vector<Row> rows =
        random.Sorted(order, 1 + random.random()() % kBlockRows, round % 3 != 0);
    const std::string bytes = EncodeBlock(rows);
    const BlockReader block = BlockReader::Open(bytes).value();
    for (int probe = 0; probe < 40; ++probe) {
      PostKey key = KeyOfRow(order, rows[random.random()() % rows.size()]);
      if (probe % 2 == 0) key = KeyOfRow(order, random.Plausible(random.random()() % 300));
      if (probe % 5 == 0) key.version += 1;
      const size_t begin = probe % 3 == 0 ? random.random()() % (rows.size() + 1) : 0;
      size_t expected = begin;
      while (expected < rows.size() && KeyOfRow(order, rows[expected]) < key) ++expected;
      ASSERT_EQ(block.LowerBound(key, begin), expected);
    }
  }
}

TEST(BlockTest, RowsThatAgreeTakeNoBits) {
  std::vector<Row> rows(kBlockRows, TwoDays()[0]);
  for (size_t i = 0; i < rows.size(); ++i) rows[i].version = rows[i].lineage = 1000 + i;
  EXPECT_LT(EncodeBlock(rows).size(), 256 + 100u);  // a byte each for the version, and the header
}

TEST(BlockTest, OneTimelessRowDoesNotWidenTheTimesOfTheOthers) {
  std::vector<Row> rows(kBlockRows, TwoDays()[0]);
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].version = rows[i].lineage = 1000 + i;
    rows[i].from = static_cast<int64_t>(10000 + i) * kDay;
  }
  const size_t before = EncodeBlock(rows).size();
  rows.back().from = kInstantMax;
  rows.back().duration = 0;
  rows.back().flags =
      MakeFlags(Precision::kOpen, Precision::kOpen, Modality::kAsserted, false, false);
  EXPECT_LT(EncodeBlock(rows).size(), before + 400);
}

TEST(BlockTest, EveryFlippedBitAndEveryTruncationIsNoticed) {
  const std::string good = EncodeBlock(TwoDays());
  for (size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 1 << bit);
      EXPECT_TRUE(absl::IsDataLoss(BlockReader::Open(bad).status())) << i << ", bit " << bit;
    }
    EXPECT_TRUE(absl::IsDataLoss(BlockReader::Open(good.substr(0, i)).status())) << i;
  }
  EXPECT_TRUE(absl::IsDataLoss(BlockReader::Open(good + std::string(1, '\0')).status()));
}

}  // namespace
}  // namespace fasti::codec
