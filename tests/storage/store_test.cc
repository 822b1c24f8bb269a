#include "engine/storage/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/support/temporary_folder.h"

// The contract of Store, held against each of its implementations.

namespace fasti::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Entries = std::vector<std::pair<std::string, std::string>>;

enum class Kind { kDirectory, kMemory };

class StoreTest : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    auto store = GetParam() == Kind::kMemory ? OpenMemoryStore()
                                             : OpenRocksStore(folder_.File("db"), StoreOptions());
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  absl::Status Put(Family family, absl::string_view key, absl::string_view value) {
    Batch batch;
    batch.Put(family, key, value);
    return store_->Write(batch, Durability::kSync);
  }

  Entries Scan(Family family, absl::string_view from = "") {
    Entries entries;
    auto cursor = store_->NewCursor(family);
    for (cursor->Seek(from); cursor->Valid(); cursor->Next()) {
      entries.emplace_back(std::string(cursor->key()), std::string(cursor->value()));
    }
    EXPECT_TRUE(cursor->status().ok()) << cursor->status();
    return entries;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreTest, ::testing::Values(Kind::kDirectory, Kind::kMemory),
                         [](const auto& param) {
                           return param.param == Kind::kMemory ? "Memory" : "Directory";
                         });

SortedRun RunOf(Family family, Entries entries) {
  auto rest = std::make_shared<Entries>(std::move(entries));
  auto at = std::make_shared<size_t>(0);
  return {family, [rest, at](Entry* entry) -> absl::StatusOr<bool> {
            if (*at == rest->size()) return false;
            entry->key = (*rest)[*at].first;
            entry->value = (*rest)[*at].second;
            ++*at;
            return true;
          }};
}

TEST_P(StoreTest, AnEmptyStoreHasNothing) {
  EXPECT_TRUE(absl::IsNotFound(store_->Get(Family::kDefault, "a").status()));
  EXPECT_THAT(Scan(Family::kPost), IsEmpty());
  auto cursor = store_->NewCursor(Family::kLog);
  cursor->SeekForPrevious("z");
  EXPECT_FALSE(cursor->Valid());
  EXPECT_TRUE(cursor->status().ok());
}

TEST_P(StoreTest, ABatchIsWrittenOverAllItsFamiliesAndTheLastOperationOnAKeyWins) {
  Batch batch;
  batch.Put(Family::kDefault, "k", "1");
  batch.Put(Family::kLog, "k", "2");
  batch.Put(Family::kDict, "gone", "3");
  batch.Delete(Family::kDict, "gone");
  batch.Delete(Family::kTime, "back");
  batch.Put(Family::kTime, "back", "4");
  EXPECT_EQ(batch.bytes(), 22u);
  ASSERT_TRUE(store_->Write(batch, Durability::kBuffered).ok());
  EXPECT_EQ(store_->Get(Family::kDefault, "k").value(), "1");
  EXPECT_EQ(store_->Get(Family::kLog, "k").value(), "2");
  EXPECT_TRUE(absl::IsNotFound(store_->Get(Family::kDict, "gone").status()));
  EXPECT_EQ(store_->Get(Family::kTime, "back").value(), "4");
}

TEST_P(StoreTest, KeysAndValuesAreAnyBytesAndKeysSortAsUnsignedOnes) {
  const std::string zero("\0", 1), zeros("\0\0", 2);
  ASSERT_TRUE(Put(Family::kDefault, "\x80", zeros).ok());
  ASSERT_TRUE(Put(Family::kDefault, zero, "").ok());
  ASSERT_TRUE(Put(Family::kDefault, "", zero).ok());
  ASSERT_TRUE(Put(Family::kDefault, "\x7f", "x").ok());
  EXPECT_THAT(Scan(Family::kDefault),
              ElementsAre(std::make_pair("", zero), std::make_pair(zero, ""),
                          std::make_pair("\x7f", "x"), std::make_pair("\x80", zeros)));
}

