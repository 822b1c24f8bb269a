#include <sys/wait.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace fasti {
namespace {

// The most memory that a load took in a process of its own (bulk_load_memory_child.cc).
int64_t PeakOfLoad(uint64_t facts) {
  const TemporaryFolder folder;
  std::FILE* const told = popen(
      absl::StrCat(FASTI_BULK_LOAD_MEMORY_CHILD, " ", folder.File("db"), " ", facts).c_str(), "r");
  long long peak = 0;
  EXPECT_EQ(std::fscanf(told, "%lld", &peak), 1);
  EXPECT_EQ(pclose(told), 0);
  return peak;
}

// From some point on: buffers of files and levels of runs fill up first.  A kilobyte kept of each
// run of 250 facts shows, and so do four bytes kept of each fact.
TEST(BulkLoadMemoryTest, ItDoesNotGrowWithTheNumberOfFacts) {
  constexpr uint64_t kFacts = 80'000;
  const int64_t once = PeakOfLoad(kFacts);
  const int64_t fourfold = PeakOfLoad(4 * kFacts);
  EXPECT_GT(once, 0);
  EXPECT_LT(fourfold - once, int64_t{2 * 3 * kFacts});
}

}  // namespace
}  // namespace fasti
