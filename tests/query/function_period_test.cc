#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "query/function/operators.h"
#include "tests/query/function_harness.h"

namespace fasti::function {
namespace {

const Value kNull;
constexpr absl::string_view kRefused = "ArgumentError.InvalidArgumentValue";

Value Told(absl::string_view text, Reading reading) {
  return Value(Of("period", text).as_period().As(reading));
}

TEST(PeriodFunctionsTest, PeriodsAreReadFromTextOrPutTogetherFromEnds) {
  EXPECT_EQ(Evaluate("period", "2025-Q2"), "2025-Q2");
  EXPECT_EQ(Evaluate("period", "?..2025"), "?..2025");
  EXPECT_EQ(Evaluate("period", "2023", "2025-06"), "2023..2025-06");
  EXPECT_EQ(Evaluate("period", Of("date", "2025-06-12"), kNull), "2025-06-12..");
  EXPECT_EQ(Evaluate("period", kNull, Of("date", "2025-06-12")), "..2025-06-12");
  EXPECT_EQ(Evaluate("period", "?", "2025"), "?..2025");
  EXPECT_EQ(Evaluate("period", Of("date", "2025-06-12")), "2025-06-12");
  EXPECT_EQ(Evaluate("period", kNull), "null");
}

TEST(PeriodFunctionsTest, WhatIsNoPeriodIsRefused) {
  EXPECT_EQ(Evaluate("period", "2025-02-30"), kRefused);
  EXPECT_EQ(Evaluate("period", "2025", "2023"), kRefused);
  EXPECT_EQ(Evaluate("period", 2025), "TypeError.InvalidArgumentValue");
}

TEST(PeriodFunctionsTest, QuantitiesHaveOneNumberOrARange) {
  EXPECT_EQ(Evaluate("qty", 14.3e9, "USD"), FormatValue(Value(Quantity::Exactly(14.3e9, "USD"))));
  EXPECT_EQ(Evaluate("qty", 14, 15, "USD"), FormatValue(Value(Quantity::Range(14, 15, "USD"))));
  EXPECT_EQ(Evaluate("qty", 10, kNull, "USD"),
            FormatValue(Value(Quantity::Range(10, std::nullopt, "USD"))));
  EXPECT_EQ(Evaluate("qty", kNull, "USD"), "null");
  EXPECT_EQ(Evaluate("qty", kNull, kNull, "USD"), "null");
  EXPECT_EQ(Evaluate("qty", 1, kNull), "null");
  EXPECT_EQ(Evaluate("qty", 15, 14, "USD"), kRefused);
  EXPECT_EQ(Evaluate("qty", 1, 2), "TypeError.InvalidArgumentType");
}

TEST(PeriodFunctionsTest, ABucketIsTheGranuleOfTheStart) {
  EXPECT_EQ(Evaluate("bucket", Of("date", "2025-06-12"), "month"), "2025-06");
  EXPECT_EQ(Evaluate("bucket", Of("period", "2025-06-12..2026"), "quarter"), "2025-Q2");
  EXPECT_EQ(Evaluate("bucket", Of("date", "2025-06-12"), "week"), "2025-06-09..2025-06-15");
  EXPECT_EQ(Evaluate("bucket", Of("date", "1969-12-31"), "week"), "1969-12-29..1970-01-04");
  EXPECT_EQ(Evaluate("bucket", Of("period", "..2025"), "year"), "null");
  EXPECT_EQ(Evaluate("bucket", Of("date", "2025-06-12"), "fortnight"), kRefused);
  EXPECT_EQ(Evaluate("bucket", Of("date", "2025-06-12"), "open"), kRefused);
}

TEST(PeriodFunctionsTest, WhatIsToldTooCoarselyHasNoBucket) {
  EXPECT_EQ(Evaluate("bucket", Told("2025-06", Reading::kEvent), "year"), "2025");
  EXPECT_EQ(Evaluate("bucket", Told("2025-06", Reading::kEvent), "month"), "2025-06");
  EXPECT_EQ(Evaluate("bucket", Told("2025-06", Reading::kEvent), "day"), "null");
  EXPECT_EQ(Evaluate("bucket", Told("2025", Reading::kState), "month"), "null");
  EXPECT_EQ(Evaluate("bucket", Told("2025", Reading::kExact), "month"), "2025-01");
}

TEST(PeriodFunctionsTest, BucketsCoverThePeriod) {
  EXPECT_EQ(Evaluate("buckets", Of("period", "2024-11..2025-01"), "month"),
            "[2024-11, 2024-12, 2025-01]");
  EXPECT_EQ(Evaluate("buckets", Of("period", "2024-11..2025-01"), "year"), "[2024, 2025]");
  EXPECT_EQ(Evaluate("size", Of("buckets", Of("period", "2023..2025"), "quarter")), "12");
  EXPECT_EQ(Evaluate("buckets", Of("period", "2024.."), "year"), kRefused);
  EXPECT_EQ(Evaluate("buckets", Of("period", "19xx"), "second"), "LimitError.Memory");
}

TEST(PeriodFunctionsTest, BucketsOfRandomPeriodsFollowEachOtherAndCoverThem) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  constexpr Instant kDay = 86'400'000'000;
  for (int i = 0; i < 200; ++i) {
    const Instant from = (static_cast<Instant>(random() % 40'000) - 20'000) * kDay;
    const Instant to = from + static_cast<Instant>(1 + random() % 500) * kDay;
    const Value period(Period{from, to, Precision::kDay, Precision::kDay, Reading::kExact});
    for (absl::string_view unit : {"day", "week", "month", "quarter", "half", "year", "decade"}) {
      const Value buckets = Of("buckets", period, unit);
      const List& list = buckets.as_list();
      ASSERT_FALSE(list.empty());
      EXPECT_LE(list.front().as_period().from, from);
      EXPECT_GT(list.front().as_period().to, from);
      EXPECT_LT(list.back().as_period().from, to);
      EXPECT_GE(list.back().as_period().to, to);
      for (size_t k = 1; k < list.size(); ++k) {
        EXPECT_EQ(list[k - 1].as_period().to, list[k].as_period().from);
        EXPECT_EQ(Evaluate("bucket", list[k], unit), FormatValue(list[k]));
      }
    }
  }
}

TEST(PeriodFunctionsTest, WindowsLieWithinThePeriod) {
  const Value june = Of("period", "2025-06");
  EXPECT_EQ(Evaluate("windows", june, Of("duration", "P14D"), Of("duration", "P7D")),
            "[2025-06-01..2025-06-14, 2025-06-08..2025-06-21, 2025-06-15..2025-06-28]");
  const Value windows = Of("windows", Of("period", "2025-01-31..2025-06-30"), Of("duration", "P1D"),
                           Of("duration", "P1M"));
  EXPECT_EQ(FormatValue(windows),
            "[2025-01-31, 2025-02-28, 2025-03-31, 2025-04-30, 2025-05-31, 2025-06-30]");
  EXPECT_EQ(Evaluate("windows", june, Of("duration", "P40D"), Of("duration", "P7D")), "[]");
  EXPECT_EQ(Evaluate("windows", june, Of("duration", "P1D"), Of("duration", "PT0S")),
            "ArgumentError.NumberOutOfRange");
  EXPECT_EQ(Evaluate("windows", june, Of("duration", "-P1D"), Of("duration", "P1D")),
            "ArgumentError.NumberOutOfRange");
}

TEST(PeriodFunctionsTest, UntilAndSinceOpenOneEnd) {
  EXPECT_EQ(Evaluate("until", Of("period", "2025-06")), "..2025-06");
  EXPECT_EQ(Evaluate("since", Of("period", "2025-06")), "2025-06..");
  EXPECT_EQ(Evaluate("until", Of("period", "2025..")), "..");
}

TEST(PeriodFunctionsTest, IntersectionsAndRelationsOfTwoPeriods) {
  EXPECT_EQ(Evaluate("intersection", Of("period", "2024..2025-06"), Of("period", "2025..")),
            "2025..2025-06");
  EXPECT_EQ(Evaluate("intersection", Of("period", "2024"), Of("period", "2026")), "null");
  EXPECT_EQ(Evaluate("allen", Of("period", "2024"), Of("period", "2025")), "'meets'");
  EXPECT_EQ(Evaluate("allen", Of("period", "2025-06"), Of("period", "2025")), "'during'");
  EXPECT_EQ(Evaluate("allen", Told("2025", Reading::kEvent), Of("period", "2025-06")), "null");
}

}  // namespace
}  // namespace fasti::function
