#include "tools/ingest/frames/time_finder.h"

#include "gmock/gmock.h"
#include "tests/ingest/reading.h"

namespace fasti::ingest {
namespace {

using ::testing::UnorderedElementsAre;

class TimeFinderTest : public ReadingTest {};

TEST_F(TimeFinderTest, EventHasNoTimeSinceWhen) {
  EXPECT_THAT(
      Facts("fr",
            "Le groupe Alvena a accepté la démission de Rémi Tallec, son directeur "
            "général depuis 2017."),
      UnorderedElementsAre("Rémi Tallec holds_role Alvena @2017..", "Rémi Tallec leaves Alvena"));
}

TEST_F(TimeFinderTest, TimeAfterAComparedFigureIsThatFigures) {
  Expect({
      {"en", "It values Novaline at $900 million, up from $350 million in 2023.",
       "Novaline valuation 900e6 USD"},
      {"en", "It valued Novaline at $900 million in 2023.", "Novaline valuation 900e6 USD @2023"},
  });
}

TEST_F(TimeFinderTest, TimeOfAnEnclosedFigureIsThatOfNoOther) {
  Expect({{"en", "Alvena reported revenue of €900 million (2024: €350 million).",
           "Alvena revenue 900e6 EUR"},
          {"en", "Alvena reported revenue of €900 million (in 2024).",
           "Alvena revenue 900e6 EUR @2024"}});
}

TEST_F(TimeFinderTest, FigureWithAnUnknownTimeHasNoOther) {
  EXPECT_THAT(Facts("it",
                    "Nel 2025 i ricavi di Alvena sono saliti a 212 milioni di euro dai 200 milioni "
                    "dell'anno precedente."),
              UnorderedElementsAre("Alvena revenue 212e6 EUR @2025", "Alvena revenue 200e6 EUR"));
}

TEST_F(TimeFinderTest, TimeOfAnotherVerbIsNotThatOfTheFigureBefore) {
  Expect({{"en", "The £3.4 billion Arran Bank project is due to start producing power in 2029.",
           "Arran Bank budget 3.4e9 GBP planned"}});
}

TEST_F(TimeFinderTest, PartOfASentenceThatLooksAheadMovesNoOtherTime) {
  Expect({
      {"en", "Revenue of Alvena reached €18 million in April, and it expects to hire.",
       "Alvena revenue 18e6 EUR @2025-04"},
      {"en", "In September, Alvena will acquire Boreal.",
       "Alvena acquires Boreal @2025-09 planned"},
  });
}

}  // namespace
}  // namespace fasti::ingest
