#include "tools/shell/render.h"

#include <cmath>
#include <limits>
#include <memory>
#include <sstream>

#include "fake_result.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/shell/json_value.h"

namespace fasti::shell {
namespace {

std::string Rendered(FakeResult result, const RenderOptions& options) {
  std::ostringstream out;
  const absl::StatusOr<size_t> rows = Render(result, options, out);
  EXPECT_TRUE(rows.ok()) << rows.status();
  return out.str();
}

TEST(RenderTest, TableAlignsTextLeftAndNumbersRight) {
  EXPECT_EQ(Rendered({{"name", "n"}, {{Value("Orion"), Value(7)}, {Value("Té"), Value(1234)}}}, {}),
            " name  │ n\n"
            "───────┼──────\n"
            " Orion │    7\n"
            " Té    │ 1234\n"
            "(2 rows)\n");
}

TEST(RenderTest, TableWrapsItsWidestColumnToFit) {
  EXPECT_EQ(Rendered({{"who", "said"}, {{Value("Ada"), Value("the deal is worth ten billion")}}},
                     {.width = 22}),
            " who │ said\n"
            "─────┼────────────────\n"
            " Ada │ the deal is\n"
            "     │ worth ten\n"
            "     │ billion\n"
            "(1 row)\n");
}

TEST(RenderTest, TableCountsWideCharactersTwiceAndCombiningOnesNotAtAll) {
  EXPECT_EQ(Rendered({{"x", "y"}, {{Value("日本"), Value(1)}, {Value("e\u0301a"), Value(2)}}}, {}),
            " x    │ y\n"
            "──────┼───\n"
            " 日本 │ 1\n"
            " e\u0301a   │ 2\n"
            "(2 rows)\n");
}

TEST(RenderTest, TableNeverSendsControlCharactersToTheTerminal) {
  const std::string text =
      Rendered({{"x"}, {{Value(std::string("\x1b[2Ja\nb\u202e\x07"))}}}, {.escape = true});
  EXPECT_THAT(text, testing::HasSubstr("\\x1b[2Ja\\nb\\u202e\\x07"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(RenderTest, NoFormatSendsControlCharactersToTheTerminal) {
  for (const Format format : {Format::kTable, Format::kCsv, Format::kJson, Format::kJsonLines}) {
    const std::string text = Rendered({{"x\u202e"}, {{Value("\x1b[2Ja\u202e\x07\x7f\u009b")}}},
                                      {.format = format, .escape = true});
    for (const char* control : {"\x1b", "\u202e", "\x07", "\x7f", "\u009b"}) {
      EXPECT_EQ(text.find(control), std::string::npos) << text;
    }
    EXPECT_THAT(text, testing::HasSubstr("\\u202e"));
  }
}

TEST(RenderTest, CsvQuotesWhatNeedsItAndTellsNullFromEmptyText) {
  EXPECT_EQ(Rendered({{"a", "b,c"}, {{Value("x\"y"), Value("line\nbreak")}, {Value(), Value("")}}},
                     {.format = Format::kCsv}),
            "a,\"b,c\"\r\n"
            "\"x\"\"y\",\"line\nbreak\"\r\n"
            ",\"\"\r\n");
}

TEST(RenderTest, JsonIsOneListAndJsonLinesOneObjectPerRow) {
  const std::vector<std::vector<Value>> rows = {{Value(1)}, {Value("é")}};
  EXPECT_EQ(Rendered({{"x"}, rows}, {.format = Format::kJson}),
            "[\n {\"x\":1},\n {\"x\":\"é\"}\n]\n");
  EXPECT_EQ(Rendered({{"x"}, rows}, {.format = Format::kJsonLines}), "{\"x\":1}\n{\"x\":\"é\"}\n");
  EXPECT_EQ(Rendered({{"x"}, {}}, {.format = Format::kJson}), "[]\n");
}

TEST(RenderTest, AnErrorInTheMiddleOfTheRowsIsTheOutcome) {
  for (const std::string& name : FormatNames()) {
    FakeResult result({"x"}, {{Value(1)}});
    result.end = absl::DeadlineExceededError("too long");
    std::ostringstream out;
    EXPECT_EQ(Render(result, {.format = *FormatFromName(name)}, out).status().message(),
              "too long");
  }
}

TEST(ShowValueTest, NodesRelationshipsAndPathsShowWhatTheyAre) {
  const auto fact = std::make_shared<const Fact>(DealFact());
  const EntityId a = static_cast<EntityId>(1), b = static_cast<EntityId>(2);
  const struct {
    Value value;
    const char* text;
  } kCases[] = {
      {Value(a), "(:Company {name: 'Orion'})"},
      {Value(b), "(:Company:`Start up`)"},
      {Value(fact), "[:invests_in {stake: 49}]"},
      {Value(Path{{a, b}, {fact}}),
       "(:Company {name: 'Orion'})-[:invests_in {stake: 49}]->(:Company:`Start up`)"},
      {Value(Path{{b, a}, {fact}}),
       "(:Company:`Start up`)<-[:invests_in {stake: 49}]-(:Company {name: 'Orion'})"},
      {Value(List{Value("x"), Value(a), Value()}), "['x', (:Company {name: 'Orion'}), null]"},
      {Value("plain"), "plain"},
  };
  const FakeResult result = DealResult({}, {});
  for (const auto& c : kCases) {
    const absl::StatusOr<std::string> text = ShowValue(result, c.value);
    ASSERT_TRUE(text.ok()) << text.status();
    EXPECT_EQ(*text, c.text);
  }
}

TEST(JsonValueTest, EveryKindHasItsForm) {
  const auto fact = std::make_shared<const Fact>(DealFact());
  const EntityId a = static_cast<EntityId>(1), b = static_cast<EntityId>(2);
  constexpr char kA[] = R"({"$node":{"id":1,"labels":["Company"],"props":{"name":"Orion"}}})";
  constexpr char kB[] = R"({"$node":{"id":2,"labels":["Company","Start up"],"props":{}}})";
  constexpr char kFact[] =
      R"({"$rel":{"id":9,"type":"invests_in","start":1,"end":2,"props":{"stake":49}}})";
  const struct {
    Value value;
    std::string text;
  } kCases[] = {
      {Value(), "null"},
      {Value(true), "true"},
      {Value(int64_t{-9223372036854775807 - 1}), "-9223372036854775808"},
      {Value(1.0), "1.0"},
      {Value(0.1), "0.1"},
      {Value(1e300), "1e+300"},
      {Value(std::nan("")), R"({"$float":"NaN"})"},
      {Value(-std::numeric_limits<double>::infinity()), R"({"$float":"-Inf"})"},
      {Value("a\"\n\u00e9"), "\"a\\\"\\n\u00e9\""},
      {Value(List{Value(1), Value("x")}), R"([1,"x"])"},
      {Value(Map{{"k", Value(1)}}), R"({"k":1})"},
      {Value(Map{{"$k", Value(1)}}), R"({"$map":{"$k":1}})"},
      {Value(Quantity::Range(66e9, 72e9, "USD")),
       R"({"$qty":{"low":6.6e+10,"high":7.2e+10,"unit":"USD","hedge":"between"}})"},
      {Value(a), kA},
      {Value(fact), kFact},
      {Value(Path{{a, b}, {fact}}),
       std::string(R"({"$path":{"nodes":[)") + kA + "," + kB + R"(],"rels":[)" + kFact + "]}}"},
  };
  const FakeResult result = DealResult({}, {});
  for (const auto& c : kCases) {
    const absl::StatusOr<std::string> text = JsonValue(result, c.value);
    ASSERT_TRUE(text.ok()) << text.status();
    EXPECT_EQ(*text, c.text);
  }
}

}  // namespace
}  // namespace fasti::shell
