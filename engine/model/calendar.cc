#include "engine/model/calendar.h"

#include <cmath>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "engine/base/check.h"
#include "engine/base/text.h"
#include "fasti/status_macros.h"

namespace fasti {
namespace {

// The Gregorian calendar repeats after 400 years.
constexpr int64_t kDaysPerEra = 146'097;
// From 0000-03-01, the start of the first era, to 1970-01-01.
constexpr int64_t kEpochShift = 719'468;

using Wide = __int128;

std::optional<int64_t> Narrow(Wide wide) {
  if (wide < INT64_MIN || wide > INT64_MAX) return std::nullopt;
  return static_cast<int64_t>(wide);
}

Wide InNanos(const Decimal& part, int64_t unit_seconds) {
  return (Wide{part.whole} * kNanosPerSecond + part.nanos) * unit_seconds;
}

// Whether `name` is written as the time zone database writes names: "Europe/Rome", "Etc/GMT+5".
// What loads a zone also takes file names, and those of "localtime" and of ":" depend on the
// machine; whoever writes a statement must reach no file but the database's.
bool IsZoneName(absl::string_view name) {
  constexpr size_t kLengthMax = 64;  // the longest has 32
  if (name.empty() || name.size() > kLengthMax || name == "localtime") return false;
  for (const absl::string_view part : absl::StrSplit(name, '/')) {
    if (part.empty()) return false;
    for (const char c : part) {
      if (!absl::ascii_isalnum(c) && c != '_' && c != '+' && c != '-') return false;
    }
  }
  return true;
}

absl::StatusOr<absl::TimeZone> FindZone(absl::string_view name) {
  absl::TimeZone zone;
  if (!IsZoneName(name) || !absl::LoadTimeZone(name, &zone)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "time zone: expected a name such as Europe/Rome, found '", Excerpt(name), "'"));
  }
  return zone;
}

absl::CivilSecond CivilSecondOf(LocalDateTime local) {
  return absl::CivilSecond(1970, 1, 1) + local.seconds;
}

}  // namespace

