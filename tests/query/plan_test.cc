#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "session_harness.h"

namespace fasti {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

// A hub: 40 companies, one of them named, each with 2 relationships to persons.
void FillHub(test::Graph* graph) {
  graph->Run(
      "UNWIND range(1, 40) AS i CREATE (c:Company {name: 'c' + toString(i)}) "
      "CREATE (c)-[:EMPLOYS]->(:Person), (c)-[:EMPLOYS]->(:Person)");
  graph->Run("MATCH (c:Company {name: 'c1'}), (d:Company {name: 'c2'}) CREATE (c)-[:OWNS]->(d)");
}

TEST(PlanTest, AConstantNameIsTheStart) {
  test::Graph graph;
  FillHub(&graph);
  EXPECT_THAT(graph.Run("EXPLAIN MATCH (p:Person)<-[:EMPLOYS]-(c:Company {name: 'c7'}) RETURN p"),
              AllOf(Contains(HasSubstr("AttributeSeek (#1 {name: ")),
                    Contains(HasSubstr("Expand (#1)-[:EMPLOYS]->(#0)")),
                    Not(Contains(HasSubstr("LabelScan")))));
}

TEST(PlanTest, ARareRelationIsReadAsAWhole) {
  test::Graph graph;
  FillHub(&graph);
  EXPECT_THAT(graph.Run("EXPLAIN MATCH (a)-[:OWNS]->(b) RETURN a, b"),
              Contains(HasSubstr("RelationScan (#0)-[:OWNS]->(#1)")));
}

TEST(PlanTest, ABoundNodeIsExpandedRatherThanScanned) {
  test::Graph graph;
  FillHub(&graph);
  EXPECT_THAT(
      graph.Run("EXPLAIN MATCH (c:Company {name: 'c1'}) MATCH (c)-[:EMPLOYS]->(p) RETURN p"),
      AllOf(Contains(HasSubstr("Expand (#0)-[:EMPLOYS]->(#1)")),
            Not(Contains(HasSubstr("RelationScan")))));
}

TEST(PlanTest, AScopeIsPassedToTheScan) {
  test::Graph graph;
  EXPECT_THAT(graph.Run("EXPLAIN AT @2020 MATCH (a)-[f:R]->(b) RETURN f"),
              Contains(HasSubstr("AT 2020")));
}

TEST(PlanTest, WhatNobodyReadsIsNotFilled) {
  test::Graph graph;
  // Neither the relationship nor its other end is asked for.
  EXPECT_THAT(graph.Run("EXPLAIN MATCH (a:A)-[r:R]->(b) RETURN a"),
              Each(AllOf(Not(HasSubstr("[#")), Not(HasSubstr("->(#")))));
}

}  // namespace
}  // namespace fasti
