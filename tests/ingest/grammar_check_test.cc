#include "tools/ingest/grammar/check.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fasti::ingest {
namespace {

TEST(CheckLanguageTest, ExamplesOfEveryLanguageHold) {
  const auto resources = Resources::Load();
  ASSERT_TRUE(resources.ok()) << resources.status();
  for (const std::string& language : resources->languages()) {
    EXPECT_EQ(CheckLanguage(*resources, language), absl::OkStatus()) << language;
  }
}

}  // namespace
}  // namespace fasti::ingest
