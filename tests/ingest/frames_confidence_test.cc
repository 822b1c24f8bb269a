#include "tools/ingest/frames/confidence.h"

#include "gtest/gtest.h"

namespace fasti::ingest {
namespace {

TEST(ConfidenceTest, IsAProbability) {
  Evidence worst;
  worst.fit = 0.01;
  worst.off_topic = true;
  worst.asserted = false;
  worst.others = 1000;
  worst.rare = 2;
  for (const Evidence& evidence : {Evidence{}, worst}) {
    EXPECT_GT(ConfidenceOf(evidence), 0.0);
    EXPECT_LT(ConfidenceOf(evidence), 1.0);
  }
  EXPECT_LT(ConfidenceOf(worst), 0.5);
}

TEST(ConfidenceTest, BetterFitAndASecondTellingRaiseIt) {
  Evidence poor;
  poor.fit = 0.6;
  EXPECT_LT(ConfidenceOf(poor), ConfidenceOf(Evidence{}));
  Evidence repeated = poor;
  repeated.repeated = true;
  EXPECT_LT(ConfidenceOf(poor), ConfidenceOf(repeated));
}

}  // namespace
}  // namespace fasti::ingest
