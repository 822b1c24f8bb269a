#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "query/function/registry.h"

namespace fasti::function {
namespace {

TEST(FunctionDocsTest, EveryFunctionIsDescribedInItsSpelling) {
  std::ifstream file(FASTI_QUERY_TESTS "/../../docs/functions.md");
  ASSERT_TRUE(file.is_open());
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  for (const Function* function : AllFunctions()) {
    EXPECT_TRUE(absl::StrContains(text, absl::StrCat("`", function->name, "("))) << function->name;
  }
}

}  // namespace
}  // namespace fasti::function
