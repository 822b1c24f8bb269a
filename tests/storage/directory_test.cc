#include "engine/storage/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "engine/storage/store.h"
#include "rocksdb/db.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

// What a Store does with a directory: whose it is, who holds it, what it may change in it.

namespace fasti::storage {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr Family kAll[] = {Family::kDefault, Family::kPost, Family::kLog,  Family::kExtra,
                           Family::kDict,    Family::kTime, Family::kText, Family::kFold};

StoreOptions NoCreation() {
  StoreOptions options;
  options.create_if_missing = false;
  return options;
}
StoreOptions ReadOnly() {
  StoreOptions options;
  options.read_only = true;
  return options;
}

absl::Status Put(Store* store, absl::string_view key, absl::string_view value) {
  Batch batch;
  batch.Put(Family::kLog, key, value);
  return store->Write(batch, Durability::kSync);
}

class DirectoryTest : public ::testing::Test {
 protected:
  std::unique_ptr<Store> Open(const StoreOptions& options = StoreOptions()) {
    auto store = OpenRocksStore(path_, options);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }
  absl::Status OpenStatus(const StoreOptions& options = StoreOptions()) {
    return OpenRocksStore(path_, options).status();
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.File("db");
};

TEST_F(DirectoryTest, WhatIsWrittenIsThereAfterClosingAndOpening) {
  auto store = Open();
  ASSERT_TRUE(Put(store.get(), "a", "1").ok());
  ASSERT_TRUE(store->Close().ok());
  store = Open(NoCreation());
  EXPECT_EQ(store->Get(Family::kLog, "a").value(), "1");
}

TEST_F(DirectoryTest, WhatIsWrittenIsThereAfterAKill) {
  auto store = Open();
  ASSERT_TRUE(Put(store.get(), "a", "1").ok());
  CopyFolder(path_, folder_.File("killed"));
  auto recovered = OpenRocksStore(folder_.File("killed"), NoCreation());
  ASSERT_TRUE(recovered.ok()) << recovered.status();
  EXPECT_EQ((*recovered)->Get(Family::kLog, "a").value(), "1");
}

TEST_F(DirectoryTest, AnAbsentOrEmptyDirectoryIsCreatedOnlyIfAsked) {
  EXPECT_TRUE(absl::IsNotFound(OpenStatus(NoCreation())));
  EXPECT_TRUE(absl::IsNotFound(OpenStatus(ReadOnly())));
  EXPECT_FALSE(std::filesystem::exists(path_));
  std::filesystem::create_directory(path_);
  EXPECT_TRUE(absl::IsNotFound(OpenStatus(NoCreation())));
  EXPECT_TRUE(absl::IsNotFound(OpenStatus(ReadOnly())));
  EXPECT_THAT(FileNames(path_), IsEmpty());
  EXPECT_TRUE(OpenStatus().ok());
}

TEST_F(DirectoryTest, ANewDirectoryIsForItsOwnerAlone) {
  auto store = Open();
  EXPECT_EQ(std::filesystem::status(path_).permissions(), std::filesystem::perms::owner_all);
}

TEST_F(DirectoryTest, AMissingParentIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(OpenRocksStore(path_ + "/a/b", StoreOptions()).status()));
}

TEST_F(DirectoryTest, WhatIsNoDatabaseIsRefusedAndLeftAlone) {
  WriteFile(path_, "a file");
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenStatus()));
  EXPECT_EQ(ReadFile(path_), "a file");
  std::filesystem::remove(path_);

  std::filesystem::create_directory(path_);
  WriteFile(path_ + "/holiday.jpg", "a picture");
  for (const StoreOptions& options : {StoreOptions(), NoCreation(), ReadOnly()}) {
    const absl::Status status = OpenStatus(options);
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  }
  EXPECT_THAT(FileNames(path_), ::testing::ElementsAre("holiday.jpg"));
}

