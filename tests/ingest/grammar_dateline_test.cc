#include "tools/ingest/grammar/dateline.h"

#include <string>

#include "gtest/gtest.h"
#include "tools/ingest/text/resources.h"

namespace fasti::ingest {
namespace {

// The date line of a text, or "none".
std::string Dateline(const std::string& text, const std::string& language) {
  const Resources resources = Resources::Load("").value();
  const TimeGrammar times = TimeGrammar::Make(resources, language).value();
  const Document document = Analyze(text, {.language = language}, resources).value();
  const auto published = FindDateline(document, times);
  return published.has_value() ? FormatPeriod(*published) : "none";
}

TEST(DatelineTest, ALineWithADateAndLittleElseDatesTheArticle) {
  const struct {
    const char* language;
    const char* line;
    const char* date;
  } kCases[] = {
      {"en", "Published 9 June 2025", "2025-06-09"},
      {"en", "June 9, 2025", "2025-06-09"},
      {"en", "By the editors, 9 June 2025", "2025-06-09"},
      {"it", "Pubblicato l'11 giugno 2025", "2025-06-11"},
      {"it", "Milano, 3 marzo 2024", "2024-03-03"},
      {"fr", "Publié le 16 juin 2025", "2025-06-16"},
      {"fr", "Le 1er août 2025", "2025-08-01"},
      // Not full dates, or lines that speak of a date.
      {"en", "June 2025", "none"},
      {"en", "What the big merger of 9 June 2025 means for small investors", "none"},
      {"it", "Risultati del 2025", "none"},
      {"en", "Until 9 June 2025", "none"},
      {"en", "No date at all", "none"},
  };
  for (const auto& c : kCases) {
    const std::string text =
        std::string("Orion\n\n") + c.line + "\n\nOrion SA, Vega SA. 12 mars 2019 Orion, Vega.\n";
    EXPECT_EQ(Dateline(text, c.language), c.date) << c.language << ": " << c.line;
  }
}

TEST(DatelineTest, ADateInASentenceOrFarBelowIsNoDateline) {
  EXPECT_EQ(Dateline("Orion\n\nOrion was founded on 9 June 2025.\n", "en"), "none");
  EXPECT_EQ(Dateline("A\n\nB\n\nC\n\nD\n\nE\n\nF\n\nG\n\n9 June 2025\n\nText.\n", "en"), "none");
}

}  // namespace
}  // namespace fasti::ingest
