#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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

// The line of a plan that begins a pattern: the last one that reads facts or entities.
std::string FirstStepOf(test::Graph* graph, absl::string_view statement) {
  const std::vector<std::string> plan = graph->Run(absl::StrCat("EXPLAIN ", statement));
  for (size_t i = plan.size(); i-- > 0;) {
    for (const char* step : {"AttributeSeek", "LabelScan", "AllNodes", "RelationScan"}) {
      if (absl::StrContains(plan[i], step)) return plan[i];
    }
  }
  return absl::StrJoin(plan, "\n");
}

TEST(PlanTest, OfTwoNamedEntitiesTheOneWithFewerFactsIsTheStart) {
  test::Graph graph;
  graph.Run("CREATE (h:Company {name: 'hub'}), (l:Company {name: 'leaf'}), (h)-[:OWNS]->(l)");
  graph.Run(
      "MATCH (h {name: 'hub'}) UNWIND range(1, 200) AS i CREATE (h)-[:OWNS]->(:Company {name: "
      "'c' + toString(i)})");
  for (const char* statement :
       {"MATCH (a {name: 'hub'})-[:OWNS]->(b)<-[:OWNS]-(c {name: 'leaf'}) RETURN b",
        "MATCH (c {name: 'leaf'})-[:OWNS]->(b)<-[:OWNS]-(a {name: 'hub'}) RETURN b"}) {
    EXPECT_THAT(FirstStepOf(&graph, statement), HasSubstr("leaf")) << statement;
  }
}

TEST(PlanTest, TheDegreesOfALabelDecideWhichRelationIsWalkedFirst) {
  test::Graph graph;
  // On average of all entities A is the more frequent relation, but no bank has any of it.
  graph.Run(
      "UNWIND range(1, 50) AS i CREATE (p:Person)-[:A]->(:Thing), (p)-[:A]->(:Thing), "
      "(p)-[:A]->(:Thing)");
  graph.Run("UNWIND range(1, 5) AS i CREATE (b:Bank), (b)-[:B]->(:Thing), (b)-[:B]->(:Thing)");
  const std::vector<std::string> plan =
      graph.Run("EXPLAIN MATCH (x)<-[:B]-(b:Bank)-[:A]->(y) RETURN x, y");
  const auto line_of = [&plan](absl::string_view part) {
    return std::find_if(plan.begin(), plan.end(),
                        [&](const std::string& line) { return absl::StrContains(line, part); });
  };
  // What comes first stands below.
  EXPECT_LT(line_of("[:A]"), line_of("LabelScan")) << absl::StrJoin(plan, "\n");
  EXPECT_LT(line_of("[:B]"), line_of("[:A]")) << absl::StrJoin(plan, "\n");
}

TEST(PlanTest, AShortTimeIsReadByRelationAndALongOneByName) {
  test::Graph graph;
  graph.Run(
      "UNWIND range(1, 40) AS i CREATE (:Company {name: 'c' + toString(i)})-[:MEETS]->(:Person) "
      "VALID @2020-01-01");
  graph.Run("MATCH (c {name: 'c1'}) CREATE (c)-[:MEETS]->(:Person) VALID @2024-05-05");
  ASSERT_TRUE(graph.database().Fold().ok());
  EXPECT_THAT(FirstStepOf(&graph, "MATCH (c:Company)-[:MEETS]->(p) DURING @2024-05 RETURN p"),
              HasSubstr("RelationScan"));
  EXPECT_THAT(FirstStepOf(&graph,
                          "MATCH (c:Company {name: 'c1'})-[:MEETS]->(p) DURING @2020 "
                          "RETURN p"),
              HasSubstr("AttributeSeek"));
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
