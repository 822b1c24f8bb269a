#include "engine/model/calendar.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace fasti {
namespace {

TEST(CalendarTest, EveryDayOfAnEraFollowsTheOneBefore) {
  // 400 years on each side of 1970, by counting.
  CivilDate expected = CivilFromDays(DaysFromCivil(1570, 1, 1));
  ASSERT_EQ(expected, (CivilDate{1570, 1, 1}));
  for (int64_t days = DaysFromCivil(1570, 1, 1); days <= DaysFromCivil(2370, 12, 31); ++days) {
    ASSERT_EQ(CivilFromDays(days), expected);
    ASSERT_EQ(DaysFromCivil(expected.year, expected.month, expected.day), days);
    if (++expected.day > DaysInMonth(expected.year, expected.month)) {
      expected.day = 1;
      if (++expected.month > 12) {
        expected.month = 1;
        ++expected.year;
      }
    }
  }
}

TEST(CalendarTest, FarYearsComeBack) {
  for (const int64_t year : {int64_t{1}, int64_t{9999}, kYearMax, -kYearMax, int64_t{0}}) {
    for (int month = 1; month <= 12; ++month) {
      const int64_t days = DaysFromCivil(year, month, DaysInMonth(year, month));
      EXPECT_EQ(CivilFromDays(days), (CivilDate{year, month, DaysInMonth(year, month)}));
    }
  }
  EXPECT_EQ(DaysFromCivil(1, 1, 1), -719162);
  EXPECT_EQ(DaysFromCivil(9999, 12, 31), 2932896);
  EXPECT_GT(CivilFromDays(INT64_MAX).year, kYearMax);
  EXPECT_LT(CivilFromDays(INT64_MIN).year, -kYearMax);
}

TEST(CalendarTest, WeeksBelongToTheYearOfTheirThursday) {
  struct Case {
    CivilDate date;
    int64_t year;
    int week;
    int day;
  };
  const Case kCases[] = {
      {{2015, 7, 21}, 2015, 30, 2}, {{2016, 1, 3}, 2015, 53, 7},  {{2016, 1, 4}, 2016, 1, 1},
      {{2018, 12, 31}, 2019, 1, 1}, {{1969, 12, 29}, 1970, 1, 1},
  };
  for (const Case& c : kCases) {
    const int64_t days = DaysFromCivil(c.date.year, c.date.month, c.date.day);
    const WeekDate week = WeekFromDays(days);
    EXPECT_EQ(week.year, c.year);
    EXPECT_EQ(week.week, c.week);
    EXPECT_EQ(week.day, c.day);
    EXPECT_EQ(DaysFromWeek(c.year, c.week, c.day), days);
  }
  EXPECT_EQ(WeeksInYear(2015), 53);
  EXPECT_EQ(WeeksInYear(2016), 52);
  EXPECT_EQ(DayOfYear(DaysFromCivil(2016, 12, 31)), 366);
}

struct TextCase {
  const char* text;
  const char* printed;
};

TEST(CalendarTextTest, DatesReadInEveryIsoForm) {
  constexpr TextCase kCases[] = {
      {"2015-07-21", "2015-07-21"},
      {"20150721", "2015-07-21"},
      {"2015-07", "2015-07-01"},
      {"201507", "2015-07-01"},
      {"2015-W30-2", "2015-07-21"},
      {"2015W302", "2015-07-21"},
      {"2015-W30", "2015-07-20"},
      {"2015W30", "2015-07-20"},
      {"2015-202", "2015-07-21"},
      {"2015202", "2015-07-21"},
      {"2015", "2015-01-01"},
      {"2015-Q3-21", "2015-07-21"},
      {"2015Q3", "2015-07-01"},
      {"2016-02-29", "2016-02-29"},
      {"0000-01-01", "0000-01-01"},
      {"-0044-03-15", "-0044-03-15"},
      {"+999999999-12-31", "+999999999-12-31"},
      {"-999999999-01-01", "-999999999-01-01"},
  };
  for (const TextCase& c : kCases) {
    const absl::StatusOr<Date> date = ParseDate(c.text);
    ASSERT_TRUE(date.ok()) << date.status();
    EXPECT_EQ(FormatDate(*date), c.printed) << c.text;
  }
}

TEST(CalendarTextTest, LocalDateTimesRead) {
  constexpr TextCase kCases[] = {
      {"2015-07-21T21:40:32.142", "2015-07-21T21:40:32.142"},
      {"2015-W30-2T214032.142", "2015-07-21T21:40:32.142"},
      {"2015-202T21:40:32", "2015-07-21T21:40:32"},
      {"2015T214032", "2015-01-01T21:40:32"},
      {"20150721T21:40", "2015-07-21T21:40"},
      {"2015-W30T2140", "2015-07-20T21:40"},
      {"2015202T21", "2015-07-21T21:00"},
      {"2015-07-21", "2015-07-21T00:00"},
      {"1969-12-31T23:59:59.000000001", "1969-12-31T23:59:59.000000001"},
      {"2015-07-21T21:40:00.5", "2015-07-21T21:40:00.500"},
  };
  for (const TextCase& c : kCases) {
    const absl::StatusOr<LocalDateTime> value = ParseLocalDateTime(c.text);
    ASSERT_TRUE(value.ok()) << value.status();
    EXPECT_EQ(FormatLocalDateTime(*value), c.printed) << c.text;
  }
}

TEST(CalendarTest, ZonesAreTakenByNameAndFromNoFileOrMachine) {
  for (const absl::string_view name : {"UTC", "Europe/Rome", "America/Argentina/Buenos_Aires",
                                       "Etc/GMT+5", "America/Port-au-Prince", "CST6CDT"}) {
    EXPECT_TRUE(MomentInZone(0, 0, name).ok()) << name;
  }
  const std::string long_name(1'000, 'a');
  for (const absl::string_view name :
       {absl::string_view(""), absl::string_view("localtime"), absl::string_view("localtime/"),
        absl::string_view("/usr/share/zoneinfo/Europe/Rome"),
        absl::string_view("file:/usr/share/zoneinfo/Europe/Rome"),
        absl::string_view("file:Europe/Rome"), absl::string_view("libc:localtime"),
        absl::string_view(":Europe/Rome"), absl::string_view("../zoneinfo/Europe/Rome"),
        absl::string_view("Europe/../Europe/Rome"), absl::string_view("./Europe/Rome"),
        absl::string_view("Europe//Rome"), absl::string_view("Europe/Rome/"),
        absl::string_view("Europe/Rome\0", 12), absl::string_view("Europe/Rome "),
        absl::string_view("/dev/stdin"), absl::string_view(long_name)}) {
    const absl::Status refused = MomentInZone(0, 0, name).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_TRUE(
        absl::StartsWith(refused.message(), "time zone: expected a name such as Europe/Rome"))
        << refused;
    EXPECT_EQ(InZone({}, name, std::nullopt).status(), refused) << name;
  }
}

TEST(CalendarTextTest, DateTimesReadOffsetsAndZones) {
  constexpr TextCase kCases[] = {
      {"2015-07-21T21:40:32.142+0100", "2015-07-21T21:40:32.142+01:00"},
      {"2015-W30-2T214032.142Z", "2015-07-21T21:40:32.142Z"},
      {"2015-202T21:40:32+01:00", "2015-07-21T21:40:32+01:00"},
      {"2015T214032-0100", "2015-01-01T21:40:32-01:00"},
      {"20150721T21:40-01:30", "2015-07-21T21:40-01:30"},
      {"2015-W30T2140-00:00", "2015-07-20T21:40Z"},
      {"2015-07-21T21:40", "2015-07-21T21:40Z"},
      {"2015202T21+18:00", "2015-07-21T21:00+18:00"},
      {"2015-07-21T21:40:32.142+02:00[Europe/Stockholm]",
       "2015-07-21T21:40:32.142+02:00[Europe/Stockholm]"},
      {"2015-07-21T21:40:32.142+0845[Australia/Eucla]",
       "2015-07-21T21:40:32.142+08:45[Australia/Eucla]"},
      {"2015-07-21T21:40:32.142-04[America/New_York]",
       "2015-07-21T21:40:32.142-04:00[America/New_York]"},
      {"2015-07-21T21:40:32.142[Europe/London]", "2015-07-21T21:40:32.142+01:00[Europe/London]"},
      {"1818-07-21T21:40:32.142[Europe/Berlin]", "1818-07-21T21:40:32.142+00:53:28[Europe/Berlin]"},
      // Clocks skip this hour, and show that one twice.
      {"2025-03-30T02:30[Europe/Rome]", "2025-03-30T03:30+02:00[Europe/Rome]"},
      {"2025-10-26T02:30[Europe/Rome]", "2025-10-26T02:30+02:00[Europe/Rome]"},
      {"2025-10-26T02:30+01:00[Europe/Rome]", "2025-10-26T02:30+01:00[Europe/Rome]"},
  };
  for (const TextCase& c : kCases) {
    const absl::StatusOr<DateTime> value = ParseDateTime(c.text);
    ASSERT_TRUE(value.ok()) << value.status();
    EXPECT_EQ(FormatDateTime(*value), c.printed) << c.text;
    const absl::StatusOr<DateTime> back = ParseDateTime(FormatDateTime(*value));
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(*back, *value);
  }
}

TEST(CalendarTextTest, DurationsCarryFractionsDown) {
  constexpr TextCase kCases[] = {
      {"P14DT16H12M", "P14DT16H12M"},
      {"P5M1.5D", "P5M1DT12H"},
      {"P0.75M", "P22DT19H51M49.5S"},
      {"PT0.75M", "PT45S"},
      {"P2.5W", "P17DT12H"},
      {"P12Y5M14DT16H12M70S", "P12Y5M14DT16H13M10S"},
      {"P2012-02-02T14:37:21.545", "P2012Y2M2DT14H37M21.545S"},
      {"P0.5Y", "P6M"},
      {"P-1Y2M", "P-10M"},
      {"-P1DT1H", "P-1DT-1H"},
      {"PT-0.4S", "PT-0.4S"},
      {"PT1M-0.5S", "PT59.5S"},
      {"PT-90M", "PT-1H-30M"},
      {"P0D", "PT0S"},
      {"PT0.000000001S", "PT0.000000001S"},
  };
  for (const TextCase& c : kCases) {
    const absl::StatusOr<Duration> value = ParseDuration(c.text);
    ASSERT_TRUE(value.ok()) << value.status();
    EXPECT_EQ(FormatDuration(*value), c.printed) << c.text;
    EXPECT_EQ(*ParseDuration(FormatDuration(*value)), *value) << c.text;
  }
}

template <typename T>
void ExpectRefused(absl::StatusOr<T> (*parse)(absl::string_view), absl::string_view text,
                   absl::string_view message) {
  const absl::StatusOr<T> value = parse(text);
  ASSERT_FALSE(value.ok()) << text;
  EXPECT_EQ(value.status(), absl::InvalidArgumentError(message));
}

TEST(CalendarTextTest, WhatIsNoDateIsRefusedAtItsByte) {
  ExpectRefused(ParseDate, "2015-02-29", "date at byte 8: expected a day, 01 to 28, found '29'");
  ExpectRefused(ParseDate, "2015-13", "date at byte 5: expected a month, 01 to 12, found '13'");
  ExpectRefused(ParseDate, "2015-366", "date at byte 5: expected a day, 001 to 365, found '366'");
  ExpectRefused(ParseDate, "2016-W53", "date at byte 6: expected a week, 01 to 52, found '53'");
  ExpectRefused(ParseDate, "2015-7-1",
                "date at byte 4: expected a month, a week, a quarter or a day of the year, found "
                "'-7-1'");
  ExpectRefused(ParseDate, "2015-07-21T", "date at byte 10: expected the end, found 'T'");
  ExpectRefused(ParseDate, "", "date at byte 0: expected a year of four digits, found the end");
  ExpectRefused(ParseLocalDateTime, "2015-07-21T25:00",
                "local datetime at byte 11: expected an hour, 00 to 23, found '25:00'");
  ExpectRefused(ParseLocalDateTime, "2015-07-21T10:00:60",
                "local datetime at byte 17: expected a second, 00 to 59, found '60'");
  ExpectRefused(ParseDateTime, "2015-07-21T10:00+1",
                "datetime at byte 16: expected an offset such as Z or +02:00, found '+1'");
  ExpectRefused(ParseDateTime, "2015-07-21T10:00[Mars/Base]",
                "time zone: expected a name such as Europe/Rome, found 'Mars/Base'");
  ExpectRefused(ParseDateTime, "2015-07-21T10:00+05:00[Europe/Rome]",
                "time zone: Europe/Rome does not have the offset 18000 seconds at that time");
  ExpectRefused(ParseDuration, "1D", "duration at byte 0: expected 'P', found '1D'");
  ExpectRefused(ParseDuration, "P", "duration at byte 1: expected a number, found the end");
  ExpectRefused(ParseDuration, "P1DT", "duration at byte 4: expected a number, found the end");
  ExpectRefused(ParseDuration, "P1D1Y",
                "duration at byte 4: expected one of Y, M, W, D in this order, found 'Y'");
  ExpectRefused(ParseDuration, "P999999999999999999Y",
                "duration: expected months, days and seconds within 64 bits");
}

TEST(CalendarTest, DecimalsKeepNinePlaces) {
  const Decimal decimal = *Decimal::FromDouble(-1.5);
  EXPECT_EQ(decimal.whole, -1);
  EXPECT_EQ(decimal.nanos, -500'000'000);
  EXPECT_EQ(Decimal::FromDouble(0.9999999999)->whole, 1);
  EXPECT_FALSE(Decimal::FromDouble(1e300).ok());
}

TEST(CalendarTest, ADurationReachesToTheEndsOf64Bits) {
  constexpr int64_t kLeast = INT64_MIN, kGreatest = INT64_MAX;
  EXPECT_EQ(MakeDuration({.days = {kLeast, 0}})->days, kLeast);
  EXPECT_EQ(MakeDuration({.days = {kGreatest, 0}})->days, kGreatest);
  EXPECT_TRUE(absl::IsInvalidArgument(MakeDuration({.weeks = {kLeast, 0}}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(MakeDuration({.weeks = {kGreatest, 0}}).status()));
}

TEST(CalendarTest, TheAverageLengthOfADurationCountsAllOfIt) {
  EXPECT_EQ(AverageSeconds({.days = 1, .seconds = 1, .nanoseconds = 500'000'000}), 86'401.5);
  EXPECT_EQ(AverageSeconds({.months = 12}), 31'556'952.0);
}

TEST(CalendarTest, DatesBecomePeriodsWhereInstantsReach) {
  EXPECT_EQ(FormatPeriod(*PeriodOf(*ParseDate("2025-06-12"))), "2025-06-12");
  EXPECT_EQ(FormatPeriod(*PeriodOf(*ParseDateTime("2025-06-12T10:00:05.7+02:00"))),
            "2025-06-12T08:00:05");
  EXPECT_EQ(PeriodOf(*ParseDate("+999999999-01-01")), std::nullopt);
  EXPECT_EQ(InstantFromSeconds(-1, 999'999'999), -1);
  EXPECT_EQ(InstantFromSeconds(INT64_MAX, 0), std::nullopt);
}

}  // namespace
}  // namespace fasti
