#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "engine/storage/rocks_backup.h"
#include "engine/storage/rocks_store.h"
#include "fasti/status_macros.h"
#include "tests/support/fault_fs.h"
#include "tests/support/temporary_folder.h"

// A backup, and a restore, with every one of their writing calls failed in turn.  Whatever fails:
// the backup that counted before is good, the new one counts and is good or does not count, and
// there is a restored database, which is whole, or none.  Each run of the tests takes every
// eleventh call; FASTI_FAULT_STEP=1 takes all.

namespace fasti::storage {
namespace {

namespace fs = std::filesystem;

constexpr FaultFs::Fault kFaults[] = {FaultFs::Fault::kError, FaultFs::Fault::kNoSpace,
                                      FaultFs::Fault::kTornNoSpace, FaultFs::Fault::kPowerCut};

absl::StatusOr<std::string> KeysOf(Store& store) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> problems, store.Verify());
  if (!problems.empty()) return absl::DataLossError(problems.front());
  std::string keys;
  for (const Family family : {Family::kLog, Family::kDict}) {
    const auto cursor = store.NewCursor(family);
    for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
      absl::StrAppend(&keys, cursor->key(), " ");
    }
    FASTI_RETURN_IF_ERROR(cursor->status());
  }
  return keys;
}

class BackupFaultTest : public ::testing::Test {
 protected:
  static long Step() {
    const char* const step = ::getenv("FASTI_FAULT_STEP");
    return step == nullptr ? 11 : std::max(1l, std::atol(step));
  }

  void SetUp() override {
    writer_ = *RocksStore::OpenWriter(rocksdb::Env::Default(), database_, StoreOptions());
    Put("one");
    ASSERT_TRUE(writer_->Flush({Family::kLog, Family::kDict}).ok());
    ASSERT_TRUE(Backups().Create(database_, KeysOf).ok());
    Put("two");
  }

  void Put(absl::string_view key) {
    Batch batch;
    batch.Put(Family::kLog, key, std::string(3000, 'v'));
    batch.Put(Family::kDict, key, std::string(3000, 'v'));
    ASSERT_TRUE(writer_->Write(batch, Durability::kSync).ok());
  }

  // Through files that fail, and through sound ones.
  RocksBackups FailingBackups() { return RocksBackups(env_.get(), folder_, nobody_); }
  RocksBackups Backups() { return RocksBackups(rocksdb::Env::Default(), folder_, nobody_); }

  const TemporaryFolder temporary_;
  const std::string database_ = temporary_.File("db");
  const std::string folder_ = temporary_.File("backups");
  const std::string restored_ = temporary_.File("restored");
  const BackupWatch nobody_ = {};
  FaultFs faults_;
  const std::unique_ptr<rocksdb::Env> env_ = faults_.NewEnv();
  std::unique_ptr<Store> writer_;
};

TEST_F(BackupFaultTest, WhateverCallOfABackupFailsTheEarlierOneIsGood) {
  for (const FaultFs::Fault fault : kFaults) {
    bool has_failed = true;
    for (long call = 1; has_failed && !HasFailure(); call += Step()) {
      SCOPED_TRACE(absl::StrCat("call ", call, ", fault ", static_cast<int>(fault)));
      const std::string kept = temporary_.File("kept");
      fs::remove_all(kept);
      fs::copy(folder_, kept, fs::copy_options::recursive);
      faults_.FailAt(call, fault);
      const absl::Status made = FailingBackups().Create(database_, KeysOf).status();
      has_failed = faults_.has_failed();
      faults_.Heal();
      const auto listed = Backups().List();
      ASSERT_TRUE(listed.ok()) << listed.status();
      if (made.ok()) {
        EXPECT_EQ(listed->size(), 2u);
      }
      for (const BackupRecord& record : *listed) {
        EXPECT_TRUE(record.state.ok()) << record.state;
        const absl::Status verified = Backups().Verify(record.number, KeysOf);
        EXPECT_TRUE(verified.ok()) << verified;
      }
      const auto next = Backups().Create(database_, KeysOf);
      EXPECT_TRUE(next.ok()) << next.status();
      fs::remove_all(folder_);
      fs::rename(kept, folder_);
    }
  }
}

TEST_F(BackupFaultTest, WhateverCallOfADeletionOfOldOnesFailsTheNewestAreGood) {
  ASSERT_TRUE(Backups().Create(database_, KeysOf).ok());
  const uint32_t newest = Backups().Create(database_, KeysOf)->number;
  const std::string kept = temporary_.File("kept");
  fs::copy(folder_, kept, fs::copy_options::recursive);
  for (const FaultFs::Fault fault : kFaults) {
    bool has_failed = true;
    // There are few of them.
    for (long call = 1; has_failed && !HasFailure(); ++call) {
      SCOPED_TRACE(absl::StrCat("call ", call, ", fault ", static_cast<int>(fault)));
      faults_.FailAt(call, fault);
      const absl::Status deleted = FailingBackups().DeleteOld(1);
      has_failed = faults_.has_failed();
      faults_.Heal();
      const auto listed = Backups().List();
      ASSERT_TRUE(listed.ok()) << listed.status();
      if (deleted.ok()) {
        EXPECT_EQ(listed->size(), 1u);
      }
      ASSERT_FALSE(listed->empty());
      EXPECT_EQ(listed->back().number, newest);
      for (const BackupRecord& record : *listed) {
        const absl::Status verified = Backups().Verify(record.number, KeysOf);
        EXPECT_TRUE(verified.ok()) << verified;
      }
      const auto next = Backups().Create(database_, KeysOf);
      EXPECT_TRUE(next.ok()) << next.status();
      EXPECT_TRUE(Backups().DeleteOld(1).ok());
      fs::remove_all(folder_);
      fs::copy(kept, folder_, fs::copy_options::recursive);
    }
  }
}

TEST_F(BackupFaultTest, WhateverCallOfARestoreFailsThereIsAWholeDatabaseOrNone) {
  for (const FaultFs::Fault fault : kFaults) {
    bool has_failed = true;
    for (long call = 1; has_failed && !HasFailure(); call += Step()) {
      SCOPED_TRACE(absl::StrCat("call ", call, ", fault ", static_cast<int>(fault)));
      faults_.FailAt(call, fault);
      const absl::Status made = FailingBackups().Restore(1, restored_, KeysOf);
      has_failed = faults_.has_failed();
      faults_.Heal();
      EXPECT_TRUE(made.ok() || fault != FaultFs::Fault::kNoSpace || absl::IsResourceExhausted(made))
          << made;
      if (!fs::exists(restored_)) {
        EXPECT_FALSE(made.ok());
        const absl::Status again = Backups().Restore(1, restored_, KeysOf);
        EXPECT_TRUE(again.ok()) << again;
      }
      const auto store =
          RocksStore::OpenWriter(rocksdb::Env::Default(), restored_, {.create_if_missing = false});
      ASSERT_TRUE(store.ok()) << store.status();
      EXPECT_EQ(*KeysOf(**store), "one one ");
      ASSERT_TRUE((*store)->Close().ok());
      fs::remove_all(restored_);
    }
  }
}

}  // namespace
}  // namespace fasti::storage
