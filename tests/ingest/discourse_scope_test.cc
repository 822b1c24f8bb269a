#include "tools/ingest/discourse/scope.h"

#include "gmock/gmock.h"
#include "tests/ingest/reading.h"

namespace fasti::ingest {
namespace {

using ::testing::Contains;
using ::testing::Not;

class ScopeTest : public ReadingTest {};

TEST_F(ScopeTest, NobodyTellsWhatIsOnlySupposed) {
  Expect({
      {"fr", "Si Castelan rachetait Papyrel, le groupe emploierait 500 salariés.", ""},
      {"it", "Se Alvena comprasse Boreal, il gruppo avrebbe 500 dipendenti.", ""},
      {"en", "If approved, Alvena will acquire Boreal.", "Alvena acquires Boreal planned"},
      // What stands beside a name is told all the same.
      {"it", "Se Alvena, che possiede Carrow, comprasse Boreal, i ricavi salirebbero.",
       "Alvena owns Carrow"},
  });
}

TEST_F(ScopeTest, NounIsDeniedByTheWordBeforeIt) {
  Expect({
      {"it", "Nessun accordo tra Alvena e Boreal.", "Alvena partners_with Boreal denied"},
      {"en", "There is no deal between Alvena and Boreal.", "Alvena partners_with Boreal denied"},
      {"en", "There is a deal between Alvena and Boreal.", "Alvena partners_with Boreal"},
  });
}

TEST_F(ScopeTest, NotTrueIsDenied) {
  Expect({
      {"it", "Non è vero che Alvena ha comprato Boreal.", "Alvena acquires Boreal denied"},
      {"it", "È vero che Alvena ha comprato Boreal.", "Alvena acquires Boreal"},
  });
}

TEST_F(ScopeTest, ClauseBesideTheVerbOfDenyingIsDenied) {
  Expect({
      {"en", "Alvena denied it was in talks to buy Boreal.", "Alvena acquires Boreal denied"},
      {"en", "Alvena said it was in talks to buy Boreal.", "Alvena acquires Boreal planned"},
  });
}

TEST_F(ScopeTest, ForecasterSpeaksOfTheFigureBesideIt) {
  EXPECT_THAT(Facts("en",
                    "Alvena reported a net profit of $13.9 billion, more than the $13.4 billion "
                    "analysts had expected."),
              Contains("Alvena net_income 13.9e9 USD"));
  Expect({{"en", "Analysts expect Alvena to report a net profit of $13.9 billion.",
           "Alvena net_income 13.9e9 USD expected"}});
}

TEST_F(ScopeTest, WhatIsNotRuledOutMayCome) {
  Expect({
      {"fr", "Alvena n'exclut pas de racheter Boréal.", "Alvena acquires Boréal planned"},
      {"fr", "Alvena exclut de racheter Boréal.", "Alvena acquires Boréal denied"},
  });
}

TEST_F(ScopeTest, WhatANounPhraseSaysIsNotDeniedWithTheEvent) {
  Expect({
      {"en", "A judge blocked Alvena's purchase of rival Boreal.", "Alvena competes_with Boreal"},
      {"en", "A judge blocked Alvena's purchase of rival Boreal.", "Alvena acquires Boreal denied"},
      {"de", "Alvena-Chefin Helen Osei lehnt eine Fusion ab.", "Helen Osei holds_role Alvena"},
      {"es", "Alvena desmiente la venta de su planta de León.", "Alvena located_in León"},
  });
  EXPECT_THAT(Facts("de", "Alvena-Chefin Helen Osei lehnt eine Fusion ab."),
              Not(Contains("Helen Osei holds_role Alvena denied")));
}

TEST_F(ScopeTest, VerbDeniesNothingToldBeforeIt) {
  Expect({{"es", "La empresa Alvena contrató a Lazarte, pero descartó vender Boreal.",
           "Alvena uses Lazarte"}});
}

TEST_F(ScopeTest, NounIsDeniedByTheWordAfterItsOwner) {
  Expect({{"en", "Alvena abandoned its planned merger with Boreal.",
           "Alvena merges_with Boreal denied"}});
  Expect({{"en", "Alvena's failed merger with Boreal cost it $20 million.",
           "Alvena merges_with Boreal denied"}});
}

TEST_F(ScopeTest, WhatIsSeenToHappenHasHappened) {
  Expect({
      {"it", "La società Alvena ha visto l'utile scendere del 21%.",
       "Alvena profit_growth -21 percent"},
      {"fr", "Le groupe Alvena a vu son bénéfice reculer de 21%.",
       "Alvena profit_growth -21 percent"},
  });
}

TEST_F(ScopeTest, InfinitiveAfterAWordForAfterHasTheTenseOfItsSentence) {
  Expect({
      {"es", "Tras comprar Boreal, el grupo Kelden invirtió 50 millones de euros.",
       "Kelden acquires Boreal"},
      {"es", "Tras comprar Boreal, el grupo Kelden invertirá 50 millones de euros.",
       "Kelden acquires Boreal planned"},
  });
}

TEST_F(ScopeTest, ModalBeforeAPerfectInfinitiveTellsByHearsay) {
  Expect({
      {"de", "Der Konzern Alvena soll die Firma Boreal übernommen haben.",
       "Alvena acquires Boreal reported"},
      {"de", "Der Konzern Alvena will die Firma Boreal übernehmen.",
       "Alvena acquires Boreal planned"},
  });
}

TEST_F(ScopeTest, WhatAVerbThatLooksAheadSpeaksOfIsYetToCome) {
  const struct {
    const char* language;
    const char* before;
    std::vector<const char*> verbs;
    const char* after;
  } kCases[] = {
      {"it",
       "Il gruppo Alvena ",
       {"prevede", "stima", "si attende", "punta a"},
       " ricavi per 300 milioni di euro."},
      {"fr",
       "Le groupe Alvena ",
       {"vise", "prévoit", "anticipe", "espère"},
       " un chiffre d'affaires de 300 millions d'euros."},
      {"en",
       "The company Alvena ",
       {"expects", "targets", "is targeting", "anticipates"},
       " revenue of €300 million."},
      {"es",
       "El grupo Alvena ",
       {"prevé", "espera", "estima", "se fija"},
       " unos ingresos de 300 millones de euros."},
      {"de",
       "Der Konzern Alvena ",
       {"plant für 2025", "strebt 2025"},
       " einen Umsatz von 300 Millionen Euro an."},
  };
  for (const auto& c : kCases) {
    for (const char* verb : c.verbs) {
      const std::string text = absl::StrCat(c.before, verb, c.after);
      EXPECT_THAT(Facts(c.language, text), testing::Contains(testing::EndsWith(" planned")))
          << text;
    }
  }
}

TEST_F(ScopeTest, DealThatIsOnlyThoughtOfIsYetToCome) {
  Expect({{"fr", "Le groupe Alvena envisage le rachat de la société Boreal.",
           "Alvena acquires Boreal planned"},
          {"it", "Il gruppo Alvena prevede l'acquisizione della società Boreal.",
           "Alvena acquires Boreal planned"},
          {"es", "El grupo Alvena estudia la compra de la empresa Boreal.",
           "Alvena acquires Boreal planned"},
          {"fr", "Le groupe Alvena annonce le rachat de la société Boreal.",
           "Alvena acquires Boreal"}});
}

}  // namespace
}  // namespace fasti::ingest
