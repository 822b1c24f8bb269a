#include "query/plan/check_semantics.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "fasti/result.h"
#include "gtest/gtest.h"
#include "query/parse/parser.h"

namespace fasti::plan {
namespace {

// "ok", or "DETAIL at line:column" of a SyntaxError, with the type if it is another one.
std::string Check(absl::string_view text) {
  const absl::StatusOr<ast::Statement> statement = Parse(text);
  if (!statement.ok()) return absl::StrCat("does not parse: ", statement.status().message());
  const absl::Status status = CheckSemantics(*statement);
  if (status.ok()) return "ok";
  const std::optional<QueryError> error = GetQueryError(status);
  if (!error.has_value()) return "no QueryError";
  EXPECT_FALSE(error->at_runtime);
  EXPECT_FALSE(error->message.empty());
  const size_t prefix = error->code.rfind("SyntaxError.", 0) == 0 ? 12 : 0;
  return absl::StrCat(error->code.substr(prefix), " at ", error->line, ":", error->column);
}

struct CheckCase {
  absl::string_view text;
  absl::string_view expected;
};

void ExpectAll(const CheckCase* begin, const CheckCase* end) {
  for (const CheckCase* c = begin; c != end; ++c) EXPECT_EQ(Check(c->text), c->expected) << c->text;
}
#define EXPECT_CASES(cases) ExpectAll(std::begin(cases), std::end(cases))

TEST(CheckSemanticsTest, AVariableMustBeDefinedBeforeItIsUsed) {
  constexpr CheckCase kCases[] = {
      {"RETURN x", "UndefinedVariable at 1:8"},
      {"MATCH (n) RETURN n.a + m.a", "UndefinedVariable at 1:24"},
      {"MATCH (n) WITH n.a AS a RETURN n", "UndefinedVariable at 1:32"},
      {"MATCH (n) WITH n.a AS a WHERE n.b = 1 RETURN a", "ok"},
      {"MATCH (n) WITH DISTINCT n.a AS a WHERE n.b = 1 RETURN a", "UndefinedVariable at 1:40"},
      {"MATCH (n) RETURN [x IN n.list WHERE x > 1 | x + n.a]", "ok"},
      {"MATCH (n) RETURN [x IN n.list | x], x", "UndefinedVariable at 1:37"},
      {"RETURN all(x IN [1] WHERE y = x)", "UndefinedVariable at 1:27"},
      {"MATCH (n) SET m.a = 1", "UndefinedVariable at 1:15"},
      {"MATCH (n) SET m:A", "UndefinedVariable at 1:15"},
      {"MATCH (n) REMOVE m.a", "UndefinedVariable at 1:18"},
      {"MATCH (n) DELETE m", "UndefinedVariable at 1:18"},
      {"MERGE (n) ON CREATE SET m.a = 1", "UndefinedVariable at 1:25"},
      {"MATCH (a {k: b.k}), (b) RETURN a", "ok"},
      {"CREATE (a {k: 1}), (b {k: a.k})", "ok"},
      {"CREATE (a {k: 1})-[:R]->(b {k: a.k})", "UndefinedVariable at 1:32"},
      {"MATCH (a) WHERE (a)-->(b) RETURN a", "UndefinedVariable at 1:24"},
      {"MATCH (a) WHERE (a)-[r]->() RETURN a", "UndefinedVariable at 1:22"},
      {"MATCH (a) WHERE EXISTS { (a)-[r]->(b) WHERE b.k = r.k } RETURN a", "ok"},
      {"MATCH (a) WHERE EXISTS { (a)-[r]->(b) } RETURN b", "UndefinedVariable at 1:48"},
      {"MATCH (a) RETURN [(a)-[r]->(b) WHERE b.k = r.k | b.k]", "ok"},
      {"MATCH (a) WHERE EXISTS { MATCH (b) WITH b WHERE b.k = a.k RETURN 1 } RETURN a", "ok"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, ANameStandsForOneThing) {
  constexpr CheckCase kCases[] = {
      {"MATCH (a)-[a]->() RETURN a", "VariableTypeConflict at 1:12"},
      {"MATCH ()-[r]->() MATCH (r) RETURN r", "VariableTypeConflict at 1:25"},
      {"MATCH ()-[r]->() MATCH ()-[r*]->() RETURN r", "VariableTypeConflict at 1:28"},
      {"WITH [1] AS r MATCH ()-[r*]->() RETURN r", "VariableTypeConflict at 1:25"},
      {"MATCH ()-[r*]->() WITH r MATCH ()-[r*]->() RETURN r", "ok"},
      {"WITH 1 AS n MATCH (n) RETURN n", "VariableTypeConflict at 1:20"},
      {"WITH null AS n MATCH (n) RETURN n", "ok"},
      {"UNWIND $list AS n MATCH (n) RETURN n", "ok"},
      {"UNWIND ['a'] AS n MATCH (n) RETURN n", "VariableTypeConflict at 1:26"},
      {"MATCH (n) UNWIND [n] AS m MATCH (m)-->() RETURN m", "ok"},
      {"MATCH p = (p)-->() RETURN p", "VariableAlreadyBound at 1:7"},
      {"MATCH (n) MATCH n = ()-->() RETURN n", "VariableAlreadyBound at 1:17"},
      {"MATCH (n) UNWIND [1] AS n RETURN n", "VariableAlreadyBound at 1:25"},
      {"MATCH (n) CREATE (n)", "VariableAlreadyBound at 1:19"},
      {"MATCH (n) CREATE (n)-[:R]->(n)", "ok"},
      {"MATCH (n) CREATE (n:A)-[:R]->()", "VariableAlreadyBound at 1:19"},
      {"MATCH ()-[r]->() CREATE ()-[r:R]->()", "VariableAlreadyBound at 1:29"},
      {"MATCH (n) MERGE (n)", "VariableAlreadyBound at 1:18"},
      {"MATCH (a)-[r]->()-[r]->() RETURN a", "RelationshipUniquenessViolation at 1:20"},
      {"MATCH (a)-[r]->(b) MATCH (a)-[r]->(b) RETURN a", "ok"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, TheObjectOfAnAttributeIsAValue) {
  constexpr CheckCase kCases[] = {
      {"MATCH (n)-[f:.revenue]->(v) WHERE v > 1 RETURN v + 1", "ok"},
      {"UNWIND [1] AS v MATCH (n)-[:.revenue]->(v) RETURN n", "ok"},
      {"MATCH (v)<-[:.*]-(n) RETURN v % 2", "ok"},
      {"MATCH (n)-[:.revenue]->(v) RETURN n % 2", "InvalidArgumentType at 1:35"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, AggregatesStandWhereRowsAreGrouped) {
  constexpr CheckCase kCases[] = {
      {"MATCH (n) WHERE count(n) > 1 RETURN n", "InvalidAggregation at 1:17"},
      {"MATCH (n) SET n.k = count(*)", "InvalidAggregation at 1:21"},
      {"UNWIND collect(1) AS x RETURN x", "InvalidAggregation at 1:8"},
      {"MATCH (n) RETURN [x IN [1] | count(n)]", "InvalidAggregation at 1:30"},
      {"MATCH (n) RETURN [x IN collect(n) | x.k]", "ok"},
      {"RETURN count(count(*))", "NestedAggregation at 1:14"},
      {"RETURN sum(rand())", "NonConstantExpression at 1:12"},
      {"MATCH (n) RETURN n.k ORDER BY count(*)", "InvalidAggregation at 1:31"},
      {"MATCH (n) RETURN DISTINCT n.k ORDER BY count(*)", "InvalidAggregation at 1:40"},
      {"MATCH (n) WITH n.k AS k, count(*) AS c WHERE count(*) > 1 RETURN k",
       "InvalidAggregation at 1:46"},
      {"MATCH (n) WITH n.k AS k, count(*) AS c WHERE c > 1 RETURN k", "ok"},
      {"MATCH (n) RETURN n.k AS k, count(*) ORDER BY count(*), n.k, k", "ok"},
      {"MATCH (n) RETURN n.k AS k, count(*) ORDER BY sum(k)", "InvalidAggregation at 1:46"},
      {"MATCH (n) RETURN n.k AS k, count(*) ORDER BY sum(n.j)", "UndefinedVariable at 1:50"},
      {"MATCH (n) RETURN n.k, count(*) ORDER BY n.j", "UndefinedVariable at 1:41"},
      {"MATCH (n) RETURN DISTINCT n.k ORDER BY n.j", "UndefinedVariable at 1:40"},
      {"MATCH (n) RETURN DISTINCT n ORDER BY n.j", "ok"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, WhatStandsBesideAnAggregateIsAGroupingKey) {
  constexpr CheckCase kCases[] = {
      {"MATCH (n) RETURN n.k + count(*)", "AmbiguousAggregationExpression at 1:18"},
      {"MATCH (n) RETURN n.k, n.k + count(*)", "ok"},
      {"MATCH (n) RETURN n, n.k + count(*)", "ok"},
      {"MATCH (n) RETURN *, n.k + count(*) AS s", "ok"},
      {"MATCH (n) RETURN $p + 1 + count(*)", "ok"},
      {"MATCH (n) RETURN n.k + n.j, n.k + n.j + count(*)",
       "AmbiguousAggregationExpression at 1:29"},
      {"MATCH (n) RETURN n.k + n.j, count(*) AS c ORDER BY n.k + n.j + count(*)",
       "AmbiguousAggregationExpression at 1:52"},
      {"MATCH (n) RETURN n.k + n.j, count(*) AS c ORDER BY n.k + n.j", "ok"},
      {"MATCH (n), (m) RETURN n.k, count(*) AS c ORDER BY m.k + count(*)",
       "UndefinedVariable at 1:51"},
      {"MATCH (n) RETURN [x IN [1, 2] | x] + collect(n)", "ok"},
      {"MATCH (n) RETURN [x IN [1] | n.k] + collect(n)", "AmbiguousAggregationExpression at 1:30"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, ColumnsHaveNamesOfTheirOwn) {
  constexpr CheckCase kCases[] = {
      {"RETURN 1 AS a, 2 AS a", "ColumnNameConflict at 1:21"},
      {"MATCH (n) WITH *, 1 AS n RETURN n", "ColumnNameConflict at 1:24"},
      {"MATCH (n) WITH n, n.k RETURN n", "NoExpressionAlias at 1:19"},
      {"MATCH (n) WITH (n) RETURN n", "NoExpressionAlias at 1:16"},
      {"MATCH () RETURN *", "NoVariablesInScope at 1:10"},
      {"MATCH () WITH * CREATE ()", "ok"},
      {"RETURN 1 AS a UNION RETURN 2 AS b", "DifferentColumnsInUnion at 1:21"},
      {"MATCH (a) RETURN * UNION MATCH (a) RETURN a", "ok"},
      {"RETURN 1 AS a UNION RETURN 2 AS a UNION ALL RETURN 3 AS a",
       "InvalidClauseComposition at 1:45"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, SkipAndLimitTakeOneNumberForAllRows) {
  constexpr CheckCase kCases[] = {
      {"MATCH (n) RETURN n LIMIT n.k", "NonConstantExpression at 1:26"},
      {"RETURN 1 SKIP -1", "NegativeIntegerArgument at 1:15"},
      {"RETURN 1 SKIP -0", "ok"},
      {"RETURN 1 LIMIT -9223372036854775808", "NegativeIntegerArgument at 1:16"},
      {"RETURN 1 LIMIT 1.5", "InvalidArgumentType at 1:16"},
      {"RETURN 1 LIMIT 'a'", "InvalidArgumentType at 1:16"},
      {"RETURN 1 LIMIT $p + 1", "ok"},
      {"RETURN 1 LIMIT toInteger(ceil(1.7))", "ok"},
      {"RETURN 1 LIMIT size([x IN [1, 2] | x])", "ok"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, WhatIsKnownOfTypesMustFit) {
  constexpr CheckCase kCases[] = {
      {"RETURN 1 AND true", "InvalidArgumentType at 1:8"},
      {"RETURN NOT 'a'", "InvalidArgumentType at 1:12"},
      {"RETURN null AND true", "ok"},
      {"MATCH (n) WHERE n RETURN n", "InvalidArgumentType at 1:17"},
      {"MATCH (n) WHERE n.k RETURN n", "ok"},
      {"RETURN 1 IN 2", "InvalidArgumentType at 1:13"},
      {"RETURN 1 IN null", "ok"},
      {"RETURN 'a' % 2", "InvalidArgumentType at 1:8"},
      {"RETURN 1 + true", "InvalidArgumentType at 1:12"},
      {"RETURN [1] + true", "ok"},
      {"RETURN -'a'", "InvalidArgumentType at 1:9"},
      {"UNWIND [1, 'a'] AS x RETURN x % 2", "ok"},
      {"UNWIND ['a', 'b'] AS x RETURN x % 2", "InvalidArgumentType at 1:31"},
      {"WITH 1 AS x RETURN x.k", "TypeError.InvalidArgumentType at 1:20"},
      {"WITH {k: 1} AS x RETURN x.k", "ok"},
      {"MATCH p = (n) RETURN p.k", "InvalidArgumentType at 1:22"},
      {"MATCH (n) RETURN length(n)", "InvalidArgumentType at 1:25"},
      {"MATCH (n) RETURN type(n)", "InvalidArgumentType at 1:23"},
      {"MATCH (n) DELETE n:A", "InvalidDelete at 1:18"},
      {"MATCH (n) DELETE 1 + 1", "InvalidArgumentType at 1:18"},
      {"MATCH (n)-[r]->() DELETE r, n", "ok"},
      {"WITH 1 AS x SET x.k = 1", "InvalidArgumentType at 1:17"},
      {"MATCH (n) SET n = 1", "InvalidArgumentType at 1:19"},
      {"MATCH (n) SET n = $p, n += {k: 1}", "ok"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, FunctionsAreKnownAndTakeWhatTheyAreGiven) {
  constexpr CheckCase kCases[] = {
      {"RETURN foo(1)", "UnknownFunction at 1:8"},
      {"RETURN localtime()", "UnknownFunction at 1:8"},
      {"RETURN abs()", "InvalidNumberOfArguments at 1:8"},
      {"RETURN abs(1, 2)", "InvalidNumberOfArguments at 1:8"},
      {"RETURN coalesce(1, 2, 3, 4)", "ok"},
      {"RETURN abs(*)", "UnexpectedSyntax at 1:8"},
      {"RETURN abs(DISTINCT 1)", "UnexpectedSyntax at 1:8"},
      {"RETURN COUNT(DISTINCT 1)", "ok"},
      {"MATCH (n) RETURN size((n)-->())", "UnexpectedSyntax at 1:23"},
      {"MATCH (n) RETURN (n)-->()", "UnexpectedSyntax at 1:18"},
      {"MATCH (n) WITH (n)-->() AS x RETURN x", "UnexpectedSyntax at 1:16"},
      {"MATCH (n) SET n.k = (n)-->()", "UnexpectedSyntax at 1:21"},
      {"MATCH (n) WHERE NOT (n)-->() OR n.k RETURN n", "ok"},
      {"MATCH (n) RETURN CASE WHEN (n)-->() THEN 1 END", "ok"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, WhatIsMadeIsFullyGiven) {
  constexpr CheckCase kCases[] = {
      {"CREATE ()-->()", "NoSingleRelationshipType at 1:10"},
      {"CREATE ()-[:A|B]->()", "NoSingleRelationshipType at 1:10"},
      {"CREATE ()-[:A]-()", "RequiresDirectedRelationship at 1:10"},
      {"MERGE ()-[:A]-()", "ok"},
      {"CREATE ()-[:A*2]->()", "CreatingVarLength at 1:10"},
      {"MERGE ()-[:A*2]->()", "CreatingVarLength at 1:9"},
      {"CREATE (:A|B)", "UnexpectedSyntax at 1:9"},
      {"CREATE p = SEQUENTIAL ()-[:A]->()", "UnexpectedSyntax at 1:8"},
      {"CREATE (n $p)", "ok"},
      {"MERGE (n $p)", "InvalidParameterUse at 1:10"},
      {"MATCH (n $p) RETURN n", "InvalidParameterUse at 1:10"},
      {"MATCH (n) SET n:A|B", "UnexpectedSyntax at 1:16"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, ClausesFollowEachOther) {
  constexpr CheckCase kCases[] = {
      {"MATCH (n)", "InvalidClauseComposition at 1:1"},
      {"MATCH (n) WITH n", "InvalidClauseComposition at 1:11"},
      {"UNWIND [1] AS x", "InvalidClauseComposition at 1:1"},
      {"MATCH (n) DELETE n", "ok"},
      {"MATCH (n) WHERE EXISTS { MATCH (n)-->() } RETURN n", "ok"},
      {"MATCH (n) WHERE EXISTS { MATCH (n) SET n.k = 1 } RETURN n",
       "InvalidClauseComposition at 1:36"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, PeriodsAreComparedWithPeriods) {
  constexpr CheckCase kCases[] = {
      {"MATCH ()-[a]->(), ()-[b]->() WHERE a BEFORE b WITHIN @P30D RETURN a", "ok"},
      {"MATCH ()-[a]->() WHERE a OVERLAPS @2025 AND a AFTER date('2025-01-01') RETURN a", "ok"},
      {"MATCH ()-[a]->() WHERE a DURING 2025 RETURN a", "InvalidArgumentType at 1:33"},
      {"MATCH ()-[a]->() WHERE a BEFORE @2025 WITHIN 30 RETURN a", "InvalidArgumentType at 1:46"},
      {"MATCH (n) AT '2025' RETURN n", "InvalidArgumentType at 1:14"},
      {"MATCH (n) AT $day AS OF @2025 RETURN n", "ok"},
      {"MATCH ()-[f]->() MATCH ()-[g]->() AFTER f RETURN g", "ok"},
      {"MATCH ()-[f]->() AFTER f RETURN f", "UndefinedVariable at 1:24"},
      {"AT x MATCH (n) RETURN n", "UndefinedVariable at 1:4"},
      {"CREATE ()-[:R]->() VALID 2025", "InvalidArgumentType at 1:26"},
      {"CREATE ()-[:R]->() CLAIM @2025", "InvalidArgumentType at 1:26"},
      {"CREATE ()-[:R]->() VALID @2025 CLAIM {published: @2025-06-13}", "ok"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, WindowsSlideOverWhatAProjectionComputes) {
  constexpr CheckCase kCases[] = {
      {"MATCH (n) RETURN lag(n.k, 4) OVER (ORDER BY n.t)", "ok"},
      {"MATCH (n) RETURN avg(n.k) OVER (PARTITION BY n.g ORDER BY n.t ROWS 3 PRECEDING)", "ok"},
      {"MATCH (n) RETURN lag(n.k)", "InvalidWindow at 1:18"},
      {"MATCH (n) RETURN abs(n.k) OVER ()", "InvalidWindow at 1:18"},
      {"MATCH (n) WHERE lag(n.k) OVER () > 1 RETURN n", "InvalidWindow at 1:17"},
      {"MATCH (n) RETURN sum(lag(n.k) OVER ())", "InvalidWindow at 1:22"},
      {"MATCH (n) RETURN n.g, sum(n.k), lag(sum(n.k)) OVER (ORDER BY n.g)", "ok"},
      {"MATCH (n) RETURN avg(n.k) OVER (ROWS 'a' PRECEDING)", "InvalidArgumentType at 1:38"},
      {"MATCH (n) RETURN avg(n.k) OVER (ORDER BY n.t RANGE @P1Y PRECEDING)", "ok"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, DeclarationsAreConsistent) {
  constexpr CheckCase kCases[] = {
      {"CREATE RELATION owns (A) -> (B) STATE INVERSE owned_by RESOLVE latest", "ok"},
      {"CREATE RELATION owns (A) -> (B) STATE EVENT", "InvalidRelation at 1:39"},
      {"CREATE RELATION owns (A) -> (B) RESOLVE newest", "InvalidRelation at 1:33"},
      {"CREATE RELATION .size (A) -> (Quantity) INVERSE of", "InvalidRelation at 1:41"},
      {"SHOW relations", "ok"},
      {"SHOW tables", "UnexpectedSyntax at 1:6"},
  };
  EXPECT_CASES(kCases);
}

TEST(CheckSemanticsTest, DeepExpressionsAreCheckedInTimeLinearInTheirSize) {
  std::string sum = "RETURN 1", minus = "RETURN ";
  for (int i = 0; i < 250; ++i) {
    sum += " + 1";
    minus += "- ";
  }
  EXPECT_EQ(Check(sum), "ok");
  EXPECT_EQ(Check(minus + "1"), "ok");
}

}  // namespace
}  // namespace fasti::plan
