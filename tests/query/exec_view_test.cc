#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "session_harness.h"

namespace fasti {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ExecViewTest : public testing::Test {
 protected:
  ExecViewTest() {
    graph_.Run(
        "CREATE (:C {name: 'Scale'}), (:P {name: 'Ann'}), (:P {name: 'Bob'}), (:P {name: 'Cid'})");
    Leads("Ann", "@2016..2018");
    Leads("Bob", "@2019..2022");
    Leads("Cid", "@2023..");
    graph_.Run("MATCH (c:C) SET c.size = 10 VALID @2016..2019");
    graph_.Run("MATCH (c:C) SET c.size = 99 VALID @2020..");
  }
  void Leads(const std::string& person, const std::string& period) {
    graph_.Run("MATCH (p {name: '" + person + "'}), (c:C) CREATE (p)-[:LEADS]->(c) VALID " +
               period);
  }
  test::Graph graph_;
};

TEST_F(ExecViewTest, EachScopeWordSelectsOnValidTime) {
  const auto leaders = [&](const std::string& scope) {
    return graph_.Run("MATCH (p)-[:LEADS]->(c {name: 'Scale'}) " + scope + " RETURN p.name");
  };
  EXPECT_THAT(leaders(""), UnorderedElementsAre("'Ann'", "'Bob'", "'Cid'"));
  EXPECT_THAT(leaders("AT @2020"), ElementsAre("'Bob'"));
  EXPECT_THAT(leaders("AT @now"), ElementsAre("'Cid'"));
  EXPECT_THAT(leaders("DURING @2015..2022"), UnorderedElementsAre("'Ann'", "'Bob'"));
  EXPECT_THAT(leaders("BEFORE @2019"), ElementsAre("'Ann'"));
  EXPECT_THAT(leaders("AFTER @2018"), UnorderedElementsAre("'Bob'", "'Cid'"));
}

TEST_F(ExecViewTest, APropertyIsReadInTheViewOfTheClauseThatBoundItsNode) {
  EXPECT_THAT(graph_.Run("MATCH (c:C) AT @2017 WITH c MATCH (d:C) AT @2021 RETURN c.size, d.size"),
              ElementsAre("10 | 99"));
  EXPECT_THAT(graph_.Run("AT @2017 MATCH (c:C) RETURN c.size"), ElementsAre("10"));
  // Out of a list, a node has the statement's view.
  EXPECT_THAT(graph_.Run("AT @2017 MATCH (c:C) AT @2021 RETURN [x IN collect(c) | x.size][0]"),
              ElementsAre("10"));
}

TEST_F(ExecViewTest, ARowDependentViewIsCarriedThroughWith) {
  EXPECT_THAT(
      graph_.Run("UNWIND [@2017, @2021] AS t MATCH (c:C) AT t WITH c ORDER BY t RETURN c.size"),
      ElementsAre("10", "99"));
  // Grouped with its moment it keeps it; where the rows of a group disagree, it is seen as now.
  EXPECT_THAT(graph_.Run("UNWIND [@2017, @2021] AS t MATCH (c:C) AT t WITH t, c, count(*) AS n "
                         "RETURN c.size, n ORDER BY t"),
              ElementsAre("10 | 1", "99 | 1"));
  EXPECT_THAT(graph_.Run("UNWIND [@2017, @2021] AS t MATCH (c:C) AT t WITH c, count(*) AS n "
                         "RETURN c.size, n"),
              ElementsAre("99 | 2"));
  EXPECT_THAT(
      graph_.Run("UNWIND [@2017, @2017] AS t MATCH (c:C) AT t WITH DISTINCT c RETURN c.size"),
      ElementsAre("10"));
}

TEST_F(ExecViewTest, AFactIsAScope) {
  EXPECT_THAT(graph_.Run("MATCH ({name: 'Ann'})-[f:LEADS]->(c) MATCH (x)-[g:LEADS]->(c) AFTER f "
                         "RETURN x.name ORDER BY x.name"),
              ElementsAre("'Bob'", "'Cid'"));
}

TEST_F(ExecViewTest, FirstAndLastRankByTheMomentThePatternCameTrue) {
  EXPECT_THAT(graph_.Run("MATCH FIRST (p)-[:LEADS]->(c) RETURN p.name"), ElementsAre("'Ann'"));
  EXPECT_THAT(graph_.Run("MATCH LAST 2 (p)-[:LEADS]->(c) RETURN p.name"),
              UnorderedElementsAre("'Bob'", "'Cid'"));
  EXPECT_THAT(
      graph_.Run("MATCH ({name: 'Bob'})-[f:LEADS]->(c) MATCH LAST (x)-[:LEADS]->(c) BEFORE f "
                 "RETURN x.name"),
      ElementsAre("'Ann'"));
  // Ties are kept.
  Leads("Cid", "@2016..2017");
  EXPECT_THAT(graph_.Run("MATCH FIRST (p)-[:LEADS]->(c) RETURN p.name"),
              UnorderedElementsAre("'Ann'", "'Cid'"));
  // Per row, and with OPTIONAL the as-of join.
  EXPECT_THAT(graph_.Run("UNWIND [@2015, @2017, @2024] AS t OPTIONAL MATCH LAST (p)-[:LEADS]->(:C) "
                         "AT t RETURN p.name ORDER BY t, p.name"),
              ElementsAre("null", "'Ann'", "'Cid'", "'Cid'"));
}

TEST_F(ExecViewTest, AScopeInsideExistsOverridesThatOfTheClause) {
  EXPECT_THAT(
      graph_.Run("MATCH (p:P) WHERE NOT EXISTS { (p)-[:LEADS]->() AFTER @2018 } RETURN p.name"),
      ElementsAre("'Ann'"));
  EXPECT_THAT(graph_.Run("MATCH (p:P) AT @2017 WHERE (p)-[:LEADS]->() RETURN p.name"),
              ElementsAre("'Ann'"));
}

TEST_F(ExecViewTest, ANullScopeShowsNothing) {
  EXPECT_THAT(graph_.Run("MATCH (p)-[:LEADS]->() AT null RETURN p"), IsEmpty());
}

TEST_F(ExecViewTest, ABoundRelationshipIsSeenInTheViewOfTheClause) {
  EXPECT_THAT(graph_.Run("MATCH ()-[f:LEADS]->() MATCH (p)-[f]->() AT @2020 RETURN p.name"),
              ElementsAre("'Bob'"));
}

TEST(ExecSelectTest, EachSelectorChoosesByTheTimeOfThePath) {
  test::Graph graph;
  graph.Run("CREATE (a {name: 'a'}), (b {name: 'b'}), (c {name: 'c'}), (d {name: 'd'})");
  const auto pay = [&](const std::string& from, const std::string& to, const std::string& period) {
    graph.Run("MATCH (x {name: '" + from + "'}), (y {name: '" + to +
              "'}) CREATE (x)-[:PAID]->(y) VALID " + period);
  };
  pay("a", "b", "@2020-01-01");
  pay("b", "d", "@2020-06-01");  // a, b, d: half a year
  pay("a", "c", "@2021-01-01");
  pay("c", "d", "@2021-01-05");  // a, c, d: four days
  pay("d", "c", "@2019-01-01");  // before anything reaches d
  pay("a", "d", "@2022-01-01");  // at once
  const auto paths = [&](const std::string& selector, const std::string& rest) {
    return graph.Run("MATCH p = " + selector + " ({name: 'a'})-[:PAID*1..3]->({name: '" + rest +
                     " RETURN [n IN nodes(p) | n.name]");
  };
  EXPECT_THAT(paths("SEQUENTIAL", "d'})"),
              UnorderedElementsAre("['a', 'b', 'd']", "['a', 'c', 'd']", "['a', 'd']"));
  EXPECT_THAT(paths("SEQUENTIAL", "c'})"), ElementsAre("['a', 'c']"));
  EXPECT_THAT(paths("CONTINUOUS", "d'})"), ElementsAre("['a', 'd']"));
  EXPECT_THAT(paths("EARLIEST", "d'})"), ElementsAre("['a', 'b', 'd']"));
  EXPECT_THAT(paths("EARLIEST", "d'}) AFTER @2020"), ElementsAre("['a', 'c', 'd']"));
  EXPECT_THAT(paths("LATEST", "d'})"), ElementsAre("['a', 'd']"));
  EXPECT_THAT(paths("FASTEST", "d'}) BEFORE @2022"), ElementsAre("['a', 'c', 'd']"));
  EXPECT_THAT(paths("ANY SHORTEST", "d'})"), ElementsAre("['a', 'd']"));
  EXPECT_THAT(paths("ALL SHORTEST", "d'}) BEFORE @2022"),
              UnorderedElementsAre("['a', 'b', 'd']", "['a', 'c', 'd']"));
}

TEST(ExecSelectTest, AStateAllowsAnyInstantOfItsPeriod) {
  test::Graph graph;
  graph.Run("CREATE (a {name: 'a'})-[:OWNS]->(b {name: 'b'}) VALID @2010..2015");
  graph.Run("MATCH (b {name: 'b'}) CREATE (b)-[:OWNS]->(c {name: 'c'}) VALID @2014..2020");
  EXPECT_THAT(
      graph.Run("MATCH p = CONTINUOUS ({name: 'a'})-[:OWNS*]->({name: 'c'}) RETURN length(p)"),
      ElementsAre("2"));
  EXPECT_THAT(graph.Run("MATCH p = CONTINUOUS ({name: 'a'})-[:OWNS*]->({name: 'c'}) AT @2012 "
                        "RETURN length(p)"),
              IsEmpty());
}

TEST(ExecRelationTest, AnInverseAndASymmetricRelationMatchBothWays) {
  test::Graph graph;
  graph.Run("CREATE RELATION owns (Company) -> (Company) INVERSE owned_by");
  graph.Run("CREATE RELATION partner_of (Company) -> (Company) SYMMETRIC");
  graph.Run("CREATE (a {name: 'a'}), (b {name: 'b'}), (a)-[:owns]->(b), (a)-[:partner_of]->(b)");
  EXPECT_THAT(graph.Run("MATCH (x)-[:owned_by]->(y) RETURN x.name, y.name"),
              ElementsAre("'b' | 'a'"));
  EXPECT_THAT(graph.Run("MATCH (x {name: 'b'})-[:owned_by]->(y) RETURN y.name"),
              ElementsAre("'a'"));
  EXPECT_THAT(graph.Run("MATCH (x)-[:partner_of]->(y) RETURN x.name, y.name"),
              UnorderedElementsAre("'a' | 'b'", "'b' | 'a'"));
  EXPECT_THAT(graph.Run("MATCH (x {name: 'b'})-[:partner_of]->(y) RETURN y.name"),
              ElementsAre("'a'"));
  EXPECT_THAT(graph.Run("MATCH (x {name: 'b'})-[:partner_of]-(y) RETURN y.name"),
              ElementsAre("'a'"));
}

TEST(ExecRelationTest, ALabelFindsItsSubtypes) {
  test::Graph graph;
  graph.Run("CREATE TYPE Company IS Organization");
  graph.Run("CREATE (:Company {name: 'a'}), (:Organization {name: 'b'}), (:Person {name: 'c'})");
  EXPECT_THAT(graph.Run("MATCH (o:Organization) RETURN o.name"),
              UnorderedElementsAre("'a'", "'b'"));
  EXPECT_THAT(graph.Run("MATCH (o) WHERE o:Organization RETURN o.name"),
              UnorderedElementsAre("'a'", "'b'"));
  EXPECT_THAT(graph.Run("MATCH (o:Company) RETURN o.name"), ElementsAre("'a'"));
}

TEST(ExecRelationTest, AnAttributePatternOpensTheFactBehindAValue) {
  test::Graph graph;
  graph.Run("CREATE (n:N {a: 1, b: 'x'})-[:R]->(:M)");
  EXPECT_THAT(graph.Run("MATCH (n:N)-[f:.*]->(v) RETURN type(f), v"),
              UnorderedElementsAre("'a' | 1", "'b' | 'x'"));
  EXPECT_THAT(graph.Run("MATCH (n:N)-[f]->(v) RETURN type(f)"), ElementsAre("'R'"));
  EXPECT_THAT(graph.Run("WITH 1 AS v MATCH (n)-[f:.a]->(v) RETURN n"),
              ElementsAre("(:N {a: 1, b: 'x'})"));
  // A value without components matches no property.
  EXPECT_THAT(graph.Run("MATCH (n)-[f:.*]->(v {x: 1}) RETURN v"), IsEmpty());
  graph.Run("MATCH (n:N) SET n.q = qty(5, 'USD')");
  EXPECT_THAT(graph.Run("MATCH (n)-[f:.*]->(v {unit: 'USD'}) RETURN type(f)"), ElementsAre("'q'"));
}

TEST(ExecRelationTest, AnAttributeFactCanBeMadeWithQualifiers) {
  test::Graph graph;
  graph.Run("CREATE (:N {score: 1})");
  EXPECT_THAT(
      graph.Run("WITH 7 AS v MATCH (n:N) CREATE (n)-[f:.score {round: 2}]->(v) RETURN f.round"),
      ElementsAre("2"));
  EXPECT_THAT(graph.Run("MATCH (n:N)-[f:.score]->(v) RETURN v, f.round, n.score ORDER BY v"),
              ElementsAre("1 | null | 1", "7 | 2 | 1"));
}

}  // namespace
}  // namespace fasti
