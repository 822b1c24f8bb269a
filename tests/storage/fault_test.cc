#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "absl/strings/str_cat.h"
#include "engine/storage/rocks_store.h"
#include "tests/support/fault_fs.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

// A workload with every one of its writing calls failed in turn.  Whatever fails: the store opens
// again by itself, everything acknowledged is there, and every batch and load is there as a whole
// or not at all.  Each run of the tests takes every eleventh call; FASTI_FAULT_STEP=1 takes all.

namespace fasti::storage {
namespace {

constexpr int kSessions = 2;
constexpr int kSessionBatches = 4;
constexpr Family kLoaded[] = {Family::kPost, Family::kFold};

struct Outcome {
  std::vector<int> acknowledged;       // batches
  bool loaded = false;                 // the bulk load was acknowledged
  std::vector<absl::Status> refusals;  // of every call that failed, in order
};

// One batch over three families.
Batch BatchOf(int number) {
  Batch batch;
  for (Family family : {Family::kLog, Family::kDict, Family::kTime}) {
    batch.Put(family, absl::StrCat("batch", number), std::string(2000, 'v'));
  }
  return batch;
}

std::vector<SortedRun> Load() {
  std::vector<SortedRun> runs;
  for (Family family : kLoaded) {
    auto left = std::make_shared<int>(100);
    runs.push_back({family, [left](Entry* entry) -> absl::StatusOr<bool> {
                      *entry = {absl::StrCat("load", 1000 - *left), std::string(100, 'v')};
                      return --*left >= 0;
                    }});
  }
  return runs;
}

Outcome RunWorkload(rocksdb::Env* env, const std::string& path, Durability durability) {
  Outcome outcome;
  const auto note = [&outcome](const absl::Status& status) {
    if (!status.ok()) outcome.refusals.push_back(status);
    return status.ok();
  };
  for (int session = 0; session < kSessions; ++session) {
    auto store = RocksStore::OpenWriter(env, path, StoreOptions());
    if (!note(store.status())) return outcome;
    for (int i = 0; i < kSessionBatches; ++i) {
      const int number = session * kSessionBatches + i;
      if (note((*store)->Write(BatchOf(number), durability))) {
        outcome.acknowledged.push_back(number);
      }
      if (session == 0 && i == 1) outcome.loaded = note((*store)->BulkLoad(Load()));
      if (i == 2) note((*store)->Flush({{Family::kLog, Family::kDict}}));
    }
    note((*store)->Close());
  }
  return outcome;
}

int CountPresent(const Store& store, absl::Span<const Family> families, absl::string_view key) {
  int present = 0;
  for (Family family : families) present += store.Get(family, key).ok();
  return present;
}

class FaultTest : public ::testing::Test {
 protected:
  static long Step() {
    const char* const step = ::getenv("FASTI_FAULT_STEP");
    return step == nullptr ? 11 : std::max(1l, std::atol(step));
  }

  // How many calls the workload makes when nothing fails.
  long CountCalls() {
    faults_.FailAt(0, FaultFs::Fault::kError);
    const Outcome outcome = RunWorkload(env_.get(), folder_.File("count"), Durability::kSync);
    EXPECT_TRUE(outcome.refusals.empty()) << outcome.refusals[0];
    EXPECT_EQ(outcome.acknowledged.size(), 8u);
    return faults_.calls();
  }

  void RunWithFault(long call, FaultFs::Fault fault, Durability durability) {
    SCOPED_TRACE(absl::StrCat("call ", call, ", fault ", static_cast<int>(fault)));
    const std::string path = folder_.File("db");
    std::filesystem::remove_all(path);
    faults_.FailAt(call, fault);
    const Outcome outcome = RunWorkload(env_.get(), path, durability);
    faults_.Heal();
    const auto store = RocksStore::OpenWriter(env_.get(), path, StoreOptions());
    ASSERT_TRUE(store.ok()) << store.status();
    ExpectWhole(**store, outcome, durability == Durability::kSync);
    // A load takes every earlier commit with it, buffered ones, too.
    if ((*store)->Get(Family::kFold, "load900").ok()) {
      EXPECT_TRUE((*store)->Get(Family::kLog, "batch1").ok());
    }
    ExpectRefusalsAreClear(outcome, fault);
    ASSERT_TRUE((*store)->Close().ok());
  }

  void ExpectWhole(const Store& store, const Outcome& outcome, bool is_durable) {
    constexpr Family kFamilies[] = {Family::kLog, Family::kDict, Family::kTime};
    std::vector<int> present;
    for (int number = 0; number < kSessions * kSessionBatches; ++number) {
      const int found = CountPresent(store, kFamilies, absl::StrCat("batch", number));
      EXPECT_TRUE(found == 0 || found == 3) << "batch " << number << " in " << found;
      if (found == 3) present.push_back(number);
    }
    if (is_durable) {
      EXPECT_THAT(present, ::testing::IsSupersetOf(outcome.acknowledged));
    }
    // No hole: what is there of a session is the beginning of what it wrote.
    for (int number : present) {
      if (number % kSessionBatches == 0) continue;
      EXPECT_THAT(present, ::testing::Contains(number - 1)) << "before batch " << number;
    }

    int entries = 0;
    for (Family family : kLoaded) {
      auto cursor = store.NewCursor(family);
      for (cursor->Seek(""); cursor->Valid(); cursor->Next()) ++entries;
      EXPECT_TRUE(cursor->status().ok()) << cursor->status();
    }
    EXPECT_TRUE(entries == 0 || entries == 200) << entries;
    if (outcome.loaded) {
      EXPECT_EQ(entries, 200);
    }
  }

