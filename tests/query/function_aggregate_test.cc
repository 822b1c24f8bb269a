#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/query/function_harness.h"

namespace fasti::function {
namespace {

using Rows = std::vector<std::vector<Value>>;
const Value kNull;

std::string AggregateRows(absl::string_view name, bool distinct, const Rows& rows) {
  const FakeContext context;
  const Function* function = FindFunction(name);
  FASTI_CHECK(function != nullptr);
  const std::unique_ptr<Accumulator> accumulator = MakeAccumulator(*function, distinct, context);
  for (const std::vector<Value>& row : rows) {
    const absl::Status status = accumulator->Add(row);
    if (!status.ok()) return Outcome(status);
  }
  return Outcome(accumulator->Finish());
}

// Over one argument per row.
template <typename... Values>
std::string Aggregate(absl::string_view name, const Values&... values) {
  return AggregateRows(name, false, {{Value(values)}...});
}
template <typename... Values>
std::string AggregateDistinct(absl::string_view name, const Values&... values) {
  return AggregateRows(name, true, {{Value(values)}...});
}

Value PeriodText(absl::string_view text) {
  const absl::StatusOr<Period> period = ParsePeriod(text);
  FASTI_CHECK(period.ok());
  return Value(*period);
}

TEST(AggregateTest, NullRowsDoNotCount) {
  EXPECT_EQ(Aggregate("count", 1, kNull, "a"), "2");
  EXPECT_EQ(Aggregate("sum", 33, kNull, 42), "75");
  EXPECT_EQ(Aggregate("avg", 1, kNull, 2), "1.5");
  EXPECT_EQ(Aggregate("collect", 1, kNull, "a"), "[1, 'a']");
  EXPECT_EQ(Aggregate("max", kNull, 2, -1), "2");
  EXPECT_EQ(Aggregate("min", kNull, 2, -1), "-1");
}

TEST(AggregateTest, CountOfRowsTakesNoArgument) {
  EXPECT_EQ(AggregateRows("count", false, {{}, {}, {}}), "3");
}

TEST(AggregateTest, NoRowsGiveTheNeutralValue) {
  EXPECT_EQ(Aggregate("count"), "0");
  EXPECT_EQ(Aggregate("sum"), "0");
  EXPECT_EQ(Aggregate("collect"), "[]");
  for (absl::string_view name : {"avg", "min", "max", "percentileCont", "percentileDisc", "span",
                                 "argmin", "argmax", "integral"}) {
    EXPECT_EQ(Aggregate(name), "null") << name;
  }
  EXPECT_EQ(Aggregate("coalesced"), "[]");
  EXPECT_EQ(Aggregate("stDev"), "0.0");
}

TEST(AggregateTest, SumsAreExactAndDoNotDependOnOrder) {
  EXPECT_EQ(Aggregate("sum", INT64_MAX, 1, -2), "9223372036854775806");
  EXPECT_EQ(Aggregate("sum", INT64_MAX, 1), "ArithmeticError.IntegerOverflow");
  EXPECT_EQ(Aggregate("avg", INT64_MAX, INT64_MAX), "9.223372036854776e+18");
  EXPECT_EQ(Aggregate("sum", 1, 0.5), "1.5");
  EXPECT_EQ(Aggregate("sum", 1, "a"), "TypeError.InvalidArgumentType");
}

TEST(AggregateTest, DurationsAndQuantitiesAddUp) {
  EXPECT_EQ(Aggregate("sum", Of("duration", "P1D"), Of("duration", "PT6H")), "P1DT6H");
  EXPECT_EQ(Aggregate("avg", Of("duration", "P1D"), Of("duration", "P2D")), "P1DT12H");
  EXPECT_EQ(Aggregate("sum", Of("qty", 1, "USD"), Of("qty", 2, 3, "USD")),
            FormatValue(Of("qty", 3, 4, "USD")));
  EXPECT_EQ(Aggregate("avg", Of("qty", 1, "USD"), Of("qty", 3, "USD")),
            FormatValue(Of("qty", 2, "USD")));
  EXPECT_EQ(Aggregate("sum", Of("qty", 1, "USD"), Of("qty", 2, "EUR")),
            "ArgumentError.InvalidArgumentValue");
  EXPECT_EQ(Aggregate("sum", 1, Of("qty", 2, "EUR")), "TypeError.InvalidArgumentType");
}

TEST(AggregateTest, ExtremesFollowTheOrderOfOrderBy) {
  EXPECT_EQ(Aggregate("max", 1, "a", kNull, ListOf(1, 2), 0.2, "b"), "1");
  EXPECT_EQ(Aggregate("min", 1, "a", kNull, ListOf(1, 2), 0.2, "b"), "[1, 2]");
  EXPECT_EQ(Aggregate("max", ListOf(1), ListOf(2), ListOf(2, 1)), "[2, 1]");
}

TEST(AggregateTest, DistinctLeavesOutWhatWasThere) {
  EXPECT_EQ(AggregateDistinct("count", 1, 1.0, 2, kNull, kNull), "2");
  EXPECT_EQ(AggregateDistinct("collect", kNull, 1, kNull), "[1]");
  EXPECT_EQ(AggregateDistinct("sum", 2, 2, 3), "5");
}

TEST(AggregateTest, PercentilesOfThreePrices) {
  const auto at = [](absl::string_view name, double fraction) {
    return AggregateRows(name, false,
                         {{Value(20.0), Value(fraction)},
                          {Value(10.0), Value(fraction)},
                          {Value(30.0), Value(fraction)}});
  };
  EXPECT_EQ(at("percentileDisc", 0.0), "10.0");
  EXPECT_EQ(at("percentileDisc", 0.5), "20.0");
  EXPECT_EQ(at("percentileDisc", 1.0), "30.0");
  EXPECT_EQ(at("percentileCont", 0.25), "15.0");
  EXPECT_EQ(at("percentileCont", 1.0), "30.0");
  EXPECT_EQ(at("percentileDisc", 1.1), "ArgumentError.NumberOutOfRange");
  EXPECT_EQ(at("percentileCont", -1), "ArgumentError.NumberOutOfRange");
}

TEST(AggregateTest, DeviationsOfASampleAndOfAll) {
  EXPECT_EQ(Aggregate("stDevP", 2, 4, 4, 4, 5, 5, 7, 9), "2.0");
  EXPECT_EQ(Aggregate("stDev", 1, 3), "1.4142135623730951");
  EXPECT_EQ(Aggregate("stDev", 7), "0.0");
  EXPECT_EQ(Aggregate("stDevP", 1e9 + 1, 1e9 + 3), "1.0");
}

TEST(AggregateTest, ArgExtremesDoNotDependOnTheOrderOfRows) {
  Rows rows = {{Value("b"), Value(2)},
               {Value("a"), Value(2)},
               {Value("c"), Value(1)},
               {Value("d"), Value()},
               {Value("e"), Value(1)}};
  std::sort(rows.begin(), rows.end(),
            [](const auto& x, const auto& y) { return ValueOrder(x[0], y[0]) < 0; });
  do {
    EXPECT_EQ(AggregateRows("argmax", false, rows), "'a'");
    EXPECT_EQ(AggregateRows("argmin", false, rows), "'c'");
  } while (std::next_permutation(rows.begin(), rows.end(), [](const auto& x, const auto& y) {
    return ValueOrder(x[0], y[0]) < 0;
  }));
}

TEST(PeriodAggregateTest, SpanReachesFromTheFirstStartToTheLastEnd) {
  const auto span = [](auto... texts) { return Aggregate("span", PeriodText(texts)...); };
  EXPECT_EQ(span("2024-03", "2025-06-12", "2025"), "2024-03..2025");
  EXPECT_EQ(span("2024..", "2020"), "2020..");
  EXPECT_EQ(span("..2024", "2020"), "..2024");
  EXPECT_EQ(Aggregate("span", Of("date", "2025-01-02"), kNull), "2025-01-02");
  EXPECT_EQ(Aggregate("span", "2025"), "TypeError.InvalidArgumentType");
}

TEST(PeriodAggregateTest, CoalescedPeriodsAreMaximal) {
  const auto coalesced = [](auto... texts) { return Aggregate("coalesced", PeriodText(texts)...); };
  EXPECT_EQ(coalesced("2023", "2021", "2024"), "[2021, 2023..2024]");
  EXPECT_EQ(coalesced("2020..2025", "2021"), "[2020..2025]");
  EXPECT_EQ(coalesced("2024..", "2025", "2026.."), "[2024..]");
  EXPECT_EQ(coalesced("?..2025", "2024", "?..2025"), "[?..2025, 2024]");
}

TEST(PeriodAggregateTest, CoalescedPeriodsCoverTheSameDaysAndNeverMeet) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  constexpr Instant kDay = 86'400'000'000;
  for (int i = 0; i < 300; ++i) {
    const FakeContext context;
    const auto accumulator = MakeAccumulator(*FindFunction("coalesced"), false, context);
    std::vector<bool> days(60, false);
    for (uint64_t n = random() % 12; n > 0; --n) {
      const size_t from = random() % 50;
      const size_t to = from + 1 + random() % 9;
      std::fill(days.begin() + static_cast<ptrdiff_t>(from),
                days.begin() + static_cast<ptrdiff_t>(to), true);
      const Period period{static_cast<Instant>(from) * kDay, static_cast<Instant>(to) * kDay,
                          Precision::kDay, Precision::kDay, Reading::kExact};
      ASSERT_TRUE(accumulator->Add({Value(period)}).ok());
    }
    std::vector<bool> covered(60, false);
    const Value result = *accumulator->Finish();
    Instant last_end = -1;
    for (const Value& value : result.as_list()) {
      EXPECT_GT(value.as_period().from, last_end);
      last_end = value.as_period().to;
      for (Instant day = value.as_period().from / kDay; day < last_end / kDay; ++day) {
        covered[static_cast<size_t>(day)] = true;
      }
    }
    EXPECT_EQ(covered, days);
  }
}

TEST(PeriodAggregateTest, IntegralIsValueTimesDays) {
  const Value june = PeriodText("2025-06");
  const Value july = PeriodText("2025-07");
  EXPECT_EQ(AggregateRows("integral", false, {{Value(2), june}, {Value(1), july}}), "91.0");
  EXPECT_EQ(AggregateRows("integral", false, {{Of("qty", 2, "USD"), june}}),
            FormatValue(Of("qty", 60, "USD*day")));
  EXPECT_EQ(AggregateRows("integral", false, {{Value(2), PeriodText("2025..")}}),
            "ArgumentError.InvalidArgumentValue");
  EXPECT_EQ(AggregateRows("integral", false, {{Value("x"), june}}),
            "TypeError.InvalidArgumentType");
}

std::string Window(absl::string_view name, const Rows& rows, std::vector<size_t> peers_from = {},
                   std::vector<size_t> frame_from = {}) {
  peers_from.resize(rows.size(), 0);
  frame_from.resize(rows.size(), 0);
  absl::StatusOr<std::vector<Value>> values =
      FindFunction(name)->evaluate_window({rows, peers_from, frame_from});
  if (!values.ok()) return Outcome(values.status());
  return FormatValue(Value(List(*std::move(values))));
}

TEST(WindowTest, NeighboursOutsideThePartitionAreTheDefault) {
  const Rows one = {{Value(10)}, {Value(20)}, {Value(30)}};
  EXPECT_EQ(Window("lag", one), "[null, 10, 20]");
  EXPECT_EQ(Window("lead", one), "[20, 30, null]");
  const Rows two = {{Value(10), Value(2), Value(0)},
                    {Value(20), Value(2), Value(0)},
                    {Value(30), Value(2), Value(0)}};
  EXPECT_EQ(Window("lag", two), "[0, 0, 10]");
  EXPECT_EQ(Window("lead", two), "[30, 0, 0]");
  EXPECT_EQ(Window("lag", {{Value(1), Value(INT64_MAX)}}), "[null]");
  EXPECT_EQ(Window("lag", {{Value(1), Value(-1)}}), "ArgumentError.NumberOutOfRange");
  EXPECT_EQ(Window("lag", {{Value(1), Value("x")}}), "TypeError.InvalidArgumentType");
}

TEST(WindowTest, TiesShareARankAndRowsHaveNumbers) {
  const Rows rows(4);
  EXPECT_EQ(Window("rank", rows, {0, 1, 1, 3}), "[1, 2, 2, 4]");
  EXPECT_EQ(Window("row_number", rows), "[1, 2, 3, 4]");
}

TEST(WindowTest, TheFirstValueIsThatOfTheFrame) {
  const Rows rows = {{Value("a")}, {Value("b")}, {Value("c")}};
  EXPECT_EQ(Window("first_value", rows), "['a', 'a', 'a']");
  EXPECT_EQ(Window("first_value", rows, {}, {0, 0, 1}), "['a', 'a', 'b']");
}

}  // namespace
}  // namespace fasti::function
