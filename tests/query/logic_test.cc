// Statements and what comes of them: the files in tests/query/logic, and the examples of the
// manual, which must be true.

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/query/logic_file.h"
#include "tests/support/corpora.h"

namespace fasti {
namespace {

std::vector<std::string> LogicFiles() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(FASTI_QUERY_TESTS "/logic")) {
    if (entry.path().extension() == ".test") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class LogicFileTest : public testing::TestWithParam<std::string> {};

TEST_P(LogicFileTest, StatementsDoWhatTheFileSays) {
  const std::string path = std::string(FASTI_QUERY_TESTS "/logic/") + GetParam() + ".test";
  const std::vector<test::LogicStep> steps = test::ParseLogicFile(test::ReadFileOrDie(path));
  EXPECT_FALSE(steps.empty());
  test::RunLogicSteps(steps, GetParam() + ".test");
}

INSTANTIATE_TEST_SUITE_P(Logic, LogicFileTest, testing::ValuesIn(LogicFiles()),
                         [](const auto& test) { return test.param; });

TEST(ManualTest, ItsExamplesAreTrue) {
  const std::string path = std::string(FASTI_QUERY_TESTS) + "/../../docs/query_language.md";
  const std::vector<test::LogicStep> steps = test::ParseLogicDocument(test::ReadFileOrDie(path));
  EXPECT_FALSE(steps.empty());
  test::RunLogicSteps(steps, "query_language.md");
}

}  // namespace
}  // namespace fasti
