#include "fasti/salvage.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "fasti/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/steps/steps.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

// Salvage as a whole; the machine of that name (tests/torture) tries every damage there is.

namespace fasti {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kSteps = 14;

// Steps in tables and, after the last fold, in the log: `closed` by its writer, and as kill -9
// would have left it.
class SalvageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = Database::Open(closed_, {.background_fold = false});
    ASSERT_TRUE(database.ok()) << database.status();
    for (uint64_t step = 0; step < kSteps; ++step) {
      ASSERT_TRUE(steps::Take(**database, step, steps::KindOf(step)).ok());
      if (step == kSteps / 2) {
        ASSERT_TRUE((*database)->Fold().ok());
      }
    }
    CopyFolder(closed_, killed_);
    ASSERT_TRUE((*database)->Close().ok());
  }

  // Salvages the database in `damaged`, of which nothing but `lost` may be told to be lost.
  void ExpectWhole(const std::string& damaged, const std::vector<std::string>& lost) {
    const TemporaryFolder made;
    const absl::StatusOr<SalvageSummary> summary = Salvage(damaged, made.File("db"), {});
    ASSERT_TRUE(summary.ok()) << summary.status();
    if (lost.empty()) {
      EXPECT_THAT(summary->losses, IsEmpty());
    } else {
      EXPECT_THAT(summary->losses, ElementsAre(HasSubstr(lost.front())));
    }
    const auto database = Database::Open(made.File("db"), {.create_if_missing = false});
    ASSERT_TRUE(database.ok()) << database.status();
    const absl::StatusOr<uint64_t> steps = steps::Verify(**database, kSteps, kSteps);
    EXPECT_TRUE(steps.ok()) << steps.status();
  }

  const TemporaryFolder folder_;
  const std::string closed_ = folder_.File("closed");
  const std::string killed_ = folder_.File("killed");
};

TEST_F(SalvageTest, OfASoundDatabaseNothingIsLost) {
  ExpectWhole(closed_, {});
  ExpectWhole(killed_, {});
}

TEST_F(SalvageTest, WithoutOneOfTheFilesThatHoldNoFactsNoFactIsLost) {
  const struct {
    const char* prefix;
    std::vector<std::string> lost;
  } kFiles[] = {{"STATE", {}},
                {"HOLDER", {}},
                {"IDENTITY", {}},
                {"CURRENT", {"CURRENT or MANIFEST"}},
                {"MANIFEST", {"CURRENT or MANIFEST"}}};
  for (const std::string& sound : {closed_, killed_}) {
    for (const auto& file : kFiles) {
      const TemporaryFolder scratch;
      const std::string damaged = scratch.File("db");
      CopyFolder(sound, damaged);
      const std::vector<std::string> paths = FilesStarting(damaged, file.prefix);
      // Only what was closed has a STATE.
      if (paths.empty() && sound == killed_ && absl::string_view(file.prefix) == "STATE") continue;
      ASSERT_EQ(paths.size(), 1u) << file.prefix;
      SCOPED_TRACE(paths[0]);
      std::filesystem::remove(paths[0]);
      ExpectWhole(damaged, file.lost);
    }
  }
}

}  // namespace
}  // namespace fasti
