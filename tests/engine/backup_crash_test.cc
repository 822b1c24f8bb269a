#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fasti/backup.h"
#include "fasti/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/killed_child.h"
#include "tests/support/temporary_folder.h"

// A process that makes and restores backups in turn (backup_crash_child.cc) is killed at a random
// moment, again and again.  Every backup that it told of is good, and so is every other that is
// listed; a directory that it restored to holds a whole database or does not exist.  Each run of
// the tests kills it a few times; FASTI_KILLS says how often.

namespace fasti {
namespace {

int Kills() {
  const char* const kills = ::getenv("FASTI_KILLS");
  return kills == nullptr ? 6 : std::max(1, std::atoi(kills));
}

std::unique_ptr<Database> OpenExisting(const std::string& path) {
  Options options;
  options.create_if_missing = false;
  absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(path, options);
  EXPECT_TRUE(database.ok()) << database.status();
  return database.ok() ? *std::move(database) : nullptr;
}

void ExpectWhole(const std::string& path, Sequence sequence) {
  const std::unique_ptr<Database> database = OpenExisting(path);
  ASSERT_NE(database, nullptr);
  EXPECT_THAT(*database->Check(), ::testing::IsEmpty()) << path;
  EXPECT_EQ(database->GetSnapshot()->sequence(), sequence) << path;
}

TEST(BackupCrashTest, KilledAtAnyMomentEveryBackupThatCountsIsGood) {
  const TemporaryFolder folder;
  const std::string path = folder.File("work");
  const std::string backups = path + "/backups";
  std::mt19937_64 random(5);
  uint64_t told = 0;
  for (int kill = 0; kill < Kills() && !HasFailure(); ++kill) {
    SCOPED_TRACE(absl::StrCat("kill ", kill));
    told = RunAndKill(FASTI_BACKUP_CRASH_CHILD, path, absl::Microseconds(random() % 200'000), told);
    const auto listed = ListBackups(backups);
    ASSERT_TRUE(listed.ok()) << listed.status();
    ASSERT_THAT(*listed, ::testing::Not(::testing::IsEmpty()));
    EXPECT_GE(listed->back().number, told);
    for (const BackupInfo& backup : *listed) {
      EXPECT_EQ(backup.damage, "");
      // The last ones, and one more.
      if (backup.number + 1 < told && random() % listed->size() != 0) continue;
      const auto verified = VerifyBackup(backups, backup.number, {});
      EXPECT_TRUE(verified.ok()) << verified.status();
    }
    for (const std::string& name : FileNames(path)) {
      if (!absl::StartsWith(name, "restored-") || absl::EndsWith(name, ".restoring")) continue;
      const auto backup = std::find_if(listed->begin(), listed->end(), [&](const BackupInfo& info) {
        return name == absl::StrCat("restored-", info.number);
      });
      ASSERT_NE(backup, listed->end()) << name;
      ExpectWhole(absl::StrCat(path, "/", name), backup->sequence);
      std::filesystem::remove_all(absl::StrCat(path, "/", name));
    }
    // Where a restore was killed, the next one succeeds.
    const BackupInfo& newest = listed->back();
    const std::string again = absl::StrCat(path, "/restored-", newest.number);
    const auto restored = RestoreBackup(backups, 0, again, {});
    ASSERT_TRUE(restored.ok()) << restored.status();
    EXPECT_FALSE(std::filesystem::exists(again + ".restoring"));
    ExpectWhole(again, newest.sequence);
    std::filesystem::remove_all(again);
    ASSERT_NE(OpenExisting(path + "/db"), nullptr);
    told = newest.number;
  }
}

}  // namespace
}  // namespace fasti
