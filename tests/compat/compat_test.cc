#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fasti/backup.h"
#include "fasti/database.h"
#include "fasti/salvage.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/compat/whole_dump.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

// Databases and backups of every released version (README.md) open, are whole, and hold what they
// held.  They are copied first: nothing here changes them.

namespace fasti {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> Versions() {
  std::vector<std::string> versions;
  for (const auto& entry : fs::directory_iterator(FASTI_COMPAT_DIRECTORY)) {
    if (entry.is_directory()) versions.push_back(entry.path().filename().string());
  }
  std::sort(versions.begin(), versions.end());
  return versions;
}

class CompatTest : public ::testing::TestWithParam<std::string> {
 protected:
  std::string Kept(absl::string_view name) const {
    return absl::StrCat(FASTI_COMPAT_DIRECTORY, "/", GetParam(), "/", name);
  }
  std::string CopyOf(absl::string_view name) const {
    const std::string copy = temporary_.File(name);
    CopyFolder(Kept(name), copy);
    return copy;
  }

  void ExpectContents(const std::string& path, bool read_only = false) {
    Options options;
    options.create_if_missing = false;
    options.read_only = read_only;
    const auto database = Database::Open(path, options);
    ASSERT_TRUE(database.ok()) << database.status();
    EXPECT_THAT(*(*database)->Check(), ::testing::IsEmpty());
    const std::string text = testing::WholeDump(*(*database)->GetSnapshot()).Text();
    const std::vector<std::string> found = absl::StrSplit(text, '\n');
    const std::string kept = ReadFile(Kept("contents.txt"));
    const std::vector<std::string> expected = absl::StrSplit(kept, '\n');
    EXPECT_GT(expected.size(), 300u);
    ASSERT_EQ(found.size(), expected.size());
    for (size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], expected[i]) << "line " << i + 1;
  }

  const TemporaryFolder temporary_;
};

TEST_P(CompatTest, AClosedDatabaseHoldsWhatItHeld) {
  const std::string path = CopyOf("closed");
  ExpectContents(path, /*read_only=*/true);
  ExpectContents(path);
  ExpectContents(path);  // after this program closed it
}

TEST_P(CompatTest, AKilledDatabaseHoldsWhatItHeld) {
  const std::string path = CopyOf("killed");
  ExpectContents(path, /*read_only=*/true);
  ExpectContents(path);
  ExpectContents(path);
}

TEST_P(CompatTest, ABackupIsRestoredToWhatItHeld) {
  const std::string backups = CopyOf("backups");
  const auto restored = RestoreBackup(backups, 0, temporary_.File("restored"), {});
  ASSERT_TRUE(restored.ok()) << restored.status();
  ExpectContents(temporary_.File("restored"));
}

TEST_P(CompatTest, WhatIsSavedOfItIsAllThatItHeld) {
  for (const char* const state : {"closed", "killed"}) {
    const std::string salvaged = temporary_.File(absl::StrCat("salvaged ", state));
    const auto summary = Salvage(CopyOf(state), salvaged, {});
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_THAT(summary->losses, ::testing::IsEmpty());
    ExpectContents(salvaged);
  }
}

TEST_P(CompatTest, IsWrittenOnByThisVersion) {
  const std::string path = CopyOf("closed");
  const auto database = Database::Open(path, {});
  ASSERT_TRUE(database.ok()) << database.status();
  const Sequence before = (*database)->GetSnapshot()->sequence();
  const auto transaction = (*database)->Begin();
  ASSERT_TRUE(transaction.ok()) << transaction.status();
  ASSERT_TRUE((*transaction)->CreateEntity().ok());
  ASSERT_TRUE((*transaction)->Commit().ok());
  ASSERT_TRUE((*database)->Fold().ok());
  EXPECT_GT((*database)->GetSnapshot()->sequence(), before);
  EXPECT_THAT(*(*database)->Check(), ::testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Released, CompatTest, ::testing::ValuesIn(Versions()),
                         [](const auto& version) {
                           std::string name = version.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return absl::StrCat("Version", name);
                         });

}  // namespace
}  // namespace fasti
