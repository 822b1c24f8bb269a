#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>

#include "query/function/operators.h"
#include "tests/query/function_harness.h"

namespace fasti::function {
namespace {

// Parts("year", 1984, "month", 10)
void Put(Map*) {}
template <typename T, typename... Rest>
void Put(Map* map, absl::string_view key, const T& value, const Rest&... rest) {
  map->insert_or_assign(std::string(key), Value(value));
  Put(map, rest...);
}
template <typename... Rest>
Value Parts(const Rest&... rest) {
  Map map;
  Put(&map, rest...);
  return Value(std::move(map));
}

constexpr absl::string_view kOutOfRange = "ArgumentError.NumberOutOfRange";
constexpr absl::string_view kRefused = "ArgumentError.InvalidArgumentValue";

TEST(DateTest, WeeksBelongToTheYearOfTheirThursday) {
  EXPECT_EQ(Evaluate("date", Parts("year", 1816, "week", 1)), "1816-01-01");
  EXPECT_EQ(Evaluate("date", Parts("year", 1817, "week", 1)), "1816-12-30");
  EXPECT_EQ(Evaluate("date", Parts("year", 1818, "week", 53)), "1818-12-28");
  EXPECT_EQ(Evaluate("date", Parts("dayOfWeek", 2, "year", 1817, "week", 1)), "1816-12-31");
  EXPECT_EQ(Evaluate("date", Parts("year", 1817, "week", 53)), kOutOfRange);
}

TEST(DateTest, ADateIsToldInOneOfFourWays) {
  EXPECT_EQ(Evaluate("date", Parts("year", 1984, "month", 10, "day", 11)), "1984-10-11");
  EXPECT_EQ(Evaluate("date", Parts("year", 1984, "ordinalDay", 202)), "1984-07-20");
  EXPECT_EQ(Evaluate("date", Parts("year", 1984, "quarter", 3, "dayOfQuarter", 45)), "1984-08-14");
  EXPECT_EQ(Evaluate("date", Parts("year", 1984, "week", 10, "dayOfWeek", 3)), "1984-03-07");
  EXPECT_EQ(Evaluate("date", Parts("year", 1984)), "1984-01-01");
}

TEST(DateTest, SelectedDatesLendWhatTheMapLeavesOut) {
  const Value other = Of("date", "1984-11-11");
  EXPECT_EQ(Evaluate("date", Parts("date", other)), "1984-11-11");
  EXPECT_EQ(Evaluate("date", Parts("date", other, "year", 28)), "0028-11-11");
  EXPECT_EQ(Evaluate("date", Parts("date", other, "day", 28)), "1984-11-28");
  EXPECT_EQ(Evaluate("date", Parts("date", other, "week", 1)), "1984-01-08");
  EXPECT_EQ(Evaluate("date", Parts("date", other, "ordinalDay", 28)), "1984-01-28");
  EXPECT_EQ(Evaluate("date", Parts("date", other, "quarter", 3)), "1984-08-11");
  const Value monday = Of("date", "1816-12-30");
  EXPECT_EQ(Evaluate("date", Parts("date", monday, "week", 2, "dayOfWeek", 3)), "1817-01-08");
}

TEST(DateTest, MapsThatSayNoDateAreRefused) {
  EXPECT_EQ(Evaluate("date", Parts("month", 2)), kRefused);
  EXPECT_EQ(Evaluate("date", Parts("year", 2020, "day", 2)), kRefused);
  EXPECT_EQ(Evaluate("date", Parts("year", 2020, "hour", 2)), kRefused);
  EXPECT_EQ(Evaluate("date", Parts("year", "2020")), kRefused);
  EXPECT_EQ(Evaluate("date", Parts("year", 2020, "month", 13)), kOutOfRange);
  EXPECT_EQ(Evaluate("date", Parts("year", 2021, "month", 2, "day", 29)), kOutOfRange);
  EXPECT_EQ(Evaluate("date", Parts("year", int64_t{1} << 40)), kOutOfRange);
  EXPECT_EQ(Evaluate("date", "2021-02-29"), kRefused);
  EXPECT_EQ(Evaluate("date", 2021), "TypeError.InvalidArgumentValue");
}

TEST(DateTest, TextIsReadInTheFormsOfIso8601) {
  for (absl::string_view text :
       {"2015-07-21", "20150721", "2015-W30-2", "2015W302", "2015-202", "2015202"}) {
    EXPECT_EQ(Evaluate("date", text), "2015-07-21") << text;
  }
  EXPECT_EQ(Evaluate("date", "2015-07"), "2015-07-01");
  EXPECT_EQ(Evaluate("date", "2015"), "2015-01-01");
}

TEST(DateTimeTest, PartsOfASecondAddUp) {
  EXPECT_EQ(Evaluate("localdatetime",
                     Parts("year", 1984, "month", 10, "day", 11, "hour", 12, "minute", 31, "second",
                           14, "millisecond", 123, "microsecond", 456, "nanosecond", 789)),
            "1984-10-11T12:31:14.123456789");
  EXPECT_EQ(Evaluate("localdatetime", Parts("year", 1984, "hour", 1, "minute", 2, "second", 3,
                                            "microsecond", 645876)),
            "1984-01-01T01:02:03.645876");
  EXPECT_EQ(Evaluate("localdatetime", Parts("year", 1984, "hour", 1, "minute", 2, "second", 3,
                                            "millisecond", 1, "microsecond", 645876)),
            kOutOfRange);
  EXPECT_EQ(Evaluate("localdatetime", Parts("year", 1984, "minute", 2)), kRefused);
}

TEST(DateTimeTest, TheZoneOfAMapIsThatOfItsClock) {
  EXPECT_EQ(Evaluate("datetime", Parts("year", 1984, "month", 10, "day", 11)), "1984-10-11T00:00Z");
  EXPECT_EQ(Evaluate("datetime", Parts("year", 1984, "month", 10, "day", 11, "hour", 12, "timezone",
                                       "+02:05:59")),
            "1984-10-11T12:00+02:05:59");
  EXPECT_EQ(
      Evaluate("datetime", Parts("year", 1984, "ordinalDay", 202, "timezone", "Europe/Stockholm")),
      "1984-07-20T00:00+02:00[Europe/Stockholm]");
  EXPECT_EQ(Evaluate("datetime", Parts("year", 1984, "timezone", "Mars/Base")), kRefused);
}

TEST(DateTimeTest, AnotherZoneOverASelectedTimeKeepsTheMoment) {
  const Value date = Of("date", "1984-10-11");
  const Value noon = Of("datetime", Parts("year", 1984, "month", 10, "day", 11, "hour", 12,
                                          "timezone", "Europe/Stockholm"));
  EXPECT_EQ(Evaluate("datetime", Parts("date", date, "time", noon)),
            "1984-10-11T12:00+01:00[Europe/Stockholm]");
  EXPECT_EQ(Evaluate("datetime", Parts("date", date, "time", noon, "timezone", "+05:00")),
            "1984-10-11T16:00+05:00");
  EXPECT_EQ(Evaluate("datetime", Parts("datetime", noon, "day", 28, "second", 42, "timezone",
                                       "Pacific/Honolulu")),
            "1984-10-28T01:00:42-10:00[Pacific/Honolulu]");
  // A date has no moment to keep, so the zone is that of the new clock.
  EXPECT_EQ(Evaluate("datetime", Parts("date", noon, "hour", 10, "timezone", "+05:00")),
            "1984-10-11T10:00+05:00");
  EXPECT_EQ(Evaluate("localdatetime", Parts("datetime", noon)), "1984-10-11T12:00");
}

TEST(DateTimeTest, TextMayCarryAZone) {
  EXPECT_EQ(Evaluate("datetime", "2015-07-21T21:40:32.142+0845[Australia/Eucla]"),
            "2015-07-21T21:40:32.142+08:45[Australia/Eucla]");
  EXPECT_EQ(Evaluate("datetime", "2015-07-21T21:40:32.142[Europe/London]"),
            "2015-07-21T21:40:32.142+01:00[Europe/London]");
  EXPECT_EQ(Evaluate("datetime", "2015-07-21T21:40Z[Nowhere/Land]"), kRefused);
}

TEST(DateTimeTest, EpochsAreCountedFrom1970) {
  EXPECT_EQ(Evaluate("datetime.fromEpoch", 416779, 999999999), "1970-01-05T19:46:19.999999999Z");
  EXPECT_EQ(Evaluate("datetime.fromEpochMillis", 237821673987), "1977-07-15T13:34:33.987Z");
  EXPECT_EQ(Evaluate("datetime.fromEpoch", INT64_MAX, 0), kOutOfRange);
}

TEST(DateTimeTest, NowIsFixedForTheStatement) {
  EXPECT_EQ(Evaluate("date"), "2025-06-12");
  EXPECT_EQ(Evaluate("datetime"), "2025-06-12T14:30:05.000001Z");
  EXPECT_EQ(Evaluate("datetime.transaction"), Evaluate("datetime.statement"));
  EXPECT_EQ(Evaluate("datetime.realtime"), "2025-06-12T14:30:06.000001Z");
  EXPECT_EQ(Evaluate("localdatetime.statement", "Asia/Tokyo"), "2025-06-12T23:30:05.000001");
  EXPECT_EQ(Evaluate("date", Parts("timezone", "Pacific/Kiritimati")), "2025-06-13");
  EXPECT_EQ(Evaluate("timestamp"), "1749738605000");
}

TEST(ComponentsTest, DatesAndTimesTellTheirParts) {
  const FakeContext context;
  const Value value = Of("datetime", "1984-11-11T12:31:14.645876123+01:00[Europe/Stockholm]");
  const std::pair<absl::string_view, absl::string_view> kParts[] = {
      {"year", "1984"},
      {"quarter", "4"},
      {"month", "11"},
      {"week", "45"},
      {"weekYear", "1984"},
      {"day", "11"},
      {"ordinalDay", "316"},
      {"weekDay", "7"},
      {"dayOfQuarter", "42"},
      {"hour", "12"},
      {"minute", "31"},
      {"second", "14"},
      {"millisecond", "645"},
      {"microsecond", "645876"},
      {"nanosecond", "645876123"},
      {"offset", "'+01:00'"},
      {"offsetMinutes", "60"},
      {"offsetSeconds", "3600"},
      {"epochSeconds", "469020674"},
      {"epochMillis", "469020674645"},
      {"timezone", "'Europe/Stockholm'"}};
  for (const auto& [name, expected] : kParts) {
    EXPECT_EQ(Outcome(Property(value, name, context)), expected) << name;
  }
  EXPECT_EQ(Outcome(Property(value, "years", context)), "TypeError.InvalidArgumentValue");
  EXPECT_EQ(Outcome(Property(Of("date", "1984"), "hour", context)),
            "TypeError.InvalidArgumentValue");
}

TEST(ComponentsTest, DurationsTellTheirPartsWithoutMixingThem) {
  const FakeContext context;
  const Value value = Of("duration", "P1Y4M10DT1H1M1.111111111S");
  const std::pair<absl::string_view, absl::string_view> kParts[] = {
      {"years", "1"},
      {"quarters", "5"},
      {"months", "16"},
      {"weeks", "1"},
      {"days", "10"},
      {"hours", "1"},
      {"minutes", "61"},
      {"seconds", "3661"},
      {"milliseconds", "3661111"},
      {"microseconds", "3661111111"},
      {"nanoseconds", "3661111111111"},
      {"quartersOfYear", "1"},
      {"monthsOfQuarter", "1"},
      {"monthsOfYear", "4"},
      {"daysOfWeek", "3"},
      {"minutesOfHour", "1"},
      {"secondsOfMinute", "1"},
      {"millisecondsOfSecond", "111"},
      {"microsecondsOfSecond", "111111"},
      {"nanosecondsOfSecond", "111111111"}};
  for (const auto& [name, expected] : kParts) {
    EXPECT_EQ(Outcome(Property(value, name, context)), expected) << name;
  }
}

TEST(TruncateTest, UnitsOfDaysAndMore) {
  const Value date = Of("date", "2017-10-11");
  const std::pair<absl::string_view, absl::string_view> kUnits[] = {
      {"millennium", "2000-01-01"}, {"century", "2000-01-01"},  {"decade", "2010-01-01"},
      {"year", "2017-01-01"},       {"weekYear", "2017-01-02"}, {"quarter", "2017-10-01"},
      {"month", "2017-10-01"},      {"week", "2017-10-09"},     {"day", "2017-10-11"}};
  for (const auto& [unit, expected] : kUnits) {
    EXPECT_EQ(Evaluate("date.truncate", unit, date), expected) << unit;
    EXPECT_EQ(Evaluate("localdatetime.truncate", unit, date), absl::StrCat(expected, "T00:00"));
  }
  EXPECT_EQ(Evaluate("date.truncate", "weekYear", Of("date", "1984-01-01")), "1983-01-03");
  EXPECT_EQ(Evaluate("date.truncate", "hour", date), kRefused);
  EXPECT_EQ(Evaluate("date.truncate", "fortnight", date), kRefused);
}

TEST(TruncateTest, PartsChangeTheTruncatedValue) {
  const Value local = Of("localdatetime", "1984-10-11T12:31:14.645876123");
  EXPECT_EQ(Evaluate("date.truncate", "week", local, Parts("dayOfWeek", 2)), "1984-10-09");
  EXPECT_EQ(Evaluate("localdatetime.truncate", "year", local, Parts("day", 2)), "1984-01-02T00:00");
  EXPECT_EQ(Evaluate("localdatetime.truncate", "second", local, Parts("nanosecond", 2)),
            "1984-10-11T12:31:14.000000002");
  EXPECT_EQ(Evaluate("localdatetime.truncate", "millisecond", local, Parts("nanosecond", 2)),
            "1984-10-11T12:31:14.645000002");
  EXPECT_EQ(Evaluate("localdatetime.truncate", "microsecond", local, Parts("nanosecond", 2)),
            "1984-10-11T12:31:14.645876002");
  EXPECT_EQ(Evaluate("datetime.truncate", "hour", local, Parts("timezone", "Europe/Stockholm")),
            "1984-10-11T12:00+01:00[Europe/Stockholm]");
}

TEST(DurationTest, FractionsGoDownToTheNextUnit) {
  EXPECT_EQ(Evaluate("duration", Parts("months", 0.75)), "P22DT19H51M49.5S");
  EXPECT_EQ(Evaluate("duration", Parts("weeks", 2.5)), "P17DT12H");
  EXPECT_EQ(Evaluate("duration", Parts("minutes", 1.5, "seconds", 1)), "PT1M31S");
  EXPECT_EQ(Evaluate("duration", Parts("days", 14, "seconds", 70, "milliseconds", 1)),
            "P14DT1M10.001S");
  EXPECT_EQ(Evaluate("duration", Parts("seconds", 2, "milliseconds", -1)), "PT1.999S");
  EXPECT_EQ(Evaluate("duration", "P2012-02-02T14:37:21.545"), "P2012Y2M2DT14H37M21.545S");
  EXPECT_EQ(Evaluate("duration", Parts("fortnights", 1)), kRefused);
  EXPECT_EQ(Evaluate("duration", "fourteen days"), kRefused);
}

TEST(DurationTest, BetweenGivesMonthsThenDaysThenTime) {
  const auto between = [](absl::string_view name, const Value& a, const Value& b) {
    return Evaluate(name, a, b);
  };
  const Value date = Of("date", "1984-10-11");
  const Value local = Of("localdatetime", "2015-07-21T21:40:32.142");
  const Value zoned = Of("datetime", "2014-07-21T21:40:36.143+0200");
  const Value june = Of("date", "2015-06-24");
  const Value cet = Of("datetime", "2015-07-21T21:40:32.142+0100");
  EXPECT_EQ(between("duration.between", date, june), "P30Y8M13D");
  EXPECT_EQ(between("duration.between", date, cet), "P30Y9M10DT21H40M32.142S");
  EXPECT_EQ(between("duration.between", local, june), "P-27DT-21H-40M-32.142S");
  EXPECT_EQ(between("duration.between", local, cet), "PT0S");
  EXPECT_EQ(between("duration.between", zoned, june), "P11M2DT2H19M23.857S");
  EXPECT_EQ(between("duration.between", zoned, cet), "P1YT59M55.999S");
  EXPECT_EQ(between("duration.inMonths", date, june), "P30Y8M");
  EXPECT_EQ(between("duration.inDays", date, june), "P11213D");
  EXPECT_EQ(between("duration.inSeconds", local, june), "PT-669H-40M-32.142S");
  EXPECT_EQ(between("duration.inSeconds", zoned, cet), "PT8760H59M55.999S");
  EXPECT_EQ(
      between("duration.between", Of("date", "-999999999-01-01"), Of("date", "+999999999-12-31")),
      "P1999999998Y11M30D");
}

TEST(DurationTest, ADayOfChangingClocksIsAsLongAsItWas) {
  const Value midnight = Of("datetime", "2017-10-29T00:00[Europe/Stockholm]");
  EXPECT_EQ(Evaluate("duration.inSeconds", midnight, Of("localdatetime", "2017-10-29T04:00")),
            "PT5H");
  EXPECT_EQ(Evaluate("duration.inSeconds", Of("localdatetime", "2017-10-29T00:00"),
                     Of("localdatetime", "2017-10-29T04:00")),
            "PT4H");
}

Value RandomLocal(std::mt19937_64& random) {
  std::uniform_int_distribution<int64_t> seconds(-4'000'000'000, 4'000'000'000);
  return Value(LocalDateTime{seconds(random), static_cast<int32_t>(random() % 1'000'000'000)});
}

TEST(DurationTest, BetweenLeadsFromOneValueToTheOther) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 3'000; ++i) {
    const Value a = RandomLocal(random);
    const Value b = RandomLocal(random);
    for (absl::string_view name : {"duration.between", "duration.inSeconds"}) {
      EXPECT_EQ(Outcome(Add(a, Of(name, a, b))), FormatValue(b)) << FormatValue(a) << " " << name;
    }
    const Value text = Of("toString", Of("duration.between", a, b));
    EXPECT_EQ(Evaluate("toString", Of("duration", text)), FormatValue(text));
    EXPECT_EQ(Evaluate("localdatetime", Of("toString", a)), FormatValue(a));
  }
}

TEST(TruncateTest, RandomValuesAreCutToTheLatestStartNotAfterThem) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 500; ++i) {
    const Value value = RandomLocal(random);
    for (absl::string_view unit :
         {"millennium", "century", "decade", "year", "weekYear", "quarter", "month", "week", "day",
          "hour", "minute", "second", "millisecond", "microsecond"}) {
      const Value cut = Of("localdatetime.truncate", unit, value);
      EXPECT_EQ(FormatValue(LessOrEqual(cut, value)), "true") << unit;
      EXPECT_EQ(Evaluate("localdatetime.truncate", unit, cut), FormatValue(cut)) << unit;
    }
  }
}

}  // namespace
}  // namespace fasti::function
