#include <memory>

#include "gtest/gtest.h"
#include "query/exec/edge_reader.h"
#include "query/exec/run_context.h"
#include "query/plan/logical_plan.h"
#include "tests/query/session_harness.h"

namespace fasti::exec {
namespace {

EntityId Node(uint64_t number) {
  return static_cast<EntityId>(number);
}

EdgeCache::Edges EdgesOf(size_t count) {
  EdgeCache::Edges edges;
  edges.edges.resize(count);
  edges.reaches.resize(count);
  return edges;
}

class EdgeCacheTest : public ::testing::Test {
 protected:
  explicit EdgeCacheTest() : snapshot_(graph_.database().GetSnapshot()), context_(plan_, nullptr) {}

  void Begin(uint64_t memory_bytes) {
    RunLimits limits;
    limits.memory_bytes = memory_bytes;
    context_.Begin(*snapshot_, {}, limits, Interrupt(RunOptions()));
  }

  test::Graph graph_;
  const std::unique_ptr<Snapshot> snapshot_;
  const plan::Plan plan_;
  RunContext context_;
};

TEST_F(EdgeCacheTest, WhatIsKeptIsFoundUntilItIsCleared) {
  Begin(1 << 20);
  EdgeCache cache(context_);
  cache.Keep(Node(1), EdgesOf(3));
  cache.Keep(Node(2), EdgesOf(0));
  ASSERT_NE(cache.Find(Node(1)), nullptr);
  EXPECT_EQ(cache.Find(Node(1))->edges.size(), 3u);
  ASSERT_NE(cache.Find(Node(2)), nullptr);
  EXPECT_EQ(cache.Find(Node(2))->edges.size(), 0u);
  EXPECT_EQ(cache.Find(Node(3)), nullptr);
  cache.Clear();
  EXPECT_EQ(cache.Find(Node(1)), nullptr);
}

TEST_F(EdgeCacheTest, TakesHalfOfTheMemoryOfItsRunAtMost) {
  constexpr uint64_t kLimit = 100'000;
  Begin(kLimit);
  EdgeCache cache(context_);
  for (uint64_t i = 1; i <= 100; ++i) cache.Keep(Node(i), EdgesOf(20));
  EXPECT_NE(cache.Find(Node(1)), nullptr);
  EXPECT_EQ(cache.Find(Node(100)), nullptr);
  EXPECT_GT(context_.charged_max(), kLimit / 4);
  EXPECT_LE(context_.charged_max(), kLimit / 2);
  // The rest is there for what must be kept, and all of it when the cache is cleared.
  EXPECT_TRUE(context_.Charge(kLimit / 2).ok());
  EXPECT_FALSE(context_.Charge(kLimit / 2).ok());
  cache.Clear();
  context_.Release(kLimit / 2);
  EXPECT_TRUE(context_.Charge(kLimit / 2).ok());
}

TEST_F(EdgeCacheTest, AStatementWithLittleMemoryAnswersTheSame) {
  graph_.Run("UNWIND range(1, 30) AS i CREATE (:P {i: i})");
  graph_.Run("MATCH (a:P), (b:P) WHERE (a.i * b.i) % 7 = 1 CREATE (a)-[:R]->(b)");
  const char* const statement = "MATCH (a:P {i: 1})-[:R]->(b)-[:R]->(c)-[:R]->(d) RETURN count(*)";
  RunOptions narrow;
  narrow.limits.memory_bytes = 2'000;
  EXPECT_EQ(graph_.Run(statement, {}, narrow), graph_.Run(statement));
}

}  // namespace
}  // namespace fasti::exec
