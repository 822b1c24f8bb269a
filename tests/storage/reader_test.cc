#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "engine/storage/store.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

// A reader beside a writer: it follows, it writes nothing, it is not disturbed.

namespace fasti::storage {
namespace {

using ::testing::IsEmpty;

class ReaderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    writer_ = OpenRocksStore(path_, StoreOptions()).value();
    Put("a", "1");
  }

  std::unique_ptr<Store> OpenReader() {
    StoreOptions options;
    options.read_only = true;
    auto reader = OpenRocksStore(path_, options);
    EXPECT_TRUE(reader.ok()) << reader.status();
    return *std::move(reader);
  }

  void Put(absl::string_view key, absl::string_view value) {
    Batch batch;
    batch.Put(Family::kLog, key, value);
    ASSERT_TRUE(writer_->Write(batch, Durability::kBuffered).ok());
  }

  void Load(absl::string_view key, absl::string_view value) {
    std::vector<SortedRun> runs;
    for (Family family : {Family::kPost, Family::kFold}) {
      auto left = std::make_shared<int>(1);
      runs.push_back({family, [=](Entry* entry) -> absl::StatusOr<bool> {
                        *entry = {std::string(key), std::string(value)};
                        return (*left)-- > 0;
                      }});
    }
    const absl::Status status = writer_->BulkLoad(std::move(runs));
    ASSERT_TRUE(status.ok()) << status;
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.File("db");
  std::unique_ptr<Store> writer_;
};

TEST_F(ReaderTest, SeesWhatWasWrittenBeforeItOpenedFlushedOrNot) {
  ASSERT_TRUE(writer_->Flush({Family::kLog}).ok());
  Put("b", "2");
  auto reader = OpenReader();
  EXPECT_EQ(reader->Get(Family::kLog, "a").value(), "1");
  EXPECT_EQ(reader->Get(Family::kLog, "b").value(), "2");
}

TEST_F(ReaderTest, FollowsCommitsFlushesAndLoadsWhenItCatchesUp) {
  auto reader = OpenReader();
  Put("b", "2");
  Load("p", "3");
  EXPECT_TRUE(absl::IsNotFound(reader->Get(Family::kLog, "b").status()));
  ASSERT_TRUE(reader->CatchUp().ok());
  EXPECT_EQ(reader->Get(Family::kLog, "b").value(), "2");
  EXPECT_EQ(reader->Get(Family::kPost, "p").value(), "3");
  EXPECT_EQ(reader->Get(Family::kFold, "p").value(), "3");
  for (int i = 0; i < 20; ++i) {
    Put(absl::StrCat("c", i), "4");
    if (i % 5 == 0) {
      ASSERT_TRUE(writer_->Flush({Family::kLog}).ok());
    }
    Load(absl::StrCat("p", i), "5");
    ASSERT_TRUE(reader->CatchUp().ok());
    EXPECT_EQ(reader->Get(Family::kLog, absl::StrCat("c", i)).value(), "4");
    EXPECT_EQ(reader->MultiGet(Family::kPost, {{absl::StrCat("p", i)}})[0].value(), "5");
  }
  EXPECT_THAT(reader->Verify().value(), IsEmpty());
}

TEST_F(ReaderTest, ACursorKeepsItsStateWhenTheReaderCatchesUp) {
  Load("p1", "1");
  auto reader = OpenReader();
  auto cursor = reader->NewCursor(Family::kPost);
  for (int i = 2; i < 12; ++i) Load(absl::StrCat("p", i), "2");
  Load("p1", "changed");
  ASSERT_TRUE(reader->CatchUp().ok());
  cursor->Seek("p");
  ASSERT_TRUE(cursor->Valid()) << cursor->status();
  EXPECT_EQ(cursor->value(), "1");
  cursor->Next();
  EXPECT_FALSE(cursor->Valid());
  EXPECT_TRUE(cursor->status().ok()) << cursor->status();
}

TEST_F(ReaderTest, OutlivesItsWriterAndFollowsTheNext) {
  auto reader = OpenReader();
  Put("b", "2");
  ASSERT_TRUE(writer_->Close().ok());
  ASSERT_TRUE(reader->CatchUp().ok());
  EXPECT_EQ(reader->Get(Family::kLog, "b").value(), "2");
  writer_ = OpenRocksStore(path_, StoreOptions()).value();
  Put("c", "3");
  ASSERT_TRUE(reader->CatchUp().ok());
  EXPECT_EQ(reader->Get(Family::kLog, "c").value(), "3");
}

TEST_F(ReaderTest, WritesNothing) {
  auto reader = OpenReader();
  Batch batch;
  batch.Put(Family::kLog, "b", "2");
  EXPECT_TRUE(absl::IsFailedPrecondition(reader->Write(batch, Durability::kSync)));
  EXPECT_TRUE(absl::IsFailedPrecondition(reader->BulkLoad({})));
  EXPECT_TRUE(absl::IsFailedPrecondition(reader->Flush({Family::kLog})));
  ASSERT_TRUE(writer_->Close().ok());
  ASSERT_TRUE(reader->Close().ok());

  const std::vector<std::string> names = FileNames(path_);
  ASSERT_TRUE(OpenReader()->Close().ok());
  EXPECT_EQ(FileNames(path_), names);
}

TEST_F(ReaderTest, ManyReadersAtOnce) {
  std::vector<std::unique_ptr<Store>> readers;
  for (int i = 0; i < 4; ++i) readers.push_back(OpenReader());
  Put("b", "2");
  for (const auto& reader : readers) {
    ASSERT_TRUE(reader->CatchUp().ok());
    EXPECT_EQ(reader->Get(Family::kLog, "b").value(), "2");
  }
}

// RocksDB would show an earlier state.
TEST_F(ReaderTest, IsNotOpenedAtAnEarlierStateBecauseATableIsDamaged) {
  Load("first", "1");
  Load("second", "2");
  ASSERT_TRUE(writer_->Close().ok());
  for (const std::string& table : FilesEnding(path_, ".sst")) {
    const std::string sound = ReadFile(table);
    for (size_t place = 0; place < sound.size(); place += 401) {
      SCOPED_TRACE(absl::StrCat(table, ", byte ", place));
      std::string damaged = sound;
      damaged[place] = static_cast<char>(damaged[place] ^ 4);
      WriteFile(table, damaged);
      const auto reader = OpenRocksStore(path_, {.create_if_missing = false, .read_only = true});
      if (!reader.ok()) {
        EXPECT_TRUE(absl::IsDataLoss(reader.status())) << reader.status();
        continue;
      }
      EXPECT_THAT(*(*reader)->Verify(), ::testing::SizeIs(1));
      for (const char* const key : {"first", "second"}) {
        const auto value = (*reader)->Get(Family::kPost, key);
        EXPECT_TRUE(value.ok() || absl::IsDataLoss(value.status())) << value.status();
      }
    }
    WriteFile(table, sound);
  }
}

// Damage that comes while it is open: RocksDB would leave it where it was.
TEST_F(ReaderTest, IsToldWhenATableThatItWouldGoOnToIsDamaged) {
  Load("first", "1");
  constexpr size_t kPlaces = 12;
  for (size_t i = 0; i < 2 * kPlaces; ++i) {
    const auto reader = OpenReader();
    const std::vector<std::string> before = FilesEnding(path_, ".sst");
    const std::string key = absl::StrCat("new", i);
    Load(key, "2");
    std::vector<std::string> added;
    for (const std::string& table : FilesEnding(path_, ".sst")) {
      if (!std::count(before.begin(), before.end(), table)) added.push_back(table);
    }
    ASSERT_THAT(added, ::testing::SizeIs(2));
    const std::string& table = added[i / kPlaces];
    const std::string sound = ReadFile(table);
    const size_t place = sound.size() * (i % kPlaces) / kPlaces;
    SCOPED_TRACE(absl::StrCat(table, ", byte ", place));
    std::string damaged = sound;
    damaged[place] = static_cast<char>(damaged[place] ^ 4);
    WriteFile(table, damaged);
    const absl::Status status = reader->CatchUp();
    EXPECT_TRUE(status.ok() || absl::IsDataLoss(status)) << status;
    EXPECT_EQ(reader->CatchUp().code(), status.code()) << "asked again, it is told again";
    EXPECT_EQ(*reader->Get(Family::kPost, "first"), "1");
    for (const Family family : {Family::kPost, Family::kFold}) {
      const auto value = reader->Get(family, key);
      EXPECT_TRUE(value.ok() || absl::IsDataLoss(value.status()) || absl::IsDataLoss(status))
          << value.status();
    }
    WriteFile(table, sound);
    EXPECT_EQ(*OpenReader()->Get(Family::kPost, key), "2");
  }
}

}  // namespace
}  // namespace fasti::storage
