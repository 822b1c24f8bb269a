#include <atomic>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/session.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/query/session_harness.h"

// The limits of docs/limits.md that hold for statements: what is at the limit is accepted, what is
// one beyond is refused with the code that the manual names, and neither takes long.

namespace fasti {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string Repeat(absl::string_view text, size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (size_t i = 0; i < times; ++i) absl::StrAppend(&result, text);
  return result;
}

// A statement with `size` of something.
struct Limit {
  std::string name;
  size_t at;
  std::string code;
  std::string (*statement)(size_t size);
};

void PrintTo(const Limit& limit, std::ostream* out) {
  *out << limit.name;
}

std::string CodeOf(const absl::Status& status) {
  const std::optional<QueryError> error = GetQueryError(status);
  return error.has_value() ? error->code : "";
}

class StatementLimitsTest : public testing::TestWithParam<Limit> {};

TEST_P(StatementLimitsTest, TheLimitIsReadAndOneMoreIsRefused) {
  const Limit& limit = GetParam();
  const absl::Status at = Session::FormatTree(limit.statement(limit.at)).status();
  EXPECT_TRUE(at.ok()) << at;
  const absl::Status beyond = Session::FormatTree(limit.statement(limit.at + 1)).status();
  EXPECT_EQ(CodeOf(beyond), limit.code) << beyond;
  EXPECT_LT(beyond.message().size(), 500u);
}

const Limit kLimits[] = {
    {"bytes", size_t{1} << 20, "LimitError.StatementSize",
     [](size_t size) { return absl::StrCat("RETURN 1", Repeat(" ", size - 8)); }},
    {"levels_of_an_expression", 256, "LimitError.Depth",
     [](size_t size) {
       return absl::StrCat("RETURN ", Repeat("[", size), Repeat("]", size), " AS x");
     }},
    {"clauses", 1'000, "LimitError.StatementSize",
     [](size_t size) { return absl::StrCat(Repeat("WITH 1 AS x ", size - 1), "RETURN 1 AS x"); }},
    {"parts_of_a_union", 6'000, "LimitError.StatementSize",
     [](size_t size) {
       return absl::StrCat("RETURN 1 AS x", Repeat(" UNION RETURN 1 AS x", size - 1));
     }},
    {"nodes_of_a_chain", 512, "LimitError.StatementSize",
     [](size_t size) {
       return absl::StrCat("MATCH ()", Repeat("-->()", size - 1), " RETURN 1 AS x");
     }},
    {"nodes_of_several_patterns", 512, "LimitError.StatementSize",
     [](size_t size) {
       return absl::StrCat("MATCH (a) WHERE ", Repeat("EXISTS { (a) } AND ", size - 3),
                           "(a)-->() RETURN 1 AS x");
     }},
    {"digits_of_an_integer", 18, "SyntaxError.IntegerOverflow",
     [](size_t size) { return absl::StrCat("RETURN ", Repeat("9", size), " AS x"); }},
    {"exponent_of_a_float", 308, "SyntaxError.FloatingPointOverflow",
     [](size_t size) { return absl::StrCat("RETURN 1e", size, " AS x"); }},
};

INSTANTIATE_TEST_SUITE_P(Limits, StatementLimitsTest, testing::ValuesIn(kLimits),
                         [](const auto& limit) { return limit.param.name; });

TEST(LimitsTest, WhatIsCreatedMayHaveAnyNumberOfNodes) {
  test::Graph graph;
  const std::string statement = absl::StrCat("CREATE (a)", Repeat("-[:r]->()", 2'000));
  EXPECT_THAT(graph.Run(statement), ElementsAre());
  EXPECT_THAT(graph.Run("MATCH (n) RETURN count(n)"), ElementsAre("2001"));
}

// Plans, and what runs them, recurse over clauses: the longest ones still run.
TEST(LimitsTest, TheMostClausesRun) {
  test::Graph graph;
  ASSERT_THAT(graph.Run("CREATE (:A {k: 1})-[:r]->(:B)"), ElementsAre());
  struct Case {
    absl::string_view text;
    size_t clauses;
  };
  constexpr Case kCases[] = {{"WITH 1 AS x ", 1},
                             {"WITH count(*) AS x ", 1},
                             {"UNWIND [1] AS y WITH 1 AS x ", 2},
                             {"MATCH (n:A) WITH DISTINCT 1 AS x ", 2},
                             {"OPTIONAL MATCH (n:B {k: 2}) WITH 1 AS x ", 2}};
  for (const Case& c : kCases) {
    // As many as there may be: 512 nodes, 1,000 clauses.
    const std::string statement =
        absl::StrCat(Repeat(c.text, 998 / c.clauses), "WITH 1 AS x RETURN x");
    EXPECT_THAT(graph.Run(statement), ElementsAre("1")) << c.text;
  }
}

TEST(LimitsTest, ValuesAreNestedAsDeepAsExpressions) {
  test::Graph graph;
  const auto nested = [](absl::string_view shell, size_t levels) {
    return absl::StrCat("WITH 1 AS x ", Repeat(shell, levels), "RETURN size([x]) AS n");
  };
  // The list around the value that is returned is one more level.
  EXPECT_THAT(graph.Run(nested("WITH [x] AS x ", 255)), ElementsAre("1"));
  EXPECT_THAT(graph.Run(nested("WITH [x] AS x ", 256)),
              ElementsAre(StartsWith("LimitError.Depth")));
  EXPECT_THAT(graph.Run(nested("WITH {k: x} AS x ", 255)), ElementsAre("1"));
  EXPECT_THAT(graph.Run(nested("WITH {k: x} AS x ", 256)),
              ElementsAre(StartsWith("LimitError.Depth")));
  EXPECT_THAT(graph.Run(nested("WITH [y IN [1] | x] AS x ", 256)),
              ElementsAre(StartsWith("LimitError.Depth")));
}

// However many its parts, they stand beside each other: to take one apart is not to go deeper.
TEST(LimitsTest, TheLongestUnionIsExplainedInALineForEachStep) {
  for (const bool is_all : {false, true}) {
    const std::string between = is_all ? " UNION ALL " : " UNION ";
    const std::vector<std::string> parts(6'000, "RETURN 1 AS x");
    test::Graph graph;
    const auto rows = graph.Run(absl::StrCat("EXPLAIN ", absl::StrJoin(parts, between)));
    EXPECT_EQ(rows.size(), 3 * parts.size() + (is_all ? 1 : 2));
    EXPECT_EQ(rows.back(), "'  Unit  ~1 rows'");
  }
}

// The planner looks at every condition for every node at every step.
std::string SlowToPlan() {
  std::string nodes, conditions;
  for (int i = 0; i < 400; ++i) absl::StrAppend(&nodes, i == 0 ? "" : ", ", "(n", i, ":A)");
  for (int i = 0; i < 4'000; ++i) {
    absl::StrAppend(&conditions, i == 0 ? "" : " AND ", "n", i % 400, ".k", i, " = ", i);
  }
  return absl::StrCat("MATCH ", nodes, " WHERE ", conditions, " RETURN 1 AS x");
}

TEST(LimitsTest, PlanningEndsWhenItsTimeIsOverOrItIsCancelled) {
  test::Graph graph;
  const Session session(graph.database());
  RunOptions hasty;
  hasty.limits.time = absl::Nanoseconds(1);
  const std::atomic<bool> is_cancelled = true;
  for (const std::string& statement :
       {SlowToPlan(), absl::StrCat("EXPLAIN ", SlowToPlan()), std::string("RETURN 1 AS x"),
        std::string("UNWIND [1] AS x RETURN EXISTS { MATCH (a {k: x}) } AS y")}) {
    EXPECT_EQ(CodeOf(session.Prepare(statement, hasty).status()), "LimitError.Time") << statement;
    EXPECT_EQ(CodeOf(session.Run(statement, {}, hasty).status()), "LimitError.Time") << statement;
    EXPECT_EQ(CodeOf(session.Prepare(statement, {.cancelled = &is_cancelled}).status()),
              "Cancelled")
        << statement;
  }
  // What needs no plan is not begun, either.
  EXPECT_EQ(CodeOf(session.Run("CREATE TYPE A IS B", {}, hasty).status()), "LimitError.Time");
  EXPECT_FALSE(graph.database().GetSnapshot()->FindLabel("A").has_value());
  // What is not planned again has all of its time to run.
  EXPECT_TRUE((*session.Prepare("RETURN 1 AS x"))->Run({}, hasty).ok());
}

// A value that holds another one twice doubles with each clause, though it takes no more memory.
TEST(LimitsTest, ValuesThatDoubleEndAtTheLimitOfMemory) {
  test::Graph graph;
  RunOptions options;
  options.limits.memory_bytes = size_t{1} << 20;
  for (const absl::string_view clause :
       {"WITH [x, x] AS x ", "WITH {a: x, b: x} AS x ", "WITH toString(x) + toString(x) AS x "}) {
    EXPECT_THAT(
        graph.Run(absl::StrCat("WITH 1 AS x ", Repeat(clause, 100), "RETURN x"), {}, options),
        ElementsAre(StartsWith("LimitError.Memory")))
        << clause;
  }
  const std::string many = Repeat("a", 100'000);
  EXPECT_THAT(graph.Run(absl::StrCat("RETURN replace('", many, "', 'a', '", many, "') AS x")),
              ElementsAre(StartsWith("LimitError.Memory")));
}

TEST(LimitsTest, RangeMakesTenMillionElementsAndNoMore) {
  test::Graph graph;
  EXPECT_THAT(graph.Run("RETURN size(range(1, 10000000))"), ElementsAre("10000000"));
  for (const char* beyond : {"range(0, 10000000)", "range(10000000, 0, -1)",
                             "range(-9223372036854775807, 9223372036854775807)"}) {
    EXPECT_THAT(graph.Run(absl::StrCat("RETURN size(", beyond, ")")),
                ElementsAre(StartsWith("LimitError.Memory")))
        << beyond;
  }
}

TEST(LimitsTest, ParametersAreTextsAndNotTooDeep) {
  test::Graph graph;
  Value deep(1);
  for (int i = 0; i < 256; ++i) deep = i % 2 == 0 ? Value(List{deep}) : Value(Map{{"k", deep}});
  EXPECT_THAT(graph.Run("RETURN size(keys({p: $p})) AS n", {{"p", Value(1)}}), ElementsAre("1"));
  EXPECT_THAT(graph.Run("WITH $p AS p RETURN 1 AS n", {{"p", deep}}), ElementsAre("1"));
  EXPECT_THAT(graph.Run("WITH $p AS p RETURN 1 AS n", {{"p", Value(List{deep})}}),
              ElementsAre(StartsWith("LimitError.Depth")));
  // Those that the statement does not use are not looked at.
  EXPECT_THAT(graph.Run("RETURN 1 AS n", {{"p", Value(List{deep})}}), ElementsAre("1"));
  const Value no_texts[] = {Value("\xff"), Value(std::string("a\0b", 3)),
                            Value(List{Value("\xed\xa0\x80")}), Value(Map{{"\xc0", Value(1)}}),
                            Value(Map{{"k", Value("\x80")}})};
  for (const Value& value : no_texts) {
    for (const char* statement : {"RETURN toUpper($p) AS x", "CREATE ({k: $p})"}) {
      EXPECT_THAT(graph.Run(statement, {{"p", value}}),
                  ElementsAre(StartsWith("ArgumentError.InvalidArgumentValue")));
    }
  }
}

}  // namespace
}  // namespace fasti