TEST_F(DirectoryTest, ADatabaseOfAnotherProgramIsRefusedAndLeftAlone) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, path_, &db).ok());
  delete db;
  const std::vector<std::string> names = FileNames(path_);
  for (const StoreOptions& ours : {StoreOptions(), NoCreation(), ReadOnly()}) {
    const absl::Status status = OpenStatus(ours);
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("not a Fasti database"));
  }
  EXPECT_EQ(FileNames(path_), names);
}

TEST_F(DirectoryTest, ADatabaseWithFamiliesOfANewerVersionIsRefused) {
  ASSERT_TRUE(Open()->Close().ok());
  rocksdb::Options options;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (Family family : kAll) families.emplace_back(std::string(FamilyName(family)), options);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, path_, families, &handles, &db).ok());
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  ASSERT_TRUE(db->CreateColumnFamily(options, "vectors", &handle).ok());
  handles.push_back(handle);
  for (auto* each : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(each).ok());
  delete db;
  std::filesystem::remove(path_ + "/STATE");
  EXPECT_THAT(std::string(OpenStatus().message()), HasSubstr("newer version"));
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenStatus()));
}

TEST_F(DirectoryTest, ASecondWriterIsToldWhoHoldsTheDatabase) {
  auto store = Open();
  const absl::Status status = OpenStatus();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(path_), HasSubstr(absl::StrCat("process ", ::getpid())),
                    HasSubstr("storage_test")));
  ASSERT_TRUE(store->Close().ok());
  EXPECT_TRUE(OpenStatus().ok());
}

// The child takes the writer's place, says so, and is killed while it has it.
TEST_F(DirectoryTest, APlaceHeldByAnotherProcessIsFreeOnceThatIsKilled) {
  ASSERT_TRUE(Open()->Close().ok());
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto lock = DirectoryLock::Acquire(path_);
    const char said = lock.ok() ? 'y' : 'n';
    if (::write(ready[1], &said, 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char said = 0;
  ASSERT_EQ(::read(ready[0], &said, 1), 1);
  EXPECT_EQ(said, 'y');
  const absl::Status held = OpenStatus();
  EXPECT_TRUE(absl::IsUnavailable(held)) << held;
  EXPECT_THAT(std::string(held.message()), HasSubstr(absl::StrCat("process ", child)));
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  ::close(ready[0]);
  ::close(ready[1]);
  EXPECT_TRUE(OpenStatus().ok());
}

TEST_F(DirectoryTest, AnInterruptedCreationIsTakenUpAgain) {
  // Killed before RocksDB wrote anything, and right after it had created some of the families.
  std::filesystem::create_directory(path_);
  ASSERT_TRUE(BeginCreation(path_).ok());
  EXPECT_EQ(InspectDirectory(path_).value(), DirectoryState::kUnfinished);
  EXPECT_TRUE(absl::IsNotFound(OpenStatus(ReadOnly())));
  EXPECT_TRUE(Open()->Close().ok());
  EXPECT_EQ(InspectDirectory(path_).value(), DirectoryState::kDatabase);

  std::filesystem::remove_all(path_);
  rocksdb::Options options;
  options.create_if_missing = true;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, path_, &db).ok());
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  ASSERT_TRUE(db->CreateColumnFamily(options, "log", &handle).ok());
  ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  delete db;
  ASSERT_TRUE(BeginCreation(path_).ok());
  auto store = Open();
  for (Family family : kAll) {
    Batch batch;
    batch.Put(family, "key", FamilyName(family));
    ASSERT_TRUE(store->Write(batch, Durability::kSync).ok());
  }
  ASSERT_TRUE(store->Close().ok());
  store = Open(NoCreation());
  for (Family family : kAll) EXPECT_EQ(store->Get(family, "key").value(), FamilyName(family));
}

TEST_F(DirectoryTest, LeftoversOfAKilledLoadAreDeleted) {
  ASSERT_TRUE(Open()->Close().ok());
  std::filesystem::create_directory(path_ + "/bulk");
  WriteFile(path_ + "/bulk/0-post", "half a file");
  ASSERT_TRUE(OpenStatus().ok());
  EXPECT_THAT(FileNames(path_ + "/bulk"), IsEmpty());
}

