#include "tools/ingest/clauses/chunker.h"

#include "gmock/gmock.h"
#include "tests/ingest/reading.h"

namespace fasti::ingest {
namespace {

class ChunkerTest : public ReadingTest {};

TEST_F(ChunkerTest, CompoundAdjectiveHidesNoArticle) {
  Expect({{"en", "Alvena grew. The San Carrow-based company has acquired Boreal.",
           "Alvena acquires Boreal"},
          {"en", "Alvena grew. The loss-making company has acquired Boreal.",
           "Alvena acquires Boreal"}});
}

TEST_F(ChunkerTest, OwnerAndSuperlativeTellWhichOneIsMeant) {
  Expect({{"en", "Alvena grew. Europe's second-largest carrier has acquired Boreal.",
           "Alvena acquires Boreal"}});
}

TEST_F(ChunkerTest, PeriodOfALegalFormPartsNoVerbFromItsSubject) {
  Expect({{"en", "Alvena Inc. has acquired Boreal Corp. for $5 million.", "Alvena acquires Boreal"},
          {"en", "Alvena, Inc., a company, has acquired Boreal.", "Alvena acquires Boreal"}});
}

TEST_F(ChunkerTest, LetterAfterANounIsNoArticle) {
  Expect(
      {{"en", "Alvena raised a $20 million Series A led by Boreal.", "Boreal invests_in Alvena"}});
}

TEST_F(ChunkerTest, LongAttributeHidesNoArticle) {
  Expect({{"de",
           "Der Konzern Alvena wuchs. Das 2009 in Kiel gegründete Unternehmen hat Boreal gekauft.",
           "Alvena acquires Boreal"},
          {"de", "Der Konzern Alvena wuchs. Das im MDax notierte Unternehmen hat Boreal gekauft.",
           "Alvena acquires Boreal"}});
  EXPECT_THAT(Facts("de",
                    "Der Konzern Alvena wuchs. Das von der Firma Carrow übernommene Unternehmen "
                    "hat Boreal gekauft."),
              testing::Not(testing::Contains("Alvena acquires Boreal")));
}

TEST_F(ChunkerTest, NameAfterAnOfficeStaysWithItWhereverTheVerbStands) {
  Expect({{"de", "Das sagte der Chef des Konzerns Alvena, Simon Wald, am Montag.",
           "Simon Wald holds_role Alvena"},
          {"de", "Am Montag sagte das die Chefin der Alvena AG, Ruth Seidel.",
           "Ruth Seidel holds_role Alvena"}});
}

TEST_F(ChunkerTest, WhatANameIsAtIsNoPartOfTheSubject) {
  Expect({{"de",
           "Im Mai machte der Konzern Alvena bei einem Umsatz von 7 Milliarden Euro einen Verlust "
           "von 8 Millionen Euro.",
           "Alvena revenue 7e9 EUR"}});
}

}  // namespace
}  // namespace fasti::ingest