TEST_P(StoreTest, MultiGetAnswersEachKeyInOrderRepeatedOnesToo) {
  ASSERT_TRUE(Put(Family::kDict, "a", "1").ok());
  ASSERT_TRUE(Put(Family::kDict, "c", "3").ok());
  const std::vector<std::string> keys = {"c", "b", "a", "c", "a", "b"};
  const auto values = store_->MultiGet(Family::kDict, keys);
  ASSERT_EQ(values.size(), keys.size());
  EXPECT_EQ(values[0].value(), "3");
  EXPECT_TRUE(absl::IsNotFound(values[1].status()));
  EXPECT_EQ(values[2].value(), "1");
  EXPECT_EQ(values[3].value(), "3");
  EXPECT_EQ(values[4].value(), "1");
  EXPECT_TRUE(absl::IsNotFound(values[5].status()));
  EXPECT_THAT(store_->MultiGet(Family::kDict, {}), IsEmpty());
}

TEST_P(StoreTest, ACursorKeepsTheStateOfItsCreation) {
  ASSERT_TRUE(Put(Family::kLog, "a", "1").ok());
  auto cursor = store_->NewCursor(Family::kLog);
  ASSERT_TRUE(Put(Family::kLog, "a", "2").ok());
  ASSERT_TRUE(Put(Family::kLog, "b", "3").ok());
  const std::vector<Family> log = {Family::kLog};
  ASSERT_TRUE(store_->Flush(log).ok());
  cursor->Seek("");
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->value(), "1");
  cursor->Next();
  EXPECT_FALSE(cursor->Valid());
}

TEST_P(StoreTest, OversizedKeysValuesAndBatchesAreRefusedAndNothingHappens) {
  EXPECT_TRUE(Put(Family::kDefault, std::string(kKeyBytesMax, 'k'), "v").ok());
  EXPECT_TRUE(
      absl::IsInvalidArgument(Put(Family::kDefault, std::string(kKeyBytesMax + 1, 'k'), "v")));
  EXPECT_TRUE(Put(Family::kText, "t", std::string(kValueBytesMax, 'v')).ok());
  EXPECT_TRUE(
      absl::IsInvalidArgument(Put(Family::kText, "u", std::string(kValueBytesMax + 1, 'v'))));
  EXPECT_TRUE(Put(Family::kLog, "l", std::string(kValueBytesMax + 1, 'v')).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(Put(Family::kLog, "m", std::string(kBatchBytesMax, 'v'))));
  EXPECT_EQ(Scan(Family::kText).size(), 1u);
  EXPECT_TRUE(Put(Family::kText, "u", "v").ok());  // a refused batch is no failure of the store
}

TEST_P(StoreTest, ABulkLoadAppearsInAllItsFamiliesAndReplacesKeys) {
  ASSERT_TRUE(Put(Family::kDict, "d1", "old").ok());
  const std::vector<Family> dict = {Family::kDict};
  ASSERT_TRUE(store_->Flush(dict).ok());
  ASSERT_TRUE(
      store_
          ->BulkLoad({RunOf(Family::kPost, {{"p1", "1"}, {"p2", "2"}}),
                      RunOf(Family::kPost, {{"q1", "3"}}), RunOf(Family::kFold, {{"f", "9"}}),
                      RunOf(Family::kDict, {{"d1", "new"}, {"d2", "x"}}), RunOf(Family::kText, {})})
          .ok());
  EXPECT_THAT(Scan(Family::kPost), ElementsAre(std::make_pair("p1", "1"), std::make_pair("p2", "2"),
                                               std::make_pair("q1", "3")));
  EXPECT_EQ(store_->Get(Family::kFold, "f").value(), "9");
  EXPECT_EQ(store_->Get(Family::kDict, "d1").value(), "new");
  ASSERT_TRUE(store_->BulkLoad({RunOf(Family::kPost, {{"p2", "4"}})}).ok());
  EXPECT_EQ(store_->Get(Family::kPost, "p2").value(), "4");
}

