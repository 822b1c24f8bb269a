#include "fasti/session.h"

#include <atomic>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "session_harness.h"

namespace fasti {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(SessionTest, AParameterIsBoundAndNeverPasted) {
  test::Graph graph;
  EXPECT_THAT(graph.Run("RETURN $x AS x, size($l) AS n",
                        {{"x", Value("' OR true //")}, {"l", Value(List{Value(1), Value(2)})}}),
              ElementsAre("'\\' OR true //' | 2"));
  EXPECT_THAT(graph.Run("RETURN $missing AS x"),
              ElementsAre("ParameterMissing.MissingParameter 1:8"));
}

TEST(SessionTest, APreparedStatementSeesWhatWasWrittenSince) {
  test::Graph graph;
  absl::StatusOr<std::unique_ptr<Prepared>> prepared =
      graph.session().Prepare("MATCH (n:Later {k: $k}) RETURN n.k");
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_FALSE((*prepared)->writes());
  EXPECT_THAT(graph.RowsOf((*prepared)->Run({{"k", Value("a")}}, {})), IsEmpty());
  graph.Run("CREATE (:Later {k: 'a'}), (:Later {k: 'b'})");
  EXPECT_THAT(graph.RowsOf((*prepared)->Run({{"k", Value("a")}}, {})), ElementsAre("'a'"));
  EXPECT_THAT(graph.RowsOf((*prepared)->Run({{"k", Value("b")}}, {})), ElementsAre("'b'"));
}

TEST(SessionTest, AResultOutlivesItsPreparedAndKeepsItsState) {
  test::Graph graph;
  graph.Run("CREATE (:A)");
  absl::StatusOr<std::unique_ptr<Result>> result =
      graph.session().Run("MATCH (n) RETURN count(*)", {}, {});
  ASSERT_TRUE(result.ok()) << result.status();
  graph.Run("CREATE (:A)");
  EXPECT_THAT(graph.RowsOf(std::move(result)), ElementsAre("1"));
  EXPECT_THAT(graph.Run("MATCH (n) RETURN count(*)"), ElementsAre("2"));
}

TEST(SessionTest, AFailedStatementLeavesNothing) {
  test::Graph graph;
  EXPECT_THAT(graph.Run("CREATE (:A) WITH 1 AS x UNWIND [1, 0] AS y RETURN x / y"),
              ElementsAre(HasSubstr("1:")));
  EXPECT_THAT(graph.Run("MATCH (n) RETURN count(n)"), ElementsAre("0"));
}

TEST(SessionTest, EveryLimitEndsARunWithItsError) {
  test::Graph graph;
  RunOptions options;
  options.limits.rows = 3;
  EXPECT_THAT(graph.Run("UNWIND range(1, 4) AS x RETURN x", {}, options),
              ElementsAre("1", "2", "3", "LimitError.Rows 0:0"));
  EXPECT_THAT(graph.Run("UNWIND range(1, 4) AS x CREATE (n {k: x}) RETURN n", {}, options),
              ElementsAre("LimitError.Rows 0:0"));
  EXPECT_THAT(graph.Run("MATCH (n) RETURN count(n)"), ElementsAre("0"));

  options = RunOptions();
  options.limits.memory_bytes = 100'000;
  EXPECT_THAT(graph.Run("UNWIND range(1, 100000) AS x RETURN x ORDER BY -x", {}, options),
              ElementsAre(HasSubstr("LimitError.Memory")));
  // Of a sort, only the rows that can be among the first are kept.
  EXPECT_THAT(graph.Run("UNWIND range(1, 10000) AS x RETURN x ORDER BY -x LIMIT 2", {}, options),
              ElementsAre("10000", "9999"));
  EXPECT_THAT(graph.Run("UNWIND range(1, 100000) AS x RETURN count(x)", {}, options),
              ElementsAre("100000"));
  // Lists that expressions build count, too, alone or row after row; those that rows share once.
  for (const char* statement :
       {"RETURN size([x IN range(1, 100) | range(1, 100)])",
        "WITH range(1, 1000) AS r RETURN size(r + r + r + r + r + r + r + r)",
        "UNWIND range(1, 1000) AS x RETURN [y IN range(1, 100) | x + y]"}) {
    EXPECT_THAT(graph.Run(statement, {}, options), ElementsAre(HasSubstr("LimitError.Memory")))
        << statement;
  }
  EXPECT_THAT(graph.Run("WITH range(1, 1000) AS r UNWIND range(1, 200) AS x CREATE ({k: r[x]}) "
                        "RETURN count(*)",
                        {}, options),
              ElementsAre("200"));

  options = RunOptions();
  options.limits.time = absl::ZeroDuration();
  EXPECT_THAT(graph.Run("UNWIND range(1, 1000) AS x UNWIND range(1, 1000) AS y RETURN sum(x * y)",
                        {}, options),
              ElementsAre(HasSubstr("LimitError.Time")));
}

TEST(SessionTest, ACancelledRunEnds) {
  test::Graph graph;
  std::atomic<bool> cancelled{true};
  RunOptions options;
  options.cancelled = &cancelled;
  EXPECT_THAT(graph.Run("UNWIND range(1, 10) AS x RETURN x", {}, options),
              ElementsAre("Cancelled 0:0"));
}

TEST(SessionTest, AnErrorNamesThePlaceOfThePartThatFailed) {
  test::Graph graph;
  EXPECT_THAT(graph.Run("RETURN 1 AS a,\n  1 + [x IN [1] | x.y][0] AS b"),
              ElementsAre(HasSubstr(" 2:")));
  EXPECT_THAT(graph.Run("MATCH (n) RETURN m"), ElementsAre("SyntaxError.UndefinedVariable 1:18"));
  EXPECT_THAT(graph.Run("RETURN nosuch(1)"), ElementsAre("SyntaxError.UnknownFunction 1:8"));
}

TEST(SessionTest, WhatIsNotThereYetSaysSo) {
  test::Graph graph;
  EXPECT_THAT(graph.Run("PROFILE RETURN 1"), ElementsAre("SyntaxError.NotSupportedYet 1:1"));
}

TEST(SessionTest, NowIsOneMomentInAStatement) {
  test::Graph graph;
  EXPECT_THAT(graph.Run("UNWIND [1, 2] AS x WITH collect(DISTINCT toString(datetime())) AS l "
                        "RETURN size(l), l[0]"),
              ElementsAre("1 | '2025-11-21T12:00Z'"));
}

TEST(SessionTest, ShowListsWhatWasDeclared) {
  test::Graph graph;
  graph.Run("CREATE TYPE Company IS Organization");
  graph.Run("CREATE RELATION owns (Organization) -> (Organization) STATE INVERSE owned_by");
  graph.Run("CREATE RELATION .revenue (Organization) -> (Quantity) METRIC UNIT 'USD' RESOLVE max");
  EXPECT_THAT(graph.Run("SHOW types"),
              UnorderedElementsAre("'Company' | 'Organization'", "'Organization' | null"));
  EXPECT_THAT(
      graph.Run("SHOW relations"),
      UnorderedElementsAre(
          "'owns' | 'STATE' | 'Organization' | 'Organization' | 'INVERSE owned_by' | null | "
          "'latest'",
          "'owned_by' | 'STATE' | 'Organization' | 'Organization' | 'INVERSE owns' | null | "
          "'latest'",
          "'.revenue' | 'METRIC' | 'Organization' | 'Quantity' | null | 'USD' | 'max'"));
  EXPECT_THAT(graph.Run("SHOW nonsense"), ElementsAre(HasSubstr("SyntaxError.UnexpectedSyntax")));
}

}  // namespace
}  // namespace fasti
