#include "engine/codec/fold_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace fasti::codec {
namespace {

constexpr FoldRecord kRecord = {
    .watermark = 7, .rows = UINT64_MAX, .next_entity = 9, .next_literal = 10, .time = -1};

TEST(FoldRecordTest, TheBytesAreThoseOfTheFormat) {
  EXPECT_EQ(absl::BytesToHexString(EncodeFoldRecord(kRecord)),
            "01"
            "0000000000000007"
            "ffffffffffffffff"
            "0000000000000009"
            "000000000000000a"
            "ffffffffffffffff");
}

TEST(FoldRecordTest, ComesBackWhole) {
  const auto decoded = DecodeFoldRecord(EncodeFoldRecord(kRecord));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, kRecord);
}

TEST(FoldRecordTest, AnotherLengthOrFormatIsDataLoss) {
  const std::string good = EncodeFoldRecord(kRecord);
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(DecodeFoldRecord(good.substr(0, size)).status())) << size;
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeFoldRecord(good + "x").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeFoldRecord(absl::StrCat("\x02", good.substr(1))).status()));
}

}  // namespace
}  // namespace fasti::codec
