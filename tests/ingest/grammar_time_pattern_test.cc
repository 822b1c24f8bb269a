#include "tools/ingest/grammar/time_pattern.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace fasti::ingest {
namespace {

class TimeNeedsTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto records =
        ParseRecords("month 6: June\nlet early: early, the start of\n", "en/x.txt");
    for (const Record& record : *records) ASSERT_TRUE(*words_.AddRecord(record, tokenizer_));
  }

  // Whether the text has the bits of all that the pattern needs.
  bool Has(absl::string_view text, absl::string_view pattern) {
    const uint64_t needs = needs_.BitsOf(*TimePattern::Parse(pattern, words_, tokenizer_));
    Document document;
    document.text = std::string(text);
    document.tokens = tokenizer_.Tokenize(document.text);
    const TokenRange all = {0, static_cast<uint32_t>(document.tokens.size())};
    return (needs & ~needs_.BitsIn(document, all)) == 0;
  }

  const Tokenizer tokenizer_{Resources(), "en"};
  TimeWords words_;
  TimeNeeds needs_;
};

TEST_F(TimeNeedsTest, WhatAPatternMatchesHasAllThatItNeeds) {
  EXPECT_TRUE(Has("in June 2025", "<month> ,? <year>"));
  EXPECT_TRUE(Has("the start of June", "@early <month>"));
  EXPECT_TRUE(Has("Early June", "@early <month>"));
  EXPECT_TRUE(Has("on 3 June", "the? <day> of? <month>"));
  EXPECT_TRUE(Has("two years ago", "<count> year|years ago"));
}

TEST_F(TimeNeedsTest, WhatLacksAWordOrAFigureIsToldApart) {
  EXPECT_FALSE(Has("in June", "<month> ,? <year>"));
  EXPECT_FALSE(Has("in 2025", "<month> ,? <year>"));
  EXPECT_FALSE(Has("in June", "@early <month>"));
  EXPECT_FALSE(Has("two years later", "<count> year|years ago"));
}

}  // namespace
}  // namespace fasti::ingest
