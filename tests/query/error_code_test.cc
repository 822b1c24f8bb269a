#include <algorithm>
#include <atomic>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/query/session_harness.h"
#include "tests/support/files.h"

// Every error code that the language has, raised by a statement.

namespace fasti::test {
namespace {

struct CodeCase {
  std::string code;
  std::string statement;
};

const std::vector<CodeCase>& CodeCases() {
  static const auto& cases = *new std::vector<CodeCase>{
      {"ArgumentError.InvalidArgumentType", "UNWIND ['a'] AS x RETURN range(x, 1)"},
      {"ArgumentError.InvalidArgumentValue", "RETURN date('x')"},
      {"ArgumentError.NumberOutOfRange", "RETURN range(1, 2, 0)"},
      {"ArithmeticError.DivisionByZero", "WITH 0 AS x RETURN 1 / x"},
      {"ArithmeticError.IntegerOverflow", "WITH 9223372036854775807 AS x RETURN x + 1"},
      {"ConstraintVerificationFailed.DeleteConnectedNode", "CREATE (a)-[:R]->(b) DELETE a"},
      {"EntityNotFound.DeletedEntityAccess", "CREATE (n {x: 1}) DELETE n RETURN n.x"},
      {"LimitError.Depth", absl::StrCat("RETURN ", std::string(300, '('), "1")},
      {"LimitError.StatementSize",
       absl::StrCat("RETURN '", std::string(size_t{1} << 20, 'x'), "'")},
      {"ParameterMissing.MissingParameter", "RETURN $p"},
      {"SemanticError.MergeReadOwnWrites", "MERGE (n {x: null})"},
      {"SyntaxError.AmbiguousAggregationExpression",
       "MATCH (a)-[f]->(b) RETURN b.staff + count(*) AS n"},
      {"SyntaxError.ColumnNameConflict", "RETURN 1 AS a, 2 AS a"},
      {"SyntaxError.CreatingVarLength", "CREATE (a)-[:R*2]->(b)"},
      {"SyntaxError.DifferentColumnsInUnion", "RETURN 1 AS a UNION RETURN 1 AS b"},
      {"SyntaxError.FloatingPointOverflow", "RETURN 1e400"},
      {"SyntaxError.IntegerOverflow", "RETURN 9223372036854775808"},
      {"SyntaxError.InvalidAggregation", "MATCH (n) WHERE count(n) > 1 RETURN n"},
      {"SyntaxError.InvalidArgumentType", "RETURN 1 AND true"},
      {"SyntaxError.InvalidClauseComposition", "RETURN 1 UNION RETURN 1 UNION ALL RETURN 1"},
      {"SyntaxError.InvalidDelete", "MATCH (n) DELETE n:Label"},
      {"SyntaxError.InvalidNumberLiteral", "RETURN 0x1g"},
      {"SyntaxError.InvalidNumberOfArguments", "RETURN size()"},
      {"SyntaxError.InvalidParameterUse", "MATCH (n $p) RETURN n"},
      {"SyntaxError.InvalidRelation", "CREATE RELATION r (A) -> (A) EVENT STATE"},
      {"SyntaxError.InvalidRelationshipPattern", "MATCH (a)-[:LIKES..]->(b) RETURN a"},
      {"SyntaxError.InvalidTimeLiteral", "RETURN @2014-02-30"},
      {"SyntaxError.InvalidUnicodeCharacter", "RETURN 1 \xE2\x80\x93 2"},
      {"SyntaxError.InvalidUnicodeLiteral", "RETURN '\\uZZZZ'"},
      {"SyntaxError.InvalidWindow", "RETURN size('a') OVER () AS x"},
      {"SyntaxError.NegativeIntegerArgument", "MATCH (n) RETURN n LIMIT -1"},
      {"SyntaxError.NestedAggregation", "RETURN count(count(*))"},
      {"SyntaxError.NoExpressionAlias", "WITH 1 + 1 RETURN 1"},
      {"SyntaxError.NoSingleRelationshipType", "CREATE (a)-[:A|B]->(b)"},
      {"SyntaxError.NonConstantExpression", "MATCH (n) RETURN n LIMIT n.x"},
      {"SyntaxError.NotSupportedYet", "PROFILE RETURN 1"},
      {"SyntaxError.NoVariablesInScope", "MATCH () RETURN *"},
      {"SyntaxError.RelationshipUniquenessViolation", "MATCH (a)-[r]->(b)-[r]->(c) RETURN r"},
      {"SyntaxError.RequiresDirectedRelationship", "CREATE (a)-[:R]-(b)"},
      {"SyntaxError.UndefinedVariable", "RETURN x"},
      {"SyntaxError.UnexpectedSyntax", "MTCH (n) RETURN n"},
      {"SyntaxError.UnknownFunction", "RETURN nothing(1)"},
      {"SyntaxError.VariableAlreadyBound", "MATCH (a) CREATE (a)"},
      {"SyntaxError.VariableTypeConflict", "MATCH (a)-[a]->(b) RETURN a"},
      {"TypeError.InvalidArgumentType", "UNWIND [true, 'a'] AS x RETURN x.y"},
      {"TypeError.InvalidArgumentValue", "UNWIND [true, 1] AS x RETURN toInteger(x)"},
      {"TypeError.InvalidPropertyType", "CREATE (n {x: {}})"},
      {"TypeError.MapElementAccessByNonString", "WITH {a: 1} AS m, 1 AS i RETURN m[i]"},
  };
  return cases;
}

// Of the last row: an error ends the rows.
std::string CodeOf(const Graph::Rows& rows) {
  const std::string last = rows.empty() ? "" : rows.back();
  return last.substr(0, last.find(' '));
}

TEST(ErrorCodeTest, EachIsRaisedByAStatement) {
  for (const CodeCase& c : CodeCases()) {
    Graph graph;
    EXPECT_EQ(CodeOf(graph.Run(c.statement)), c.code) << c.statement.substr(0, 200);
  }
}

// The bounds of a run are not in its statement.
TEST(ErrorCodeTest, EachBoundOfARunHasOne) {
  const std::string many = "UNWIND range(1, 1000000) AS x UNWIND range(1, 1000) AS y RETURN ";
  std::atomic<bool> cancelled = true;
  const struct {
    std::string code;
    std::string statement;
    RunOptions options;
  } kCases[] = {
      {"LimitError.Rows", many + "x", {.limits = {.rows = 3}}},
      {"LimitError.Memory", many + "collect(y)", {.limits = {.memory_bytes = 1 << 20}}},
      {"LimitError.Time", many + "count(*)", {.limits = {.time = absl::ZeroDuration()}}},
      {"Cancelled", many + "count(*)", {.cancelled = &cancelled}},
  };
  for (const auto& c : kCases) {
    Graph graph;
    EXPECT_EQ(CodeOf(graph.Run(c.statement, {}, c.options)), c.code);
  }
}

// What the engine refuses while a statement runs keeps the name of its status.
TEST(ErrorCodeTest, WhatTheEngineRefusesKeepsItsName) {
  Graph graph;
  EXPECT_EQ(CodeOf(graph.Run("CREATE TYPE A IS A")), "EngineError.FAILED_PRECONDITION");
  EXPECT_EQ(CodeOf(graph.Run("CREATE RELATION `` (A) -> (A)")), "EngineError.INVALID_ARGUMENT");
}

bool IsWord(absl::string_view text) {
  return text.size() > 1 && absl::ascii_isupper(static_cast<unsigned char>(text[0])) &&
         absl::ascii_islower(static_cast<unsigned char>(text[1])) &&
         absl::c_all_of(text, [](unsigned char c) { return absl::ascii_isalpha(c); });
}

// The code that a text between quotes is, if it is one; empty if not.  It stands there in full, or
// it is the first argument of SyntaxError or the second of Unexpected.
std::string CodeIn(absl::string_view before, absl::string_view literal) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(literal, absl::MaxSplits('.', 1));
  const bool has_kind =
      absl::c_any_of(std::vector<std::string>{"Error", "Missing", "NotFound", "Failed"},
                     [&](const std::string& end) { return absl::EndsWith(parts.first, end); });
  if (has_kind && IsWord(parts.first) && IsWord(parts.second)) return std::string(literal);
  if (!IsWord(literal)) return "";
  before = absl::StripTrailingAsciiWhitespace(before);
  const absl::string_view statement = before.substr(before.rfind(';') + 1);
  const bool is_detail =
      absl::EndsWith(before, "SyntaxError(") ||
      (absl::EndsWith(before, ",") && absl::StrContains(statement, "Unexpected("));
  return is_detail ? absl::StrCat("SyntaxError.", literal) : "";
}

std::set<std::string> CodesIn(const std::string& path) {
  std::string text;
  for (const absl::string_view line : absl::StrSplit(ReadFile(path), '\n')) {
    absl::StrAppend(&text, line.substr(0, line.find("//")), "\n");  // what is only talked about
  }
  std::set<std::string> codes;
  for (size_t begin = text.find('"'); begin != std::string::npos; begin = text.find('"', begin)) {
    size_t end = ++begin;
    while (end < text.size() && text[end] != '"' && text[end] != '\n') {
      end += text[end] == '\\' ? 2 : 1;
    }
    const absl::string_view all = text;
    codes.insert(CodeIn(all.substr(0, begin - 1), all.substr(begin, end - begin)));
    begin = std::min(end + 1, text.size());
  }
  codes.erase("");
  return codes;
}

// Whoever adds a code adds a statement above: they are looked for in the sources.
TEST(ErrorCodeTest, NoCodeOfTheSourcesIsMissingAbove) {
  std::set<std::string> found;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(FASTI_QUERY_TESTS "/../../query")) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".cc" || extension == ".h") found.merge(CodesIn(entry.path().string()));
  }
  std::set<std::string> raised = {"LimitError.Rows", "LimitError.Memory", "LimitError.Time"};
  for (const CodeCase& c : CodeCases()) raised.insert(c.code);
  EXPECT_EQ(found, raised);
}

}  // namespace
}  // namespace fasti::test
