#include "tools/ingest/grammar/check.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fasti::ingest {
namespace {

TEST(RunGrammarExamplesTest, ExamplesOfEveryLanguageHold) {
  const auto resources = Resources::Load();
  ASSERT_TRUE(resources.ok()) << resources.status();
  for (const std::string& language : resources->languages()) {
    const auto examples = RunGrammarExamples(*resources, language);
    ASSERT_TRUE(examples.ok()) << examples.status();
    EXPECT_FALSE(examples->empty()) << language;
    for (const CheckedExample& example : *examples) {
      EXPECT_EQ(example.failure, "") << example.where;
    }
  }
}

}  // namespace
}  // namespace fasti::ingest
