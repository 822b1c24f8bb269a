#include "engine/graph/timeline.h"

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/codec/block.h"
#include "engine/graph/block_source.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/probe_store.h"
#include "tests/graph/small_graph.h"

namespace fasti::graph {
namespace {

using codec::Order;
using ::testing::ContainerEq;
using ::testing::SizeIs;

constexpr Instant kDay = Instant{86400} * 1'000'000;

// Days, years, spans of any length, open and unknown ends, within about twenty years.
Period RandomPeriod(std::mt19937_64& random) {
  const auto instant = [&] { return static_cast<Instant>(random() % 7300) * kDay; };
  Period period =
      Period::Granule(instant(), random() % 3 != 0 ? Precision::kDay : Precision::kYear);
  switch (random() % 6) {
    case 0:
      period.to += static_cast<Instant>(uint64_t{1} << random() % 50);
      period.to_precision = Precision::kMicrosecond;
      break;
    case 1:
      period.to = kInstantMax;
      period.to_precision = random() % 2 == 0 ? Precision::kOpen : Precision::kUnknown;
      break;
    case 2:
      if (random() % 4 != 0) break;
      period.from = kInstantMin;
      period.from_precision = Precision::kUnknown;
      break;
    default:
      break;
  }
  return period;
}

std::vector<ValidTest> RandomTests(std::mt19937_64& random) {
  std::vector<ValidTest> tests;
  for (uint64_t i = random() % 8 == 0 ? 2 : 1; i > 0; --i) {
    tests.push_back({static_cast<ValidTest::Kind>(random() % 4), RandomPeriod(random)});
  }
  return tests;
}

// Facts of subject 1, in blocks of random size.
std::vector<std::shared_ptr<const StoredBlock>> BlocksOf(std::vector<Row> rows,
                                                         std::mt19937_64& random) {
  const auto key = [](const Row& row) { return codec::KeyOfRow(Order::kOut, row); };
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
  std::vector<std::shared_ptr<const StoredBlock>> blocks;
  for (size_t i = 0, end = 0; i < rows.size(); i = end) {
    end = std::min(rows.size(), i + 1 + random() % codec::kBlockRows);
    const absl::Span<const Row> some = absl::MakeSpan(rows).subspan(i, end - i);
    blocks.push_back(*StoredBlock::Open(key(some.back()), codec::EncodeBlock(some)));
  }
  return blocks;
}

std::shared_ptr<const Timeline> TimelineOf(
    const std::vector<std::shared_ptr<const StoredBlock>>& blocks) {
  TimelineBuilder builder;
  for (const auto& block : blocks) {
    std::vector<uint16_t> rows(block->reader().size());
    for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<uint16_t>(i);
    builder.Add(block, rows);
  }
  return *builder.Build();
}

std::vector<Row> RandomRows(size_t count, std::mt19937_64& random) {
  std::vector<Row> rows;
  for (uint64_t version = 1; version <= count; ++version) {
    Row row = TimelessRow(static_cast<EntityId>(1),
                          static_cast<RelationId>(Raw(kFirstUserRelation) + random() % 40),
                          Term::Entity(static_cast<EntityId>(random() % 100)));
    row.version = row.lineage = version;
    SetRowValid(RandomPeriod(random), &row);
    rows.push_back(row);
  }
  return rows;
}

TEST(TimelineTest, OfEveryClassTheRowsWithinItsWindowAreFoundAndNoOthers) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  for (const size_t count : {size_t{1}, size_t{300}, size_t{3000}}) {
    const std::vector<Row> rows = RandomRows(count, random);
    const auto timeline = TimelineOf(BlocksOf(rows, random));
    for (int question = 0; question < 200; ++question) {
      const ClassWindows windows = WindowsOf(RandomTests(random));
      std::vector<uint64_t> expected, found;
      for (const Row& row : rows) {
        const FromWindow& window = windows[DurationClass(row)];
        if (row.from >= window.min && row.from <= window.max) expected.push_back(row.version);
      }
      for (size_t i = timeline->NextWithin(windows, 0); i < timeline->parts();
           i = timeline->NextWithin(windows, i + 1)) {
        const RowRange range = timeline->RowsWithin(windows, i);
        for (size_t row = range.begin; row < range.end; ++row) {
          found.push_back(timeline->part(i).block->reader().version(row));
        }
      }
      std::sort(found.begin(), found.end());
      ASSERT_THAT(found, ContainerEq(expected));
    }
  }
}

TEST(TimelinesTest, OnceFullTheyDisplaceEachOtherOnlyForEntitiesAskedAboutAgain) {
  std::mt19937_64 random(1);
  const auto timeline = TimelineOf(BlocksOf(RandomRows(600, random), random));
  Timelines timelines(20 * timeline->bytes());
  EXPECT_FALSE(timelines.IsWorthMaking(Order::kOut, 1, 1)) << "one block is soon passed";
  EXPECT_FALSE(timelines.IsWorthMaking(Order::kOut, 1, 1000)) << "too much for the room there is";
  for (uint64_t entity = 1; entity <= 100; ++entity) {
    const bool is_worth = timelines.IsWorthMaking(Order::kOut, entity, 3);
    EXPECT_EQ(is_worth, entity <= 11) << entity;
    if (!is_worth) {
      EXPECT_TRUE(timelines.IsWorthMaking(Order::kOut, entity, 3));
    }
    timelines.Insert(Order::kOut, entity, timeline);
    EXPECT_EQ(timelines.Find(Order::kOut, entity), timeline);
    EXPECT_EQ(timelines.Find(Order::kIn, entity), nullptr);
    EXPECT_EQ(timelines.Find(Order::kOut, 1), timeline) << "used all the time";
  }
  size_t found = 0;
  for (uint64_t entity = 1; entity <= 100; ++entity) {
    found += timelines.Find(Order::kOut, entity) != nullptr ? 1 : 0;
  }
  EXPECT_LE(found, 20);
  EXPECT_GE(found, 10);
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

TEST(TimelinesTest, ASnapshotAnswersTheSameWithThemAndWithout) {
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
        timelines += snapshot.state().blocks->timelines()->Find(order, anchor) != nullptr ? 1 : 0;
      }
    }
    EXPECT_GT(timelines, 10) << "of 400 questions";
  }
}

TEST(TimelinesTest, ThreadsAskingAboutOneEntityWhileItIsWrittenToReadTheSame) {
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
