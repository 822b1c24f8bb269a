#include "engine/graph/fold.h"

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "engine/codec/block.h"
#include "engine/codec/log_record.h"
#include "engine/graph/block_merge.h"
#include "engine/graph/consistency.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/probe_store.h"
#include "tests/graph/small_graph.h"

namespace fasti::graph {
namespace {

using codec::Order;
using storage::Family;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Rows of the blocks of one order.
std::vector<size_t> BlockSizes(const storage::Store& store, Order order) {
  std::vector<size_t> sizes;
  const auto cursor = store.NewCursor(Family::kPost);
  for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
    if (codec::DecodePostKey(cursor->key())->order != order) continue;
    sizes.push_back(codec::BlockReader::Open(cursor->value())->size());
  }
  return sizes;
}

std::vector<Row> RowsOf(uint64_t subject, uint64_t first_version, int count) {
  std::vector<Row> rows;
  for (int i = 0; i < count; ++i) {
    Row row{.subject = subject,
            .object = 8,
            .version = first_version + static_cast<uint64_t>(i),
            .relation = 16};
    row.lineage = row.version;
    SetRowValid(Period::Always(), &row);
    rows.push_back(row);
  }
  return rows;
}

void Merge(storage::Store& store, Order order, const std::vector<Row>& rows) {
  const auto installation = store.NewInstallation();
  ASSERT_TRUE(installation.ok());
  const auto writer = (*installation)->NewRun(Family::kPost);
  ASSERT_TRUE(writer.ok());
  std::map<codec::PostKey, Row> sorted;
  for (const Row& row : rows) sorted[codec::KeyOfRow(order, row)] = row;
  BlockMerge merge(store, order, **writer);
  for (const auto& [key, row] : sorted) ASSERT_TRUE(merge.Add(row).ok());
  ASSERT_TRUE(merge.Finish().ok());
  ASSERT_TRUE((*writer)->Finish().ok());
  ASSERT_TRUE((*installation)->Install().ok());
}

TEST(BlockMergeTest, RowsAppendedToAnOrderFillItsLastBlock) {
  ProbeStore store;
  Merge(store, Order::kId, RowsOf(1, 1, 100));
  EXPECT_THAT(BlockSizes(store, Order::kId), ElementsAre(100));
  Merge(store, Order::kId, RowsOf(1, 101, 200));
  EXPECT_THAT(BlockSizes(store, Order::kId), ElementsAre(256, 44));
  Merge(store, Order::kId, RowsOf(1, 301, 212));
  EXPECT_THAT(BlockSizes(store, Order::kId), ElementsAre(256, 256));
}

TEST(BlockMergeTest, ABlockThatOverflowsInTheMiddleIsSplitEvenlyAndKeepsItsKey) {
  ProbeStore store;
  std::vector<Row> rows = RowsOf(1, 1, 256);
  const std::vector<Row> behind = RowsOf(9, 1000, 10);
  rows.insert(rows.end(), behind.begin(), behind.end());
  Merge(store, Order::kOut, rows);
  EXPECT_THAT(BlockSizes(store, Order::kOut), ElementsAre(256, 10));
  Merge(store, Order::kOut, RowsOf(1, 100'000, 1));  // behind the others of subject 1
  // It lies above the key of the first block, so the second takes it.
  EXPECT_THAT(BlockSizes(store, Order::kOut), ElementsAre(256, 11));
  Merge(store, Order::kOut, RowsOf(0, 100'001, 4));
  EXPECT_THAT(BlockSizes(store, Order::kOut), ElementsAre(130, 130, 11));
}

TEST(BlockMergeTest, ARetractionTakesThePlaceOfItsRow) {
  ProbeStore store;
  Merge(store, Order::kOut, RowsOf(1, 1, 3));
  std::vector<Row> retraction = RowsOf(1, 2, 1);
  retraction[0].gone = 9;
  Merge(store, Order::kOut, retraction);
  EXPECT_THAT(BlockSizes(store, Order::kOut), ElementsAre(3));
  const auto cursor = store.NewCursor(Family::kPost);
  cursor->Seek("");
  const auto block = codec::BlockReader::Open(cursor->value());
  EXPECT_EQ(block->row(1).gone, 9);
  EXPECT_EQ(block->row(0).gone, 0);
}

void AddEntity(SmallGraph& graph) {
  const auto t = graph.Begin();
  EXPECT_TRUE(t->CreateEntity().ok());
  EXPECT_TRUE(t->Commit().ok());
}

size_t LogRows(const storage::Store& store) {
  size_t rows = 0;
  const auto cursor = store.NewCursor(Family::kLog);
  for (cursor->Seek(""); cursor->Valid(); cursor->Next()) ++rows;
  return rows;
}

TEST(FolderTest, TheLogIsCutOneFoldBehind) {
  ProbeStore store;
  SmallGraph graph(store);
  AddEntity(graph);
  AddEntity(graph);
  ASSERT_TRUE(graph.folder().Fold().ok());
  EXPECT_EQ(LogRows(store), 2) << "a reader in another process may still need them";
  AddEntity(graph);
  ASSERT_TRUE(graph.folder().Fold().ok());
  EXPECT_EQ(LogRows(store), 1);
  ASSERT_TRUE(graph.folder().Fold().ok());
  EXPECT_EQ(graph.queue().figures().overlay_rows, 0);
  EXPECT_EQ(graph.queue().figures().base_rows, 3);
  EXPECT_THAT(*CheckConsistency(store), IsEmpty());
}

TEST(FolderTest, WritersGoOnWhileWhatIsFrozenIsNotYetDurable) {
  ProbeStore store;
  SmallGraph graph(store);
  std::atomic<bool> go = false;
  store.before_write = [&go](const storage::Batch&) {
    while (!go) std::this_thread::yield();
    return absl::OkStatus();
  };
  std::thread commit([&graph] {
    const auto t = graph.Begin();
    EXPECT_TRUE(t->CreateEntity().ok());
    EXPECT_TRUE(t->Commit().ok());
  });
  while (graph.queue().figures().overlay_rows == 0) std::this_thread::yield();
  std::thread fold([&graph] { EXPECT_TRUE(graph.folder().Fold().ok()); });
  while (graph.queue().Pin().layers.overlays.size() == 1) std::this_thread::yield();
  EXPECT_EQ(graph.Begin()->CreateEntity().value(), EntityId{2});
  EXPECT_THAT(*graph.GetSnapshot()->AllEntities(), IsEmpty());
  EXPECT_EQ(graph.queue().figures().folds.count, 0);
  go = true;
  commit.join();
  fold.join();
  EXPECT_EQ(graph.queue().figures().folds.count, 1);
  EXPECT_THAT(*graph.GetSnapshot()->AllEntities(), SizeIs(1));
}

TEST(FolderTest, WritersWaitForAFoldThatFallsBehindAndTheirWaitIsCounted) {
  constexpr uint64_t kFoldRows = 2;
  constexpr int kBesides = 4 * kFoldRows;  // commits of a row each that need not wait
  ProbeStore store;
  SmallGraph graph(store, size_t{63} << 20, kFoldRows);
  const auto add_entity = [&graph] {
    const auto t = graph.Begin();
    EXPECT_TRUE(t->CreateEntity().ok());
    EXPECT_TRUE(t->Commit().ok());
  };
  add_entity();
  std::atomic<bool> folding = false, go = false, begun = false;
  store.before_bulk_load = [&] {
    folding = true;
    while (!go) std::this_thread::yield();
    return absl::OkStatus();
  };
  std::thread fold([&graph] { EXPECT_TRUE(graph.folder().Fold().ok()); });
  while (!folding) std::this_thread::yield();
  for (int i = 0; i < kBesides; ++i) add_entity();
  EXPECT_EQ(graph.queue().figures().fold_waits.count, 0);
  std::thread waiting([&] {
    add_entity();
    begun = true;
  });
  while (graph.queue().figures().fold_waits.count == 0) std::this_thread::yield();
  EXPECT_FALSE(begun);
  EXPECT_THAT(*graph.GetSnapshot()->AllEntities(), SizeIs(1 + kBesides));  // readers go on
  go = true;
  fold.join();
  waiting.join();
  const CommitQueue::Figures figures = graph.queue().figures();
  EXPECT_EQ(figures.fold_waits.count, 1);
  EXPECT_GT(figures.fold_waits.micros_max, 0);
  EXPECT_EQ(figures.folds.count, 1);
  EXPECT_THAT(*graph.GetSnapshot()->AllEntities(), SizeIs(2 + kBesides));
}

TEST(FolderTest, AFailedFoldLosesNothingAndStopsWriting) {
  ProbeStore store;
  {
    SmallGraph graph(store);
    AddEntity(graph);
    store.before_bulk_load = [] { return absl::ResourceExhaustedError("disk full"); };
    EXPECT_TRUE(absl::IsResourceExhausted(graph.folder().Fold()));
    EXPECT_THAT(*graph.GetSnapshot()->AllEntities(), SizeIs(1));
    EXPECT_TRUE(absl::IsFailedPrecondition(graph.queue().Begin().status()));
    store.before_bulk_load = nullptr;
  }
  SmallGraph reopened(store);
  EXPECT_THAT(*reopened.GetSnapshot()->AllEntities(), SizeIs(1));
  ASSERT_TRUE(reopened.folder().Fold().ok());
  EXPECT_THAT(*CheckConsistency(store), IsEmpty());
}

// Each law that Check holds a store to, broken once.
TEST(ConsistencyTest, ABrokenStoreIsNotCalledWhole) {
  struct Case {
    const char* name;
    Order order;
    bool drop;  // a row; or else change one
  };
  for (const Case& c : {Case{"a row missing in IN", Order::kIn, true},
                        Case{"a row missing in REL", Order::kRel, true},
                        Case{"a row missing in ID", Order::kId, true},
                        Case{"a row that differs in OUT", Order::kOut, false}}) {
    SCOPED_TRACE(c.name);
    ProbeStore store;
    SmallGraph graph(store);
    {
      const auto t = graph.Begin();
      const EntityId a = *t->CreateEntity();
      const RelationId knows = *t->InternRelation("knows");
      for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(t->Assert({.subject = a, .relation = knows, .object = Value(a)}).ok());
      }
      ASSERT_TRUE(t->Commit().ok());
    }
    ASSERT_TRUE(graph.folder().Fold().ok());
    ASSERT_THAT(*CheckConsistency(store), IsEmpty());
    const std::string key = codec::EncodePostKey(LastKey(c.order));
    const std::string bytes = *store.Get(Family::kPost, key);
    const codec::BlockReader block = *codec::BlockReader::Open(bytes);
    std::vector<Row> rows;
    for (size_t i = 0; i < block.size(); ++i) rows.push_back(block.row(i));
    if (c.drop) {
      rows.pop_back();
    } else {
      rows.back().known_to = 5;
    }
    storage::Batch batch;
    batch.Put(Family::kPost, key, codec::EncodeBlock(rows));
    ASSERT_TRUE(store.Write(batch, storage::Durability::kSync).ok());
    EXPECT_FALSE(CheckConsistency(store)->empty());
    EXPECT_THAT(*CheckStoreQuickly(store), IsEmpty());  // which decodes no blocks
  }
}

TEST(ConsistencyTest, TheQuickCheckHoldsTheRecordsInForceAgainstEachOther) {
  ProbeStore store;
  SmallGraph graph(store);
  AddEntity(graph);
  ASSERT_TRUE(graph.folder().Fold().ok());
  AddEntity(graph);
  ASSERT_THAT(*CheckStoreQuickly(store), IsEmpty());
  storage::Batch batch;
  batch.Delete(Family::kTime, codec::SequenceKey(graph.queue().figures().sequence));
  ASSERT_TRUE(store.Write(batch, storage::Durability::kSync).ok());
  EXPECT_THAT(*CheckStoreQuickly(store), SizeIs(1));
}

}  // namespace
}  // namespace fasti::graph