bool IsLeapYear(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int DaysInMonth(int64_t year, int month) {
  if (month == 2) return IsLeapYear(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Years are counted from 1 March, so that the leap day is the last of its year and the months
// before it have lengths in a repeating pattern of 153 days in five months.
int64_t DaysFromCivil(int64_t year, int month, int64_t day) {
  if (month <= 2) --year;
  const int64_t era = FloorDiv(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t month_from_march = month > 2 ? month - 3 : month + 9;
  const int64_t day_of_year = (153 * month_from_march + 2) / 5;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kEpochShift + day - 1;
}

CivilDate CivilFromDays(int64_t days) {
  // Split before shifting, so that no sum overflows.
  int64_t era = FloorDiv(days, kDaysPerEra);
  int64_t day_of_era = FloorMod(days, kDaysPerEra) + kEpochShift;
  era += day_of_era / kDaysPerEra;
  day_of_era %= kDaysPerEra;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  date.month =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  date.year = era * 400 + year_of_era + (date.month <= 2 ? 1 : 0);
  return date;
}

int WeeksInYear(int64_t year) {
  // 28 December is always in the last week.
  return WeekFromDays(DaysFromCivil(year, 12, 28)).week;
}

int64_t DaysFromWeek(int64_t year, int week, int day) {
  // 4 January is always in week 1; 1970-01-01 was a Thursday.
  const int64_t fourth = DaysFromCivil(year, 1, 4);
  const int64_t monday = fourth - FloorMod(fourth + 3, 7);
  return monday + int64_t{week - 1} * 7 + day - 1;
}

WeekDate WeekFromDays(int64_t days) {
  WeekDate date;
  date.day = static_cast<int>(FloorMod(days + 3, 7)) + 1;
  // The year of a week is the year of its Thursday.
  const int64_t thursday = days - date.day + 4;
  date.year = CivilFromDays(thursday).year;
  date.week = static_cast<int>((thursday - DaysFromCivil(date.year, 1, 1)) / 7) + 1;
  return date;
}

int DayOfYear(int64_t days) {
  return static_cast<int>(days - DaysFromCivil(CivilFromDays(days).year, 1, 1)) + 1;
}

std::optional<Instant> InstantFromSeconds(int64_t seconds, int32_t nanoseconds) {
  return Narrow(Wide{seconds} * kMicrosPerSecond + FloorDiv(nanoseconds, 1000));
}

LocalDateTime LocalOf(const DateTime& value) {
  return {value.seconds + value.offset_seconds, value.nanoseconds};
}

DateTime AtOffset(LocalDateTime local, int32_t offset_seconds) {
  return {local.seconds - offset_seconds, local.nanoseconds, offset_seconds, ""};
}

absl::StatusOr<DateTime> InZone(LocalDateTime local, absl::string_view zone,
                                std::optional<int32_t> offset) {
  FASTI_ASSIGN_OR_RETURN(const absl::TimeZone time_zone, FindZone(zone));
  const absl::TimeZone::TimeInfo info = time_zone.At(CivilSecondOf(local));
  // In a gap `pre` reads the clock as if it had not been set forward: later by the gap.
  for (const absl::Time moment : {info.pre, info.post}) {
    const auto found = static_cast<int32_t>(time_zone.At(moment).offset);
    if (offset.has_value() && found != *offset) continue;
    return DateTime{absl::ToUnixSeconds(moment), local.nanoseconds, found, std::string(zone)};
  }
  return absl::InvalidArgumentError(absl::StrCat("time zone: ", zone, " does not have the offset ",
                                                 *offset, " seconds at that time"));
}

absl::StatusOr<DateTime> MomentInZone(int64_t seconds, int32_t nanoseconds,
                                      absl::string_view zone) {
  FASTI_ASSIGN_OR_RETURN(const absl::TimeZone time_zone, FindZone(zone));
  const auto offset = static_cast<int32_t>(time_zone.At(absl::FromUnixSeconds(seconds)).offset);
  return DateTime{seconds, nanoseconds, offset, std::string(zone)};
}

std::optional<int32_t> ParseOffset(absl::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const bool colons = text.size() > 3 && text[3] == ':';
  const size_t stride = colons ? 3 : 2;
  int32_t fields[3] = {0, 0, 0};
  size_t count = 0;
  for (size_t at = 1; at < text.size(); at += stride) {
    const bool two_digits =
        at + 1 < text.size() && absl::ascii_isdigit(text[at]) && absl::ascii_isdigit(text[at + 1]);
    if (count == 3 || !two_digits || (colons && count > 0 && text[at - 1] != ':')) {
      return std::nullopt;
    }
    fields[count++] = (text[at] - '0') * 10 + (text[at + 1] - '0');
  }
  const size_t expected = count == 0 ? 0 : 1 + 2 * count + (colons ? count - 1 : 0);
  if (count == 0 || text.size() != expected || fields[1] > 59 || fields[2] > 59) {
    return std::nullopt;
  }
  const int32_t seconds = fields[0] * 3600 + fields[1] * 60 + fields[2];
  if (seconds > 18 * 3600) return std::nullopt;  // no clock on Earth is further from UTC
  return text[0] == '-' ? -seconds : seconds;
}

absl::StatusOr<Decimal> Decimal::FromDouble(double number) {
  if (!(std::fabs(number) < 9.2e18)) {
    return absl::InvalidArgumentError("duration: expected numbers within 64 bits");
  }
  const double whole = std::trunc(number);
  Decimal decimal{static_cast<int64_t>(whole),
                  std::llround((number - whole) * static_cast<double>(kNanosPerSecond))};
  if (decimal.nanos == kNanosPerSecond || decimal.nanos == -kNanosPerSecond) {
    decimal.whole += decimal.nanos > 0 ? 1 : -1;
    decimal.nanos = 0;
  }
  return decimal;
}

absl::StatusOr<Duration> MakeDuration(const DurationParts& parts) {
  // Each level in billionths of its unit; the fraction of one is carried to the next.
  const Wide months = InNanos(parts.years, 12) + InNanos(parts.months, 1);
  const Wide month_seconds = months % kNanosPerSecond * kSecondsPerAverageMonth;
  const Wide month_days = month_seconds / (Wide{kSecondsPerDay} * kNanosPerSecond);
  const Wide days = InNanos(parts.weeks, 7) + InNanos(parts.days, 1) + month_days * kNanosPerSecond;
  const Wide nanos = month_seconds - month_days * kSecondsPerDay * kNanosPerSecond +
                     days % kNanosPerSecond * kSecondsPerDay + InNanos(parts.hours, 3600) +
                     InNanos(parts.minutes, 60) + InNanos(parts.seconds, 1);
  const std::optional<int64_t> whole_months = Narrow(months / kNanosPerSecond);
  const std::optional<int64_t> whole_days = Narrow(days / kNanosPerSecond);
  const std::optional<int64_t> whole_seconds = Narrow(nanos / kNanosPerSecond);
  if (!whole_months || !whole_days || !whole_seconds) {
    return absl::InvalidArgumentError("duration: expected months, days and seconds within 64 bits");
  }
  return Duration{*whole_months, *whole_days, *whole_seconds,
                  static_cast<int32_t>(nanos % kNanosPerSecond)};
}

double AverageSeconds(const Duration& duration) {
  return static_cast<double>(duration.months) * static_cast<double>(kSecondsPerAverageMonth) +
         static_cast<double>(duration.days) * static_cast<double>(kSecondsPerDay) +
         static_cast<double>(duration.seconds) + duration.nanoseconds * 1e-9;
}

std::optional<Period> PeriodOf(Date date) {
  const std::optional<Instant> from = Narrow(Wide{date.days} * kMicrosPerDay);
  if (!from || *from > kInstantMax - kMicrosPerDay || *from == kInstantMin) return std::nullopt;
  return Period::Granule(*from, Precision::kDay);
}

std::optional<Period> PeriodOf(const DateTime& value) {
  const std::optional<Instant> from = InstantFromSeconds(value.seconds, 0);
  if (!from || *from > kInstantMax - kMicrosPerSecond || *from == kInstantMin) return std::nullopt;
  return Period::Granule(*from, Precision::kSecond);
}

}  // namespace fasti
