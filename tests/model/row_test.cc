#include "engine/model/row.h"

#include <gtest/gtest.h>

#include "fasti/report.h"

namespace fasti {
namespace {

TEST(RowTest, ValidPeriodComesBackWithItsPrecisions) {
  for (const char* text : {"2025-06", "2025-06-12..", "..2025", "?..2025", "2025..?", "..", "?..?",
                           "0001..9999", "2025-06-12T10:00:05.000001", "-290307..+294246"}) {
    const Period valid = *ParsePeriod(text);
    Row row;
    row.flags = MakeFlags(Precision::kDay, Precision::kDay, Modality::kPlanned, true, false);
    SetRowValid(valid, &row);
    EXPECT_EQ(RowValid(row, Reading::kState), valid) << text;
    EXPECT_EQ(RowValid(row, Reading::kState).reading, Reading::kState);
    EXPECT_EQ(ToFact(row, Reading::kExact).modality, Modality::kPlanned);
    EXPECT_TRUE(ToFact(row, Reading::kExact).has_qualifiers);
    EXPECT_FALSE(ToFact(row, Reading::kExact).has_claims);
  }
}

TEST(RowTest, DurationClassIsTheLeastThatHolds) {
  struct Case {
    const char* valid;
    int expected;
  };
  const Case kCases[] = {
      {"2025-06-12T10:00:05.000001", 0},
      {"2025-06-12T10:00:05", 2},
      {"2025-06-12T10:00", 3},
      {"2025-06-12T10", 4},
      {"2025-06-12", 5},
      {"2025-06-12..2025-06-15", 6},
      {"2025-06", 8},
      {"2025", 10},
      {"0001..9999", 13},
      {"2025..", kClassOpen},
      {"2025..?", kClassOpen},
      {"..2025", kClassNoStart},
      {"..", kClassNoStart},
      {"?..?", kClassNoStart},
  };
  for (const Case& c : kCases) {
    Row row;
    SetRowValid(*ParsePeriod(c.valid), &row);
    EXPECT_EQ(DurationClass(row), c.expected) << c.valid;
    if (c.expected >= kClassOpen) continue;
    EXPECT_LE(row.duration, ClassBound(DurationClass(row))) << c.valid;
    if (c.expected > 0) {
      EXPECT_GT(row.duration, ClassBound(static_cast<uint8_t>(c.expected - 1))) << c.valid;
    }
  }
}

TEST(RowTest, NamesComeBack) {
  for (int i = 0; i < 5; ++i) {
    const auto modality = static_cast<Modality>(i);
    EXPECT_EQ(ModalityFromName(ModalityName(modality)), modality);
  }
  EXPECT_EQ(ModalityFromName(""), std::nullopt);
  EXPECT_EQ(RelationKindName(RelationKind::kMetric), "METRIC");
  EXPECT_EQ(ReadingOf(RelationKind::kUndeclared), Reading::kState);
  EXPECT_EQ(ReadingOf(RelationKind::kMetric), Reading::kExact);
  EXPECT_EQ(VerdictName(Verdict::kDenied), "denied");
}

}  // namespace
}  // namespace fasti
