#include "engine/graph/name_index.h"

#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace fasti::graph {
namespace {

TEST(NameIndexTest, ATextIsANameIfItHasAFoldedForm) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  const std::string pieces[] = {
      "a",   "Z", " ", "\t", "\r\n", "é", "\u0301", "\x01", "\x7f", "\u00a0", std::string(1, '\0'),
      "\xc3"};
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (size_t left = random() % 5; left > 0; --left) text += pieces[random() % std::size(pieces)];
    EXPECT_EQ(IsName(text), FoldedName(text).has_value()) << text;
  }
}

TEST(NameIndexTest, NamesHaveUpTo1024Bytes) {
  EXPECT_TRUE(IsName(std::string(1024, 'x')));
  EXPECT_FALSE(IsName(std::string(1025, 'x')));
  EXPECT_FALSE(IsName(""));
}

}  // namespace
}  // namespace fasti::graph