  void ExpectRefusalsAreClear(const Outcome& outcome, FaultFs::Fault fault) {
    const bool is_full = fault == FaultFs::Fault::kNoSpace || fault == FaultFs::Fault::kTornNoSpace;
    for (const absl::Status& status : outcome.refusals) {
      EXPECT_EQ(status.code(),
                is_full ? absl::StatusCode::kResourceExhausted : absl::StatusCode::kUnavailable)
          << status;
    }
  }

  TemporaryFolder folder_;
  FaultFs faults_;
  const std::unique_ptr<rocksdb::Env> env_ = faults_.NewEnv();
};

TEST_F(FaultTest, AFullDiskLosesNothingAcknowledged) {
  const long calls = CountCalls();
  for (long call = 1; call <= calls; call += Step()) {
    RunWithFault(call, FaultFs::Fault::kNoSpace, Durability::kSync);
    RunWithFault(call, FaultFs::Fault::kTornNoSpace, Durability::kSync);
  }
}

TEST_F(FaultTest, AFailingCallLosesNothingAcknowledged) {
  const long calls = CountCalls();
  for (long call = 1; call <= calls; call += Step()) {
    RunWithFault(call, FaultFs::Fault::kError, Durability::kSync);
  }
}

TEST_F(FaultTest, APowerCutLosesNothingAcknowledgedOrOnlyATailIfBuffered) {
  const long calls = CountCalls();
  for (long call = 1; call <= calls; call += Step()) {
    RunWithFault(call, FaultFs::Fault::kPowerCut, Durability::kSync);
    RunWithFault(call, FaultFs::Fault::kPowerCut, Durability::kBuffered);
  }
}

// Among these calls is the sync of the MANIFEST: its failure leaves it open whether the load took
// place, so the tables it names must not be deleted.
TEST_F(FaultTest, AnyFailingCallOfALoadLeavesAllOfItOrNothing) {
  const std::string path = folder_.File("db");
  for (long call = 1;; ++call) {
    SCOPED_TRACE(absl::StrCat("call ", call));
    std::filesystem::remove_all(path);
    auto store = RocksStore::OpenWriter(env_.get(), path, StoreOptions()).value();
    faults_.FailAt(call, FaultFs::Fault::kError);
    const absl::Status status = store->BulkLoad(Load());
    const bool has_failed = faults_.has_failed();
    faults_.Heal();
    store->Close().IgnoreError();
    store.reset();
    auto again = RocksStore::OpenWriter(env_.get(), path, StoreOptions());
    ASSERT_TRUE(again.ok()) << again.status();
    ExpectWhole(**again, Outcome{.loaded = status.ok()}, /*is_durable=*/true);
    if (!has_failed) break;
  }
}

TEST_F(FaultTest, AfterAFailedWriteTheStoreReadsButWritesNoMore) {
  auto store = RocksStore::OpenWriter(env_.get(), folder_.File("db"), StoreOptions()).value();
  ASSERT_TRUE(store->Write(BatchOf(0), Durability::kSync).ok());
  faults_.FailAt(1, FaultFs::Fault::kNoSpace);
  EXPECT_TRUE(absl::IsResourceExhausted(store->Write(BatchOf(1), Durability::kSync)));
  faults_.Heal();
  // There is space again, but what the disk holds is known only to the next open.
  const absl::Status again = store->Write(BatchOf(2), Durability::kSync);
  EXPECT_TRUE(absl::IsResourceExhausted(again));
  EXPECT_THAT(std::string(again.message()),
              ::testing::AllOf(::testing::HasSubstr("until the database is opened again"),
                               ::testing::HasSubstr("No space left")));
  EXPECT_TRUE(absl::IsResourceExhausted(store->BulkLoad(Load())));
  EXPECT_TRUE(absl::IsResourceExhausted(store->Flush({Family::kLog})));
  EXPECT_TRUE(store->Get(Family::kLog, "batch0").ok());
  (void)store->Close();
  store = RocksStore::OpenWriter(env_.get(), folder_.File("db"), StoreOptions()).value();
  EXPECT_TRUE(store->Get(Family::kLog, "batch0").ok());
  EXPECT_TRUE(store->Write(BatchOf(3), Durability::kSync).ok());
}

TEST_F(FaultTest, ALoadThatFindsNoSpaceForItsFilesChangesNothingAndTheStoreGoesOn) {
  auto store = RocksStore::OpenWriter(env_.get(), folder_.File("db"), StoreOptions()).value();
  faults_.FailAt(2, FaultFs::Fault::kNoSpace);
  EXPECT_TRUE(absl::IsResourceExhausted(store->BulkLoad(Load())));
  faults_.Heal();
  EXPECT_TRUE(store->Write(BatchOf(0), Durability::kSync).ok());
  EXPECT_TRUE(absl::IsNotFound(store->Get(Family::kPost, "load900").status()));
  EXPECT_TRUE(store->BulkLoad(Load()).ok());
  EXPECT_TRUE(store->Get(Family::kPost, "load900").ok());
}

}  // namespace
}  // namespace fasti::storage
