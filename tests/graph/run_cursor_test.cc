#include "engine/graph/run_cursor.h"

#include "engine/codec/block.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/probe_store.h"
#include "tests/graph/small_graph.h"

namespace fasti::graph {
namespace {

using ::testing::SizeIs;

constexpr Instant kDay = Instant{86400} * 1'000'000;

// A subject with `days` one-day facts, and a long one at every tenth day.
struct Hub {
  EntityId subject;
  RelationId relation;
};

Hub AddHub(SmallGraph& graph, int days) {
  const auto t = graph.Begin();
  const Hub hub{.subject = *t->CreateEntity(), .relation = *t->InternRelation("met")};
  const EntityId other = *t->CreateEntity();
  for (int day = 0; day < days; ++day) {
    FactDraft draft{.subject = hub.subject, .relation = hub.relation, .object = Value(other)};
    draft.valid = Period::Granule(day * kDay, Precision::kDay);
    EXPECT_TRUE(t->Assert(draft).ok());
    if (day % 10 != 0) continue;
    draft.valid.to += 100 * kDay;
    EXPECT_TRUE(t->Assert(draft).ok());
  }
  EXPECT_TRUE(t->Commit().ok());
  return hub;
}

View At(Instant from, Instant to) {
  View view;
  view.valid = {
      {ValidTest::Kind::kAt, Period{from, to, Precision::kMicrosecond, Precision::kMicrosecond}}};
  return view;
}

TEST(RunCursorTest, AMomentInALongRunCostsOneSeekPerClassNotAScan) {
  ProbeStore store;
  SmallGraph graph(store);
  const Hub hub = AddHub(graph, 10'000);
  ASSERT_TRUE(graph.folder().Fold().ok());
  const auto snapshot = graph.GetSnapshot();
  const Pattern pattern{.subject = hub.subject,
                        .relations = {hub.relation},
                        .view = At(5000 * kDay, 5000 * kDay + 1)};
  store.moves = 0;
  // The day itself, and the long facts that began 0, 10, ... 100 days before.
  EXPECT_THAT(SmallGraph::Facts(*snapshot, pattern), SizeIs(1 + 11));
  EXPECT_LE(store.moves, 6) << "11,000 rows lie in 43 blocks";
}

TEST(RunCursorTest, AnOrderOfAnotherRelationIsNotRead) {
  ProbeStore store;
  SmallGraph graph(store);
  const Hub hub = AddHub(graph, 5'000);
  RelationId likes;
  {
    const auto t = graph.Begin();
    likes = *t->InternRelation("likes");
    ASSERT_TRUE(
        t->Assert({.subject = hub.subject, .relation = likes, .object = Value(hub.subject)}).ok());
    ASSERT_TRUE(t->Commit().ok());
  }
  ASSERT_TRUE(graph.folder().Fold().ok());
  const auto snapshot = graph.GetSnapshot();
  store.moves = 0;
  EXPECT_THAT(SmallGraph::Facts(*snapshot, {.subject = hub.subject, .relations = {likes}}),
              SizeIs(1));
  EXPECT_LE(store.moves, 2);
}

TEST(RunCursorTest, OfTheRowsOfOneVersionTheRetractedOneCounts) {
  ProbeStore store;
  SmallGraph graph(store);
  const Hub hub = AddHub(graph, 300);
  ASSERT_TRUE(graph.folder().Fold().ok());
  const Pattern pattern{.subject = hub.subject, .relations = {hub.relation}};
  const auto before = graph.GetSnapshot();
  const std::vector<Fact> facts = SmallGraph::Facts(*before, pattern);
  ASSERT_THAT(facts, SizeIs(330));
  const auto t = graph.Begin();
  for (size_t i = 0; i < facts.size(); i += 2) ASSERT_TRUE(t->Retract(facts[i].version).ok());
  EXPECT_THAT(SmallGraph::Facts(t->view(), pattern), SizeIs(165));
  ASSERT_TRUE(t->Commit().ok());
  const auto after = graph.GetSnapshot();
  EXPECT_THAT(SmallGraph::Facts(*after, pattern), SizeIs(165));
  EXPECT_THAT(SmallGraph::Facts(*before, pattern), SizeIs(330));
  ASSERT_TRUE(graph.folder().Fold().ok());
  EXPECT_THAT(SmallGraph::Facts(*after, pattern), SizeIs(165));
  EXPECT_THAT(SmallGraph::Facts(*before, pattern), SizeIs(330));
  EXPECT_THAT(SmallGraph::Facts(*graph.GetSnapshot(), pattern), SizeIs(165));
}

TEST(RunCursorTest, ARunInTheOverlayIsReadWithoutTheOthersOfItsSubject) {
  Overlay overlay;
  std::vector<Row> rows;
  for (uint64_t i = 1; i <= 1000; ++i) {
    Row row{.subject = 7, .object = i << 3, .version = i, .relation = i == 500 ? 20u : 21u};
    SetRowValid(Period::Always(), &row);
    rows.push_back(row);
  }
  overlay.Append(rows);
  Overlay::Heads heads;
  overlay.Find(codec::Order::kOut, 7, 20, &heads);
  ASSERT_THAT(heads, SizeIs(1));
  EXPECT_EQ(heads[0]->row.version, 500);
  EXPECT_EQ(Overlay::Next(heads[0], codec::Order::kOut), nullptr);
  EXPECT_EQ(overlay.Count(codec::Order::kOut, 7, std::nullopt), 1000);
  EXPECT_EQ(overlay.Count(codec::Order::kRel, 0, 21), 999);
}

}  // namespace
}  // namespace fasti::graph
