#include "query/exec/node_counts.h"

#include <map>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace fasti::exec {
namespace {

using Counts = std::map<EntityId, int64_t>;

Counts Take(NodeCounts& table) {
  std::vector<EntityId> nodes;
  std::vector<int64_t> counts;
  table.Take(&nodes, &counts);
  EXPECT_EQ(nodes.size(), counts.size());
  Counts result;
  for (size_t i = 0; i < nodes.size(); ++i) {
    EXPECT_TRUE(result.emplace(nodes[i], counts[i]).second) << Raw(nodes[i]) << " comes twice";
  }
  return result;
}

TEST(NodeCountsTest, CountsAsAMapDoes) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  NodeCounts table;
  for (int round = 0; round < 60; ++round) {
    const uint64_t entities = uint64_t{1} << random() % 14;
    const uint64_t stride = uint64_t{1} << random() % 40;
    Counts expected;
    for (uint64_t batch = random() % 6; batch > 0; --batch) {
      std::vector<EntityId> nodes(random() % 1500);
      for (EntityId& node : nodes) {
        node = static_cast<EntityId>(1 + random() % entities * stride);
        ++expected[node];
      }
      table.Add(nodes);
    }
    if (random() % 4 == 0) {
      table.Clear();
      expected.clear();
    }
    EXPECT_EQ(Take(table), expected);
  }
}

TEST(NodeCountsTest, TakesNothingOfNothing) {
  NodeCounts table;
  EXPECT_EQ(Take(table), Counts());
  EXPECT_EQ(table.bytes(), 0u);
}

TEST(NodeCountsTest, WhatIsTakenStandsBehindWhatWasThere) {
  NodeCounts table;
  table.Add({static_cast<EntityId>(7), static_cast<EntityId>(7)});
  std::vector<EntityId> nodes = {static_cast<EntityId>(1)};
  std::vector<int64_t> counts = {5};
  table.Take(&nodes, &counts);
  EXPECT_EQ(nodes, (std::vector<EntityId>{static_cast<EntityId>(1), static_cast<EntityId>(7)}));
  EXPECT_EQ(counts, (std::vector<int64_t>{5, 2}));
}

}  // namespace
}  // namespace fasti::exec
