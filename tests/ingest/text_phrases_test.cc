#include "tools/ingest/text/phrases.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace fasti::ingest {
namespace {

class PhraseTableTest : public testing::Test {
 protected:
  std::vector<Token> Cut(absl::string_view text) const { return tokenizer_.Tokenize(text); }

  const Tokenizer tokenizer_{Resources(), "en"};
};

TEST_F(PhraseTableTest, EveryPhraseIsFoundHoweverManyThereAre) {
  PhraseTable table;
  const auto phrase = [](int i) { return absl::StrCat("first", i, " second", i % 7); };
  for (int i = 0; i < 5000; ++i) table.Add(tokenizer_, phrase(i), i);
  for (int i = 0; i < 5000; ++i) {
    const auto match = table.Longest(Cut(phrase(i)), 0, 2);
    ASSERT_TRUE(match) << phrase(i);
    EXPECT_EQ(match->value, i);
    EXPECT_EQ(match->bound, 2u);
  }
  EXPECT_FALSE(table.Longest(Cut("first5000 second2"), 0, 2));
}

TEST_F(PhraseTableTest, NothingIsFoundAtOrBeyondTheLimit) {
  PhraseTable table;
  table.Add(tokenizer_, "net sales", 1);
  const std::vector<Token> tokens = Cut("the net sales");
  EXPECT_FALSE(table.Longest(tokens, 1, 1));
  EXPECT_FALSE(table.Longest(tokens, 1, 2));
  EXPECT_TRUE(table.Longest(tokens, 1, 3));
  EXPECT_FALSE(table.Longest(tokens, 3, 3));
}

TEST(WordSetTest, HoldsItsWordsAndNoOthers) {
  const Tokenizer tokenizer(Resources(), "en");
  WordSet set;
  for (int i = 0; i < 3000; i += 2) set.Insert(absl::StrCat("word", i));
  for (int i = 0; i < 3000; ++i) {
    const std::vector<Token> tokens = tokenizer.Tokenize(absl::StrCat("word", i));
    EXPECT_EQ(set.Contains(tokens.front()), i % 2 == 0) << i;
  }
}

}  // namespace
}  // namespace fasti::ingest
