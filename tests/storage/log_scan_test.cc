#include "engine/storage/log_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/storage/store.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace fasti::storage {
namespace {

using Verdict = LogScan::Verdict;

// The log and the MANIFEST of a database with some commits, as kill -9 would leave them.
class LogScanTest : public ::testing::Test {
 protected:
  void MakeDatabase(int commits, size_t value_bytes) {
    for (const char* name : {"db", "killed"}) std::filesystem::remove_all(folder_.File(name));
    auto store = OpenRocksStore(folder_.File("db"), StoreOptions());
    ASSERT_TRUE(store.ok()) << store.status();
    for (int i = 0; i < commits; ++i) {
      Batch batch;
      // Values of zeros: only the end of a record tells them from space never written.
      batch.Put(Family::kLog, absl::StrCat("key", i), std::string(value_bytes, '\0'));
      batch.Delete(Family::kDict, std::string(1, '\0'));
      ASSERT_TRUE((*store)->Write(batch, Durability::kBuffered).ok());
    }
    CopyFolder(folder_.File("db"), folder_.File("killed"));
    const auto logs = FilesEnding(folder_.File("killed"), ".log");
    const auto manifests = FilesStarting(folder_.File("killed"), "MANIFEST-");
    ASSERT_EQ(logs.size(), 1u);
    ASSERT_EQ(manifests.size(), 1u);
    log_ = ReadFile(logs[0]);
    manifest_ = ReadFile(manifests[0]);
  }

  TemporaryFolder folder_;
  std::string log_, manifest_;
};

// Tries bit 0 and bit 7 of every `step`th byte.
void ExpectEveryFlipIsNoticed(const std::string& good, size_t step) {
  ASSERT_EQ(ScanLog(good).verdict, Verdict::kWhole);
  for (size_t i = 0; i < good.size(); i += step) {
    for (int bit : {0, 7}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 1 << bit);
      EXPECT_EQ(ScanLog(bad).verdict, Verdict::kDamaged)
          << "byte " << i << " of " << good.size() << ", bit " << bit;
    }
  }
}

void ExpectNoTornTailIsTakenForDamage(const std::string& good, size_t step) {
  for (size_t size = 0; size < good.size(); size += step) {
    const std::string cut = good.substr(0, size);
    EXPECT_NE(ScanLog(cut).verdict, Verdict::kDamaged) << size;
    for (size_t zeros : {1, 7, 100, 4096}) {
      EXPECT_NE(ScanLog(cut + std::string(zeros, '\0')).verdict, Verdict::kDamaged)
          << size << " + " << zeros;
    }
  }
}

TEST_F(LogScanTest, EveryFlippedBitOfAWriteAheadLogIsNoticed) {
  MakeDatabase(20, 30);
  ExpectEveryFlipIsNoticed(log_, 1);
}

TEST_F(LogScanTest, EveryFlippedBitOfAManifestIsNoticed) {
  MakeDatabase(1, 1);
  ExpectEveryFlipIsNoticed(manifest_, 1);
}

TEST_F(LogScanTest, EveryFlippedBitOfAManifestThatHasSeenLoadsAndFlushesIsNoticed) {
  const std::string path = folder_.File("db");
  for (int round = 0; round < 3; ++round) {
    auto store = OpenRocksStore(path, StoreOptions());
    ASSERT_TRUE(store.ok()) << store.status();
    Batch batch;
    batch.Put(Family::kExtra, absl::StrCat(round), "value");
    ASSERT_TRUE((*store)->Write(batch, Durability::kSync).ok());
    for (Family family : {Family::kExtra, Family::kPost, Family::kFold}) {
      const std::string manifest = ReadFile(FilesStarting(path, "MANIFEST-").back());
      ExpectEveryFlipIsNoticed(manifest, 5);
      ExpectNoTornTailIsTakenForDamage(manifest, 5);
      if (family == Family::kExtra) {
        ASSERT_TRUE((*store)->Flush(absl::MakeConstSpan(&family, 1)).ok());
        continue;
      }
      bool done = false;
      SortedRun run = {family, [&done](Entry* entry) -> absl::StatusOr<bool> {
                         *entry = {"key", std::string(3, '\0')};
                         return !std::exchange(done, true);
                       }};
      ASSERT_TRUE((*store)->BulkLoad({run}).ok());
    }
  }
}

TEST_F(LogScanTest, NoTornTailIsTakenForDamage) {
  MakeDatabase(20, 30);
  ExpectNoTornTailIsTakenForDamage(log_, 1);
  ExpectNoTornTailIsTakenForDamage(manifest_, 1);
}

