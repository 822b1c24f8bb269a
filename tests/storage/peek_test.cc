#include "engine/storage/peek.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "engine/storage/store.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace fasti::storage {
namespace {

std::map<std::string, std::string> FilesOf(const std::string& path) {
  std::map<std::string, std::string> files;
  for (const std::string& file : FilesStarting(path, "")) {
    if (!file.ends_with("/bulk")) files[file] = ReadFile(file);
  }
  return files;
}

TEST(PeekTest, ReadsARecordOfAClosedOrKilledDatabaseAndChangesNoByte) {
  const TemporaryFolder folder;
  const std::string closed = folder.File("closed"), killed = folder.File("killed");
  const auto store = OpenRocksStore(closed, StoreOptions()).value();
  Batch batch;
  batch.Put(Family::kDefault, "key", "value");
  batch.Put(Family::kLog, "other", "value");
  ASSERT_TRUE(store->Write(batch, Durability::kSync).ok());
  CopyFolder(closed, killed);
  ASSERT_TRUE(store->Close().ok());
  for (const std::string& path : {closed, killed}) {
    const std::map<std::string, std::string> before = FilesOf(path);
    EXPECT_EQ(PeekRecord(path, "key").value(), "value");
    EXPECT_TRUE(absl::IsNotFound(PeekRecord(path, "other").status()));
    EXPECT_EQ(FilesOf(path), before);
  }
}

TEST(PeekTest, OfWhatIsNoDatabaseNothingCanBeTold) {
  const TemporaryFolder folder;
  EXPECT_TRUE(absl::IsNotFound(PeekRecord(folder.File("absent"), "key").status()));
  EXPECT_TRUE(absl::IsNotFound(PeekRecord(folder.path(), "key").status()));
}

}  // namespace
}  // namespace fasti::storage
