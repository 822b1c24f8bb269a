#include "engine/graph/commit_queue.h"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/codec/log_record.h"
#include "engine/graph/consistency.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/probe_store.h"
#include "tests/graph/small_graph.h"

namespace fasti::graph {
namespace {

using storage::Family;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

int LogRows(const storage::Store& store) {
  int rows = 0;
  const auto cursor = store.NewCursor(Family::kLog);
  for (cursor->Seek(""); cursor->Valid(); cursor->Next()) ++rows;
  return rows;
}

Sequence AddEntity(SmallGraph& graph) {
  const auto t = graph.Begin();
  EXPECT_TRUE(t->CreateEntity().ok());
  const absl::StatusOr<Sequence> sequence = t->Commit();
  EXPECT_TRUE(sequence.ok()) << sequence.status();
  return *sequence;
}

// Gives an entity its only name and returns when that was recorded.
Instant RecordName(SmallGraph& graph, EntityId entity) {
  {
    const auto t = graph.Begin();
    EXPECT_TRUE(t->SetAttribute(entity, *t->InternAttribute("name"), Value("Fiat")).ok());
    EXPECT_TRUE(t->Commit().ok());
  }
  const auto snapshot = graph.GetSnapshot();
  const std::vector<Fact> facts = SmallGraph::Facts(*snapshot, {.attributes = true});
  EXPECT_THAT(facts, SizeIs(1));
  return facts.empty() ? 0 : snapshot->Recorded(facts[0])->from;
}

// Only what is larger than a batch of the store is written in parts, with a sequence for its end.
TEST(CommitQueueTest, AnOrdinaryCommitIsOneBatchWithASequenceForEachRow) {
  ProbeStore store;
  SmallGraph graph(store);
  const Sequence before = AddEntity(graph);
  const auto t = graph.Begin();
  const EntityId entity = *t->CreateEntity();
  const RelationId name = *t->InternAttribute("name");
  ASSERT_TRUE(t->SetAttribute(entity, name, Value("a name that no row can hold in place")).ok());
  int batches = 0;
  store.before_write = [&](const storage::Batch&) {
    ++batches;
    return absl::OkStatus();
  };
  const absl::StatusOr<Sequence> sequence = t->Commit();
  ASSERT_TRUE(sequence.ok()) << sequence.status();
  EXPECT_EQ(*sequence, before + 2);
  EXPECT_EQ(batches, 1);
  store.before_write = nullptr;
}

// It does not see the commit, so the commit must not have been recorded by its now.
TEST(CommitQueueTest, ASnapshotTakenWhileACommitIsWrittenLiesBeforeIt) {
  ProbeStore store;
  SmallGraph graph(store);
  AddEntity(graph);
  const auto entity = static_cast<EntityId>(1);
  Instant now_while_writing = 0;
  store.before_write = [&](const storage::Batch&) {
    now_while_writing = graph.GetSnapshot()->now();
    return absl::OkStatus();
  };
  const Instant recorded = RecordName(graph, entity);
  store.before_write = nullptr;
  EXPECT_GT(now_while_writing, 0);
  EXPECT_GT(recorded, now_while_writing);
}

TEST(CommitQueueTest, WhatIsCommittedAfterASnapshotIsRecordedAfterItThoughTheClockWentBack) {
  ProbeStore store;
  SmallGraph graph(store);
  AddEntity(graph);
  graph.SetClock(2'000'000);
  const Instant now = graph.GetSnapshot()->now();
  EXPECT_GE(now, 2'000'000);
  graph.SetClock(1'500'000);
  EXPECT_GT(RecordName(graph, static_cast<EntityId>(1)), now);
}

TEST(CommitQueueTest, WhatIsCommittedAfterOpeningIsRecordedAfterAllBeforeThoughTheClockWentBack) {
  ProbeStore store;
  constexpr Instant kLate = 5'000'000;
  {
    SmallGraph graph(store);
    graph.SetClock(kLate);
    AddEntity(graph);
    AddEntity(graph);
  }
  SmallGraph reopened(store);
  reopened.SetClock(kLate / 2);
  EXPECT_GT(RecordName(reopened, static_cast<EntityId>(1)), kLate);
}

TEST(CommitQueueTest, WhatIsBeingWrittenIsAwaitedAndItsRecordsAreFound) {
  ProbeStore store;
  SmallGraph graph(store);
  std::atomic<bool> writing = false;
  std::atomic<bool> go = false;
  store.before_write = [&](const storage::Batch&) {
    writing = true;
    while (!go) std::this_thread::yield();
    return absl::OkStatus();
  };
  std::thread writer([&graph] {
    const auto t = graph.Begin();
    const RelationId name = *t->InternAttribute("name");
    ASSERT_TRUE(t->Assert({.subject = *t->CreateEntity(),
                           .relation = name,
                           .object = Value("Fiat"),
                           .qualifiers = {{"source", Value("a register")}}})
                    .ok());
    ASSERT_TRUE(t->Commit().ok());
  });
  while (!writing) std::this_thread::yield();
  EXPECT_THAT(graph.queue().PendingRecords(Family::kExtra, ""), Not(IsEmpty()));
  EXPECT_THAT(graph.queue().PendingRecords(Family::kPost, ""), IsEmpty());
  std::atomic<bool> is_quiet = false;
  std::thread waiter([&] {
    graph.queue().AwaitQuiet();
    is_quiet = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(is_quiet);
  go = true;
  writer.join();
  waiter.join();
  EXPECT_THAT(graph.queue().PendingRecords(Family::kExtra, ""), IsEmpty());
}

TEST(CommitQueueTest, AFailedWriteLeavesTheStateAsItWasAndStopsWriting) {
  ProbeStore store;
  {
    SmallGraph graph(store);
    AddEntity(graph);
    const auto before = graph.GetSnapshot();
    store.before_write = [](const storage::Batch&) {
      return absl::ResourceExhaustedError("disk full");
    };
    const auto t = graph.Begin();
    ASSERT_TRUE(t->CreateEntity().ok());
    EXPECT_TRUE(absl::IsResourceExhausted(t->Commit().status()));
    EXPECT_THAT(*graph.GetSnapshot()->AllEntities(), SizeIs(1));
    EXPECT_EQ(graph.GetSnapshot()->sequence(), before->sequence());
    store.before_write = nullptr;
    const absl::Status again = graph.queue().Begin().status();
    EXPECT_TRUE(absl::IsFailedPrecondition(again)) << again;
    EXPECT_THAT(again.message(), HasSubstr("disk full"));
    EXPECT_TRUE(absl::IsFailedPrecondition(graph.folder().Fold()));
  }
  SmallGraph reopened(store);
  EXPECT_EQ(AddEntity(reopened), 2);
}

TEST(CommitQueueTest, CommitsThatWaitTogetherAreWrittenTogether) {
  constexpr int kThreads = 6;
  constexpr int kEach = 10;
  ProbeStore store;
  SmallGraph graph(store);
  std::atomic<uint64_t> writers = kThreads;
  // A write takes until everybody waits for the disk, so of two writes in a row the second carries
  // everybody whom the first did not.
  store.before_write = [&](const storage::Batch&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    while (graph.queue().figures().commits_waiting < writers) std::this_thread::yield();
    return absl::OkStatus();
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < kEach; ++j) {
        const Sequence sequence = AddEntity(graph);
        EXPECT_GE(graph.GetSnapshot()->sequence(), sequence);
      }
      --writers;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LT(store.writes, kThreads * kEach / 2);
  const CommitQueue::Figures figures = graph.queue().figures();
  EXPECT_EQ(figures.commits, kThreads * kEach);
  EXPECT_EQ(figures.commits_waiting, 0);
  EXPECT_EQ(figures.writes.count, store.writes);
  EXPECT_GE(figures.writes.micros_max, 3000);
  EXPECT_EQ(LogRows(store), kThreads * kEach);
  EXPECT_THAT(*graph.GetSnapshot()->AllEntities(), SizeIs(kThreads * kEach));
  // The others stay away now, and one alone is written all the same.
  const int writes = store.writes;
  store.before_write = nullptr;
  AddEntity(graph);
  EXPECT_EQ(store.writes, writes + 1);
}

TEST(CommitQueueTest, WhatWaitsBehindAFailureFailsWithIt) {
  ProbeStore store;
  SmallGraph graph(store);
  AddEntity(graph);
  std::atomic<bool> writing = false;
  std::atomic<bool> go = false;
  store.before_write = [&](const storage::Batch&) {
    writing = true;
    while (!go) std::this_thread::yield();
    return absl::UnavailableError("the disk went away");
  };
  const auto commit_one = [&graph](absl::Status* status) {
    const auto t = graph.Begin();
    ASSERT_TRUE(t->CreateEntity().ok());
    *status = t->Commit().status();
  };
  absl::Status first, second;
  std::thread leader([&] { commit_one(&first); });
  while (!writing) std::this_thread::yield();
  std::thread follower([&] { commit_one(&second); });
  // The second works on top of the first, which is not durable yet.
  while (graph.queue().figures().commits_waiting < 2) std::this_thread::yield();
  go = true;
  leader.join();
  follower.join();
  EXPECT_TRUE(absl::IsUnavailable(first)) << first;
  EXPECT_FALSE(second.ok());
  EXPECT_THAT(*graph.GetSnapshot()->AllEntities(), SizeIs(1));
}

TEST(CommitQueueTest, ALargeCommitHasSeveralLogRowsAndIsReadBackWhole) {
  ProbeStore store;
  Sequence sequence = 0;
  {
    SmallGraph graph(store);
    const auto t = graph.Begin();
    for (int i = 0; i < 2000; ++i) ASSERT_TRUE(t->CreateEntity().ok());
    sequence = *t->Commit();
    EXPECT_GE(LogRows(store), 4);
    EXPECT_EQ(store.writes, 1);
  }
  SmallGraph reopened(store);
  EXPECT_EQ(reopened.GetSnapshot()->sequence(), sequence);
  EXPECT_THAT(*reopened.GetSnapshot()->AllEntities(), SizeIs(2000));
}

TEST(CommitQueueTest, CommitsOnBothSidesOfTheLimitOfABatchAreWrittenWithinIt) {
  constexpr size_t kBatchBytesMax = 200 << 10;
  ProbeStore store;
  SmallGraph graph(store, kBatchBytesMax);
  int batches = 0, in_parts = 0;
  store.before_write = [&](const storage::Batch& batch) {
    ++batches;
    EXPECT_LE(batch.bytes(), kBatchBytesMax + (64 << 10));
    return absl::OkStatus();
  };
  for (int names = 50; names < 1000; names += 50) {
    const auto t = graph.Begin();
    const RelationId name = *t->InternAttribute("name");
    const EntityId entity = *t->CreateEntity();
    for (int i = 0; i < names; ++i) {
      const std::string text = absl::StrCat(names, " ", i, std::string(60, 'x'));
      ASSERT_TRUE(t->Assert({.subject = entity,
                             .relation = name,
                             .object = Value(text),
                             .qualifiers = {{"source", Value(text)}}})
                      .ok());
    }
    batches = 0;
    ASSERT_TRUE(t->Commit().ok());
    in_parts += batches > 1;
  }
  EXPECT_GT(in_parts, 3);
  EXPECT_LT(in_parts, 16);
  store.before_write = nullptr;
}

// A commit over the limit of a batch, cut off after its first batch, never happened; but the
// numbers it took are not given out again, since some of its records are there.
TEST(CommitQueueTest, AnUnfinishedLargeCommitNeverHappenedAndItsNumbersStayTaken) {
  ProbeStore store;
  uint64_t literals = 0;
  {
    constexpr size_t kBatchBytesMax = 1 << 20;
    SmallGraph graph(store, kBatchBytesMax);
    AddEntity(graph);
    const auto t = graph.Begin();
    const EntityId entity = *t->CreateEntity();
    const RelationId key = *t->InternAttribute("text");
    for (int i = 0; i < 30; ++i) {
      ASSERT_TRUE(t->Assert({.subject = entity,
                             .relation = key,
                             .object = Value(absl::StrCat(i, std::string(100'000, 'x')))})
                      .ok());
    }
    int batches = 0;
    store.before_write = [&batches](const storage::Batch& batch) {
      EXPECT_LE(batch.bytes(), kBatchBytesMax + (64 << 10));
      return ++batches == 2 ? absl::UnavailableError("power") : absl::OkStatus();
    };
    EXPECT_TRUE(absl::IsUnavailable(t->Commit().status()));
    literals = graph.queue().figures().next_literal;
    store.before_write = nullptr;
  }
  SmallGraph reopened(store);
  EXPECT_EQ(reopened.GetSnapshot()->sequence(), 1);
  EXPECT_THAT(*reopened.GetSnapshot()->AllEntities(), SizeIs(1));
  EXPECT_EQ(reopened.GetSnapshot()->FindAttribute("text"), std::nullopt);
  EXPECT_EQ(reopened.queue().figures().next_literal, literals);
  {
    const auto t = reopened.Begin();
    const RelationId key = *t->InternAttribute("text");
    ASSERT_TRUE(
        t->Assert(
             {.subject = static_cast<EntityId>(1), .relation = key, .object = Value("new text")})
            .ok());
    ASSERT_TRUE(t->Commit().ok());
  }
  SmallGraph again(store);
  EXPECT_THAT(SmallGraph::Facts(*again.GetSnapshot(), {.attributes = true}), SizeIs(1));
  ASSERT_TRUE(again.folder().Fold().ok());
  EXPECT_THAT(*CheckConsistency(store), IsEmpty());
}

TEST(CommitQueueTest, AMissingLogRowIsDataLoss) {
  ProbeStore store;
  {
    SmallGraph graph(store);
    for (int i = 0; i < 3; ++i) AddEntity(graph);
  }
  storage::Batch batch;
  batch.Delete(Family::kLog, codec::SequenceKey(2));
  ASSERT_TRUE(store.Write(batch, storage::Durability::kSync).ok());
  EXPECT_TRUE(absl::IsDataLoss(Recover(store).status())) << Recover(store).status();
}

TEST(CommitQueueTest, ABatchIdIsRememberedAcrossOpening) {
  ProbeStore store;
  Sequence sequence = 0;
  {
    SmallGraph graph(store);
    const auto t = graph.Begin();
    EXPECT_EQ(*t->FindBatch(77), std::nullopt);
    ASSERT_TRUE(t->CreateEntity().ok());
    t->SetBatch(77);
    sequence = *t->Commit();
  }
  SmallGraph reopened(store);
  const auto t = reopened.Begin();
  EXPECT_EQ(*t->FindBatch(77), sequence);
  EXPECT_EQ(*t->FindBatch(78), std::nullopt);
}

TEST(CommitQueueTest, ABatchIdIsForgottenAfterTenThousandOthers) {
  ProbeStore store;
  SmallGraph graph(store);
  for (uint64_t id = 1; id <= CommitQueue::kBatchIdsMax + 1; ++id) {
    const auto t = graph.Begin();
    t->SetBatch(id);
    ASSERT_TRUE(t->Commit().ok());
  }
  const auto t = graph.Begin();
  EXPECT_EQ(*t->FindBatch(1), std::nullopt);
  EXPECT_TRUE(t->FindBatch(2)->has_value());
}

TEST(CommitQueueTest, ABatchIdThatComesAgainIsThatOfTheLaterCommit) {
  ProbeStore store;
  SmallGraph graph(store);
  Sequence sequence = 0;
  for (uint64_t id = 1; id <= CommitQueue::kBatchIdsMax + 1; ++id) {
    const auto t = graph.Begin();
    t->SetBatch(id <= 2 ? 1 : id);
    const auto committed = t->Commit();
    ASSERT_TRUE(committed.ok()) << committed.status();
    if (id == 2) sequence = *committed;
  }
  // It counts once.
  const auto t = graph.Begin();
  EXPECT_EQ(*t->FindBatch(1), sequence);
  EXPECT_TRUE(t->FindBatch(3)->has_value());
}

}  // namespace
}  // namespace fasti::graph