TEST_F(LogScanTest, RecordsOverSeveralBlocksAreFollowed) {
  MakeDatabase(3, 50000);
  ASSERT_GT(log_.size(), 4 * 32768u);
  ExpectEveryFlipIsNoticed(log_, 3001);
  ExpectNoTornTailIsTakenForDamage(log_, 20011);
}

// What is left at the end of a block is filled before the next record is written, which may be
// lost.
TEST_F(LogScanTest, ZerosThatFillABlockHideNoFlipAndAreNoDamage) {
  constexpr size_t kBlockBytes = 32768;
  constexpr size_t kValueBytes = 30000;
  MakeDatabase(1, kValueBytes);
  const size_t other_bytes = log_.size() - kValueBytes;
  for (const size_t zeros : {1, 6}) {
    MakeDatabase(1, kBlockBytes - other_bytes - zeros);
    ASSERT_EQ(log_.size(), kBlockBytes - zeros);
    ExpectEveryFlipIsNoticed(log_, 3001);
    ExpectNoTornTailIsTakenForDamage(log_, 3001);
    std::string filled = log_ + std::string(zeros, '\0');
    for (size_t i = 0; i < log_.size(); i += 3001) {
      std::string bad = filled;
      bad[i] = static_cast<char>(bad[i] ^ 0x80);
      EXPECT_EQ(ScanLog(bad).verdict, Verdict::kDamaged) << "byte " << i << ", " << zeros;
    }
    EXPECT_EQ(ScanLog(filled).verdict, Verdict::kWhole);
  }
}

TEST_F(LogScanTest, ADamagedRecordIsFoundWhereItIs) {
  MakeDatabase(2, 30);
  std::string bad = log_;
  bad[5] = static_cast<char>(bad[5] ^ 1);
  EXPECT_EQ(ScanLog(bad).offset, 0u);
  bad = log_;
  bad.back() = static_cast<char>(bad.back() ^ 1);
  EXPECT_GT(ScanLog(bad).offset, 0u);
  EXPECT_FALSE(ScanLog(bad).reason.empty());
}

// A table, say, that was copied to the place of a log.
TEST_F(LogScanTest, WhatIsNoLogIsDamageThoughItsFirstRecordDoesNotFit) {
  for (const char type : {'\0', '\5', '\x80'}) {
    std::string bytes = "\x9d\x05\xf8\x01\xff\x7f";
    bytes += type;
    bytes += "fold_mark and so on";
    EXPECT_EQ(ScanLog(bytes).verdict, Verdict::kDamaged) << int{type};
    EXPECT_EQ(ScanLog(bytes + std::string(1000, '\0')).verdict, Verdict::kDamaged) << int{type};
  }
  // A length beyond the block.
  EXPECT_EQ(ScanLog("\x9d\x05\xf8\x01\xff\xff\1 and so on").verdict, Verdict::kDamaged);
}

TEST_F(LogScanTest, SpaceThatWasNeverWrittenIsNoDamage) {
  EXPECT_EQ(ScanLog("").verdict, Verdict::kWhole);
  EXPECT_EQ(ScanLog(std::string(100000, '\0')).verdict, Verdict::kTorn);
  MakeDatabase(2, 30);
  EXPECT_EQ(ScanLog(log_ + std::string(40000, '\0')).verdict, Verdict::kTorn);
}

// End to end: what the scan says, opening says, with the name of the file, and changes nothing.
TEST_F(LogScanTest, OpeningADatabaseWithADamagedLogIsDataLossThatNamesTheFile) {
  MakeDatabase(3, 30);
  const std::string path = folder_.File("killed");
  for (const std::string& file :
       {FilesEnding(path, ".log")[0], FilesStarting(path, "MANIFEST-")[0]}) {
    const std::string good = ReadFile(file);
    const std::vector<std::string> names = FileNames(path);
    for (size_t i = 0; i < good.size(); i += 17) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 1);
      WriteFile(file, bad);
      for (bool read_only : {false, true}) {
        StoreOptions options;
        options.read_only = read_only;
        const absl::Status status = OpenRocksStore(path, options).status();
        EXPECT_TRUE(absl::IsDataLoss(status)) << i << ": " << status;
        EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr(file));
      }
      EXPECT_EQ(ReadFile(file), bad);
    }
    EXPECT_EQ(FileNames(path), names);
    WriteFile(file, good);
  }
  auto store = OpenRocksStore(path, StoreOptions());
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_TRUE((*store)->Get(Family::kLog, "key2").ok());
}

}  // namespace
}  // namespace fasti::storage
