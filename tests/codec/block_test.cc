#include "engine/codec/block.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "engine/base/crc32c.h"
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
            "a260f3fc"  // checksum
            "02"        // format
            "0200"
            "0100"
            "0000"
            "0100"  // rows; gone, ended, moved ones
            "83"    // versions ascend; objects lose three bits
            "0606"  // units: a day twice
            "00"
            "0e"  // subject 7
            "02"
            "30"  // object from 24 in 2 bits
            "00"
            "c801"  // version from 100
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
            "02"
            "00"
            "c801"  // row 1 is of lineage 100
            "08"
            "21"  // object, start
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

// The rows of [begin, end) by their starts one at a time.
std::vector<uint16_t> RowsFromOneByOne(const BlockReader& block, size_t begin, size_t end,
                                       int64_t least, int64_t greatest) {
  std::vector<uint16_t> rows;
  for (size_t i = begin; i < end; ++i) {
    const int64_t from = block.from(i);
    if (from == kInstantMax || (from >= least && from <= greatest)) {
      rows.push_back(static_cast<uint16_t>(i));
    }
  }
  return rows;
}

TEST(BlockTest, RowsFromARangeOfStartsAreThoseOfALinearSearch) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  RandomRows random(seed);
  size_t found = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<Row> rows =
        random.Sorted(kOrders[round % 4], 1 + random.random()() % kBlockRows, round % 3 != 0);
    // Few different starts, and only one.
    for (Row& row : rows) {
      if (round % 5 < 2) row.from = round % 5 == 0 ? 3 * kDay : row.from / kDay % 3 * kDay;
    }
    const std::string bytes = EncodeBlock(rows);
    const BlockReader block = BlockReader::Open(bytes).value();
    for (int probe = 0; probe < 20; ++probe) {
      const size_t end = random.random()() % (rows.size() + 1);
      const size_t begin = random.random()() % (end + 1);
      int64_t least = rows[random.random()() % rows.size()].from;
      int64_t greatest = rows[random.random()() % rows.size()].from;
      if (least > greatest) std::swap(least, greatest);
      if (probe % 4 == 0) least = kInstantMin;
      if (probe % 4 == 1) greatest = kInstantMax;
      std::vector<uint16_t> chosen(end - begin);
      chosen.resize(block.RowsFrom(begin, end, least, greatest, chosen.data()));
      ASSERT_EQ(chosen, RowsFromOneByOne(block, begin, end, least, greatest));
      found += chosen.size();
    }
  }
  EXPECT_GT(found, 1000);
}

TEST(BlockTest, RowsThatAgreeTakeNoBits) {
  std::vector<Row> rows(kBlockRows, TwoDays()[0]);
  for (size_t i = 0; i < rows.size(); ++i) rows[i].version = rows[i].lineage = 1000 + i;
  EXPECT_LT(EncodeBlock(rows).size(), 100u);  // the header alone: versions without gaps agree, too
}

TEST(BlockTest, ObjectsOfOneKindDoNotPayForTheirTag) {
  std::vector<Row> entities(kBlockRows, TwoDays()[0]);
  for (size_t i = 0; i < entities.size(); ++i) {
    entities[i].version = entities[i].lineage = 1000 + i;
    entities[i].object = i << 3;
  }
  std::vector<Row> mixed = entities;
  mixed.front().object |= 1;
  EXPECT_EQ(EncodeBlock(entities).size() + kBlockRows * 3 / 8, EncodeBlock(mixed).size());
}

TEST(BlockTest, RareDurationsCostWhatTheyAre) {
  std::vector<Row> rows(kBlockRows, TwoDays()[0]);
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].version = rows[i].lineage = 1000 + i;
    if (i % 8 == 3) rows[i].duration = static_cast<uint64_t>(200 + i) * kDay;
  }
  const std::string bytes = EncodeBlock(rows);
  // A bit for each row, nine for each of an eighth of them, and the header.
  EXPECT_LT(bytes.size(), kBlockRows / 8 + 9 * kBlockRows / 64 + 90u);
  EXPECT_EQ(RowsOf(BlockReader::Open(bytes).value()), rows);
}

TEST(BlockTest, FewDifferentDurationsTakeFewBits) {
  const std::vector<uint64_t> days = {1, 3000, 7};
  std::vector<Row> rows(kBlockRows, TwoDays()[0]);
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].version = rows[i].lineage = 1000 + i;
    rows[i].duration = days[i % days.size()] * kDay;
  }
  const std::string bytes = EncodeBlock(rows);
  EXPECT_LT(bytes.size(), 2 * kBlockRows / 8 + 110u);  // two bits each, the table, and the header
  EXPECT_EQ(RowsOf(BlockReader::Open(bytes).value()), rows);
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

TEST(BlockTest, AnInstantBesideFullDaysIsKept) {
  for (const int64_t beside : {-2, -1, 1, 2}) {
    std::vector<Row> rows = TwoDays();
    rows[0].known_from = 19'000 * kDay;
    rows[1].known_from = 19'001 * kDay + beside;
    rows[1].from += beside;
    const std::string bytes = EncodeBlock(rows);
    const auto block = BlockReader::Open(bytes);
    ASSERT_TRUE(block.ok()) << block.status();
    EXPECT_EQ(RowsOf(*block), rows) << beside;
  }
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

// A checksum guards against accidents only: whatever stands behind a good one must not be read
// beyond its end, which the sanitizers watch.
TEST(BlockTest, WhatOpensCanBeReadWhateverItsBytes) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  RandomRows random(seed);
  int opened = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = EncodeBlock(random.Sorted(kOrders[round % 4], 1 + round % 40, true));
    for (int change = 0; change <= round % 3; ++change) {
      // Most bytes that mean something stand in front.
      const size_t behind_checksum = bytes.size() - 4;
      const size_t range = round % 2 == 0 ? std::min<size_t>(40, behind_checksum) : behind_checksum;
      const size_t place = 4 + random.random()() % range;
      bytes[place] = static_cast<char>(random.random()());
    }
    const uint32_t checksum = Crc32c(absl::string_view(bytes).substr(4));
    for (size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>(checksum >> (8 * i));
    // Of its own, so that nothing readable lies behind it.
    const std::vector<char> exact(bytes.begin(), bytes.end());
    const auto block = BlockReader::Open({exact.data(), exact.size()});
    if (!block.ok()) {
      EXPECT_TRUE(absl::IsDataLoss(block.status())) << block.status();
      continue;
    }
    ++opened;
    for (size_t i = 0; i < block->size(); ++i) {
      // All of a row is what its parts are, also where they mean nothing.
      const Row row = block->row(i);
      ASSERT_EQ(row.version, block->version(i));
      ASSERT_EQ(row.from, block->from(i));
      ASSERT_EQ(block->key(Order::kOut, i), KeyOfRow(Order::kOut, row));
    }
    ASSERT_LE(block->LowerBound(KeyOfRow(Order::kOut, block->row(0))), block->size());
    std::vector<uint16_t> rows(block->size());
    rows.resize(block->RowsFrom(0, block->size(), 0, kInstantMax, rows.data()));
    ASSERT_EQ(rows, RowsFromOneByOne(*block, 0, block->size(), 0, kInstantMax));
  }
  EXPECT_GT(opened, 100);
}

}  // namespace
}  // namespace fasti::codec
