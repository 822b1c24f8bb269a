#include "engine/graph/block_directory.h"

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/codec/block.h"
#include "engine/graph/block_cursor.h"
#include "engine/graph/block_source.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/probe_store.h"
#include "tests/graph/small_graph.h"

namespace fasti::graph {
namespace {

using codec::Order;
using codec::PostKey;
using ::testing::ElementsAreArray;
using ::testing::SizeIs;

Row RowOf(uint64_t subject) {
  Row row = TimelessRow(static_cast<EntityId>(subject), kFirstUserRelation, Term());
  row.version = row.lineage = subject;
  return row;
}

PostKey KeyOf(uint64_t subject) {
  return codec::KeyOfRow(Order::kOut, RowOf(subject));
}

// A block of rows `first` to `last`, under the key of the last.
std::shared_ptr<const StoredBlock> BlockOf(uint64_t first, uint64_t last) {
  std::vector<Row> rows;
  for (uint64_t subject = first; subject <= last; ++subject) rows.push_back(RowOf(subject));
  return *StoredBlock::Open(KeyOf(last), codec::EncodeBlock(rows));
}

TEST(BlockDirectoryTest, AKeyIsFoundWhereASeekIsKnownToLead) {
  BlockDirectory directory(size_t{1} << 20);
  const auto block = BlockOf(10, 19);
  directory.Insert(KeyOf(12), block);
  EXPECT_EQ(directory.Find(KeyOf(11)), nullptr);
  EXPECT_EQ(directory.Find(KeyOf(12)), block);
  EXPECT_EQ(directory.Find(KeyOf(19)), block);
  EXPECT_EQ(directory.Find(KeyAfter(KeyOf(19))), nullptr);
  const auto again = BlockOf(10, 19);
  directory.Insert(KeyOf(5), again);
  EXPECT_EQ(directory.Find(KeyOf(5)), again);
  directory.Insert(KeyOf(7), block);
  EXPECT_EQ(directory.Find(KeyOf(5)), again) << "what is known stays known";
}

TEST(BlockDirectoryTest, TheBlockBeforeIsFoundIfNothingCanLieBetween) {
  BlockDirectory directory(size_t{1} << 20);
  const auto low = BlockOf(10, 19), high = BlockOf(20, 29);
  directory.Insert(KeyOf(10), low);
  directory.Insert(KeyOf(20), high);
  EXPECT_EQ(directory.FindBefore(KeyOf(25)), high);
  EXPECT_EQ(directory.FindBefore(KeyOf(20)), nullptr) << "there may be a block in between";
  directory.Insert(KeyAfter(KeyOf(19)), high);
  EXPECT_EQ(directory.FindBefore(KeyOf(20)), low);
  EXPECT_EQ(directory.FindBefore(KeyOf(10)), nullptr);
}

TEST(BlockDirectoryTest, ItHoldsNoMoreThanItMay) {
  const size_t bytes = BlockOf(10, 19)->bytes();
  BlockDirectory directory(10 * bytes);
  for (uint64_t i = 1; i < 1000; ++i) directory.Insert(KeyOf(10 * i), BlockOf(10 * i, 10 * i + 9));
  size_t found = 0;
  for (uint64_t i = 1; i < 1000; ++i) found += directory.Find(KeyOf(10 * i)) != nullptr ? 1 : 0;
  EXPECT_LE(found, 10);
  EXPECT_GE(found, 8);
}

// Subjects 1, 3, 5 ... of a random number of facts each, folded in two steps.
std::vector<PostKey> AddFacts(SmallGraph& graph, std::mt19937_64& random) {
  std::vector<PostKey> keys;
  for (int step = 0; step < 2; ++step) {
    const auto t = graph.Begin();
    const RelationId relation = *t->InternRelation("knows");
    for (int i = 0; i < 60; ++i) {
      FactDraft draft{.subject = *t->CreateEntity(), .relation = relation};
      draft.object = Value(draft.subject);
      for (uint64_t n = random() % 60; n > 0; --n) {
        draft.valid = Period::Granule(static_cast<Instant>(random() % 1'000'000'000'000'000),
                                      random() % 2 == 0 ? Precision::kDay : Precision::kYear);
        EXPECT_TRUE(t->Assert(draft).ok());
      }
    }
    EXPECT_TRUE(t->Commit().ok());
    EXPECT_TRUE(graph.folder().Fold().ok());
  }
  for (const Fact& fact : SmallGraph::Facts(*graph.GetSnapshot(), {})) {
    Row row{.subject = Raw(fact.subject),
            .object = fact.object.bits(),
            .version = Raw(fact.version),
            .relation = Raw(fact.relation)};
    SetRowValid(fact.valid, &row);
    keys.push_back(codec::KeyOfRow(Order::kOut, row));
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

// Random moves, each compared with a sorted list, over directories from none to one for all.
TEST(BlockCursorTest, EveryMoveLeadsWhereAListOfKeysLeads) {
  const uint64_t seed = 20261122;
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  ProbeStore store;
  SmallGraph graph(store);
  const std::vector<PostKey> keys = AddFacts(graph, random);
  ASSERT_GT(keys.size(), 2000);
  const PostKey user_rows{.order = Order::kOut, .relation = Raw(kFirstUserRelation)};
  for (const size_t bytes : {size_t{0}, size_t{1}, size_t{20'000}, size_t{1} << 20}) {
    SCOPED_TRACE(absl::StrCat(bytes, " bytes"));
    const auto source = std::make_shared<BlockSource>(
        store, bytes == 0 ? nullptr : std::make_shared<BlockDirectory>(bytes), nullptr);
    BlockCursor cursor(source);
    for (int i = 0; i < 2000; ++i) {
      PostKey key = keys[random() % keys.size()];
      if (random() % 3 == 0) key.version += random() % 3 - 1;
      if (random() % 3 == 0)
        key = {.order = Order::kOut,
               .anchor = key.anchor,
               .relation = key.relation,
               .from = kInstantMin};
      // Rows of the reserved relations lie in between, so only rows of one subject are compared.
      const auto after = std::lower_bound(keys.begin(), keys.end(), key);
      if (random() % 2 == 0) {
        ASSERT_TRUE(cursor.Seek(key).ok());
        if (after != keys.end() && after->anchor == key.anchor) {
          ASSERT_TRUE(cursor.valid());
          ASSERT_EQ(cursor.block().key(Order::kOut, cursor.index()), *after);
        }
      } else {
        ASSERT_TRUE(cursor.SeekBefore(key).ok());
        if (after != keys.begin() && (after - 1)->anchor == key.anchor) {
          ASSERT_TRUE(cursor.valid());
          ASSERT_EQ(cursor.block().key(Order::kOut, cursor.index()), *(after - 1));
        }
      }
    }
    // From end to end, both ways.
    ASSERT_TRUE(cursor.Seek({.order = Order::kOut, .from = kInstantMin}).ok());
    std::vector<PostKey> walked;
    while (cursor.valid()) {
      for (size_t i = cursor.index(); i < cursor.block().size(); ++i) {
        const PostKey key = cursor.block().key(Order::kOut, i);
        if (key.relation >= user_rows.relation) walked.push_back(key);
      }
      ASSERT_TRUE(cursor.NextBlock().ok());
    }
    EXPECT_THAT(walked, ElementsAreArray(keys));
    walked.clear();
    ASSERT_TRUE(cursor.SeekBefore(LastKey(Order::kOut)).ok());
    while (cursor.valid()) {
      const PostKey key = cursor.block().key(Order::kOut, cursor.index());
      if (key.relation >= user_rows.relation) walked.push_back(key);
      ASSERT_TRUE(cursor.SeekBefore(key).ok());
    }
    std::reverse(walked.begin(), walked.end());
    EXPECT_THAT(walked, ElementsAreArray(keys));
  }
}

TEST(BlockCursorTest, WhatWasReadOnceIsNotSoughtInTheStoreAgain) {
  std::mt19937_64 random(1);
  ProbeStore store;
  SmallGraph graph(store, size_t{63} << 20, 0, size_t{1} << 20);
  AddFacts(graph, random);
  const auto snapshot = graph.GetSnapshot();
  const std::vector<Fact> facts = SmallGraph::Facts(*snapshot, {});
  for (const Fact& fact : facts) SmallGraph::Facts(*snapshot, {.subject = fact.subject});
  store.moves = 0;
  for (const Fact& fact : facts) SmallGraph::Facts(*graph.GetSnapshot(), {.subject = fact.subject});
  EXPECT_EQ(store.moves, 0);
}

TEST(SharedBlocksTest, WhatWasReadBeforeAFoldIsNotSoughtInTheStoreAfterIt) {
  std::mt19937_64 random(3);
  ProbeStore store;
  SmallGraph graph(store, size_t{63} << 20, 0, size_t{1} << 20);
  AddFacts(graph, random);
  const std::vector<Fact> facts = SmallGraph::Facts(*graph.GetSnapshot(), {});
  for (int fold = 0; fold < 3; ++fold) {
    const auto t = graph.Begin();
    // Some blocks get rows, so many that they are divided, and others get none.
    for (size_t i = 0; i < facts.size(); i += 10) {
      const Fact& fact = facts[i / 3];
      ASSERT_TRUE(t->Assert({.subject = fact.subject,
                             .relation = fact.relation,
                             .object = Value(fact.object.entity())})
                      .ok());
    }
    ASSERT_TRUE(t->Commit().ok());
    ASSERT_TRUE(graph.folder().Fold().ok());
    store.moves = 0;
    const size_t more = static_cast<size_t>(fold + 1) * ((facts.size() + 9) / 10);
    EXPECT_THAT(SmallGraph::Facts(*graph.GetSnapshot(), {}), SizeIs(facts.size() + more));
    EXPECT_EQ(store.moves, 0);
  }
}

// Readers hold snapshots of different ages over one directory each while folds go on; the sums of
// what they read never change.
TEST(BlockDirectoryTest, ReadersOfAnyAgeReadTheSameWhileFoldsInstallBlocks) {
  ProbeStore store;
  SmallGraph graph(store, size_t{63} << 20, 0, 30'000);
  std::mt19937_64 random(2);
  AddFacts(graph, random);
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto snapshot = graph.GetSnapshot();
        const size_t facts = SmallGraph::Facts(*snapshot, {}).size();
        for (int again = 0; again < 3; ++again) {
          EXPECT_THAT(SmallGraph::Facts(*snapshot, {}), SizeIs(facts));
          const auto counts = snapshot->CountByStart({}, Precision::kYear, {});
          ASSERT_TRUE(counts.ok());
          size_t counted = counts->without_start;
          for (const StartCounts::Granule& year : counts->granules) counted += year.facts;
          EXPECT_EQ(counted, facts);
        }
      }
    });
  }
  for (int step = 0; step < 15; ++step) {
    const std::vector<Fact> facts = SmallGraph::Facts(*graph.GetSnapshot(), {});
    const auto t = graph.Begin();
    for (int i = 0; i < 100; ++i) {
      const Fact& fact = facts[random() % facts.size()];
      const auto copy = t->Assert({.subject = fact.subject,
                                   .relation = fact.relation,
                                   .object = Value(fact.object.entity()),
                                   .valid = fact.valid.As(Reading::kExact)});
      ASSERT_TRUE(copy.ok()) << copy.status();
      if (i % 2 == 0) {
        ASSERT_TRUE(t->Retract(fact.version).ok());
      }
    }
    ASSERT_TRUE(t->Commit().ok());
    ASSERT_TRUE(graph.folder().Fold().ok());
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace fasti::graph
