#include "engine/codec/post_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "engine/codec/term.h"
#include "fasti/relation.h"
#include "tests/codec/random_rows.h"

namespace fasti::codec {
namespace {

TEST(PostKeyTest, TheBytesAreThoseOfTheFormat) {
  const PostKey key = {Order::kOut, 7, 16, 5, 1'000'000, 42};
  EXPECT_EQ(absl::BytesToHexString(EncodePostKey(key)),
            "01"
            "0000000000000007"
            "00000010"
            "05"
            "80000000000f4240"
            "000000000000002a");
  EXPECT_EQ(absl::BytesToHexString(EncodePostKey({Order::kId, 0, 0, 0, 0, 42})),
            "04"
            "0000000000000000"
            "00000000"
            "00"
            "0000000000000000"
            "000000000000002a");
}

TEST(PostKeyTest, BytesSortAsKeysAndComeBackWhole) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  RandomRows rows(seed);
  std::vector<PostKey> keys;
  for (int i = 0; i < 300; ++i) {
    const Row row = i % 2 == 0 ? rows.Any(rows.Edge()) : rows.Plausible(i);
    keys.push_back(KeyOfRow(kOrders[rows.random()() % 4], row));
  }
  for (const PostKey& a : keys) {
    const std::string bytes = EncodePostKey(a);
    ASSERT_EQ(bytes.size(), kPostKeySize);
    EXPECT_EQ(DecodePostKey(bytes).value(), a);
    for (const PostKey& b : keys) {
      EXPECT_EQ(bytes < EncodePostKey(b), a < b) << absl::BytesToHexString(bytes);
    }
  }
}

TEST(PostKeyTest, EveryOrderSortsByItsOwnFields) {
  Row row;
  row.subject = 1;
  row.object = 2;
  row.relation = 20;
  row.flags = MakeFlags(Precision::kDay, Precision::kOpen, Modality::kAsserted, false, false);
  row.from = 5;
  row.version = 9;
  EXPECT_EQ(KeyOfRow(Order::kOut, row), (PostKey{Order::kOut, 1, 20, kClassOpen, 5, 9}));
  EXPECT_EQ(KeyOfRow(Order::kIn, row), (PostKey{Order::kIn, 2, 20, kClassOpen, 5, 9}));
  EXPECT_EQ(KeyOfRow(Order::kRel, row), (PostKey{Order::kRel, 0, 20, kClassOpen, 5, 9}));
  EXPECT_EQ(KeyOfRow(Order::kId, row), (PostKey{Order::kId, 0, 0, 0, 0, 9}));
}

TEST(PostKeyTest, OnlyTheOrderOfObjectsLeavesRowsOut) {
  Row row;
  row.relation = 20;
  row.object = InlineTerm(Value(0.5))->bits();
  EXPECT_FALSE(OrderHolds(Order::kIn, row));
  EXPECT_TRUE(OrderHolds(Order::kOut, row));
  row.object = InlineTerm(Value(5))->bits();
  EXPECT_TRUE(OrderHolds(Order::kIn, row));
  row.relation = Raw(kExists);
  EXPECT_FALSE(OrderHolds(Order::kIn, row));
  EXPECT_TRUE(OrderHolds(Order::kRel, row));
  EXPECT_TRUE(OrderHolds(Order::kId, row));
}

TEST(PostKeyTest, WhatIdKeepsOfARowLeadsToItInOut) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  RandomRows random(seed);
  for (uint64_t version = 1; version <= 2000; ++version) {
    const Row row = version % 2 == 0 ? random.Plausible(version) : random.Any(version);
    const Row id = IdRow(row);
    ASSERT_EQ(KeyOfRow(Order::kOut, id), KeyOfRow(Order::kOut, row));
    ASSERT_EQ(KeyOfRow(Order::kId, id), KeyOfRow(Order::kId, row));
    ASSERT_EQ(IdRow(id), id);
  }
}

TEST(PostKeyTest, WhatIsNoKeyIsDataLoss) {
  const std::string good = EncodePostKey({Order::kOut, 7, 16, 5, 1, 42});
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(DecodePostKey(good.substr(0, size)).status())) << size;
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodePostKey(good + "x").status()));
  for (char order : {'\0', '\5', '\xff'}) {
    EXPECT_TRUE(absl::IsDataLoss(DecodePostKey(order + good.substr(1)).status()));
  }
  std::string bad_class = good;
  bad_class[13] = kClassCount;
  EXPECT_TRUE(absl::IsDataLoss(DecodePostKey(bad_class).status()));
  std::string unsorted_from = EncodePostKey({Order::kId, 0, 0, 0, 0, 42});
  unsorted_from[20] = 1;
  EXPECT_TRUE(absl::IsDataLoss(DecodePostKey(unsorted_from).status()));
  std::string unsorted_anchor = EncodePostKey({Order::kRel, 0, 16, 0, 0, 42});
  unsorted_anchor[8] = 1;
  EXPECT_TRUE(absl::IsDataLoss(DecodePostKey(unsorted_anchor).status()));
}

}  // namespace
}  // namespace fasti::codec
