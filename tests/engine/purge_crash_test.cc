#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/engine/places_of.h"
#include "tests/support/killed_child.h"
#include "tests/support/temporary_folder.h"

// A process that erases one entity after the other (purge_crash_child.cc) is killed at a random
// moment, again and again.  Whole is what is there then, the old database or the new one; what it
// told to have erased is in no file; and no opening leaves remains beside it.  Each run of the
// tests kills it a few times; FASTI_KILLS says how often.

namespace fasti {
namespace {

namespace fs = std::filesystem;

int Kills() {
  const char* const kills = ::getenv("FASTI_KILLS");
  return kills == nullptr ? 6 : std::max(1, std::atoi(kills));
}

TEST(PurgeCrashTest, KilledAtAnyMomentTheDatabaseIsTheOldOneOrTheNewOne) {
  const TemporaryFolder folder;
  const std::string path = folder.File("db");
  std::mt19937_64 random(9);
  uint64_t told = 0;
  for (int kill = 0; kill < Kills() && !HasFailure(); ++kill) {
    SCOPED_TRACE(absl::StrCat("kill ", kill));
    told = RunAndKill(FASTI_PURGE_CRASH_CHILD, path, absl::Microseconds(random() % 60'000), told);
    const auto database =
        Database::Open(path, {.create_if_missing = false, .background_fold = false});
    ASSERT_TRUE(database.ok()) << database.status();
    EXPECT_FALSE(fs::exists(path + ".purging"));
    EXPECT_THAT(*(*database)->Check(), ::testing::IsEmpty());
    const uint64_t purges = (*database)->Statistics().at("purges");
    EXPECT_GE(purges, told);
    EXPECT_LE(purges, told + 1);
    ASSERT_TRUE((*database)->Close().ok());
    for (uint64_t number = 1; number <= purges; ++number) {
      EXPECT_THAT(PlacesOf(absl::StrCat("erasable ", number, "."), path), ::testing::IsEmpty());
    }
    told = purges;
  }
  EXPECT_GT(told, 0u);
}

}  // namespace
}  // namespace fasti
