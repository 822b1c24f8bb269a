#include "tools/ingest/clauses/subject.h"

#include "gmock/gmock.h"
#include "tests/ingest/reading.h"

namespace fasti::ingest {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class SubjectTest : public ReadingTest {};

TEST_F(SubjectTest, ConjunctionBeforeTheVerbPartsItFromTheNameBefore) {
  EXPECT_THAT(
      Facts("en", "It lined up two customers, Boreal and Carrow, and will use 40,000 GPUs."),
      IsEmpty());
}

TEST_F(SubjectTest, ListMayEndInACommonNoun) {
  EXPECT_THAT(Facts("en", "Nuvia raised €11 million from Partech, Boreal and business angels."),
              UnorderedElementsAre("Nuvia raises_funding 11e6 EUR", "Partech invests_in Nuvia",
                                   "Boreal invests_in Nuvia"));
}

TEST_F(SubjectTest, TimeMayStandBetweenTheRelativeAndItsVerb) {
  Expect({{"it", "La società Alvena, che nel 2022 ha acquisito Boreal, cresce.",
           "Alvena acquires Boreal @2022"}});
}

TEST_F(SubjectTest, AnalystsOwnNoFigure) {
  Expect({{"it", "Alvena cresce. Gli analisti di Equita stimano sinergie di 700 milioni di euro.",
           "Alvena other_metric 700e6 EUR expected"}});
}

TEST_F(SubjectTest, NameBetweenAVerbOfTellingAndAFiniteVerbIsTheSubjectOfWhatIsTold) {
  Expect({
      {"en", "Finance chief Amit Rao said Alvena would invest £90 million in Boreal.",
       "Alvena invests_in Boreal reported"},
      {"en", "Alvena said Simon Vale would leave the company in June.",
       "Simon Vale leaves Alvena @2025-06 reported"},
      {"en", "The firm Alvena announced Carrow had acquired Boreal.", "Carrow acquires Boreal"},
  });
}

TEST_F(SubjectTest, WhoseOfficeAnAppositionTellsIsNotTheSubject) {
  Expect({{"en", "Ruth Adeyemi, a former Boreal executive, founded Alvena in 2015.",
           "Alvena founded_by Ruth Adeyemi @2015"}});
}

TEST_F(SubjectTest, CommaAndConjunctionBeforeANameWithAVerbOfItsOwnEndTheList) {
  EXPECT_THAT(Facts("en",
                    "The firm Tellura was advised by Carrow, and Wrenfield is acting as legal "
                    "counsel."),
              Not(Contains("Tellura uses Wrenfield")));
  EXPECT_THAT(Facts("en", "The firms Carrow, Alvena, and Tellura have acquired Boreal."),
              IsSupersetOf({"Carrow acquires Boreal", "Tellura acquires Boreal"}));
}

TEST_F(SubjectTest, WhatIsToldOfANounIsNotToldOfWhoTellsIt) {
  for (const char* text : {"Kelden said the purchase would add £120m of annual sales.",
                           "Kelden said that the purchase would add £120m of annual sales."}) {
    EXPECT_THAT(Facts("en", text), IsEmpty()) << text;
  }
  EXPECT_THAT(
      Facts("it",
            "La società Alvena ha detto che il piano ridurrà il debito a 30 milioni di euro."),
      Not(Contains("Alvena revenue 30e6 EUR planned")));
}

TEST_F(SubjectTest, RelativePronounMeansWhoHeldTheOfficeAndNotWhoseItWas) {
  EXPECT_THAT(
      Facts("en", "Owen Pryce, a former Boreal executive who founded Alvena in 2015, spoke."),
      Contains("Alvena founded_by Owen Pryce @2015"));
}

}  // namespace
}  // namespace fasti::ingest