TEST_F(DirectoryTest, ALoadLeavesNothingInItsFolder) {
  auto store = Open();
  int calls = 0;
  SortedRun run = {Family::kPost, [&calls](Entry* entry) -> absl::StatusOr<bool> {
                     *entry = {"key", "value"};
                     return ++calls == 1;
                   }};
  ASSERT_TRUE(store->BulkLoad({run}).ok());
  EXPECT_THAT(FileNames(path_ + "/bulk"), IsEmpty());
  ASSERT_TRUE(store->Close().ok());
  EXPECT_EQ(Open()->Get(Family::kPost, "key").value(), "value");
}

TEST_F(DirectoryTest, WhatIsMissingFromADatabaseIsDataLossNotANewDatabase) {
  auto store = Open();
  ASSERT_TRUE(Put(store.get(), "a", "1").ok());
  ASSERT_TRUE(store->Close().ok());
  const std::string good = folder_.File("good");
  CopyFolder(path_, good);
  for (const std::string& file :
       {FilesStarting(path_, "CURRENT")[0], FilesStarting(path_, "MANIFEST-")[0],
        FilesEnding(path_, ".sst")[0], FilesEnding(path_, ".log")[0]}) {
    std::filesystem::remove(file);
    const std::vector<std::string> names = FileNames(path_);
    const absl::Status status = OpenStatus();
    EXPECT_TRUE(absl::IsDataLoss(status)) << file << ": " << status;
    CopyFolder(good, path_);
  }
  EXPECT_TRUE(OpenStatus().ok());
}

TEST_F(DirectoryTest, AnyChangeToTheLogsOfAClosedDatabaseIsNoticed) {
  auto store = Open();
  ASSERT_TRUE(Put(store.get(), "a", "1").ok());
  ASSERT_TRUE(store->Close().ok());
  for (const std::string& file :
       {path_ + "/STATE", path_ + "/CURRENT", FilesStarting(path_, "MANIFEST-")[0]}) {
    const std::string good = ReadFile(file);
    for (size_t size = 0; size < good.size(); ++size) {
      WriteFile(file, good.substr(0, size));
      EXPECT_TRUE(absl::IsDataLoss(OpenStatus())) << file << " cut to " << size;
      std::string bad = good;
      bad[size] = static_cast<char>(bad[size] ^ 1);
      WriteFile(file, bad);
      EXPECT_TRUE(absl::IsDataLoss(OpenStatus())) << file << " changed at " << size;
    }
    WriteFile(file, good);
  }
  WriteFile(path_ + "/000999.log", "");
  EXPECT_THAT(std::string(OpenStatus().message()), HasSubstr("000999.log"));
  std::filesystem::remove(path_ + "/000999.log");
  EXPECT_TRUE(OpenStatus().ok());
}

// Each opening would leave one, and the next would read them all.
TEST_F(DirectoryTest, OpeningOftenLeavesOneEmptyLog) {
  auto store = Open();
  ASSERT_TRUE(Put(store.get(), "a", "1").ok());
  ASSERT_TRUE(store->Close().ok());
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Open()->Close().ok());
  EXPECT_THAT(FilesEnding(path_, ".log"), SizeIs(1));
  store = Open();
  EXPECT_EQ(store->Get(Family::kLog, "a").value(), "1");
  ASSERT_TRUE(Put(store.get(), "b", "2").ok());
  ASSERT_TRUE(store->Close().ok());
  EXPECT_THAT(FilesEnding(path_, ".log"), SizeIs(1));
  EXPECT_EQ(Open()->Get(Family::kLog, "b").value(), "2");
}

TEST_F(DirectoryTest, AnOpenDatabaseHasNoState) {
  ASSERT_TRUE(Open()->Close().ok());
  EXPECT_THAT(FileNames(path_), Contains("STATE"));
  auto store = Open();
  EXPECT_THAT(FileNames(path_), Not(Contains("STATE")));
}

}  // namespace
}  // namespace fasti::storage
