// The parser against the reference recogniser of the grammar, which reads the EBNF itself.

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "query/parse/parser.h"
#include "query/parse/syntax_error.h"
#include "tests/support/corpora.h"

namespace fasti {
namespace {

struct Judged {
  bool accepted = false;
  std::string text;
};

// What tests/query/reference_statements.py prints.
std::vector<Judged> RunReference(const std::string& grammar_dir, const std::string& options) {
  const std::string command = absl::StrCat(
      "python3 '", FASTI_QUERY_TESTS, "/reference_statements.py' '", grammar_dir, "' ", options);
  FILE* pipe = popen(command.c_str(), "r");
  EXPECT_NE(pipe, nullptr);
  std::string output;
  char buffer[65536];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) output.append(buffer, n);
  EXPECT_EQ(pclose(pipe), 0) << command;
  std::vector<Judged> judged;
  for (size_t at = 0; at < output.size();) {
    const size_t line_end = output.find('\n', at);
    const absl::string_view head = absl::string_view(output).substr(at, line_end - at);
    size_t size = 0;
    if (!absl::SimpleAtoi(head.substr(7), &size)) {
      ADD_FAILURE() << "unreadable output: " << head;
      break;
    }
    judged.push_back({absl::StartsWith(head, "accept"), output.substr(line_end + 1, size)});
    at = line_end + 1 + size + 1;
  }
  return judged;
}

bool HavePython() {
  return std::system("python3 -c 'pass' 2>/dev/null") == 0;
}

absl::Status ParseScript(const std::string& text) {
  const absl::StatusOr<std::vector<std::string>> statements = SplitScript(text);
  if (!statements.ok()) return statements.status();
  for (const std::string& statement : *statements) {
    const absl::StatusOr<ast::Statement> parsed = Parse(statement);
    if (!parsed.ok()) return parsed.status();
  }
  return absl::OkStatus();
}

// Where the parser knows more than the grammar: the values of literals, and that only a property
// can be set.
bool IsBeyondGrammar(const absl::Status& status) {
  const std::optional<QueryError> error = GetQueryError(status);
  if (!error.has_value()) return false;
  for (absl::string_view code : {"IntegerOverflow", "FloatingPointOverflow", "InvalidTimeLiteral",
                                 "InvalidUnicodeLiteral"}) {
    if (absl::EndsWith(error->code, code)) return true;
  }
  return absl::StrContains(error->message, "expected a property such as n.name");
}

void ExpectSameVerdicts(const std::vector<Judged>& judged) {
  ASSERT_FALSE(judged.empty());
  for (const Judged& statement : judged) {
    const absl::Status status = ParseScript(statement.text);
    if (!status.ok()) {
      EXPECT_TRUE(GetQueryError(status).has_value()) << statement.text;
    }
    if (statement.accepted && IsBeyondGrammar(status)) continue;
    EXPECT_EQ(status.ok(), statement.accepted) << statement.text << "\n  " << status;
  }
}

TEST(ParseReferenceTest, ParserAndGrammarAgreeOnTheTck) {
  FASTI_CORPUS_OR_SKIP(grammar_dir, "tck");
  if (!HavePython()) GTEST_SKIP() << "python3 is not here";
  // The reference is slow: all 2,700 statements only on demand.
  const bool all = std::getenv("FASTI_ALL_STATEMENTS") != nullptr;
  ExpectSameVerdicts(RunReference(grammar_dir, all ? "" : "--sample 400 --seed 1"));
}

TEST(ParseReferenceTest, ParserAndGrammarAgreeOnSlipsOfTheTypist) {
  FASTI_CORPUS_OR_SKIP(grammar_dir, "tck");
  if (!HavePython()) GTEST_SKIP() << "python3 is not here";
  const char* chosen = std::getenv("FASTI_SEED");
  const std::string seed = chosen != nullptr ? chosen : "20260101";
  SCOPED_TRACE(absl::StrCat("FASTI_SEED=", seed));
  const bool many = std::getenv("FASTI_ALL_STATEMENTS") != nullptr;
  ExpectSameVerdicts(
      RunReference(grammar_dir, absl::StrCat("--mutants ", many ? 20000 : 1000, " --seed ", seed)));
}

}  // namespace
}  // namespace fasti
