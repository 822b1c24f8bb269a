#include "tools/shell/completion.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/shell/statement_buffer.h"

namespace fasti::shell {
namespace {

CompletionWords Words() {
  return {.keywords = {"MATCH", "MERGE", "RETURN"},
          .functions = {"max", "modality"},
          .relations = {"invests_in", "owns"},
          .attributes = {"name", "revenue"},
          .labels = {"Company", "Person"},
          .commands = {".format", ".help"},
          .entities = [](absl::string_view prefix) {
            return std::vector<std::string>{std::string(prefix) + "rion"};
          }};
}

struct CompletionCase {
  const char* text;
  size_t begin;
  std::vector<std::string> candidates;
};

TEST(CompletionTest, OffersWhatThePlaceAllows) {
  const CompletionCase kCases[] = {
      {"M", 0, {"MATCH", "MERGE", "max", "modality"}},
      {"ma", 0, {"match", "max"}},
      {"MATCH (n) RET", 10, {"RETURN"}},
      {"MATCH (n:", 9, {"Company", "Person"}},
      {"MATCH (n:Com", 9, {"Company"}},
      {"MATCH ()-[f:inv", 12, {"invests_in"}},
      {"MATCH ()-[:owns|", 16, {"invests_in", "owns"}},
      {"RETURN n.re", 9, {"revenue"}},
      {"MATCH ({name: 'O", 15, {"Orion"}},
      {".he", 0, {".help"}},
      {"", 0, {}},
      {"RETURN 'done' + ma", 16, {"match", "max"}},
      {"x'y' re", 5, {"return"}},
  };
  for (const CompletionCase& c : kCases) {
    const Completion completion = Complete(c.text, Words());
    EXPECT_EQ(completion.begin, c.begin) << c.text;
    EXPECT_THAT(completion.candidates, testing::ElementsAreArray(c.candidates)) << c.text;
  }
}

TEST(StatementBufferTest, OnlyASemicolonOutsideTextAndCommentsEndsAStatement) {
  const struct {
    const char* text;
    bool ended;
  } kCases[] = {
      {"RETURN 1", false},           {"RETURN 1;", true},
      {"RETURN 1 ; \n", true},       {"RETURN ';", false},
      {"RETURN ';'", false},         {"RETURN 'it\\'s;';", true},
      {"RETURN 1; // done", true},   {"RETURN 1 // ;", false},
      {"RETURN 1; /* open", false},  {"RETURN 1 /* ; */", false},
      {"RETURN `a;b`", false},       {"RETURN `a``;b`;", true},
      {"RETURN 1; RETURN 2", false}, {"", false},
  };
  for (const auto& c : kCases) EXPECT_EQ(EndsStatement(c.text), c.ended) << c.text;
}

}  // namespace
}  // namespace fasti::shell
