#include "tools/ingest/clauses/subject.h"

#include "gmock/gmock.h"
#include "tests/ingest/reading.h"

namespace fasti::ingest {
namespace {

using ::testing::IsEmpty;
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

}  // namespace
}  // namespace fasti::ingest