TEST_P(StoreTest, ABadBulkLoadInstallsNothingAndTheStoreGoesOn) {
  EXPECT_TRUE(absl::IsInvalidArgument(store_->BulkLoad(
      {RunOf(Family::kFold, {{"f", "1"}}), RunOf(Family::kPost, {{"b", "1"}, {"a", "2"}})})));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->BulkLoad({RunOf(Family::kLog, {{"l", "1"}})})));
  EXPECT_TRUE(absl::IsInvalidArgument(
      store_->BulkLoad({RunOf(Family::kPost, {{"a", std::string(kValueBytesMax + 1, 'v')}})})));
  int calls = 0;
  EXPECT_EQ(store_->BulkLoad({{Family::kFold,
                               [&calls](Entry* entry) -> absl::StatusOr<bool> {
                                 if (++calls == 2) return absl::CancelledError("enough");
                                 *entry = {"f", "1"};
                                 return true;
                               }}}),
            absl::CancelledError("enough"));
  // In a memtable that the files would overlap.
  ASSERT_TRUE(Put(Family::kDict, "d", "1").ok());
  EXPECT_TRUE(absl::IsInvalidArgument(store_->BulkLoad(
      {RunOf(Family::kDict, {{"a", "2"}, {"d", "2"}}), RunOf(Family::kFold, {{"f", "1"}})})));
  EXPECT_EQ(store_->Get(Family::kDict, "d").value(), "1");
  EXPECT_THAT(Scan(Family::kFold), IsEmpty());
  EXPECT_THAT(Scan(Family::kPost), IsEmpty());
  EXPECT_TRUE(Put(Family::kDefault, "k", "v").ok());
  EXPECT_TRUE(store_->BulkLoad({RunOf(Family::kFold, {{"f", "2"}})}).ok());
}

TEST_P(StoreTest, OnlyAReaderCatchesUp) {
  EXPECT_TRUE(absl::IsFailedPrecondition(store_->CatchUp()));
}

TEST_P(StoreTest, BytesGrowWithWhatIsStored) {
  const uint64_t before = store_->ApproximateBytes(Family::kText);
  ASSERT_TRUE(Put(Family::kText, "t", std::string(60000, 'v')).ok());
  EXPECT_GT(store_->ApproximateBytes(Family::kText), before + 50000);
}

TEST_P(StoreTest, ASoundStoreVerifies) {
  ASSERT_TRUE(Put(Family::kText, "t", "v").ok());
  ASSERT_TRUE(store_->BulkLoad({RunOf(Family::kPost, {{"p", "1"}})}).ok());
  const std::vector<Family> text = {Family::kText};
  ASSERT_TRUE(store_->Flush(text).ok());
  EXPECT_THAT(store_->Verify().value(), IsEmpty());
}

TEST_P(StoreTest, ClosingTwiceIsHarmless) {
  EXPECT_TRUE(store_->Close().ok());
  EXPECT_TRUE(store_->Close().ok());
}

// Random batches, bulk loads and flushes against one std::map per family.
TEST_P(StoreTest, BehavesLikeAMapPerFamily) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  constexpr Family kWritten[] = {Family::kDefault, Family::kLog, Family::kDict};
  std::map<Family, std::map<std::string, std::string>> model;
  const auto key = [&random] { return absl::StrCat("key", random() % 40); };
  for (int step = 0; step < 150; ++step) {
    if (step % 25 == 24) {
      std::map<std::string, std::string> run;
      for (int i = 0; i < 10; ++i) run[key()] = absl::StrCat("bulk", step);
      ASSERT_TRUE(store_->BulkLoad({RunOf(Family::kPost, Entries(run.begin(), run.end()))}).ok());
      for (const auto& entry : run) model[Family::kPost][entry.first] = entry.second;
    } else if (step % 40 == 39) {
      ASSERT_TRUE(store_->Flush(kWritten).ok());
    } else {
      Batch batch;
      for (int i = 0; i < 6; ++i) {
        const Family family = kWritten[random() % 3];
        const std::string name = key();
        if (random() % 3 == 0) {
          batch.Delete(family, name);
          model[family].erase(name);
        } else {
          batch.Put(family, name, absl::StrCat("value", step, "-", i));
          model[family][name] = absl::StrCat("value", step, "-", i);
        }
      }
      ASSERT_TRUE(store_->Write(batch, Durability::kBuffered).ok());
    }
    const Family family = random() % 4 == 0 ? Family::kPost : kWritten[random() % 3];
    const auto& expected = model[family];
    const std::string from = key();
    ASSERT_EQ(Scan(family, from), Entries(expected.lower_bound(from), expected.end()));
    auto cursor = store_->NewCursor(family);
    cursor->SeekForPrevious(from);
    auto before = expected.upper_bound(from);
    for (; cursor->Valid(); cursor->Previous()) {
      ASSERT_NE(before, expected.begin());
      ASSERT_EQ(cursor->key(), absl::string_view((--before)->first));
    }
    ASSERT_EQ(before, expected.begin());
  }
}

}  // namespace
}  // namespace fasti::storage
