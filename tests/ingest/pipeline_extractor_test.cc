#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/quantity.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/ingest/reading.h"
#include "tools/ingest/pipeline.h"

namespace fasti::ingest {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class ExtractorTest : public ReadingTest {};

TEST_F(ExtractorTest, SentencesWithoutSubjectSpeakOfTheOneBefore) {
  EXPECT_THAT(Facts("it", "Alvena ha sede a Bologna. Nel 2024 ha fatturato 12 milioni di euro."),
              UnorderedElementsAre("Alvena located_in Bologna", "Alvena revenue 12e6 EUR @2024"));
  EXPECT_THAT(Facts("fr", "Alvena progresse. L'entreprise emploie 600 salariés."),
              ElementsAre("Alvena headcount 600 count"));
  EXPECT_THAT(Facts("en", "Alvena grew. It acquired Boreal in May 2025."),
              ElementsAre("Alvena acquires Boreal @2025-05"));
}

TEST_F(ExtractorTest, VerbsThatStandApartAreReadWhole) {
  struct Case {
    const char* text;
    const char* fact;
  };
  const Case kCases[] = {
      {"Alvena hat Boreal im Mai 2025 übernommen.", "Alvena acquires Boreal @2025-05"},
      {"Im Mai 2025 übernahm Alvena den Hersteller Boreal.", "Alvena acquires Boreal @2025-05"},
      {"Den Hersteller Boreal kauft der Konzern Alvena.", "Alvena acquires Boreal"},
      {"Boreal soll von Alvena übernommen werden.", "Alvena acquires Boreal planned"},
      {"Alvena, ein Hersteller von Chips, stellt das Smartphone Zeta 5 vor.",
       "Alvena launches Zeta 5"},
      {"Alvena will keine Anteile an Boreal kaufen.", "Alvena invests_in Boreal denied"},
  };
  for (const Case& c : kCases) EXPECT_THAT(Facts("de", c.text), ElementsAre(c.fact)) << c.text;
}

TEST_F(ExtractorTest, HyphenAndGenitiveMakeANameTheOwnerOfTheNoun) {
  EXPECT_THAT(Facts("de", "Die Aktie stieg. Alvena-Chefin Helen Osei sprach."),
              ElementsAre("Helen Osei holds_role Alvena"));
  EXPECT_THAT(Facts("de", "Alvena wächst. Alvenas Umsatz lag bei 12 Millionen Euro."),
              ElementsAre("Alvena revenue 12e6 EUR"));
}

TEST_F(ExtractorTest, AppositionIsSaidOfTheLastNameAlone) {
  EXPECT_THAT(Facts("en", "The firms Carrow and Boreal, a unit of Alvena, grew."),
              ElementsAre("Boreal part_of Alvena"));
}

TEST_F(ExtractorTest, VerbWithAnObjectIsNoParticiple) {
  EXPECT_THAT(Facts("en", "The firm Alvena, the owner of Carrow, acquired Boreal."),
              Contains("Alvena acquires Boreal"));
  EXPECT_THAT(
      Facts("en", "Maya Lindqvist, 40, founded Alvena in 2015."),
      UnorderedElementsAre("Alvena founded  @2015", "Alvena founded_by Maya Lindqvist @2015"));
}

TEST_F(ExtractorTest, FormerEmployerIsNobodyOfWhomMoreIsTold) {
  EXPECT_THAT(
      Facts("en", "Alvena was founded by former Carrow executive Maya Lindqvist."),
      UnorderedElementsAre("Maya Lindqvist holds_role Carrow", "Alvena founded_by Maya Lindqvist"));
}

TEST_F(ExtractorTest, FigureThatIsComparedWithHasNotTheTimeOfTheClause) {
  EXPECT_THAT(
      Facts("en", "Alvena made a net profit of $2 billion in 2024, against $1.5 billion."),
      UnorderedElementsAre("Alvena net_income 2e9 USD @2024", "Alvena net_income 1.5e9 USD"));
}

TEST_F(ExtractorTest, EventToldByANounHappensIfItsVerbSaysSo) {
  EXPECT_THAT(Facts("fr", "Le rachat de Boréal par Alvena n'a pas eu lieu."),
              ElementsAre("Alvena acquires Boréal denied"));
  EXPECT_THAT(Facts("fr", "Le rachat de Boréal par Alvena a eu lieu."),
              ElementsAre("Alvena acquires Boréal"));
}

TEST_F(ExtractorTest, RelativeClauseBetweenCommasHasItsOwnSubject) {
  EXPECT_THAT(Facts("en", "The firm Boreal, which Alvena founded, has acquired Carrow."),
              Contains("Boreal acquires Carrow"));
}

TEST_F(ExtractorTest, WhatACeoDeniesIsNotHisOffice) {
  EXPECT_THAT(Facts("it",
                    "La società Alvena cresce. L'amministratore delegato Carlo Bertoldi ha "
                    "escluso cessioni."),
              ElementsAre("Carlo Bertoldi holds_role Alvena"));
}

TEST_F(ExtractorTest, TwoPossibleAntecedentsYieldNoFact) {
  EXPECT_THAT(Facts("it", "Alvena e Boreal crescono. La società ha sede a Bologna."), IsEmpty());
}

TEST_F(ExtractorTest, PairStandsForTheTwoSubjectsBefore) {
  EXPECT_THAT(
      Facts("fr",
            "Alvena et Boréal progressent. Les deux entreprises construiront une "
            "usine à Nantes."),
      UnorderedElementsAre("Alvena builds factory planned", "Boréal builds factory planned"));
}

TEST_F(ExtractorTest, ModalityFollowsTenseModalsAndAttribution) {
  struct Case {
    const char* language;
    const char* text;
    const char* fact;
  };
  const Case kCases[] = {
      {"it", "Alvena ha acquisito Boreal.", "Alvena acquires Boreal"},
      {"it", "Alvena acquisirà Boreal.", "Alvena acquires Boreal planned"},
      {"it", "Alvena prevede di acquisire Boreal.", "Alvena acquires Boreal planned"},
      {"it", "Alvena dovrebbe acquisire Boreal.", "Alvena acquires Boreal reported"},
      {"it", "Secondo indiscrezioni, Alvena ha acquisito Boreal.",
       "Alvena acquires Boreal reported"},
      {"it", "Alvena non ha acquisito Boreal.", "Alvena acquires Boreal denied"},
      {"fr", "Alvena va racheter le groupe Boréal.", "Alvena acquires Boréal planned"},
      {"fr", "Le groupe Alvena n'a jamais racheté Boréal.", "Alvena acquires Boréal denied"},
      {"en", "Alvena plans to acquire Boreal.", "Alvena acquires Boreal planned"},
      {"en", "Alvena is expected to acquire Boreal.", "Alvena acquires Boreal expected"},
      {"en", "Alvena has denied that it acquired Boreal.", "Alvena acquires Boreal denied"},
  };
  for (const Case& c : kCases) {
    EXPECT_THAT(Facts(c.language, c.text), ElementsAre(c.fact)) << c.text;
  }
}

TEST_F(ExtractorTest, TimeIsOnlyTakenWhereItIsTold) {
  EXPECT_THAT(Facts("it", "Alvena ha acquisito Boreal."), ElementsAre("Alvena acquires Boreal"));
  EXPECT_THAT(Facts("it", "Nel 2023 Alvena ha acquisito Boreal."),
              ElementsAre("Alvena acquires Boreal @2023"));
  // The time of speaking is not the time of an office.
  EXPECT_THAT(
      Facts("it", "Carlo Bertoldi, amministratore delegato di Alvena, ha parlato nel 2023."),
      ElementsAre("Carlo Bertoldi holds_role Alvena"));
  // What a figure is compared with is not its time.
  EXPECT_THAT(Facts("it", "I ricavi di Alvena sono aumentati del 14% rispetto al 2023."),
              ElementsAre("Alvena revenue_growth 14 percent"));
}

TEST_F(ExtractorTest, TimeOfAnotherEventIsNotTheTimeOfTheFact) {
  struct Case {
    const char* language;
    const char* text;
    const char* fact;  // must be found
  };
  const Case kCases[] = {
      // After a noun that tells an event.
      {"it", "Alvena ha investito 5 milioni in Boreal dopo l'acquisizione di Carrow nel 2014.",
       "Alvena invests_in Boreal"},
      {"fr", "Alvena a investi 5 millions d'euros dans Boréal après le rachat de Carrow en 2014.",
       "Alvena invests_in Boréal"},
      {"en", "Alvena invested $5 million in Boreal after the takeover of Carrow in 2014.",
       "Alvena invests_in Boreal"},
      {"en", "Alvena invested $5 million in Boreal, its largest deal since its 2014 takeover.",
       "Alvena invests_in Boreal"},
      {"es", "Alvena invirtió 5 millones de euros en Boreal tras la compra de Carrow en 2014.",
       "Alvena invests_in Boreal"},
      // Before the fact.
      {"it", "Dopo la fusione con Carrow nel 2014, Alvena ha acquisito Boreal nel 2020.",
       "Alvena acquires Boreal @2020"},
      {"en", "After the merger with Carrow in 2014, Alvena acquired Boreal.",
       "Alvena acquires Boreal"},
      // After a verb.
      {"it", "Alvena ha acquisito Boreal dopo aver venduto Carrow nel 2014.",
       "Alvena acquires Boreal"},
      {"fr", "Alvena a racheté le groupe Boréal après avoir vendu Carrow en 2014.",
       "Alvena acquires Boréal"},
      {"en", "Alvena acquired Boreal after selling Carrow in 2014.", "Alvena acquires Boreal"},
      {"en", "Founded in 2014, Alvena competes with Boreal.", "Alvena competes_with Boreal"},
      {"en", "Alvena said in May 2014 that it had acquired Boreal.", "Alvena acquires Boreal"},
      {"it", "Lo ha detto il 3 maggio 2014 Carlo Bertoldi, ceo di Alvena.",
       "Carlo Bertoldi holds_role Alvena"},
      // What a figure is compared with.
      {"it", "I ricavi di Alvena sono saliti del 3% rispetto allo stesso periodo del 2014.",
       "Alvena revenue_growth 3 percent"},
      // Each figure has the time of its own clause.
      {"it", "Nel 2024 Alvena ha fatturato 12 milioni di euro e punta a 25 milioni nel 2025.",
       "Alvena revenue 25e6 EUR @2025 planned"},
      // These are the same event.
      {"en", "Alvena acquired Boreal in a deal in May 2014.", "Alvena acquires Boreal @2014-05"},
      {"en", "Alvena's acquisition of Boreal closed in May 2014.",
       "Alvena acquires Boreal @2014-05"},
      {"it", "Alvena ha annunciato l'acquisizione di Boreal nel 2014.",
       "Alvena acquires Boreal @2014"},
      {"fr", "Alvena a annoncé le rachat de Boréal en mai 2014.",
       "Alvena acquires Boréal @2014-05"},
  };
  for (const Case& c : kCases) {
    EXPECT_THAT(Facts(c.language, c.text), Contains(c.fact)) << c.text;
  }
}

TEST_F(ExtractorTest, SumBelongsToTheNearestEvent) {
  const Extraction extraction =
      Read("it",
           "L'investimento da 5 milioni di euro di Alvena in Boreal è il più grande di Alvena dopo "
           "l'acquisizione di Carrow.");
  ASSERT_FALSE(extraction.report.statements.empty());
  for (const Statement& statement : extraction.report.statements) {
    EXPECT_EQ(statement.qualifiers.contains("amount"), Object(statement) == "Boreal")
        << statement.relation << " " << Object(statement);
  }
}

TEST_F(ExtractorTest, NewcomerIsWhoWasBoughtOrInvestedIn) {
  EXPECT_THAT(Facts("en", "Alvena invested in Boreal. The start-up was founded in 2016."),
              UnorderedElementsAre("Alvena invests_in Boreal", "Boreal founded  @2016"));
  EXPECT_THAT(Facts("fr", "Alvena a racheté Boréal. La start-up emploie 600 salariés."),
              UnorderedElementsAre("Alvena acquires Boréal", "Boréal headcount 600 count"));
  EXPECT_THAT(Facts("it", "Alvena ha presentato la startup Boreal. La startup ha sede a Bologna."),
              ElementsAre("Boreal located_in Bologna"));
  // Where nothing tells which, the choice is left open.
  EXPECT_THAT(Facts("en", "Alvena competes with Boreal. The start-up is based in Glasgow."),
              ElementsAre("Alvena competes_with Boreal"));
}

TEST_F(ExtractorTest, WhoOnlyCommentsSpeaksForNoEmployer) {
  EXPECT_THAT(Facts("en",
                    "The firm Alvena grew. Priya Nair, an analyst at Carrow, said so. It acquired "
                    "Boreal."),
              Not(Contains("Carrow acquires Boreal")));
  EXPECT_THAT(Facts("en", "Priya Nair, chief executive of Carrow, said so. It acquired Boreal."),
              Contains("Carrow acquires Boreal"));
}

TEST_F(ExtractorTest, VerbThatGovernsABareInfinitiveGivesItsNegation) {
  EXPECT_THAT(Facts("es", "La empresa Alvena no prevé comprar Boreal."),
              Contains("Alvena acquires Boreal denied"));
}

TEST_F(ExtractorTest, FormerEmployerIsNoAntecedent) {
  EXPECT_THAT(Facts("it",
                    "Alvena cresce. Ex direttore finanziario di Boreal, Carlo Bertoldi guida la "
                    "società."),
              Contains("Carlo Bertoldi holds_role Alvena"));
}

TEST_F(ExtractorTest, FiguresOfTheClauseQualifyTheFact) {
  const Extraction extraction =
      Read("it",
           "Alvena ha stretto un accordo di sei anni del valore di oltre 10 miliardi di "
           "dollari con Boreal.");
  ASSERT_EQ(extraction.report.statements.size(), 1u);
  const Map& qualifiers = extraction.report.statements[0].qualifiers;
  ASSERT_TRUE(qualifiers.contains("amount"));
  EXPECT_EQ(FormatQuantity(qualifiers.at("amount").as_quantity()), ">= 10e9 USD");
  ASSERT_TRUE(qualifiers.contains("term"));
  EXPECT_EQ(FormatQuantity(qualifiers.at("term").as_quantity()), "6 year");
}

TEST_F(ExtractorTest, FractionsAreReadAsTheArticleWritesThem) {
  EXPECT_THAT(Facts("es", "Alvena facturó 6,800 millones de dólares. Los ingresos subieron 14.5%."),
              Contains("Alvena revenue 6.8e9 USD"));
  EXPECT_THAT(Facts("es", "Alvena facturó 6,825 millones de euros. Los ingresos subieron 14,5%."),
              Contains("Alvena revenue 6.825e6 EUR"));
  EXPECT_THAT(Facts("es", "Alvena facturó 10 mil 800 millones de euros."),
              ElementsAre("Alvena revenue 10.8e9 EUR"));
}

TEST_F(ExtractorTest, EvidenceIsTheSentence) {
  const std::string text = "Alvena cresce. Alvena ha acquisito Boreal nel 2024.";
  const Extraction extraction = Read("it", text);
  ASSERT_EQ(extraction.report.statements.size(), 1u);
  const Span span = extraction.report.statements[0].span;
  EXPECT_EQ(text.substr(span.begin, span.end - span.begin), "Alvena ha acquisito Boreal nel 2024.");
  EXPECT_THAT(extraction.facts[0].rule, HasSubstr("common/frames.txt:"));
}

TEST_F(ExtractorTest, GateKeepsUnsureFactsOutOfTheReport) {
  ExtractorOptions options;
  options.confidence_min = 0.99;
  options.check_examples = false;
  const auto strict = Extractor::Create(options);
  ASSERT_TRUE(strict.ok()) << strict.status();
  Article article;
  article.text = "Alvena progresse. L'entreprise emploie 600 salariés.";
  article.metadata.language = "fr";
  const auto extraction = (*strict)->Extract(article);
  ASSERT_TRUE(extraction.ok()) << extraction.status();
  EXPECT_THAT(extraction->report.statements, IsEmpty());
  ASSERT_EQ(extraction->facts.size(), 1u);
  EXPECT_FALSE(extraction->facts[0].kept);
  const std::string dump = DumpFacts("a.txt", *extraction);
  EXPECT_THAT(dump, HasSubstr(R"("value":{"lo":600,"hi":600,"unit":"count","qualifier":"exact"})"));
  EXPECT_THAT(dump, HasSubstr(R"("stored":false)"));
}

TEST_F(ExtractorTest, TextThatCannotBeReadIsRefused) {
  Article article;
  EXPECT_FALSE(SharedExtractor()->Extract(article).ok());
  article.text = "Αυτό είναι ένα ελληνικό κείμενο για μια εταιρεία.";
  EXPECT_THAT(SharedExtractor()->Extract(article).status().message(), Not(IsEmpty()));
}

TEST_F(ExtractorTest, ThreadsShareOneExtractor) {
  const std::string text = "Alvena ha acquisito Boreal. La società ha sede a Bologna.";
  const std::vector<std::string> alone = Facts("it", text);
  std::vector<std::vector<std::string>> found(4);
  std::vector<std::thread> threads;
  for (auto& slot : found) threads.emplace_back([&slot, &text] { slot = Facts("it", text); });
  for (std::thread& thread : threads) thread.join();
  for (const auto& slot : found) EXPECT_EQ(slot, alone);
}

TEST_F(ExtractorTest, VocabularyIsDeclaredInTheDatabase) {
  const auto database = Database::Open(":memory:", {});
  ASSERT_TRUE(database.ok()) << database.status();
  ASSERT_TRUE(DeclareVocabulary(**database).ok());
  ASSERT_TRUE(DeclareVocabulary(**database).ok());  // again: no change
  const auto snapshot = (*database)->GetSnapshot();
  const auto info = snapshot->FindRelation("partners_with");
  ASSERT_TRUE(info.has_value());
}

}  // namespace
}  // namespace fasti::ingest
