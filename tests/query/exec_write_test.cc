#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "session_harness.h"

namespace fasti {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(ExecWriteTest, EffectsAreTheNetDifference) {
  test::Graph graph;
  graph.Run("CREATE (a:A {k: 1}), (b:B)");
  EXPECT_EQ(graph.EffectsText(), "+2 nodes +1 properties +2 labels");
  graph.Run("MATCH (a:A) SET a.k = 2 SET a.k = 1");
  EXPECT_EQ(graph.EffectsText(), "");
  graph.Run("MATCH (a:A) SET a.k = 2.0");
  EXPECT_EQ(graph.EffectsText(), "+1 properties -1 properties");
  graph.Run("CREATE (x:X {k: 1}) DELETE x");
  EXPECT_EQ(graph.EffectsText(), "");
  graph.Run("MATCH (b:B) SET b:A REMOVE b:B");
  EXPECT_EQ(graph.EffectsText(), "-1 labels");
}

TEST(ExecWriteTest, AClauseDoesNotSeeWhatItWritesItself) {
  test::Graph graph;
  graph.Run("CREATE (), ()");
  graph.Run("MATCH (n) CREATE (m)");
  EXPECT_THAT(graph.Run("MATCH (n) RETURN count(*)"), ElementsAre("4"));
  graph.Run("MATCH (n) CREATE (m) WITH n MATCH (x) CREATE (:New)");
  EXPECT_THAT(graph.Run("MATCH (n:New) RETURN count(*)"), ElementsAre("32"));
}

TEST(ExecWriteTest, MergeSeesWhatItCreatedForEarlierRows) {
  test::Graph graph;
  EXPECT_THAT(
      graph.Run("UNWIND [1, 2, 1] AS x MERGE (n:N {k: x}) RETURN count(*), count(DISTINCT n)"),
      ElementsAre("3 | 2"));
  EXPECT_EQ(graph.EffectsText(), "+2 nodes +2 properties +1 labels");
}

TEST(ExecWriteTest, ALimitOfZeroStillWrites) {
  test::Graph graph;
  EXPECT_THAT(graph.Run("UNWIND [1, 2, 3] AS x CREATE (n) RETURN n LIMIT 0"), IsEmpty());
  EXPECT_THAT(graph.Run("MATCH (n) RETURN count(*)"), ElementsAre("3"));
}

TEST(ExecWriteTest, ARelationshipKeepsItsIdentityWhenAPropertyChanges) {
  test::Graph graph;
  graph.Run("CREATE (:A)-[:R {k: 1}]->(:B)");
  EXPECT_THAT(graph.Run("MATCH ()-[r:R]->() SET r.k = 2 WITH r MATCH ()-[s:R]->() "
                        "RETURN r = s, r.k, s.k"),
              ElementsAre("true | 2 | 2"));
  EXPECT_THAT(graph.Run("MATCH ()-[r]->() RETURN r"), ElementsAre("[:R {k: 2}]"));
  EXPECT_THAT(graph.Run("MATCH ()-[r]->() AS RECORDED @.. RETURN r.k ORDER BY r.k"),
              ElementsAre("1", "2"));
}

TEST(ExecWriteTest, ANodeWithRelationshipsIsNotDeletedWithoutThem) {
  test::Graph graph;
  graph.Run("CREATE (:A)-[:R]->(:B)");
  EXPECT_THAT(graph.Run("MATCH (a:A) DELETE a"),
              ElementsAre(HasSubstr("ConstraintVerificationFailed.DeleteConnectedNode")));
  EXPECT_THAT(graph.Run("MATCH (a:A)-[r]->(b) DELETE a, r, b"), IsEmpty());
  EXPECT_EQ(graph.EffectsText(), "-2 nodes -1 relationships -2 labels");
}

TEST(ExecWriteTest, APortionWriteLeavesTheRestOfTime) {
  test::Graph graph;
  graph.Run("CREATE (:P {name: 'Wang'})-[:LEADS]->(:C) VALID @2016..");
  graph.Run("MATCH (:P)-[f:LEADS]->(:C) DELETE f VALID @2025-06-12..");
  EXPECT_THAT(graph.Run("MATCH ()-[f:LEADS]->() RETURN toString(valid(f).start), valid(f)"),
              ElementsAre(HasSubstr("2016..2025-06-11")));
  EXPECT_THAT(graph.Run("MATCH (p)-[:LEADS]->() AT @2020 RETURN p.name"), ElementsAre("'Wang'"));
  EXPECT_THAT(graph.Run("MATCH (p)-[:LEADS]->() AT @2025-07 RETURN p.name"), IsEmpty());
}

TEST(ExecWriteTest, AReportThatAStateEndedKeepsTheYearsBefore) {
  test::Graph graph;
  graph.Run("CREATE (:P {name: 'Wang'}), (:C {name: 'Scale'})");
  graph.Run(
      "MATCH (p:P), (c:C) MERGE (p)-[:LEADS]->(c) VALID @2016.. "
      "CLAIM {source: 'http://a', published: @2016-05-01, text: 'He leads it.', "
      "figures: {pay: 10}}");
  EXPECT_THAT(graph.Run("MATCH (p)-[f:LEADS]->(c) RETURN f.pay, size(claims(f)), known(f)"),
              ElementsAre("10 | 1 | 2016-05-01.."));
  graph.Run(
      "MATCH ()-[f:LEADS]->() DELETE f VALID @2025-06-12.. "
      "CLAIM {source: 'http://b', published: @2025-06-13, text: 'He left.'}");
  EXPECT_THAT(graph.Run("MATCH ()-[f:LEADS]->() AT @2020 RETURN valid(f)"),
              ElementsAre("2016..2025-06-11"));
  EXPECT_THAT(graph.Run("MATCH ()-[f:LEADS]->() AT @2025-07 RETURN valid(f)"), IsEmpty());
  // What was known before the report is as it was.
  EXPECT_THAT(graph.Run("MATCH ()-[f:LEADS]->() AT @2025-07 AS OF @2025-01 RETURN valid(f)"),
              ElementsAre("2016.."));
}

TEST(ExecWriteTest, AnAttributeSetForAPeriodHoldsInIt) {
  test::Graph graph;
  graph.Run("CREATE (:C {name: 'OpenAI'})");
  graph.Run("MATCH (c:C) SET c.headcount = 770 VALID @2023");
  graph.Run("MATCH (c:C) SET c.headcount = 1700 VALID @2024");
  EXPECT_THAT(graph.Run("MATCH (c:C) AT @2023-06 RETURN c.name, c.headcount"),
              ElementsAre("'OpenAI' | 770"));
  EXPECT_THAT(graph.Run("MATCH (c:C) RETURN c.headcount"), ElementsAre("1700"));
  EXPECT_THAT(graph.Run("MATCH (c:C)-[f:.headcount]->(v) RETURN v, valid(f)"),
              UnorderedElementsAre("770 | 2023", "1700 | 2024"));
}

}  // namespace
}  // namespace fasti
