#include "query/function/temporal_components.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/model/calendar.h"
#include "query/function/temporal_build.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;

std::optional<Value> DateComponent(int64_t days, absl::string_view name) {
  const CivilDate date = CivilFromDays(days);
  const int quarter = (date.month + 2) / 3;
  const WeekDate week = WeekFromDays(days);
  if (name == "year") return Value(date.year);
  if (name == "quarter") return Value(quarter);
  if (name == "month") return Value(date.month);
  if (name == "week") return Value(week.week);
  if (name == "weekYear") return Value(week.year);
  if (name == "day") return Value(date.day);
  if (name == "ordinalDay") return Value(DayOfYear(days));
  if (name == "weekDay" || name == "dayOfWeek") return Value(week.day);
  if (name == "dayOfQuarter") {
    return Value(days - DaysFromCivil(date.year, quarter * 3 - 2, 1) + 1);
  }
  return std::nullopt;
}

std::optional<Value> TimeComponent(LocalDateTime value, absl::string_view name) {
  const int64_t second = FloorMod(value.seconds, kSecondsPerDay);
  if (name == "hour") return Value(second / 3600);
  if (name == "minute") return Value(second / 60 % 60);
  if (name == "second") return Value(second % 60);
  if (name == "millisecond") return Value(value.nanoseconds / kNanosPerMilli);
  if (name == "microsecond") return Value(value.nanoseconds / kNanosPerMicro);
  if (name == "nanosecond") return Value(value.nanoseconds);
  return std::nullopt;
}

std::optional<Value> LocalComponent(LocalDateTime value, absl::string_view name) {
  std::optional<Value> component = TimeComponent(value, name);
  if (component.has_value()) return component;
  return DateComponent(FloorDiv(value.seconds, kSecondsPerDay), name);
}

// "+01:00", "+00:53:28", "Z".
std::string OffsetText(int32_t offset_seconds) {
  if (offset_seconds == 0) return "Z";
  const int32_t size = offset_seconds < 0 ? -offset_seconds : offset_seconds;
  std::string text =
      absl::StrFormat("%c%02d:%02d", offset_seconds < 0 ? '-' : '+', size / 3600, size / 60 % 60);
  if (size % 60 != 0) absl::StrAppendFormat(&text, ":%02d", size % 60);
  return text;
}

std::optional<Value> ZonedComponent(const DateTime& value, absl::string_view name) {
  if (name == "timezone") {
    return Value(value.zone.empty() ? OffsetText(value.offset_seconds) : value.zone);
  }
  if (name == "offset") return Value(OffsetText(value.offset_seconds));
  if (name == "offsetMinutes") return Value(value.offset_seconds / 60);
  if (name == "offsetSeconds") return Value(value.offset_seconds);
  if (name == "epochSeconds") return Value(value.seconds);
  if (name == "epochMillis")
    return Value(value.seconds * 1000 + value.nanoseconds / kNanosPerMilli);
  return LocalComponent(LocalOf(value), name);
}

// The time part in units of a second or its fractions, each rounded towards minus infinity;
// nullopt where that does not fit 64 bits.
std::optional<Value> TimeIn(const Duration& duration, int64_t nanos_per_unit) {
  const __int128 nanos =
      static_cast<__int128>(duration.seconds) * kNanosPerSecond + duration.nanoseconds;
  __int128 units = nanos / nanos_per_unit;
  if (nanos % nanos_per_unit < 0) --units;
  if (units < INT64_MIN || units > INT64_MAX) return std::nullopt;
  return Value(static_cast<int64_t>(units));
}

// Months, days and seconds are apart: a name counts units within the one it belongs to.
std::optional<Value> DurationComponent(const Duration& duration, absl::string_view name) {
  const int64_t nanos = FloorMod(duration.nanoseconds, kNanosPerSecond);
  const int64_t seconds = duration.seconds + FloorDiv(duration.nanoseconds, kNanosPerSecond);
  if (name == "years") return Value(duration.months / 12);
  if (name == "quarters") return Value(duration.months / 3);
  if (name == "months") return Value(duration.months);
  if (name == "weeks") return Value(duration.days / 7);
  if (name == "days") return Value(duration.days);
  if (name == "hours") return Value(seconds / 3600);
  if (name == "minutes") return Value(seconds / 60);
  if (name == "seconds") return Value(seconds);
  if (name == "milliseconds") return TimeIn(duration, kNanosPerMilli);
  if (name == "microseconds") return TimeIn(duration, kNanosPerMicro);
  if (name == "nanoseconds") return TimeIn(duration, 1);
  if (name == "quartersOfYear") return Value(duration.months / 3 % 4);
  if (name == "monthsOfQuarter") return Value(duration.months % 3);
  if (name == "monthsOfYear") return Value(duration.months % 12);
  if (name == "daysOfWeek") return Value(duration.days % 7);
  if (name == "minutesOfHour") return Value(seconds / 60 % 60);
  if (name == "secondsOfMinute") return Value(seconds % 60);
  if (name == "millisecondsOfSecond") return Value(nanos / kNanosPerMilli);
  if (name == "microsecondsOfSecond") return Value(nanos / kNanosPerMicro);
  if (name == "nanosecondsOfSecond") return Value(nanos);
  return std::nullopt;
}

}  // namespace

std::optional<Value> TemporalComponent(const Value& value, absl::string_view name) {
  switch (value.kind()) {
    case Kind::kDate:
      return DateComponent(value.as_date().days, name);
    case Kind::kLocalDateTime:
      return LocalComponent(value.as_local_date_time(), name);
    case Kind::kDateTime:
      return ZonedComponent(value.as_date_time(), name);
    default:
      return DurationComponent(value.as_duration(), name);
  }
}

}  // namespace fasti::function
