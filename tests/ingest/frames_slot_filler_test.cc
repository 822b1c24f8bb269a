#include "tools/ingest/frames/slot_filler.h"

#include "gmock/gmock.h"
#include "tests/ingest/reading.h"

namespace fasti::ingest {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class SlotFillerTest : public ReadingTest {
 protected:
  struct Case {
    const char* language;
    const char* text;
  };
  // Whether none of the texts tells a fact with `words` in it.
  static void ExpectNone(std::initializer_list<Case> cases, const char* words) {
    for (const Case& c : cases) {
      EXPECT_THAT(Facts(c.language, c.text), Not(Contains(HasSubstr(words)))) << c.text;
    }
  }
};

TEST_F(SlotFillerTest, FigureOfAThingIsNotThatOfItsOwner) {
  ExpectNone({{"en", "Alvena grew. The new factory employs 280 people."},
              {"it", "Alvena cresce. Il nuovo stabilimento di Lecce impiega 280 addetti."},
              {"fr", "Alvena progresse. La nouvelle usine emploiera 280 personnes."},
              {"es", "Alvena crece. La nueva planta empleará a 280 personas."},
              {"de", "Alvena wächst. Das neue Werk beschäftigt 280 Mitarbeiter."}},
             "headcount");
}

TEST_F(SlotFillerTest, FigureOfAPartIsNotThatOfTheWhole) {
  ExpectNone({{"en", "Alvena's cloud division increased sales by 30% to $1.2 billion."},
              {"en", "The cloud division of Alvena generated revenue of $10 billion."},
              {"en", "Revenue of Alvena's cloud division rose 12% to $3 billion."},
              {"it", "La divisione cloud di Alvena ha generato ricavi per 10 milioni di euro."},
              {"fr",
               "La division cloud d'Alvena a réalisé un chiffre d'affaires de 10 millions "
               "d'euros."},
              {"es", "La división de nube de Alvena facturó 10 millones de euros."},
              {"de", "Die Cloud-Sparte von Alvena erzielte einen Umsatz von 10 Millionen Euro."}},
             "revenue");
}

TEST_F(SlotFillerTest, FigureToldOfAPlaceIsThatOfAPart) {
  ExpectNone({{"en", "Alvena grew. In Europe, revenue fell 2%."},
              {"en", "Sales in Europe rose 4% at Alvena."},
              {"it", "Alvena cresce. In Europa, invece, i ricavi sono calati del 2%."},
              {"fr", "Alvena progresse. En Europe, le chiffre d'affaires a reculé de 2%."},
              {"es", "Alvena crece. En Europa, los ingresos cayeron un 2%."},
              {"de", "Alvena wächst. In Europa sank der Umsatz um 2 Prozent."}},
             "revenue_growth");
}

TEST_F(SlotFillerTest, FigureInAnAppositionIsThatOfWhomItDescribes) {
  EXPECT_THAT(Facts("en",
                    "Alvena has completed the purchase of Polcargo, an operator with revenue of "
                    "$96 million."),
              UnorderedElementsAre("Alvena acquires Polcargo", "Polcargo revenue 96e6 USD"));
}

TEST_F(SlotFillerTest, OtherPartyDoesWhatItsNounSays) {
  ExpectNone({{"en", "Alvena's parent earned $20 million."},
              {"en", "Alvena shareholders own 12% of Boreal."}},
             "Alvena ");
}

TEST_F(SlotFillerTest, WhoApprovesATakeoverDoesNotTakeOver) {
  ExpectNone({{"en", "The European Commission has cleared Alvena's takeover of Boreal."},
              {"it", "La Commissione Europea ha dato il via libera all'acquisizione di Boreal."},
              {"fr", "La Commission européenne a approuvé le rachat de Boréal."},
              {"es", "La Comisión Europea aprobó la compra de Boreal."}},
             "Com");
  EXPECT_THAT(Facts("de", "Die Behörde Bundo hat die Übernahme von Boreal genehmigt."), IsEmpty());
  Expect({{"it", "Il cda di Alvena ha approvato l'acquisizione di Boreal.",
           "Alvena acquires Boreal"}});
}

TEST_F(SlotFillerTest, WhatAnOwnerHasIsNotTheOwner) {
  ExpectNone({{"en", "Alvena bought Boreal's factory in Leeds for £20 million."},
              {"en", "Alvena agreed to sell Boreal's seed business to Carrow."},
              {"de", "Boreal wächst. Der Konzern Alvena übernahm Boreals Werk."}},
             "acquires Boreal");
}

TEST_F(SlotFillerTest, PossessiveMeansTheSubjectAndNotWhoStandsBeforeIt) {
  for (const Case& c : {Case{"es", "El grupo Alvena vende a Boreal su filial Cardo."},
                        Case{"fr", "Alvena a vendu à Boréal sa filiale Cardo."}}) {
    EXPECT_THAT(Facts(c.language, c.text), Contains("Cardo part_of Alvena")) << c.text;
  }
}

TEST_F(SlotFillerTest, NoneOfAListIsWhoseListItIs) {
  ExpectNone({{"en", "Rivals including Tessera and Carrow Systems have also raised prices."}},
             "competes_with");
}

TEST_F(SlotFillerTest, FigureOfAGroupYetToBeFormedIsNobodys) {
  ExpectNone({{"fr",
               "Le suédois Norrik et le danois Delvar vont fusionner pour former un groupe de "
               "4 milliards d'euros de chiffre d'affaires."},
              {"es",
               "La sueca Norrik y la danesa Delvar se fusionan y crearán un grupo con ingresos "
               "de 4.000 millones de euros."}},
             "revenue");
}

TEST_F(SlotFillerTest, WhoIsFormerIsToldByARuleThatSaysSo) {
  Expect({{"en", "Alvena was founded by former Boreal executive Tom Brandt.",
           "Tom Brandt holds_role Boreal"}});
}

TEST_F(SlotFillerTest, FigureIsToldAsOneMeasure) {
  EXPECT_THAT(Facts("en", "Alvena delivered 4,200 vehicles in 2025."),
              UnorderedElementsAre("Alvena other_metric 4200 count @2025"));
}

}  // namespace
}  // namespace fasti::ingest
