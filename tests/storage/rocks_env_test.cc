#include "engine/storage/rocks_env.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "tests/support/temporary_folder.h"

namespace fasti::storage {
namespace {

TEST(RocksFilesTest, HeldTablesAreDeletedOnReleaseHoweverOftenTheyWereDeletedBefore) {
  const TemporaryFolder folder;
  RocksFiles files(rocksdb::FileSystem::Default());
  const auto remove = [&](const std::string& name) {
    return files.DeleteFile(folder.File(name), rocksdb::IOOptions(), nullptr);
  };
  const auto exists = [&](const std::string& name) {
    return files.FileExists(folder.File(name), rocksdb::IOOptions(), nullptr).ok();
  };
  for (const char* name : {"1.sst", "2.sst", "3.log"}) {
    ASSERT_TRUE(
        rocksdb::WriteStringToFile(rocksdb::Env::Default(), "bytes", folder.File(name)).ok());
  }
  files.HoldDeletions();
  for (const char* name : {"1.sst", "1.sst", "2.sst", "3.log"}) EXPECT_TRUE(remove(name).ok());
  EXPECT_TRUE(exists("1.sst") && exists("2.sst"));
  EXPECT_FALSE(exists("3.log"));
  EXPECT_TRUE(files.ReleaseDeletions().ok());
  EXPECT_FALSE(exists("1.sst") || exists("2.sst"));
  EXPECT_TRUE(remove("1.sst").IsPathNotFound()) << "nothing is held now";
}

}  // namespace
}  // namespace fasti::storage
