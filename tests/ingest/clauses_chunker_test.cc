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

}  // namespace
}  // namespace fasti::ingest
