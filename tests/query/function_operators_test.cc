#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "query/function/operators.h"
#include "tests/query/function_harness.h"

namespace fasti::function {
namespace {

constexpr int64_t kIntMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kIntMax = std::numeric_limits<int64_t>::max();
const double kNan = std::nan("");

using Binary = absl::StatusOr<Value> (*)(const Value&, const Value&);

template <typename A, typename B>
std::string Apply(Binary op, const A& a, const B& b) {
  return Outcome(op(Value(a), Value(b)));
}
std::string Shown(const Value& value) {
  return FormatValue(value);
}

Value Qty(double low, double high, absl::string_view unit) {
  return Value(Quantity::Range(low, high, unit));
}
Value PeriodText(absl::string_view text) {
  const absl::StatusOr<Period> period = ParsePeriod(text);
  FASTI_CHECK(period.ok());
  return Value(*period);
}
Value DurationText(absl::string_view text) {
  const absl::StatusOr<Duration> duration = ParseDuration(text);
  FASTI_CHECK(duration.ok());
  return Value(*duration);
}

TEST(ArithmeticTest, IntegersStayIntegersAndNeverWrap) {
  EXPECT_EQ(Apply(Add, 1, 2), "3");
  EXPECT_EQ(Apply(Subtract, 1, 2), "-1");
  EXPECT_EQ(Apply(Multiply, 4, 5), "20");
  EXPECT_EQ(Apply(Divide, 7, 2), "3");
  EXPECT_EQ(Apply(Divide, -7, 2), "-3");
  EXPECT_EQ(Apply(Modulo, -7, 2), "-1");
  EXPECT_EQ(Apply(Power, 2, 3), "8.0");
  EXPECT_EQ(Apply(Add, kIntMax, 1), "ArithmeticError.IntegerOverflow");
  EXPECT_EQ(Apply(Subtract, kIntMin, 1), "ArithmeticError.IntegerOverflow");
  EXPECT_EQ(Apply(Multiply, kIntMax, 2), "ArithmeticError.IntegerOverflow");
  EXPECT_EQ(Apply(Divide, kIntMin, -1), "ArithmeticError.IntegerOverflow");
  EXPECT_EQ(Apply(Modulo, kIntMin, -1), "0");
  EXPECT_EQ(Outcome(Negate(Value(kIntMin))), "ArithmeticError.IntegerOverflow");
}

TEST(ArithmeticTest, OnlyIntegersAreHurtByZero) {
  EXPECT_EQ(Apply(Divide, 1, 0), "ArithmeticError.DivisionByZero");
  EXPECT_EQ(Apply(Modulo, 1, 0), "ArithmeticError.DivisionByZero");
  EXPECT_EQ(Apply(Divide, 0.0, 0.0), "NaN");
  EXPECT_EQ(Apply(Divide, 1.0, 0), Shown(Value(std::numeric_limits<double>::infinity())));
}

TEST(ArithmeticTest, ThereIsOneZero) {
  EXPECT_EQ(Outcome(Negate(Value(0.0))), "0.0");
  EXPECT_EQ(Outcome(Negate(Value(1.5))), "-1.5");
}

TEST(ArithmeticTest, PlusJoinsTextsAndLists) {
  EXPECT_EQ(Apply(Add, "a", "b"), "'ab'");
  EXPECT_EQ(Apply(Add, "a", 1), "'a1'");
  EXPECT_EQ(Apply(Add, 1.5, "a"), "'1.5a'");
  EXPECT_EQ(Apply(Add, ListOf(1, 10), ListOf(4)), "[1, 10, 4]");
  EXPECT_EQ(Apply(Add, ListOf(false), true), "[false, true]");
  EXPECT_EQ(Apply(Add, 0, ListOf(1)), "[0, 1]");
}

TEST(ArithmeticTest, NullIsAbsorbing) {
  for (const Binary op : {Add, Subtract, Multiply, Divide, Modulo, Power}) {
    EXPECT_EQ(Apply(op, Value(), 1), "null");
    EXPECT_EQ(Apply(op, 1, Value()), "null");
  }
  EXPECT_EQ(Outcome(Negate(Value())), "null");
}

TEST(ArithmeticTest, KindsWithoutArithmeticAreTypeErrors) {
  EXPECT_EQ(Apply(Add, true, 1), "TypeError.InvalidArgumentType");
  EXPECT_EQ(Apply(Subtract, "a", "b"), "TypeError.InvalidArgumentType");
  EXPECT_EQ(Apply(Modulo, "a", 2), "TypeError.InvalidArgumentType");
  EXPECT_EQ(Apply(Multiply, Map(), 2), "TypeError.InvalidArgumentType");
  EXPECT_EQ(Apply(Multiply, 2, "a"), "TypeError.InvalidArgumentType");
  EXPECT_EQ(Apply(Subtract, Date{1}, Date{0}), "TypeError.InvalidArgumentType");
  EXPECT_EQ(Outcome(UnaryPlus(Value("a"))), "TypeError.InvalidArgumentType");
}

TEST(ArithmeticTest, QuantitiesOfOneUnitAddAndDivide) {
  const Value five = Qty(5, 5, "USD");
  const Value range = Qty(1, 2, "USD");
  EXPECT_EQ(Apply(Add, five, range), Shown(Qty(6, 7, "USD")));
  EXPECT_EQ(Apply(Subtract, five, range), Shown(Qty(3, 4, "USD")));
  EXPECT_EQ(Apply(Multiply, 2, range), Shown(Qty(2, 4, "USD")));
  EXPECT_EQ(Apply(Divide, range, 2), Shown(Qty(0.5, 1, "USD")));
  EXPECT_EQ(Apply(Divide, five, Qty(2, 2, "USD")), "2.5");
  EXPECT_EQ(Apply(Add, five, Qty(1, 1, "EUR")), "ArgumentError.InvalidArgumentValue");
  EXPECT_EQ(Apply(Divide, five, 0), "ArithmeticError.DivisionByZero");
  EXPECT_EQ(Apply(Add, five, 1), "TypeError.InvalidArgumentType");
}

TEST(ArithmeticTest, DurationsMoveCalendarValues) {
  const Value date = Of("date", "1984-10-11");
  const Value local = Of("localdatetime", "1984-10-11T12:31:14.000000001");
  const Value by = DurationText("P12Y5M14DT16H12M70.000000002S");
  EXPECT_EQ(Apply(Add, date, by), "1997-03-25");
  EXPECT_EQ(Apply(Add, by, date), "1997-03-25");
  EXPECT_EQ(Apply(Subtract, date, by), "1972-04-27");
  EXPECT_EQ(Apply(Add, local, by), "1997-03-26T04:44:24.000000003");
  EXPECT_EQ(Apply(Subtract, local, by), "1972-04-26T20:18:03.999999999");
  EXPECT_EQ(Apply(Add, Of("date", "2024-01-31"), DurationText("P1M")), "2024-02-29");
  EXPECT_EQ(Apply(Subtract, Of("date", "2024-03-31"), DurationText("P1Y1M")), "2023-02-28");
  EXPECT_EQ(Apply(Add, Of("date", "+999999999-12-31"), DurationText("P1D")),
            "ArgumentError.NumberOutOfRange");
}

TEST(ArithmeticTest, DaysFollowTheClockOfTheZoneAndHoursTheAxisOfTime) {
  const Value before = Of("datetime", "2017-10-28T12:00[Europe/Stockholm]");
  EXPECT_EQ(Apply(Add, before, DurationText("P1D")), "2017-10-29T12:00+01:00[Europe/Stockholm]");
  EXPECT_EQ(Apply(Add, before, DurationText("PT24H")), "2017-10-29T11:00+01:00[Europe/Stockholm]");
}

TEST(ArithmeticTest, DurationsScalePartByPart) {
  const Value duration = DurationText("P12Y5M14DT16H12M70.000000001S");
  EXPECT_EQ(Apply(Multiply, duration, 2), "P24Y10M28DT32H26M20.000000002S");
  EXPECT_EQ(Apply(Divide, duration, 2), "P6Y2M22DT13H21M8S");
  EXPECT_EQ(Apply(Multiply, 0.5, duration), "P6Y2M22DT13H21M8S");
  EXPECT_EQ(Apply(Divide, duration, 1), Shown(duration));
  EXPECT_EQ(Apply(Divide, duration, 0), "ArithmeticError.DivisionByZero");
  EXPECT_EQ(Apply(Subtract, duration, duration), "PT0S");
  EXPECT_EQ(Outcome(Negate(DurationText("P1M-2DT3S"))), "P-1M2DT-3S");
}

TEST(ArithmeticTest, AddingAndSubtractingDaysAndTimeIsLossless) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<int64_t> seconds(-4'000'000'000, 4'000'000'000);
  for (int i = 0; i < 2'000; ++i) {
    const Value local(
        LocalDateTime{seconds(random), static_cast<int32_t>(random() % 1'000'000'000)});
    Duration duration;
    duration.days = static_cast<int64_t>(random() % 100'000) - 50'000;
    duration.seconds = seconds(random);
    const Value by(duration);
    EXPECT_EQ(Outcome(Subtract(*Add(local, by), by)), Shown(local)) << Shown(by);
    EXPECT_EQ(Outcome(Add(*Multiply(by, Value(3)), by)), Outcome(Multiply(by, Value(4))));
  }
}

TEST(LogicTest, TruthTablesAreThreeValued) {
  const Value t(true), f(false), n;
  EXPECT_EQ(Apply(And, f, n), "false");
  EXPECT_EQ(Apply(And, t, n), "null");
  EXPECT_EQ(Apply(Or, t, n), "true");
  EXPECT_EQ(Apply(Or, f, n), "null");
  EXPECT_EQ(Apply(Xor, t, n), "null");
  EXPECT_EQ(Apply(Xor, t, f), "true");
  EXPECT_EQ(Apply(Xor, t, t), "false");
  EXPECT_EQ(Outcome(Not(n)), "null");
  EXPECT_EQ(Outcome(Not(t)), "false");
}

TEST(LogicTest, OperandsThatAreNoTruthAreTypeErrors) {
  for (const Binary op : {And, Or, Xor}) {
    EXPECT_EQ(Apply(op, 123, true), "TypeError.InvalidArgumentType");
    EXPECT_EQ(Apply(op, false, "x"), "TypeError.InvalidArgumentType");
    EXPECT_EQ(Apply(op, Value(), List()), "TypeError.InvalidArgumentType");
  }
  EXPECT_EQ(Outcome(Not(Value(0))), "TypeError.InvalidArgumentType");
}

TEST(ComparisonTest, NumbersCompareAcrossTypes) {
  EXPECT_EQ(Shown(Equal(Value(1), Value(1.0))), "true");
  EXPECT_EQ(Shown(Less(Value(1), Value(3.14))), "true");
  EXPECT_EQ(Shown(GreaterOrEqual(Value(3.14), Value(1))), "true");
  EXPECT_EQ(Shown(LessOrEqual(Value(2), Value(2.0))), "true");
}

TEST(ComparisonTest, UnlikeKindsAndNullGiveNull) {
  EXPECT_EQ(Shown(Less(Value(1), Value("a"))), "null");
  EXPECT_EQ(Shown(LessOrEqual(Value(1), Value(true))), "null");
  EXPECT_EQ(Shown(Greater(Value(), Value(1))), "null");
  EXPECT_EQ(Shown(LessOrEqual(Value(Map()), Value(Map()))), "null");
  EXPECT_EQ(Shown(LessOrEqual(Value(EntityId{1}), Value(EntityId{1}))), "null");
  EXPECT_EQ(Shown(NotEqual(Value(1), Value("a"))), "true");
  EXPECT_EQ(Shown(NotEqual(Value(), Value(1))), "null");
}

TEST(ComparisonTest, NanIsBesideEveryNumber) {
  for (const Value& other : {Value(1), Value(1.0), Value(kNan)}) {
    for (const auto op : {Less, LessOrEqual, Greater, GreaterOrEqual, Equal}) {
      EXPECT_EQ(Shown(op(Value(kNan), other)), "false");
    }
    EXPECT_EQ(Shown(NotEqual(Value(kNan), other)), "true");
  }
  EXPECT_EQ(Shown(LessOrEqual(Value(kNan), Value("a"))), "null");
}

TEST(ComparisonTest, ListsCompareElementByElement) {
  const Value n;
  EXPECT_EQ(Shown(GreaterOrEqual(ListOf(1, 0), ListOf(1))), "true");
  EXPECT_EQ(Shown(GreaterOrEqual(ListOf(1, n), ListOf(1))), "true");
  EXPECT_EQ(Shown(GreaterOrEqual(ListOf(1, 2), ListOf(1, n))), "null");
  EXPECT_EQ(Shown(GreaterOrEqual(ListOf(1, "a"), ListOf(1, n))), "null");
  EXPECT_EQ(Shown(GreaterOrEqual(ListOf(1, 2), ListOf(3, n))), "false");
}

TEST(ComparisonTest, RangesAreAtMostEachOtherWhenEveryChoiceIs) {
  const Value low = Qty(1, 2, "USD");
  const Value high = Qty(2, 3, "USD");
  EXPECT_EQ(Shown(Less(low, high)), "null");
  EXPECT_EQ(Shown(LessOrEqual(low, high)), "true");
  EXPECT_EQ(Shown(GreaterOrEqual(low, high)), "null");
  EXPECT_EQ(Shown(LessOrEqual(low, Qty(5, 5, "EUR"))), "null");
}

TEST(MembershipTest, InIsThreeValued) {
  const Value n;
  const Value list = ListOf(1, 2, n);
  EXPECT_EQ(Outcome(In(Value(1), list)), "true");
  EXPECT_EQ(Outcome(In(Value(5), list)), "null");
  EXPECT_EQ(Outcome(In(n, Value(List()))), "false");
  EXPECT_EQ(Outcome(In(n, ListOf(1))), "null");
  EXPECT_EQ(Outcome(In(Value(1), n)), "null");
  EXPECT_EQ(Outcome(In(ListOf(1, 2), ListOf(1, ListOf(1, 2)))), "true");
  EXPECT_EQ(Outcome(In(Value(1), Value("1"))), "TypeError.InvalidArgumentType");
}

TEST(TextTestsTest, OnlyStringsAreSearched) {
  EXPECT_EQ(Shown(StartsWith(Value("abc"), Value("ab"))), "true");
  EXPECT_EQ(Shown(EndsWith(Value("abc"), Value("ab"))), "false");
  EXPECT_EQ(Shown(Contains(Value("abc"), Value(""))), "true");
  EXPECT_EQ(Shown(Contains(Value("abc"), Value())), "null");
  EXPECT_EQ(Shown(StartsWith(Value(12), Value("1"))), "null");
}

TEST(AccessTest, ListsAreIndexedFromBothEnds) {
  const FakeContext context;
  const Value list = ListOf("a", "b", "c");
  EXPECT_EQ(Outcome(Index(list, Value(0), context)), "'a'");
  EXPECT_EQ(Outcome(Index(list, Value(-1), context)), "'c'");
  EXPECT_EQ(Outcome(Index(list, Value(3), context)), "null");
  EXPECT_EQ(Outcome(Index(list, Value(kIntMin), context)), "null");
  EXPECT_EQ(Outcome(Index(list, Value(), context)), "null");
  EXPECT_EQ(Outcome(Index(list, Value(1.0), context)), "TypeError.InvalidArgumentType");
  EXPECT_EQ(Outcome(Index(Value("abc"), Value(0), context)), "TypeError.InvalidArgumentType");
}

TEST(AccessTest, MapsAreAccessedByStrings) {
  const FakeContext context;
  const Value map(Map{{"name", Value("Mats")}, {"none", Value()}});
  EXPECT_EQ(Outcome(Index(map, Value("name"), context)), "'Mats'");
  EXPECT_EQ(Outcome(Index(map, Value("other"), context)), "null");
  EXPECT_EQ(Outcome(Index(map, Value(12.3), context)), "TypeError.MapElementAccessByNonString");
  EXPECT_EQ(Outcome(Property(map, "name", context)), "'Mats'");
  EXPECT_EQ(Outcome(Property(map, "none", context)), "null");
  EXPECT_EQ(Outcome(Property(Value(), "name", context)), "null");
  EXPECT_EQ(Outcome(Property(Value(1), "name", context)), "TypeError.InvalidArgumentType");
}

TEST(AccessTest, SlicesStayWithinTheList) {
  const Value list = ListOf(1, 2, 3, 4, 5);
  const auto slice = [&](std::optional<Value> from, std::optional<Value> to) {
    return Outcome(Slice(list, from, to));
  };
  EXPECT_EQ(slice(Value(1), Value(3)), "[2, 3]");
  EXPECT_EQ(slice(Value(1), std::nullopt), "[2, 3, 4, 5]");
  EXPECT_EQ(slice(std::nullopt, Value(2)), "[1, 2]");
  EXPECT_EQ(slice(Value(-3), Value(-1)), "[3, 4]");
  EXPECT_EQ(slice(Value(3), Value(1)), "[]");
  EXPECT_EQ(slice(Value(-99), Value(99)), "[1, 2, 3, 4, 5]");
  EXPECT_EQ(slice(Value(), Value(1)), "null");
  EXPECT_EQ(slice(Value("a"), Value(1)), "TypeError.InvalidArgumentType");
  EXPECT_EQ(Outcome(Slice(Value(), Value(0), Value(1))), "null");
}

TEST(AccessTest, PeriodsTellTheirEndsAsWritten) {
  const FakeContext context;
  const auto component = [&](absl::string_view text, absl::string_view name) {
    return Outcome(Property(PeriodText(text), name, context));
  };
  EXPECT_EQ(component("2025-Q2", "start"), "2025-04-01");
  EXPECT_EQ(component("2025-Q2", "end"), "2025-06-30");
  EXPECT_EQ(component("2025-Q2", "precision"), "'quarter'");
  EXPECT_EQ(component("2023..2025-06-12", "end"), "2025-06-12");
  EXPECT_EQ(component("2023..2025-06-12", "precision"), "'year'");
  EXPECT_EQ(component("2025..", "end"), "null");
  EXPECT_EQ(component("?..2025", "start"), "null");
  EXPECT_EQ(component("2025-06-12T14:00", "start"), "2025-06-12T14:00Z");
  EXPECT_EQ(component("2025-06-12T14:00..2025-06-12T15:30", "end"), "2025-06-12T15:30Z");
  EXPECT_EQ(component("2025", "middle"), "TypeError.InvalidArgumentValue");
}

TEST(AccessTest, QuantitiesTellTheirParts) {
  const FakeContext context;
  const Value range = Qty(1, 2, "USD");
  EXPECT_EQ(Outcome(Property(range, "low", context)), "1.0");
  EXPECT_EQ(Outcome(Property(range, "high", context)), "2.0");
  EXPECT_EQ(Outcome(Property(range, "value", context)), "1.5");
  EXPECT_EQ(Outcome(Property(range, "unit", context)), "'USD'");
  EXPECT_EQ(Outcome(Property(Of("qty", 10e9, Value(), "USD"), "high", context)), "null");
}

TEST(PeriodOperatorsTest, VaguenessGivesNull) {
  const FakeContext context;
  const Value may = PeriodText("2025-05");
  const Value day = PeriodText("2025-05-20");
  const Value told(PeriodText("2025-05").as_period().As(Reading::kEvent));
  EXPECT_EQ(Outcome(PeriodsOverlap(may, day, context)), "true");
  EXPECT_EQ(Outcome(PeriodsOverlap(told, day, context)), "null");
  EXPECT_EQ(Outcome(PeriodDuring(day, may, context)), "true");
  EXPECT_EQ(Outcome(PeriodDuring(told, PeriodText("2025"), context)), "true");
  EXPECT_EQ(Outcome(PeriodBefore(told, day, std::nullopt, context)), "null");
  EXPECT_EQ(Outcome(PeriodAfter(PeriodText("2026"), told, std::nullopt, context)), "true");
}

TEST(PeriodOperatorsTest, DatesAndTimesStandForTheirDayAndSecond) {
  const FakeContext context;
  const Value date = Of("date", "2025-05-20");
  EXPECT_EQ(Outcome(PeriodDuring(date, PeriodText("2025"), context)), "true");
  EXPECT_EQ(Outcome(PeriodDuring(Of("datetime", "2025-05-20T10:00Z"), date, context)), "true");
  EXPECT_EQ(Outcome(PeriodsOverlap(Value(), date, context)), "null");
  EXPECT_EQ(Outcome(PeriodsOverlap(Value("2025"), date, context)), "TypeError.InvalidArgumentType");
}

TEST(PeriodOperatorsTest, WithinBoundsTheGap) {
  const FakeContext context;
  const Value june = PeriodText("2025-06-12");
  const Value july = PeriodText("2025-07-10");
  EXPECT_EQ(Outcome(PeriodBefore(june, july, DurationText("P30D"), context)), "true");
  EXPECT_EQ(Outcome(PeriodBefore(june, july, DurationText("P20D"), context)), "false");
  EXPECT_EQ(Outcome(PeriodAfter(july, june, DurationText("P30D"), context)), "true");
  EXPECT_EQ(Outcome(PeriodBefore(june, july, Value(), context)), "null");
  EXPECT_EQ(Outcome(PeriodBefore(june, july, DurationText("P1M"), context)),
            "ArgumentError.InvalidArgumentValue");
  EXPECT_EQ(Outcome(PeriodBefore(june, july, Value(30), context)), "TypeError.InvalidArgumentType");
}

}  // namespace
}  // namespace fasti::function
