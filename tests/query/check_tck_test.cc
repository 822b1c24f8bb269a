// CheckSemantics against the openCypher TCK: statements that must not compile fail with the code
// the TCK names, all others pass.

#include <string>

#include "fasti/result.h"
#include "gtest/gtest.h"
#include "query/parse/parser.h"
#include "query/plan/check_semantics.h"
#include "tests/query/script_records.h"
#include "tests/support/corpora.h"

namespace fasti {
namespace {

std::string CodeOf(const absl::Status& status) {
  if (status.ok()) return "ok";
  const std::optional<QueryError> error = GetQueryError(status);
  return error.has_value() ? error->code : "no QueryError";
}

absl::Status Prepare(const std::string& text) {
  const absl::StatusOr<ast::Statement> statement = Parse(text);
  return statement.ok() ? plan::CheckSemantics(*statement) : statement.status();
}

TEST(CheckTckTest, StatementsFailWithTheCodeOfTheTckOrNotAtAll) {
  FASTI_CORPUS_OR_SKIP(grammar_dir, "tck");
  if (!test::HavePython()) GTEST_SKIP() << "python3 is not here";
  const std::vector<test::ScriptRecord> records =
      test::RunScript("tck_expectations.py", "'" + grammar_dir + "'");
  ASSERT_FALSE(records.empty());
  for (const test::ScriptRecord& record : records) {
    if (record.verdict == "any") continue;  // may also be found when it runs
    const absl::Status status = Prepare(record.text);
    EXPECT_EQ(CodeOf(status), record.verdict) << record.text << "\n" << status.message();
  }
}

}  // namespace
}  // namespace fasti
