#include "engine/storage/rocks_live_logs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "engine/storage/store.h"
#include "engine/storage/wreck.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

// A database whose process ended, and which of its write-ahead logs are gone.

namespace fasti::storage {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr Family kFlushed[] = {Family::kLog};

class LiveLogsTest : public ::testing::Test {
 protected:
  // Writes to a family that is flushed, which begins a new log, and to one that is not, which keeps
  // the old ones.
  static void WriteAndFlush(Store& store, int number) {
    Batch batch;
    batch.Put(Family::kLog, absl::StrCat("flushed", number), "value");
    batch.Put(Family::kDict, absl::StrCat("kept", number), "value");
    ASSERT_TRUE(store.Write(batch, Durability::kSync).ok());
    ASSERT_TRUE(store.Flush(kFlushed).ok());
  }

  // With several logs.
  void MakeKilled() {
    const auto store = OpenRocksStore(path_, StoreOptions());
    ASSERT_TRUE(store.ok()) << store.status();
    for (int i = 0; i < 4; ++i) WriteAndFlush(**store, i);
    CopyFolder(path_, killed_);
    logs_ = FilesEnding(killed_, ".log");
    ASSERT_GT(logs_.size(), 3u);
  }

  absl::Status OpenKilled(bool read_only) const {
    StoreOptions options;
    options.read_only = read_only;
    return OpenRocksStore(killed_, options).status();
  }

  // That neither a writer nor a reader opens the database, and why.
  void ExpectDataLoss(absl::string_view log, absl::string_view what) const {
    for (const bool read_only : {true, false}) {
      const absl::Status status = OpenKilled(read_only);
      EXPECT_TRUE(absl::IsDataLoss(status)) << log << ": " << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat(log, ": ", what)));
    }
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_.File("db");
  const std::string killed_ = folder_.File("killed");
  std::vector<std::string> logs_;  // of the killed one
};

TEST_F(LiveLogsTest, AMissingLogIsDataLossThatNamesIt) {
  MakeKilled();
  for (const std::string& log : logs_) {
    const std::string bytes = ReadFile(log);
    std::filesystem::remove(log);
    ExpectDataLoss(log, "missing");
    WriteFile(log, bytes);
  }
  EXPECT_TRUE(OpenKilled(/*read_only=*/true).ok());
  EXPECT_TRUE(OpenKilled(/*read_only=*/false).ok());
}

// RocksDB would replay it as far as it goes, and then the next.
TEST_F(LiveLogsTest, ALogThatEndsTooEarlyIsDataLossUnlessItIsTheLast) {
  MakeKilled();
  const auto sizes = ReadLiveLogs(rocksdb::Env::Default(), killed_);
  ASSERT_TRUE(sizes.ok()) << sizes.status();
  ASSERT_EQ(sizes->size(), logs_.size());
  int finished = 0;
  for (const std::string& log : logs_) {
    const std::string bytes = ReadFile(log);
    const bool is_last = log == logs_.back();
    EXPECT_EQ(sizes->at(std::filesystem::path(log).filename()),
              is_last ? std::nullopt : std::optional<uint64_t>(bytes.size()));
    if (is_last) break;
    ++finished;
    for (size_t size = 0; size < bytes.size(); size += 5) {
      WriteFile(log, bytes.substr(0, size));
      ExpectDataLoss(log, absl::StrCat("expected ", bytes.size(), " bytes"));
    }
    WriteFile(log, bytes);
  }
  EXPECT_GT(finished, 2);
  EXPECT_TRUE(OpenKilled(/*read_only=*/false).ok());
}

TEST_F(LiveLogsTest, TheSalvagerTellsOfLogsThatAreMissingOrEndTooEarly) {
  MakeKilled();
  const std::string bytes = ReadFile(logs_[1]);
  const auto losses = [this] {
    auto wreck = Wreck::Open(killed_);
    EXPECT_TRUE(wreck.ok()) << wreck.status();
    const auto visit = [](Family, absl::string_view, absl::string_view) {
      return absl::OkStatus();
    };
    EXPECT_TRUE((*wreck)->ReadLogs(visit).ok());
    std::vector<std::string> told;
    for (const Wreck::Loss& loss : (*wreck)->losses()) {
      told.push_back(absl::StrCat(killed_, "/", loss.file, ": ", loss.what));
    }
    return told;
  };
  EXPECT_THAT(losses(), IsEmpty());
  for (const size_t size : {size_t{0}, bytes.size() - 1}) {
    WriteFile(logs_[1], bytes.substr(0, size));
    EXPECT_THAT(losses(), ElementsAre(absl::StrCat(logs_[1], ": cut off at byte 0")));
  }
  std::filesystem::remove(logs_[1]);
  EXPECT_THAT(losses(), ElementsAre(absl::StrCat(logs_[1], ": missing")));
}

// RocksDB would end the process over it.
TEST_F(LiveLogsTest, ALogInThePlaceOfAnotherIsDataLoss) {
  MakeKilled();
  std::vector<std::string> full;  // the last may hold nothing yet
  for (const std::string& log : logs_) {
    if (std::filesystem::file_size(log) > 0) full.push_back(log);
  }
  ASSERT_GT(full.size(), 2u);
  for (const std::string& to : full) {
    const std::string bytes = ReadFile(to);
    for (const std::string& from : full) {
      if (from == to) continue;
      WriteFile(to, ReadFile(from));
      const absl::Status status = OpenKilled(/*read_only=*/true);
      EXPECT_TRUE(absl::IsDataLoss(status)) << from << " as " << to << ": " << status;
    }
    WriteFile(to, bytes);
  }
  EXPECT_TRUE(OpenKilled(/*read_only=*/false).ok());
}

TEST_F(LiveLogsTest, TheListIsThereWhileTheDatabaseIsOpenAndEveryChangeToItIsTold) {
  MakeKilled();
  const std::string list = killed_ + "/LIVE_LOGS";
  const std::string good = ReadFile(list);
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    WriteFile(list, bad);
    ExpectDataLoss(list, "damaged");
    WriteFile(list, good.substr(0, i));
    ExpectDataLoss(list, "damaged");
  }
  WriteFile(list, good);
  const auto store = OpenRocksStore(killed_, StoreOptions());
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_THAT(FileNames(killed_), Contains("LIVE_LOGS"));
  ASSERT_TRUE((*store)->Close().ok());
  EXPECT_THAT(FileNames(killed_), Not(Contains("LIVE_LOGS")));
}

TEST_F(LiveLogsTest, NoneIsMissingWhileTheWriterMakesAndDeletesThem) {
  const auto store = OpenRocksStore(path_, StoreOptions());
  ASSERT_TRUE(store.ok()) << store.status();
  std::atomic<bool> is_done = false;
  std::thread writer([&] {
    constexpr Family kKept[] = {Family::kDict};
    for (int i = 0; i < 60; ++i) {
      WriteAndFlush(**store, i);
      if (i % 3 == 2) {
        ASSERT_TRUE((*store)->Flush(kKept).ok());
      }
    }
    is_done = true;
  });
  int looks = 0;
  for (; !is_done; ++looks) {
    const auto missing = MissingLogs(rocksdb::Env::Default(), path_);
    ASSERT_TRUE(missing.ok()) << missing.status();
    EXPECT_THAT(*missing, IsEmpty());
  }
  writer.join();
  EXPECT_GT(looks, 60);
  EXPECT_LT(FilesEnding(path_, ".log").size(), 20u) << "none was deleted";
}

}  // namespace
}  // namespace fasti::storage
