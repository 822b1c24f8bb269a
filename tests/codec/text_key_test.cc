#include "engine/codec/text_key.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"

namespace fasti::codec {
namespace {

TEST(TextKeyTest, ChunksOfASourceSortInTheirOrder) {
  EXPECT_EQ(absl::BytesToHexString(TextKey(7, 2)), "000000000000000700000002");
  EXPECT_LT(TextKey(7, 255), TextKey(7, 256));
  EXPECT_LT(TextKey(7, UINT32_MAX), TextKey(8, 0));
}

TEST(TextKeyTest, KeysComeBackAndWhatIsNoKeyIsDataLoss) {
  const TextChunk chunk = DecodeTextKey(TextKey(7, 2)).value();
  EXPECT_EQ(chunk.source, 7u);
  EXPECT_EQ(chunk.chunk, 2u);
  EXPECT_TRUE(absl::IsDataLoss(DecodeTextKey(TextKey(7, 2) + "x").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeTextKey("").status()));
}

}  // namespace
}  // namespace fasti::codec
