#include "engine/graph/text_sort.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace fasti::graph {
namespace {

std::vector<std::string> Sorted(const std::vector<std::string>& texts) {
  std::vector<std::string> sorted;
  for (const uint32_t place :
       SortedPlaces(texts.size(), [&](size_t i) { return absl::string_view(texts[i]); })) {
    sorted.push_back(texts[place]);
  }
  return sorted;
}

TEST(TextSortTest, ComesToTheOrderOfBytes) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  for (const size_t count : {0, 1, 2, 47, 5000}) {
    std::vector<std::string> texts(count);
    for (std::string& text : texts) {
      // Long shared beginnings, zeros at the end, bytes above 127.
      text = std::string(random() % 30, 'a');
      for (uint64_t left = random() % 4; left > 0; --left) {
        text.push_back("\0a\x80\xff"[random() % 4]);
      }
    }
    std::vector<std::string> expected = texts;
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(Sorted(texts), expected);
  }
}

}  // namespace
}  // namespace fasti::graph
