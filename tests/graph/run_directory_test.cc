#include "engine/graph/run_directory.h"

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/graph/block_source.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/probe_store.h"
#include "tests/graph/random_rows.h"
#include "tests/graph/small_graph.h"

namespace fasti::graph {
namespace {

using codec::Order;

TEST(RunDirectoryTest, OnceFullTimelinesAreMadeOnlyOfEntitiesAskedAboutAgain) {
  std::mt19937_64 random(1);
  const auto timeline = TimelineOf(BlocksOf(RandomRows(600, random), random));
  RunDirectory runs(20 * timeline->bytes());
  EXPECT_FALSE(runs.IsWorthTimeline(Order::kOut, 1, 1000)) << "too much for the room there is";
  size_t at_once = 0;
  for (uint64_t entity = 1; entity <= 100; ++entity) {
    const bool is_worth = runs.IsWorthTimeline(Order::kOut, entity, 3);
    EXPECT_TRUE(!is_worth || at_once == entity - 1) << "there is room again";
    at_once += is_worth ? 1 : 0;
    EXPECT_TRUE(is_worth || runs.IsWorthTimeline(Order::kOut, entity, 3)) << entity;
    runs.Insert(Order::kOut, entity, timeline);
    EXPECT_EQ(runs.Find(Order::kOut, entity).timeline, timeline);
    EXPECT_EQ(runs.Find(Order::kIn, entity).timeline, nullptr);
    EXPECT_EQ(runs.Find(Order::kOut, 1).timeline, timeline) << "used all the time";
  }
  EXPECT_GE(at_once, 5);
  EXPECT_LE(at_once, 11) << "they fill half of the room";
  size_t found = 0;
  for (uint64_t entity = 1; entity <= 100; ++entity) {
    found += runs.Find(Order::kOut, entity).timeline != nullptr ? 1 : 0;
  }
  EXPECT_LE(found, 20);
  EXPECT_GE(found, 8);
}

TEST(RunDirectoryTest, ABlockIsKnownAsLongAsSomebodyElseHoldsIt) {
  std::mt19937_64 random(1);
  auto block = BlocksOf(RandomRows(1, random), random).front();
  RunDirectory runs(10'000);
  runs.Insert(Order::kIn, 8, block, {3, 5});
  {
    const RunDirectory::Known known = runs.Find(Order::kIn, 8);
    EXPECT_EQ(known.block, block);
    EXPECT_EQ(known.rows.begin, 3);
    EXPECT_EQ(known.rows.end, 5);
  }
  block->ForgetUse();
  runs.Find(Order::kIn, 8);
  EXPECT_TRUE(block->ForgetUse()) << "whoever finds it uses it";
  block.reset();
  EXPECT_EQ(runs.Find(Order::kIn, 8).block, nullptr);
}

TEST(RunDirectoryTest, ItRemembersNoMoreBlocksThanItMay) {
  std::mt19937_64 random(1);
  const auto block = BlocksOf(RandomRows(1, random), random).front();
  constexpr size_t kBytes = 100'000;
  RunDirectory runs(kBytes);
  for (uint64_t entity = 1; entity <= 10'000; ++entity) {
    runs.Insert(Order::kOut, entity, block, {0, 1});
    runs.Insert(Order::kOut, entity, block, {0, 1});
  }
  size_t found = 0;
  for (uint64_t entity = 10'000; entity >= 1; --entity) {
    found += runs.Find(Order::kOut, entity).block != nullptr ? 1 : 0;
  }
  EXPECT_GE(found, 100);
  EXPECT_LE(found, kBytes / 50) << "an entry takes more than 50 bytes";
}

// A few busy entities with many relations, written, retracted and folded at random.
class BusyEntities {
 public:
  BusyEntities(SmallGraph& graph, std::mt19937_64& random) : graph_(graph), random_(random) {
    const auto t = graph_.Begin();
    for (int i = 0; i < 4; ++i) entities_.push_back(*t->CreateEntity());
    for (int i = 0; i < 30; ++i) relations_.push_back(*t->InternRelation(absl::StrCat("r", i)));
    EXPECT_TRUE(t->Commit().ok());
  }

  void Write(int facts, int retractions) {
    const auto t = graph_.Begin();
    for (int i = 0; i < facts; ++i) {
      FactDraft draft{.subject = AnyEntity(),
                      .relation = relations_[random_() % relations_.size()],
                      .object = Value(AnyEntity()),
                      .valid = RandomPeriod(random_)};
      if (random_() % 4 == 0) draft.known_from = static_cast<Instant>(random_() % 7300) * kDay;
      const absl::StatusOr<Fact> fact = t->Assert(draft);
      ASSERT_TRUE(fact.ok()) << fact.status();
      versions_.push_back(fact->version);
    }
    for (int i = 0; i < retractions; ++i) {
      ASSERT_TRUE(t->Retract(versions_[random_() % versions_.size()]).ok());
    }
    ASSERT_TRUE(t->Commit().ok());
  }

  EntityId AnyEntity() { return entities_[random_() % entities_.size()]; }
  const std::vector<EntityId>& entities() const { return entities_; }

 private:
  SmallGraph& graph_;
  std::mt19937_64& random_;
  std::vector<EntityId> entities_;
  std::vector<RelationId> relations_;
  std::vector<VersionId> versions_;
};

Pattern RandomWindow(EntityId entity, std::mt19937_64& random) {
  Pattern pattern{.view = {.valid = RandomTests(random)}};
  if (random() % 2 == 0) {
    pattern.subject = entity;
  } else {
    pattern.object = Term::Entity(entity);
  }
  if (random() % 3 == 0) {
    pattern.view.as_of =
        Period::Granule(static_cast<Instant>(random() % 7300) * kDay, Precision::kDay);
  }
  if (random() % 3 == 0) pattern.view.as_recorded = Period::Always();
  return pattern;
}

std::vector<VersionId> Versions(const Snapshot& snapshot, const Pattern& pattern) {
  std::vector<VersionId> versions;
  for (const Fact& fact : SmallGraph::Facts(snapshot, pattern)) versions.push_back(fact.version);
  std::sort(versions.begin(), versions.end());
  return versions;
}

// The same state, every block read from the store.
SnapshotImpl WithoutCaches(const ProbeStore& store, const SnapshotImpl& snapshot) {
  ReadState state = snapshot.state();
  state.blocks = std::make_shared<BlockSource>(store, nullptr, nullptr);
  return SnapshotImpl(std::make_shared<const ReadState>(std::move(state)));
}

TEST(RunDirectoryTest, ASnapshotAnswersTheSameWithItAndWithout) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  // Room for all timelines, and for about three.
  for (const size_t bytes : {size_t{4} << 20, size_t{200'000}}) {
    ProbeStore store;
    SmallGraph graph(store, size_t{63} << 20, 0, bytes);
    BusyEntities busy(graph, random);
    busy.Write(2000, 200);
    ASSERT_TRUE(graph.folder().Fold().ok());
    std::vector<std::unique_ptr<SnapshotImpl>> snapshots;
    size_t timelines = 0;
    for (int step = 0; step < 40; ++step) {
      if (random() % 8 == 0) {
        ASSERT_TRUE(graph.folder().Fold().ok());
      }
      busy.Write(static_cast<int>(random() % 10), static_cast<int>(random() % 10));
      snapshots.push_back(graph.GetSnapshot());
      for (int question = 0; question < 10; ++question) {
        const EntityId entity = busy.AnyEntity();
        const Pattern pattern = RandomWindow(entity, random);
        const SnapshotImpl& snapshot = *snapshots[random() % snapshots.size()];
        ASSERT_EQ(Versions(snapshot, pattern), Versions(WithoutCaches(store, snapshot), pattern));
        const Order order = pattern.subject.has_value() ? Order::kOut : Order::kIn;
        const uint64_t anchor =
            pattern.subject.has_value() ? Raw(entity) : Term::Entity(entity).bits();
        timelines +=
            snapshot.state().blocks->runs()->Find(order, anchor).timeline != nullptr ? 1 : 0;
      }
    }
    EXPECT_GT(timelines, 10) << "of 400 questions";
  }
}

TEST(RunDirectoryTest, ThreadsAskingAboutOneEntityWhileItIsWrittenToReadTheSame) {
  ProbeStore store;
  SmallGraph graph(store, size_t{63} << 20, 0, 200'000);
  std::mt19937_64 random(3);
  BusyEntities busy(graph, random);
  busy.Write(2000, 0);
  ASSERT_TRUE(graph.folder().Fold().ok());
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (uint64_t reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&, reader] {
      std::mt19937_64 own_random(reader);
      while (!stop) {
        const auto snapshot = graph.GetSnapshot();
        const SnapshotImpl plain = WithoutCaches(store, *snapshot);
        for (const EntityId entity : busy.entities()) {
          const Pattern pattern = RandomWindow(entity, own_random);
          EXPECT_EQ(Versions(*snapshot, pattern), Versions(plain, pattern));
        }
      }
    });
  }
  for (int step = 0; step < 15; ++step) {
    busy.Write(50, 50);
    ASSERT_TRUE(graph.folder().Fold().ok());
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace fasti::graph
