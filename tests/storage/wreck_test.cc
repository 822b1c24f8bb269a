#include "engine/storage/wreck.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/storage/store.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

namespace fasti::storage {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Records = std::map<std::string, std::string>;

// A table of many blocks, a log of many records, and both again after kill -9.
class WreckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto store = OpenRocksStore(folder_.File("db"), StoreOptions());
    ASSERT_TRUE(store.ok()) << store.status();
    std::mt19937_64 random(7);
    for (int i = 0; i < 4000; ++i) Put(**store, Family::kText, absl::StrCat("t", i * i), random());
    ASSERT_TRUE((*store)->Flush({Family::kText}).ok());
    for (int i = 0; i < 200; ++i) Put(**store, Family::kExtra, absl::StrCat("e", i), random());
    CopyFolder(folder_.File("db"), path_);
  }

  void Put(Store& store, Family family, const std::string& key, uint64_t seed) {
    std::mt19937_64 random(seed);
    std::string value;
    while (value.size() < 100) value.push_back(static_cast<char>(random()));
    Batch batch;
    batch.Put(family, key, value);
    ASSERT_TRUE(store.Write(batch, Durability::kBuffered).ok());
    all_[absl::StrCat(FamilyName(family), key)] = value;
  }

  // All that can be read, each of which must be what was written.
  Records Read(std::vector<Wreck::Loss>* losses) {
    Records records;
    const auto wreck = Wreck::Open(path_);
    EXPECT_TRUE(wreck.ok()) << wreck.status();
    if (!wreck.ok()) return records;
    const auto visit = [&](Family family, absl::string_view key, absl::string_view value) {
      const std::string name = absl::StrCat(FamilyName(family), key);
      EXPECT_EQ(all_.at(name), std::string(value.data(), value.size()));
      records[name] = all_.at(name);
      return absl::OkStatus();
    };
    EXPECT_TRUE((*wreck)->ReadTables([](Family) { return true; }, visit).ok());
    EXPECT_TRUE((*wreck)->ReadLogs(visit).ok());
    *losses = (*wreck)->losses();
    return records;
  }

  std::string OneFile(absl::string_view suffix) {
    const std::vector<std::string> files = FilesEnding(path_, suffix);
    EXPECT_THAT(files, SizeIs(1));
    return files.front();
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_.File("wreck");
  Records all_;
};

TEST_F(WreckTest, OfASoundDatabaseEverythingIsRead) {
  std::vector<Wreck::Loss> losses;
  EXPECT_EQ(Read(&losses), all_);
  EXPECT_THAT(losses, IsEmpty());
}

TEST_F(WreckTest, WithoutManifestOrCurrentEverythingIsRead) {
  std::filesystem::remove(path_ + "/CURRENT");
  std::vector<Wreck::Loss> losses;
  EXPECT_EQ(Read(&losses), all_);
  ASSERT_THAT(losses, SizeIs(1));
  for (const std::string& manifest : FilesStarting(path_, "MANIFEST")) {
    std::filesystem::remove(manifest);
  }
  EXPECT_EQ(Read(&losses), all_);
}

TEST_F(WreckTest, BehindEachDamagedBlockOfATableItGoesOn) {
  const std::string table = OneFile(".sst");
  const std::string sound = ReadFile(table);
  for (const std::vector<size_t>& places :
       {std::vector<size_t>{0}, {100'000}, {100'000, 250'000}, {0, 60'000, 120'000, 180'000}}) {
    std::string bytes = sound;
    for (const size_t place : places) bytes[place] = static_cast<char>(bytes[place] ^ 1);
    WriteFile(table, bytes);
    std::vector<Wreck::Loss> losses;
    const Records records = Read(&losses);
    ASSERT_THAT(losses, SizeIs(places.size()));
    for (const Wreck::Loss& loss : losses) {
      EXPECT_TRUE(absl::EndsWith(table, loss.file)) << loss.file;
      EXPECT_EQ(loss.family, "text");
      EXPECT_THAT(loss.what, HasSubstr("damaged block at byte"));
    }
    // Each block is some 16 KiB, of records of over 100 bytes, and only they are missing.
    EXPECT_LT(records.size(), all_.size());
    EXPECT_GE(records.size() + places.size() * 170, all_.size());
    for (const auto& [name, value] : all_) {
      if (records.count(name) > 0) continue;
      ASSERT_TRUE(absl::StartsWith(name, "text")) << name;
      const std::string key = name.substr(4);
      EXPECT_TRUE(std::any_of(losses.begin(), losses.end(), [&](const Wreck::Loss& loss) {
        return loss.first_key <= key && key <= loss.last_key;
      })) << name;
    }
  }
}

TEST_F(WreckTest, AMissingTableIsNamedWithItsFamily) {
  std::filesystem::remove(OneFile(".sst"));
  std::vector<Wreck::Loss> losses;
  EXPECT_THAT(Read(&losses), SizeIs(200));
  ASSERT_THAT(losses, SizeIs(1));
  EXPECT_EQ(losses[0].family, "text");
  EXPECT_EQ(losses[0].what, "missing");
  EXPECT_EQ(losses[0].first_key, "t0");
}

TEST_F(WreckTest, BehindADamagedRecordOfALogItGoesOn) {
  const std::vector<std::string> logs = FilesEnding(path_, ".log");
  const std::string log = logs.back();
  std::string bytes = ReadFile(log);
  ASSERT_GT(bytes.size(), 20'000u);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  WriteFile(log, bytes);
  std::vector<Wreck::Loss> losses;
  EXPECT_THAT(Read(&losses), SizeIs(all_.size() - 1));
  ASSERT_THAT(losses, SizeIs(1));
  EXPECT_THAT(losses[0].what, HasSubstr("damaged record at byte"));
}

TEST_F(WreckTest, WhatHoldsNeitherTablesNorLogsIsNoDatabase) {
  std::filesystem::create_directory(folder_.File("other"));
  EXPECT_TRUE(absl::IsFailedPrecondition(Wreck::Open(folder_.File("other")).status()));
  EXPECT_TRUE(absl::IsNotFound(Wreck::Open(folder_.File("absent")).status()));
}

TEST_F(WreckTest, ADatabaseThatIsBeingWrittenIsLeftAlone) {
  const auto store = OpenRocksStore(path_, StoreOptions());
  ASSERT_TRUE(store.ok());
  EXPECT_TRUE(absl::IsUnavailable(Wreck::Open(path_).status()));
}

}  // namespace
}  // namespace fasti::storage
