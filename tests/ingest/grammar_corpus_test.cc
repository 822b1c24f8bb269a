// Measures the number and time grammars on expressions with their meanings, a file per language
// and kind in tests/ingest/corpus.  Every third line is held out: it is counted apart and was not
// looked at when the grammars were tuned.

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/ingest/grammar/check.h"

namespace fasti::ingest {
namespace {

constexpr double kFiguresMin = 0.97;  // exact value, unit and hedge
constexpr double kTimesMin = 0.93;    // exact period and anchor
constexpr int kExpressionsMin = 100;  // per language and kind

std::vector<std::string> ReadCorpus(const std::string& name) {
  std::ifstream in(absl::StrCat(FASTI_INGEST_CORPUS, "/", name));
  EXPECT_TRUE(in) << name;
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!absl::StripAsciiWhitespace(line).empty() && line[0] != '#') lines.push_back(line);
  }
  return lines;
}

struct Score {
  int right = 0;
  int all = 0;
  double share() const { return all == 0 ? 0 : static_cast<double>(right) / all; }
};

class GrammarCorpusTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    auto loaded = Resources::Load();
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    resources_ = *std::move(loaded);
  }

  // Compares what `find` says of every line with what the corpus expects, and checks the shares of
  // exact answers, tuned and held out.
  template <typename Find>
  void Measure(absl::string_view kind, double share_min, const Find& find) {
    const std::vector<std::string> lines = ReadCorpus(absl::StrCat(GetParam(), ".", kind, ".txt"));
    ASSERT_GE(lines.size(), static_cast<size_t>(kExpressionsMin));
    Score tuned, held_out;
    std::string wrong;
    for (size_t i = 0; i < lines.size(); ++i) {
      const auto example = ParseExample(lines[i]);
      ASSERT_TRUE(example.ok()) << example.status();
      const auto document = Analyze(example->text, {GetParam(), 0}, resources_);
      ASSERT_TRUE(document.ok()) << document.status();
      const std::string found = find(*document, example->reported);
      Score& score = i % 3 == 2 ? held_out : tuned;
      ++score.all;
      if (found == NormalizeFigures(example->expected)) {
        ++score.right;
      } else {
        absl::StrAppend(&wrong, "\n  ", lines[i], "  found ", found);
      }
    }
    RecordProperty("tuned", absl::StrCat(tuned.right, "/", tuned.all));
    RecordProperty("held_out", absl::StrCat(held_out.right, "/", held_out.all));
    EXPECT_GE(tuned.share(), share_min) << wrong;
    EXPECT_GE(held_out.share(), share_min) << wrong;
  }

  Resources resources_;
};

TEST_P(GrammarCorpusTest, FiguresHaveTheirValueUnitAndHedge) {
  const auto times = TimeGrammar::Make(resources_, GetParam());
  const auto quantities = QuantityGrammar::Make(resources_, GetParam());
  ASSERT_TRUE(times.ok()) << times.status();
  ASSERT_TRUE(quantities.ok()) << quantities.status();
  Measure("quantities", kFiguresMin,
          [&](const Document& document, const std::optional<Period>& reported) {
            const std::vector<TimeSpan> spans = times->Find(document, reported);
            return FormatFindings(absl::MakeConstSpan(quantities->Find(document, spans)));
          });
}

TEST_P(GrammarCorpusTest, TimesHaveTheirPeriodAndAnchor) {
  const auto times = TimeGrammar::Make(resources_, GetParam());
  ASSERT_TRUE(times.ok()) << times.status();
  Measure("times", kTimesMin, [&](const Document& document, const std::optional<Period>& reported) {
    return FormatFindings(absl::MakeConstSpan(times->Find(document, reported)));
  });
}

// Without a reporting date nothing relative may be placed in time.
TEST_P(GrammarCorpusTest, WithoutReportingDateRelativeTimesStayOpen) {
  const auto times = TimeGrammar::Make(resources_, GetParam());
  ASSERT_TRUE(times.ok()) << times.status();
  for (const std::string& line : ReadCorpus(absl::StrCat(GetParam(), ".times.txt"))) {
    const auto example = ParseExample(line);
    ASSERT_TRUE(example.ok()) << example.status();
    const auto document = Analyze(example->text, {GetParam(), 0}, resources_);
    ASSERT_TRUE(document.ok()) << document.status();
    for (const TimeSpan& span : times->Find(*document, std::nullopt)) {
      EXPECT_EQ(span.named.has_value(), !span.from_published) << line;
      EXPECT_EQ(span.period.has_value(), span.named.has_value()) << line;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, GrammarCorpusTest, testing::Values("it", "fr", "en", "de"),
                         [](const auto& language) { return std::string(language.param); });

}  // namespace
}  // namespace fasti::ingest
