#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "engine/storage/store.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

// Table files that changed behind our back.  The logs have a test of their own (log_scan_test).

namespace fasti::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kRows = 2000;

std::string KeyOf(int i) {
  return absl::StrCat("key", 10000 + i);
}

class DamageTest : public ::testing::Test {
 protected:
  // Two files in `post`, so that a scan crosses from one to the next.
  void SetUp() override {
    auto store = OpenRocksStore(path_, StoreOptions()).value();
    for (int half = 0; half < 2; ++half) {
      auto next = std::make_shared<int>(half * kRows / 2);
      const int end = (half + 1) * kRows / 2;
      const absl::Status status = store->BulkLoad(
          {{Family::kPost, [next, end](Entry* entry) -> absl::StatusOr<bool> {
              *entry = {KeyOf(*next), std::string(100, static_cast<char>('a' + *next % 26))};
              return (*next)++ < end;
            }}});
      ASSERT_TRUE(status.ok()) << status;
    }
    ASSERT_TRUE(store->Close().ok());
    tables_ = FilesEnding(path_, ".sst");
    ASSERT_EQ(tables_.size(), 2u);
  }

  // Where the flipped byte is: a place in per mille of the file.
  void Flip(const std::string& file, int per_mille) {
    std::string bytes = ReadFile(file);
    char& byte = bytes[bytes.size() * per_mille / 1000];
    byte = static_cast<char>(byte ^ 0x10);
    WriteFile(file, bytes);
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.File("db");
  std::vector<std::string> tables_;
};

TEST_F(DamageTest, AScanOverADamagedBlockEndsInDataLossAndNeverSkipsRows) {
  for (const std::string& table : tables_) {
    for (int per_mille : {1, 300, 600}) {
      const std::string good = ReadFile(table);
      Flip(table, per_mille);
      auto store = OpenRocksStore(path_, StoreOptions());
      ASSERT_TRUE(store.ok()) << store.status();
      auto cursor = (*store)->NewCursor(Family::kPost);
      int rows = 0;
      for (cursor->Seek(""); cursor->Valid(); cursor->Next(), ++rows) {
        ASSERT_EQ(cursor->key(), KeyOf(rows));
      }
      EXPECT_LT(rows, kRows);
      EXPECT_TRUE(absl::IsDataLoss(cursor->status())) << cursor->status();
      EXPECT_THAT(std::string(cursor->status().message()),
                  HasSubstr(std::filesystem::path(table).filename().string()));
      cursor.reset();
      ASSERT_TRUE((*store)->Close().ok());
      WriteFile(table, good);
    }
  }
}

TEST_F(DamageTest, LookingUpAKeyInADamagedBlockIsDataLoss) {
  Flip(tables_[0], 300);
  auto store = OpenRocksStore(path_, StoreOptions()).value();
  std::vector<std::string> keys;
  for (int i = 0; i < kRows; ++i) keys.push_back(KeyOf(i));
  const auto values = store->MultiGet(Family::kPost, keys);
  int lost = 0;
  for (int i = 0; i < kRows; ++i) {
    const auto value = store->Get(Family::kPost, keys[i]);
    EXPECT_EQ(value.status().code(), values[i].status().code());
    if (value.ok()) {
      EXPECT_EQ(*value, std::string(100, static_cast<char>('a' + i % 26)));
    } else {
      EXPECT_TRUE(absl::IsDataLoss(value.status())) << value.status();
      ++lost;
    }
  }
  EXPECT_GT(lost, 0);
}

TEST_F(DamageTest, VerifyNamesEveryDamagedFile) {
  auto store = OpenRocksStore(path_, StoreOptions()).value();
  EXPECT_THAT(store->Verify().value(), IsEmpty());
  Flip(tables_[0], 500);
  EXPECT_THAT(store->Verify().value(), ElementsAre(HasSubstr(tables_[0])));
  Flip(tables_[1], 990);
  EXPECT_THAT(store->Verify().value(), ElementsAre(HasSubstr(tables_[0]), HasSubstr(tables_[1])));
}

TEST_F(DamageTest, AMissingOrTruncatedTableIsNoticedAtOpen) {
  const std::string good = ReadFile(tables_[0]);
  WriteFile(tables_[0], good.substr(0, good.size() / 2));
  absl::Status status = OpenRocksStore(path_, StoreOptions()).status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  std::filesystem::remove(tables_[0]);
  status = OpenRocksStore(path_, StoreOptions()).status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(std::filesystem::path(tables_[0]).filename().string()));
}

}  // namespace
}  // namespace fasti::storage
