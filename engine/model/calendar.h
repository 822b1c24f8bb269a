#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/period.h"
#include "fasti/value.h"

// The proleptic Gregorian calendar on 64-bit numbers: year 0 is 1 BC, there are no leap seconds,
// and a day has 86,400 seconds.  Years may lie anywhere within +-999,999,999.

namespace fasti {

inline constexpr int64_t kYearMax = 999'999'999;
inline constexpr int64_t kSecondsPerDay = 86'400;
inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerDay = kSecondsPerDay * kMicrosPerSecond;
inline constexpr int64_t kNanosPerSecond = 1'000'000'000;
// A month and a year of a duration have no length of their own; where one is needed it is the
// average of the 400-year cycle.
inline constexpr int64_t kSecondsPerAverageMonth = 2'629'746;

struct CivilDate {
  int64_t year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
  friend bool operator==(const CivilDate&, const CivilDate&) = default;
};

// An ISO 8601 week date.
struct WeekDate {
  int64_t year = 1970;  // may differ from the calendar year at its ends
  int week = 1;         // 1 to 53
  int day = 1;          // 1 Monday to 7 Sunday
};

// Division that rounds towards minus infinity, and its remainder.  REQUIRES: divisor > 0.
constexpr int64_t FloorDiv(int64_t dividend, int64_t divisor) {
  return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}
constexpr int64_t FloorMod(int64_t dividend, int64_t divisor) {
  const int64_t rest = dividend % divisor;
  return rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest;
}

bool IsLeapYear(int64_t year);
int DaysInMonth(int64_t year, int month);
// 52 or 53.
int WeeksInYear(int64_t year);

// Days since 1970-01-01.  REQUIRES: |year| <= kYearMax, a real month; a day outside the month
// counts on from its first.
int64_t DaysFromCivil(int64_t year, int month, int64_t day);
CivilDate CivilFromDays(int64_t days);
int64_t DaysFromWeek(int64_t year, int week, int day);
WeekDate WeekFromDays(int64_t days);
int DayOfYear(int64_t days);  // 1 to 366

// The instant of a time in seconds and nanoseconds, rounded down to the microsecond; nullopt
// outside the instants there are.
std::optional<Instant> InstantFromSeconds(int64_t seconds, int32_t nanoseconds);

// The clock a DateTime shows in its own zone.
LocalDateTime LocalOf(const DateTime& value);
// The DateTime at which clocks at a fixed offset show `local`.
DateTime AtOffset(LocalDateTime local, int32_t offset_seconds);
// The same in a zone of the time zone database.  Where clocks show the time twice, `offset`
// chooses, else the earlier; a time that clocks skip moves on by the gap.  INVALID_ARGUMENT if
// there is no such zone or it never has that offset then.
absl::StatusOr<DateTime> InZone(LocalDateTime local, absl::string_view zone,
                                std::optional<int32_t> offset);
// The moment `seconds`, `nanoseconds` after 1970 UTC as a clock in `zone` shows it.
absl::StatusOr<DateTime> MomentInZone(int64_t seconds, int32_t nanoseconds, absl::string_view zone);
// "+02:00", "-0130", "+02", "Z": seconds east of UTC; nullopt if it is no offset.
std::optional<int32_t> ParseOffset(absl::string_view text);

// A decimal number to nine places: `whole` plus `nanos` billionths, of one sign.
struct Decimal {
  int64_t whole = 0;
  int64_t nanos = 0;
  // INVALID_ARGUMENT if it is not finite or too large.
  static absl::StatusOr<Decimal> FromDouble(double number);
};

// What a duration is told in; parts may have fractions and signs of their own.
struct DurationParts {
  Decimal years, months, weeks, days, hours, minutes, seconds;
};
// Fractions go down to the next smaller unit (a month by its average length).
// INVALID_ARGUMENT if a sum leaves 64 bits.
absl::StatusOr<Duration> MakeDuration(const DurationParts& parts);
// The length on average, for ordering durations.
double AverageSeconds(const Duration& duration);

// A date as its day, a time as its second, or nullopt if it lies outside the instants there are.
std::optional<Period> PeriodOf(Date date);
std::optional<Period> PeriodOf(const DateTime& value);

}  // namespace fasti
