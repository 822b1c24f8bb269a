#include "tools/ingest/discourse/focus.h"

#include "gmock/gmock.h"
#include "tests/ingest/reading.h"

namespace fasti::ingest {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class FocusTest : public ReadingTest {};

TEST_F(FocusTest, NounPhraseMeansWhoWasSaidToBeTheSame) {
  Expect({
      {"it", "Alvena ha comprato la tedesca Boreal. L'azienda tedesca impiega 600 persone.",
       "Boreal headcount 600 count"},
      {"fr", "Alvena a racheté le danois Boréal. Le groupe danois emploie 600 salariés.",
       "Boréal headcount 600 count"},
      {"en", "Alvena has acquired the Danish chipmaker Boreal. The Danish firm employs 600 people.",
       "Boreal headcount 600 count"},
      {"es", "Alvena ha comprado la alemana Boreal. La firma alemana emplea a 600 personas.",
       "Boreal headcount 600 count"},
      {"de",
       "Alvena hat den schwedischen Hersteller Boreal übernommen. Der schwedische Konzern "
       "beschäftigt 600 Mitarbeiter.",
       "Boreal headcount 600 count"},
  });
}

TEST_F(FocusTest, KindOfOrganizationTellsWhichOneWasJustNamed) {
  Expect({
      {"en", "Alvena was advised by the bank Carrow. The bank employs 600 people.",
       "Carrow headcount 600 count"},
      {"en", "Alvena was advised by the bank Carrow. The company employs 600 people.",
       "Alvena headcount 600 count"},
      {"en", "Alvena was advised by Carrow Bank. The bank employs 600 people.",
       "Carrow Bank headcount 600 count"},
  });
}

TEST_F(FocusTest, WhoIsAtHomeElsewhereIsNotMeant) {
  EXPECT_THAT(
      Facts("it", "La francese Alvena ha comprato Boreal. Il gruppo tedesco impiega 600 persone."),
      Not(Contains("Alvena headcount 600 count")));
}

TEST_F(FocusTest, WhoLeadsItTellsWhichOneIsMeant) {
  Expect({{"it",
           "Mara Bellini è l'amministratrice delegata di Alvena. Boreal cresce. Il gruppo guidato "
           "da Mara Bellini impiega 600 persone.",
           "Alvena headcount 600 count"}});
}

TEST_F(FocusTest, EarlierSubjectIsSurerIfNobodyElseWasNamedSince) {
  Names names;
  for (const char* name : {"Alvena", "Boreal"}) {
    names.entities.push_back({.name = name, .type = EntityType::kOrganization});
    names.mentions.push_back({.entity = static_cast<uint32_t>(names.mentions.size())});
  }
  Document document;
  document.sentences.resize(3);
  constexpr TypeMask kOrganization = MaskOf(EntityType::kOrganization);
  const auto certainty = [&](const std::vector<uint32_t>& named_between) {
    Focus focus(names, document);
    focus.Advance(0, /*subjects=*/{0}, /*named=*/{0, 1});
    focus.Advance(1, /*subjects=*/{}, named_between);
    const std::optional<Antecedent> found = focus.Find(kOrganization, 2);
    EXPECT_TRUE(found && found->entity == 0u);
    return found ? found->certainty : 0.0;
  };
  EXPECT_GT(certainty({0}), certainty({}));
  EXPECT_EQ(certainty({0, 1}), certainty({}));
  EXPECT_EQ(certainty({1}), certainty({}));
}

TEST_F(FocusTest, NewspaperIsNeverMeant) {
  Expect({{"it", "Alvena cresce. Secondo quanto scrive Reuters, il gruppo ha comprato Boreal.",
           "Alvena acquires Boreal reported"}});
}

TEST_F(FocusTest, WhomSomebodyQuotedNamesIsNotWhoseOfficeHeHolds) {
  EXPECT_THAT(
      Facts("en", "Alvena grew. \"Boreal makes good chips,\" said chief executive Mara Bellini."),
      Contains("Mara Bellini holds_role Alvena"));
}

TEST_F(FocusTest, NameJoinedToAParticipleIsNotSpokenOf) {
  EXPECT_THAT(
      Facts("en", "The Carrow-backed chipmaker Alvena grew. It raised $85 million in a round."),
      Contains("Alvena raises_funding 85e6 USD"));
  EXPECT_THAT(Facts("en", "Boreal grew. The Carrow-backed chipmaker Alvena is its customer."),
              Not(Contains("Boreal invests_in Alvena")));
  EXPECT_THAT(Facts("en", "The firm Alvena, the Carrow-backed chipmaker, has acquired Boreal."),
              Contains("Alvena acquires Boreal"));
}

TEST_F(FocusTest, WhoTellsItIsNotWhomItIsToldOf) {
  Expect({
      {"es", "Alvena creció. Según UGT, la empresa despedirá a 300 trabajadores.",
       "Alvena other_metric 300 count reported"},
      {"fr", "Alvena progresse. Selon la CGT, l'entreprise emploie 300 salariés.",
       "Alvena headcount 300 count"},
  });
}

TEST_F(FocusTest, WhoOpensTheSentenceAfterAPrepositionIsAnother) {
  Expect({{"it", "Alvena cresce. Con Polcargo, la società impiega 280 addetti.",
           "Alvena headcount 280 count"}});
}

TEST_F(FocusTest, WhomAnOpeningParticipleNamesIsAnother) {
  Expect({{"fr",
           "La start-up Carrow a levé 12 millions d'euros. Fondée en 2019 par Maïa Lind et Thomas "
           "Ale, elle emploie 60 personnes.",
           "Carrow headcount 60 count"}});
}

TEST_F(FocusTest, WhomARelativeClauseNamesOwnsNoFigureAfterIt) {
  EXPECT_THAT(Facts("de",
                    "Alvena wächst. Vorstandschefin Corinna Halbach, die im April vom Konzern "
                    "Carrow gekommen "
                    "war, peilt Erlöse von 1,3 Milliarden Euro an."),
              Not(Contains(HasSubstr("Carrow revenue"))));
}

TEST_F(FocusTest, DealValuesWhomItIsAbout) {
  Expect({{"de",
           "Der Finanzinvestor Tessera übernimmt 30 Prozent an Norrik. Das Geschäft bewertet die "
           "Firma mit 1,4 Milliarden Euro.",
           "Norrik valuation 1.4e9 EUR"}});
}

TEST_F(FocusTest, ParagraphThatSpeaksOfAnotherIsNotAboutTheTopic) {
  const char* const kStories =
      "La società Alvena cresce. Alvena investe. Alvena assume. Alvena vende.\n"
      "Diverso il caso della società Boreal. Boreal è in crisi. L'ad Carmine Esposito si è "
      "dimesso.";
  EXPECT_THAT(Facts("it", kStories), Contains("Carmine Esposito holds_role Boreal"));
  EXPECT_THAT(Facts("it", kStories), Not(Contains("Carmine Esposito holds_role Alvena")));
}

TEST_F(FocusTest, FigureOfAProductIsNotThatOfItsMaker) {
  EXPECT_THAT(Facts("en", "Alvena, whose drug Zelvora 3 generated sales of $3 billion, grew."),
              Not(Contains("Alvena revenue 3e9 USD")));
}

}  // namespace
}  // namespace fasti::ingest
