#include "query/parse/parser.h"

#include <algorithm>
#include <random>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "query/parse/keywords.h"
#include "query/parse/printer.h"
#include "query/parse/suggestion.h"
#include "query/parse/syntax_error.h"

namespace fasti {
namespace {

// The tree on one line, or "CODE at line:column: message" without the common "SyntaxError.".
std::string ParseToText(absl::string_view text) {
  const absl::StatusOr<ast::Statement> statement = Parse(text);
  if (statement.ok()) return FormatTreeInline(*statement);
  const std::optional<QueryError> error = GetQueryError(statement.status());
  if (!error.has_value()) return absl::StrCat("no QueryError: ", statement.status().ToString());
  EXPECT_EQ(statement.status().message(),
            absl::StrCat("query:", error->line, ":", error->column, ": ", error->message));
  EXPECT_FALSE(error->at_runtime);
  return absl::StrCat(error->code, " at ", error->line, ":", error->column, ": ", error->message);
}

struct ParseCase {
  absl::string_view text;
  absl::string_view expected;
};

constexpr ParseCase kTrees[] = {
    {"MATCH (n) RETURN n", "(query (match (path (node n))) (return n))"},
    {"RETURN 1", "(query (return 1))"},
    {"OPTIONAL MATCH (a:A:B {k: 1})-[r:R|S|:T*2..3 $p]->(b:X|Y)<--()--(c)<-[]->(d) RETURN *, a.b "
     "AS x",
     "(query (optional-match (path (node a :A:B (map (k 1))) (edge -> r :R|S|T *2..3 $p) (node b "
     ":X|Y) (edge <-) node (edge --) (node c) (edge --) (node d))) (return * (as x (property b "
     "a))))"},
    {"MATCH FIRST 3 p = EARLIEST ({n: 'x'})-[f:.revenue|.*]->(v) AT @2025-06 AS OF $t AS RECORDED "
     "@.. WHERE f BEFORE g WITHIN @P30D RETURN p",
     "(query (match (first 3) (path p EARLIEST (node (map (n 'x'))) (edge -> f :.revenue|.*) (node "
     "v)) (at @2025-06) (as-of $t) (as-recorded @..) (where (before f g (within @P30D)))) (return "
     "p))"},
    {"MATCH LAST (a)-[*]->(b) RETURN a",
     "(query (match (last 1) (path (node a) (edge -> *..) (node b))) (return a))"},
    {"MATCH first = (a)-[*3]->(b), last = ANY SHORTEST (a)-[*..4]-(b) RETURN first",
     "(query (match (path first (node a) (edge -> *3..3) (node b)) (path last ANY SHORTEST (node "
     "a) (edge -- *..4) (node b))) (return first))"},
    {"MATCH all = ALL SHORTEST (a)--(b) RETURN all",
     "(query (match (path all ALL SHORTEST (node a) (edge --) (node b))) (return all))"},
    {"AT @2024-12-31 DURING @2020.. MATCH (p) RETURN p.name",
     "(query (at @2024-12-31) (during @2020..) (match (path (node p))) (return (property name "
     "p)))"},
    {"UNWIND [1, 2] AS x WITH DISTINCT x, count(*) AS n ORDER BY n DESC, x SKIP 1 LIMIT $l WHERE n "
     "> 1 RETURN x OFFSET 2",
     "(query (unwind x (list 1 2)) (with distinct x (as n (call count *)) (order-by (descending n) "
     "x) (skip 1) (limit $l) (where (> n 1))) (return x (skip 2)))"},
    {"CREATE (a)-[:R {k: 1}]->(b) VALID @2025 CLAIM {published: @2025-06-13}",
     "(query (create (path (node a) (edge -> :R (map (k 1))) (node b)) (valid @2025) (claim (map "
     "(published @2025-06-13)))))"},
    {"MERGE (a:A {k: 1}) ON CREATE SET a.x = 1, a:B ON MATCH SET a += {y: 2} VALID @2025",
     "(query (merge (path (node a :A (map (k 1)))) (on-create (property x a 1) (labels a :B)) "
     "(on-match (add a (map (y 2)))) (valid @2025)))"},
    {"MATCH (n) SET n = $props, n:A:B, (n).x.y = 1 REMOVE n:C, n.z DETACH DELETE n, m VALID "
     "@2025-06-12..",
     "(query (match (path (node n))) (set (replace n $props) (labels n :A:B) (property y (property "
     "x n) 1)) (remove (labels n :C) (property z n)) (detach-delete n m (valid @2025-06-12..)))"},
    {"RETURN 1 UNION ALL RETURN 2 UNION RETURN 3",
     "(union (query (return 1)) (all (query (return 2))) (query (return 3)))"},
    {"EXPLAIN MATCH (n) RETURN n", "(explain (query (match (path (node n))) (return n)))"},
    {"PROFILE RETURN 1;", "(profile (query (return 1)))"},
    {"SHOW types", "(show types)"},
    {"CREATE TYPE Company IS Organization", "(create-type Company is Organization)"},
    {"CREATE TYPE Company", "(create-type Company)"},
    {"CREATE type = (a)-[:R]->(b)", "(query (create (path type (node a) (edge -> :R) (node b))))"},
    {"CREATE RELATION .revenue (Organization) -> (Quantity) METRIC UNIT 'USD' RESOLVE latest",
     "(create-relation .revenue Organization -> Quantity metric (unit USD) (resolve latest))"},
    {"CREATE RELATION OWNS (A) -> (B) STATE SYMMETRIC FUNCTIONAL INVERSE OWNED_BY",
     "(create-relation OWNS A -> B state symmetric functional (inverse OWNED_BY))"},
    {"RETURN 1 + 2 * 3 ^ 4 ^ 5 - -6 % 7",
     "(query (return (- (+ 1 (* 2 (^ (^ 3 4) 5))) (% (minus 6) 7))))"},
    {"RETURN NOT NOT a OR b XOR c AND d = e <> f < g",
     "(query (return (or (not (not a)) (xor b (and c (= <> < d e f g))))))"},
    {"RETURN a < b <= c", "(query (return (< <= a b c)))"},
    {"RETURN a IS NULL IS NOT NULL, a IN [1] CONTAINS 'x', a STARTS WITH b, a ENDS WITH c",
     "(query (return (is-not-null (is-null a)) (contains (in a (list 1)) 'x') (starts-with a b) "
     "(ends-with a c)))"},
    {"RETURN a OVERLAPS b, a DURING b, a AFTER b WITHIN @P1D",
     "(query (return (overlaps a b) (during a b) (after a b (within @P1D))))"},
    {"RETURN a.b.c[1][2..3][..4][5..][..], a:A:B, a:A|B, (a.b):C",
     "(query (return (slice (slice (slice (slice (subscript (property c (property b a)) 1) (from "
     "2) (to 3)) (to 4)) (from 5))) (has-labels :A:B a) (has-labels :A|B a) (has-labels :C "
     "(property b a))))"},
    {"RETURN {a: 1, `b c`: {}}, [], [1, [2]], $p, $`a b`, $0",
     "(query (return (map (a 1) (`b c` map)) list (list 1 (list 2)) $p ($`a b`) $`0`))"},
    {"RETURN 0x1F, 0o17, 1_000, 1.5, .5, 1e3, 1.5E-3, -9223372036854775808, - 9223372036854775808, "
     "-0x8000000000000000",
     "(query (return 31 15 1000 1.5 0.5 1000.0 0.0015 -9223372036854775808 -9223372036854775808 "
     "-9223372036854775808))"},
    {R"~(RETURN 'a\'b\n\u00e9\U0001F600\uD83D\uDE00', "it's", true, FALSE, Null)~",
     R"~((query (return 'a\'b\né😀😀' 'it\'s' true false null)))~"},
    {"RETURN @2025, @2025-H1, @2025-Q2, @2025-06-12T14:00, @2023..2025-06, @..2025, @now, @P1Y2M",
     "(query (return @2025 @2025-H1 @2025-Q2 @2025-06-12T14:00 @2023..2025-06 @..2025 @now "
     "@P1Y2M))"},
    {"RETURN count(*), count(DISTINCT x), date.truncate('day', d), f(), exists(n.p)",
     "(query (return (call count *) (call count distinct x) (call date.truncate 'day' d) (call f) "
     "(call exists (property p n))))"},
    {"RETURN avg(v) OVER (PARTITION BY a, b ORDER BY t DESC ROWS 3 PRECEDING), lag(v) OVER (), "
     "sum(v) OVER (RANGE @P1Y PRECEDING)",
     "(query (return (call avg v (over () (partition-by a b) (order-by (descending t)) (rows 3))) "
     "(call lag v (over ())) (call sum v (over () (range @P1Y)))))"},
    {"RETURN CASE x WHEN 1 THEN 'a' WHEN 2 THEN 'b' ELSE 'c' END, CASE WHEN x THEN y END",
     "(query (return (case (operand x) (when 1 'a') (when 2 'b') (else 'c')) (case (when x y))))"},
    {"RETURN EXISTS { (a)-->(b) AT @2020 WHERE a.x = 1 }, EXISTS { MATCH (a) RETURN a }, EXISTS { "
     "at = (a)-->(b) }",
     "(query (return (exists (path (node a) (edge ->) (node b)) (at @2020) (where (= (property x "
     "a) 1))) (exists (query (match (path (node a))) (return a))) (exists (path at (node a) (edge "
     "->) (node b)))))"},
    {"RETURN all(x IN xs WHERE x > 1), none(x IN xs), any(x IN xs, 2)",
     "(query (return (all x xs (where (> x 1))) (none x xs) (call any (in x xs) 2)))"},
    {"RETURN [x IN xs], [x IN xs WHERE x > 1], [x IN xs | x.y], [x IN xs, y IN ys]",
     "(query (return (list-comprehension x xs) (list-comprehension x xs (where (> x 1))) "
     "(list-comprehension x xs (project (property y x))) (list (in x xs) (in y ys))))"},
    {"RETURN [x IN xs WHERE x:A | x.y], [x IN xs WHERE x:A|B | x.y], [x IN xs WHERE x:A | B]",
     "(query (return (list-comprehension x xs (where (has-labels :A x)) (project (property y x))) "
     "(list-comprehension x xs (where (has-labels :A|B x)) (project (property y x))) "
     "(list-comprehension x xs (where (has-labels :A x)) (project B))))"},
    {"RETURN [(a)-->(b) | b.x], [p = (a)-[r]-(b:B) WHERE b:X | p], [(a)], [(a) | a]",
     "(query (return (pattern-comprehension (node a) (edge ->) (node b) (project (property x b))) "
     "(pattern-comprehension p (node a) (edge -- r) (node b :B) (where (has-labels :X b)) (project "
     "p)) (list a) (pattern-comprehension (node a) (project a))))"},
    {"MATCH (a) WHERE (a)-->() AND NOT (a)-[:R]-({k: 1}) RETURN (a)-[x]-(b), (a)-[1]-(b), (a)-(b), "
     "(a) < -b, (a)",
     "(query (match (path (node a)) (where (and (pattern (node a) (edge ->) node) (not (pattern "
     "(node a) (edge -- :R) (node (map (k 1)))))))) (return (pattern (node a) (edge -- x) (node "
     "b)) (- (- a (list 1)) b) (- a b) (< a (minus b)) a))"},
    {"RETURN at, first, valid, type, within, at.during",
     "(query (return at first valid type within (property during at)))"},
    {"RETURN `match`, `a``b`", "(query (return `match` `a``b`))"},
    {"MATCH (n)", "(query (match (path (node n))))"},
    {"SET n = 1", "(query (set (replace n 1)))"},
    {"RETURN é AS ß, n.名前", "(query (return (as ß é) (property 名前 n)))"},
};

// The type SyntaxError is left out.
constexpr ParseCase kErrors[] = {
    {"MATCH (a)-[:RULES]->",
     "UnexpectedSyntax at 1:21: expected a node after '->', found end of text"},
    {"MTCH (n) RETURN n",
     "UnexpectedSyntax at 1:1: expected a clause such as MATCH, CREATE or RETURN, found 'MTCH'; "
     "did you mean MATCH?"},
    {"MATCH (n) RETRUN n",
     "UnexpectedSyntax at 1:11: expected a clause or the end of the statement, found 'RETRUN'; did "
     "you mean RETURN?"},
    {"MATCH (n) WERE n.x = 1 RETURN n",
     "UnexpectedSyntax at 1:11: expected a clause or the end of the statement, found 'WERE'; did "
     "you mean WHERE?"},
    {"MATCH (n", "UnexpectedSyntax at 1:9: expected ')' to end the node, found end of text"},
    {"MATCH (n)-",
     "UnexpectedSyntax at 1:11: expected '[', '-' or '->' after '-', found end of text"},
    {"MATCH (n)-[r]",
     "UnexpectedSyntax at 1:14: expected '-' or '->' after ']', found end of text"},
    {"MATCH (a)-[:LIKES..]->(c) RETURN c",
     "InvalidRelationshipPattern at 1:18: expected ']' to end the relationship, found '..'"},
    {"MATCH (a)-[:LIKES*-2]->(c) RETURN c",
     "InvalidRelationshipPattern at 1:19: expected ']' to end the relationship, found '-'"},
    {"MATCH (a)<(b) RETURN a", "UnexpectedSyntax at 1:11: expected '-' after '<', found '('"},
    {"RETURN 9223372036854775808",
     "IntegerOverflow at 1:8: expected an integer of 64 bits, found 9223372036854775808"},
    {"RETURN -9223372036854775809",
     "IntegerOverflow at 1:9: expected an integer of 64 bits, found 9223372036854775809"},
    {"RETURN 0x8000000000000000",
     "IntegerOverflow at 1:8: expected an integer of 64 bits, found 0x8000000000000000"},
    {"RETURN 1.34E999",
     "FloatingPointOverflow at 1:8: expected a float of 64 bits, found 1.34E999"},
    {"RETURN 0x", "InvalidNumberLiteral at 1:8: expected a number, found '0x'"},
    {"RETURN 12ab", "InvalidNumberLiteral at 1:8: expected a number, found '12ab'"},
    {"RETURN {12ab: 1}", "UnexpectedSyntax at 1:9: expected a key, found '12ab'"},
    {"RETURN {k1#k: 1}", "UnexpectedSyntax at 1:11: no word, number or operator begins with '#'"},
    {"RETURN {k1.k: 1}", "UnexpectedSyntax at 1:11: expected ':' after the key, found '.'"},
    {"RETURN {1}", "UnexpectedSyntax at 1:9: expected a key, found '1'"},
    {"RETURN [[[]] AS literal", "UnexpectedSyntax at 1:14: expected ',' or ']', found 'AS'"},
    {"RETURN 42 — 41",
     "InvalidUnicodeCharacter at 1:11: no word, number or operator begins with U+2014"},
    {"RETURN 'abc", R"~(UnexpectedSyntax at 1:8: expected "'" to end the string)~"},
    {R"~(RETURN '\q')~",
     R"~(UnexpectedSyntax at 1:9: expected one of \ ' " ` / b f n r t u U after '\' in a string)~"},
    {R"~(RETURN '\uH')~",
     R"~(InvalidUnicodeLiteral at 1:9: expected 4 hexadecimal digits after '\u')~"},
    {R"~(RETURN '\ud83d')~",
     "InvalidUnicodeLiteral at 1:9: expected the number of a Unicode character other than NUL"},
    {"RETURN `abc", "UnexpectedSyntax at 1:8: expected '`' to end the quoted name"},
    {"RETURN $", "UnexpectedSyntax at 1:8: expected a parameter's name after '$'"},
    {"RETURN /* abc", "UnexpectedSyntax at 1:8: expected '*/' to end the comment"},
    {"RETURN @2025-13",
     "InvalidTimeLiteral at 1:8: @2025-13: period at byte 5: expected a month, 01 to 12, found "
     "'13'"},
    {"RETURN @2025-06-31",
     "InvalidTimeLiteral at 1:8: @2025-06-31: period at byte 8: expected a day, 01 to 30, found "
     "'31'"},
    {"RETURN @yesterday",
     "InvalidTimeLiteral at 1:8: expected a time after '@', such as @2025, @2025-Q2, @2025-06-12, "
     "@2025-06-12T14:00:00Z, @2023..2025, @now or @P30D"},
    {"RETURN @PX",
     "InvalidTimeLiteral at 1:8: expected a time after '@', such as @2025, @2025-Q2, @2025-06-12, "
     "@2025-06-12T14:00:00Z, @2023..2025, @now or @P30D"},
    {"",
     "UnexpectedSyntax at 1:1: expected a clause such as MATCH, CREATE or RETURN, found end of "
     "text"},
    {"RETURN", "UnexpectedSyntax at 1:7: expected an expression, found end of text"},
    {"RETURN 1 AS", "UnexpectedSyntax at 1:12: expected a name after AS, found end of text"},
    {"RETURN 1 2",
     "UnexpectedSyntax at 1:10: expected UNION or the end of the statement, found '2'"},
    {"RETURN 1; RETURN 2",
     "UnexpectedSyntax at 1:11: expected the end of the statement, found 'RETURN'"},
    {"RETURN n LIMIT", "UnexpectedSyntax at 1:15: expected an expression, found end of text"},
    {"SET n = 1 RETURN", "UnexpectedSyntax at 1:17: expected an expression, found end of text"},
    {"SET n:A = 1",
     "UnexpectedSyntax at 1:9: expected a property such as n.name or labels such as n:Person "
     "before '=', found '='"},
    {"SET f(n) = 1",
     "UnexpectedSyntax at 1:5: expected a property such as n.name or labels such as n:Person, "
     "found 'f'"},
    {"REMOVE n",
     "UnexpectedSyntax at 1:8: expected a property such as n.name or labels such as n:Person, "
     "found 'n'"},
    {"RETURN CASE x END", "UnexpectedSyntax at 1:15: expected WHEN, found 'END'"},
    {"RETURN CASE WHEN 1 2", "UnexpectedSyntax at 1:20: expected THEN, found '2'"},
    {"CREATE RELATION r (A) (B)", "UnexpectedSyntax at 1:23: expected '-', found '('"},
    {"CREATE RELATION r (A) -> (B) WEEKLY",
     "UnexpectedSyntax at 1:30: expected EVENT, STATE, METRIC, SYMMETRIC, FUNCTIONAL, INVERSE, "
     "UNIT, RESOLVE or the end of the statement, found 'WEEKLY'"},
    {"SHOW",
     "UnexpectedSyntax at 1:5: expected one of types, relations, stats, denials after SHOW, found "
     "end of text"},
    {"EXPLAIN SHOW types",
     "UnexpectedSyntax at 1:9: expected a clause such as MATCH, CREATE or RETURN, found 'SHOW'"},
    {"MATCH (a)-->(b) MATCH RETURN a",
     "UnexpectedSyntax at 1:23: expected a node such as (n), found 'RETURN'"},
    {"RETURN all(x IN xs WHERE)", "UnexpectedSyntax at 1:25: expected an expression, found ')'"},
    {"RETURN count(* , 1)", "UnexpectedSyntax at 1:16: expected ')' after '*', found ','"},
    {"RETURN a.",
     "UnexpectedSyntax at 1:10: expected the name of a property after '.', found end of text"},
    {"RETURN (1", "UnexpectedSyntax at 1:10: expected ')', found end of text"},
    {"RETURN [1, 2", "UnexpectedSyntax at 1:13: expected ',' or ']', found end of text"},
    {"MERGE (a) ON DELETE SET a.x = 1",
     "UnexpectedSyntax at 1:14: expected CREATE or MATCH after ON, found 'DELETE'"},
    {"WITH 1 AS x RETURN x ORDER x", "UnexpectedSyntax at 1:28: expected BY, found 'x'"},
    {"FROM (n) RETURN n",
     "UnexpectedSyntax at 1:1: expected a clause such as MATCH, CREATE or RETURN, found 'FROM'"},
};

TEST(ParseTest, TextBecomesTree) {
  for (const ParseCase& c : kTrees) EXPECT_EQ(ParseToText(c.text), c.expected) << c.text;
}

TEST(ParseTest, ErrorsSayWhereWhatWasExpectedAndWhatWasFound) {
  for (const ParseCase& c : kErrors) {
    EXPECT_EQ(ParseToText(c.text), absl::StrCat("SyntaxError.", c.expected)) << c.text;
  }
}

TEST(ParseTest, KeywordsAreReadInAnyCaseAndBlanksDoNotCount) {
  EXPECT_EQ(ParseToText("mAtCh(n)wHeRe n.x=1/* a */rEtUrN\n// b\n n"),
            ParseToText("MATCH (n) WHERE n.x = 1 RETURN n"));
}

TEST(ParseTest, PositionsCountCharactersAndLines) {
  const absl::StatusOr<ast::Statement> statement = Parse("RETURN 'é',\n  'ü' + x");
  ASSERT_TRUE(statement.ok()) << statement.status();
  const auto& query = std::get<ast::Query>(statement->body);
  const auto& items = std::get<ast::Return>(query.parts[0].clauses[0]).projection.items;
  const auto* sum = items[1].expression->As<ast::Binary>();
  ASSERT_NE(sum, nullptr);
  EXPECT_EQ(sum->right->position.line, 2);
  EXPECT_EQ(sum->right->position.column, 9);
  EXPECT_EQ(sum->right->position.offset, 22);
}

TEST(ParseTest, AColumnWithoutAliasIsNamedAsItIsWritten) {
  const absl::StatusOr<ast::Statement> statement =
      Parse("RETURN count( * ), (n) , `a b`, n.x  + 1 AS y");
  ASSERT_TRUE(statement.ok()) << statement.status();
  const auto& query = std::get<ast::Query>(statement->body);
  std::vector<std::string> names;
  for (const auto& item : std::get<ast::Return>(query.parts[0].clauses[0]).projection.items) {
    names.push_back(item.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"count( * )", "(n)", "a b", "y"}));
}

std::string Repeat(absl::string_view text, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&all, text);
  return all;
}

TEST(ParseTest, NestingIsBoundedInEveryRule) {
  constexpr size_t kMany = 10'000;
  const std::string statements[] = {
      absl::StrCat("RETURN ", Repeat("(", kMany), "1", Repeat(")", kMany)),
      absl::StrCat("RETURN ", Repeat("[", kMany), Repeat("]", kMany)),
      absl::StrCat("RETURN ", Repeat("{k: ", kMany), "1", Repeat("}", kMany)),
      absl::StrCat("RETURN ", Repeat("f(", kMany), Repeat(")", kMany)),
      absl::StrCat("RETURN ", Repeat("NOT ", kMany), "true"),
      absl::StrCat("RETURN ", Repeat("- ", kMany), "1"),
      absl::StrCat("RETURN 1", Repeat(" + 1", kMany)),
      absl::StrCat("RETURN a", Repeat(".b", kMany)),
      absl::StrCat("RETURN a", Repeat("[0]", kMany)),
      absl::StrCat("RETURN a", Repeat(" IS NULL", kMany)),
      absl::StrCat("RETURN ", Repeat("CASE WHEN ", kMany)),
      absl::StrCat("RETURN ", Repeat("EXISTS { RETURN ", kMany)),
      absl::StrCat("MATCH ", Repeat("({k: ", kMany)),
      absl::StrCat("RETURN ", Repeat("[(a)-->(b) | ", kMany)),
      absl::StrCat("RETURN ", Repeat("[x IN ", kMany)),
  };
  for (const std::string& statement : statements) {
    EXPECT_TRUE(absl::StartsWith(ParseToText(statement), "LimitError.Depth"))
        << statement.substr(0, 40) << "\n"
        << ParseToText(statement).substr(0, 100);
  }
}

TEST(ParseTest, WhatIsLongButNotDeepIsAccepted) {
  constexpr size_t kMany = 5'000;
  EXPECT_TRUE(Parse(absl::StrCat("RETURN true", Repeat(" AND x.y = 1", kMany))).ok());
  EXPECT_TRUE(Parse(absl::StrCat("RETURN [1", Repeat(", 1", kMany), "]")).ok());
  EXPECT_TRUE(Parse(absl::StrCat("CREATE (a)", Repeat("-[:R]->()", kMany))).ok());
  EXPECT_TRUE(Parse(absl::StrCat("RETURN 1 AS x", Repeat(" UNION ALL RETURN 1 AS x", kMany))).ok());
}

TEST(ParseTest, AStatementHasAGreatestSize) {
  const std::string blanks = Repeat(" ", kStatementSizeMax - 8);
  EXPECT_TRUE(Parse(absl::StrCat("RETURN 1", blanks)).ok());
  EXPECT_TRUE(absl::StartsWith(ParseToText(absl::StrCat("RETURN 1", blanks, " ")),
                               "LimitError.StatementSize at 1:1: "));
}

// Each '|' may end labels or begin a projection; nested brackets must not multiply the readings.
TEST(ParseTest, ContrivedAmbiguityEndsSoon) {
  constexpr size_t kLevels = 60;
  const std::string text = absl::StrCat(
      "RETURN ", Repeat("[x IN xs WHERE x:A|B AND x:C|D AND ", kLevels), "!", Repeat("]", kLevels));
  EXPECT_FALSE(Parse(text).ok());
}

TEST(ParseTest, TextThatIsNotUtf8IsRefusedWithItsPlace) {
  EXPECT_EQ(ParseToText("RETURN 'a\xff'"),
            "SyntaxError.InvalidUnicodeCharacter at 1:10: expected UTF-8 text");
}

TEST(ParseTest, NoBytesCrashTheParser) {
  const uint64_t seed = 20260102;
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  constexpr absl::string_view kAlphabet = "()[]{}-<>:|.,;=+*/%^@$'\"`\\ \n0129exPnH_Qaé\xff";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    if (i % 2 == 0) text = "MATCH (n) RETURN n";
    for (size_t n = random() % 30; n > 0; --n) {
      text.insert(random() % (text.size() + 1), 1, kAlphabet[random() % kAlphabet.size()]);
    }
    const absl::StatusOr<ast::Statement> statement = Parse(text);
    if (statement.ok()) {
      EXPECT_FALSE(FormatTree(*statement).empty());
    } else {
      EXPECT_TRUE(GetQueryError(statement.status()).has_value()) << text;
    }
  }
}

TEST(ParseTest, TheIndentedTreeHasOneLinePerNode) {
  const absl::StatusOr<ast::Statement> statement =
      Parse("MATCH (n:Person)-[:R]->({k: 1}) RETURN n.name AS who");
  ASSERT_TRUE(statement.ok());
  EXPECT_EQ(FormatTree(*statement),
            "query\n"
            "  match\n"
            "    path\n"
            "      node n :Person\n"
            "      edge -> :R\n"
            "      node\n"
            "        map\n"
            "          k\n"
            "            1\n"
            "  return\n"
            "    as who\n"
            "      property name\n"
            "        n\n");
}

TEST(SplitScriptTest, StatementsEndAtSemicolonsOutsideOfTextAndComments) {
  const absl::StatusOr<std::vector<std::string>> statements = SplitScript(
      "RETURN ';' ; // not; here\n;;\n/* nor; here */ RETURN \"\\\";\" AS `;` // end;\n; RETURN 1");
  ASSERT_TRUE(statements.ok()) << statements.status();
  EXPECT_EQ(*statements,
            (std::vector<std::string>{
                "RETURN ';'", "/* nor; here */ RETURN \"\\\";\" AS `;` // end;", "RETURN 1"}));
}

TEST(SplitScriptTest, WhatIsWrongInAStatementDoesNotHideTheOthers) {
  const absl::StatusOr<std::vector<std::string>> statements = SplitScript("MTCH (; RETURN 1");
  ASSERT_TRUE(statements.ok()) << statements.status();
  EXPECT_EQ(*statements, (std::vector<std::string>{"MTCH (", "RETURN 1"}));
}

TEST(SplitScriptTest, TextThatDoesNotEndIsAnErrorWhereItBegins) {
  EXPECT_EQ(SplitScript("RETURN 1;\n é 'abc;").status().message(),
            "query:2:4: expected ' to end what begins here");
  EXPECT_EQ(SplitScript("RETURN 1 /* ;").status().message(),
            "query:1:10: expected */ to end what begins here");
}

TEST(SuggestionTest, TheNearestWordIsSuggestedForASlip) {
  EXPECT_EQ(NearestWord("MTCH", AllKeywords()), "MATCH");
  EXPECT_EQ(NearestWord("retrun", AllKeywords()), "RETURN");
  EXPECT_EQ(NearestWord("OVERLAP", AllKeywords()), "OVERLAPS");
  EXPECT_EQ(NearestWord("MATCH", AllKeywords()), "");
  EXPECT_EQ(NearestWord("company", AllKeywords()), "");
  EXPECT_EQ(NearestWord("n", AllKeywords()), "");
  EXPECT_EQ(NearestWord("personn", {"person", "company"}), "person");
}

TEST(KeywordsTest, TheListIsSortedAndFreeOfDoubles) {
  const std::vector<absl::string_view>& words = AllKeywords();
  EXPECT_TRUE(std::is_sorted(words.begin(), words.end()));
  EXPECT_EQ(std::adjacent_find(words.begin(), words.end()), words.end());
  EXPECT_TRUE(IsReservedWord("Match"));
  EXPECT_FALSE(IsReservedWord("first"));
}

}  // namespace
}  // namespace fasti
