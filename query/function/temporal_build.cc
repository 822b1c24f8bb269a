#include "query/function/temporal_build.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "engine/model/calendar.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/temporal_arithmetic.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;

constexpr absl::string_view kDateKeys[] = {"year",      "quarter", "month",        "week",
                                           "dayOfWeek", "day",     "dayOfQuarter", "ordinalDay"};
constexpr absl::string_view kTimeKeys[] = {"hour",        "minute",      "second",
                                           "millisecond", "microsecond", "nanosecond"};

const Value* Find(const Map& parts, absl::string_view key) {
  const auto found = parts.find(std::string(key));
  return found == parts.end() || found->second.is_null() ? nullptr : &found->second;
}
bool HasAny(const Map& parts, absl::Span<const absl::string_view> keys) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](absl::string_view key) { return Find(parts, key) != nullptr; });
}
bool HasAny(const Map& parts, std::initializer_list<absl::string_view> keys) {
  return HasAny(parts, absl::MakeConstSpan(keys.begin(), keys.size()));
}

absl::Status CheckKeys(const Map& parts,
                       std::initializer_list<absl::Span<const absl::string_view>> known) {
  for (const auto& [key, value] : parts) {
    const bool found = std::any_of(known.begin(), known.end(), [&key = key](const auto& keys) {
      return std::find(keys.begin(), keys.end(), key) != keys.end();
    });
    if (!found)
      return RuntimeError(kBadArgument, absl::StrCat("there is no component `", key, "`"));
  }
  return absl::OkStatus();
}

// A component that is an integer from `low` to `high`; `otherwise` if the map has none.
absl::StatusOr<int64_t> Component(const Map& parts, absl::string_view key, int64_t low,
                                  int64_t high, int64_t otherwise) {
  const Value* value = Find(parts, key);
  if (value == nullptr) return otherwise;
  if (!value->is(Kind::kInt)) {
    return RuntimeError(kBadArgument, absl::StrCat("`", key, "`: expected an integer, found ",
                                                   KindName(value->kind())));
  }
  if (value->as_int() < low || value->as_int() > high) {
    return RuntimeError(kOutOfRange, absl::StrCat("`", key, "`: expected ", low, " to ", high,
                                                  ", found ", value->as_int()));
  }
  return value->as_int();
}

// Finer components need the coarser ones: {year, day} says no date.
absl::Status CheckCarried(const Map& parts, bool selected,
                          std::initializer_list<absl::string_view> coarse_to_fine) {
  if (selected) return absl::OkStatus();
  absl::string_view missing;
  for (absl::string_view key : coarse_to_fine) {
    if (Find(parts, key) == nullptr) {
      if (missing.empty()) missing = key;
    } else if (!missing.empty()) {
      return RuntimeError(kBadArgument,
                          absl::StrCat("`", key, "` needs `", missing, "` beside it"));
    }
  }
  return absl::OkStatus();
}

// A whole value that the map selects under one of two keys; null if it selects none.
absl::StatusOr<const Value*> Selected(const Map& parts, absl::string_view key,
                                      absl::string_view other_key, bool needs_time) {
  const Value* value = Find(parts, key);
  if (value == nullptr) value = Find(parts, other_key);
  if (value == nullptr) return nullptr;
  const bool has_time = value->is(Kind::kLocalDateTime) || value->is(Kind::kDateTime);
  if (has_time || (!needs_time && value->is(Kind::kDate))) return value;
  return RuntimeError(kBadArgument,
                      absl::StrCat("`", key, "`: expected a ", needs_time ? "" : "date, ",
                                   "localdatetime or datetime, found ", KindName(value->kind())));
}

int64_t DayOf(const Value& value) {
  return FloorDiv(ClockOf(value).seconds, kSecondsPerDay);
}

absl::StatusOr<int64_t> BuildWeekDay(const Map& parts, std::optional<int64_t> base) {
  FASTI_RETURN_IF_ERROR(CheckCarried(parts, base.has_value(), {"year", "week", "dayOfWeek"}));
  const WeekDate week = base.has_value() ? WeekFromDays(*base) : WeekDate();
  FASTI_ASSIGN_OR_RETURN(const int64_t year,
                         Component(parts, "year", -kYearMax, kYearMax, week.year));
  FASTI_ASSIGN_OR_RETURN(const int64_t number,
                         Component(parts, "week", 1, WeeksInYear(year), week.week));
  FASTI_ASSIGN_OR_RETURN(const int64_t day, Component(parts, "dayOfWeek", 1, 7, week.day));
  return DaysFromWeek(year, static_cast<int>(number), static_cast<int>(day));
}

absl::StatusOr<int64_t> BuildOrdinalDay(const Map& parts, int64_t year) {
  FASTI_ASSIGN_OR_RETURN(const int64_t day,
                         Component(parts, "ordinalDay", 1, IsLeapYear(year) ? 366 : 365, 1));
  return DaysFromCivil(year, 1, day);
}

absl::StatusOr<int64_t> BuildQuarterDay(const Map& parts, int64_t year,
                                        std::optional<int64_t> base) {
  FASTI_RETURN_IF_ERROR(CheckCarried(parts, base.has_value(), {"quarter", "dayOfQuarter"}));
  const CivilDate date = CivilFromDays(base.value_or(0));
  const int base_quarter = (date.month + 2) / 3;
  FASTI_ASSIGN_OR_RETURN(const int64_t quarter, Component(parts, "quarter", 1, 4, base_quarter));
  const int month = static_cast<int>(quarter) * 3 - 2;
  const int64_t first = DaysFromCivil(year, month, 1);
  const int64_t length =
      DaysInMonth(year, month) + DaysInMonth(year, month + 1) + DaysInMonth(year, month + 2);
  const int64_t base_day =
      base.has_value() ? *base - DaysFromCivil(date.year, base_quarter * 3 - 2, 1) + 1 : 1;
  FASTI_ASSIGN_OR_RETURN(const int64_t day, Component(parts, "dayOfQuarter", 1, length, base_day));
  return first + std::min(day, length) - 1;
}

absl::StatusOr<int64_t> BuildMonthDay(const Map& parts, int64_t year, std::optional<int64_t> base) {
  FASTI_RETURN_IF_ERROR(CheckCarried(parts, base.has_value(), {"month", "day"}));
  const CivilDate date = base.has_value() ? CivilFromDays(*base) : CivilDate();
  FASTI_ASSIGN_OR_RETURN(const int64_t month, Component(parts, "month", 1, 12, date.month));
  const int length = DaysInMonth(year, static_cast<int>(month));
  FASTI_ASSIGN_OR_RETURN(const int64_t day, Component(parts, "day", 1, length, date.day));
  return DaysFromCivil(year, static_cast<int>(month), std::min<int64_t>(day, length));
}

// Days since 1970; `base` is the day of the selected value.
absl::StatusOr<int64_t> BuildDay(const Map& parts, std::optional<int64_t> base) {
  if (!base.has_value() && Find(parts, "year") == nullptr) {
    return RuntimeError(kBadArgument, "a date needs at least `year` or a value to select from");
  }
  if (HasAny(parts, {"week", "dayOfWeek"})) return BuildWeekDay(parts, base);
  const CivilDate date = CivilFromDays(base.value_or(0));
  FASTI_ASSIGN_OR_RETURN(const int64_t year,
                         Component(parts, "year", -kYearMax, kYearMax, date.year));
  if (HasAny(parts, {"ordinalDay"})) return BuildOrdinalDay(parts, year);
  if (HasAny(parts, {"quarter", "dayOfQuarter"})) return BuildQuarterDay(parts, year, base);
  return BuildMonthDay(parts, year, base);
}

struct TimeOfDay {
  int64_t seconds = 0;
  int32_t nanoseconds = 0;
};

// Milliseconds, microseconds and nanoseconds add up: each then counts below the one before.
absl::StatusOr<int32_t> BuildNanoseconds(const Map& parts, int32_t base) {
  if (!HasAny(parts, {"millisecond", "microsecond", "nanosecond"})) return base;
  const bool millis_told = Find(parts, "millisecond") != nullptr;
  const bool micros_told = Find(parts, "microsecond") != nullptr;
  FASTI_ASSIGN_OR_RETURN(const int64_t millis, Component(parts, "millisecond", 0, 999, 0));
  FASTI_ASSIGN_OR_RETURN(const int64_t micros,
                         Component(parts, "microsecond", 0, millis_told ? 999 : 999'999, 0));
  const int64_t nanos_max = micros_told ? 999 : millis_told ? 999'999 : 999'999'999;
  FASTI_ASSIGN_OR_RETURN(const int64_t nanos, Component(parts, "nanosecond", 0, nanos_max, 0));
  return static_cast<int32_t>(millis * 1'000'000 + micros * 1'000 + nanos);
}

absl::StatusOr<TimeOfDay> BuildTime(const Map& parts, std::optional<LocalDateTime> base) {
  FASTI_RETURN_IF_ERROR(CheckCarried(parts, base.has_value(), {"hour", "minute", "second"}));
  if (!base.has_value() && Find(parts, "second") == nullptr &&
      HasAny(parts, {"millisecond", "microsecond", "nanosecond"})) {
    return RuntimeError(kBadArgument, "parts of a second need `second` beside them");
  }
  const LocalDateTime clock = base.value_or(LocalDateTime());
  const int64_t second_of_day = FloorMod(clock.seconds, kSecondsPerDay);
  FASTI_ASSIGN_OR_RETURN(const int64_t hour, Component(parts, "hour", 0, 23, second_of_day / 3600));
  FASTI_ASSIGN_OR_RETURN(const int64_t minute,
                         Component(parts, "minute", 0, 59, second_of_day / 60 % 60));
  FASTI_ASSIGN_OR_RETURN(const int64_t second,
                         Component(parts, "second", 0, 59, second_of_day % 60));
  FASTI_ASSIGN_OR_RETURN(const int32_t nanos, BuildNanoseconds(parts, clock.nanoseconds));
  return TimeOfDay{(hour * 60 + minute) * 60 + second, nanos};
}

// The values that a map selects its date and its time from; null where it selects none.
struct Selection {
  const Value* date = nullptr;
  const Value* time = nullptr;
};
absl::StatusOr<Selection> Select(const Map& parts) {
  Selection selection;
  FASTI_ASSIGN_OR_RETURN(selection.date, Selected(parts, "date", "datetime", false));
  FASTI_ASSIGN_OR_RETURN(selection.time, Selected(parts, "time", "datetime", true));
  return selection;
}

absl::StatusOr<LocalDateTime> BuildLocal(const Map& parts, const Selection& selection) {
  std::optional<int64_t> base_day;
  if (selection.date != nullptr) base_day = DayOf(*selection.date);
  std::optional<LocalDateTime> base_time;
  if (selection.time != nullptr) base_time = ClockOf(*selection.time);
  FASTI_ASSIGN_OR_RETURN(const int64_t days, BuildDay(parts, base_day));
  FASTI_ASSIGN_OR_RETURN(const TimeOfDay time, BuildTime(parts, base_time));
  return LocalDateTime{days * kSecondsPerDay + time.seconds, time.nanoseconds};
}

// The parts of a duration.

absl::StatusOr<Decimal> DurationPart(const Map& parts, absl::string_view key) {
  const Value* value = Find(parts, key);
  if (value == nullptr) return Decimal();
  if (value->is(Kind::kInt)) return Decimal{value->as_int(), 0};
  if (value->is(Kind::kDouble)) {
    return OrRuntimeError(Decimal::FromDouble(value->as_double()), kOutOfRange);
  }
  return RuntimeError(kBadArgument, absl::StrCat("`", key, "`: expected a number, found ",
                                                 KindName(value->kind())));
}

// Milli-, micro- and nanoseconds together.
absl::StatusOr<Duration> BuildSubseconds(const Map& parts) {
  __int128 nanos = 0;
  for (const auto& [key, unit] :
       {std::pair("milliseconds", kNanosPerMilli), std::pair("microseconds", kNanosPerMicro),
        std::pair("nanoseconds", 1)}) {
    FASTI_ASSIGN_OR_RETURN(const Decimal part, DurationPart(parts, key));
    nanos += static_cast<__int128>(part.whole) * unit + part.nanos * unit / kNanosPerSecond;
  }
  return Duration{.months = 0,
                  .days = 0,
                  .seconds = static_cast<int64_t>(nanos / kNanosPerSecond),
                  .nanoseconds = static_cast<int32_t>(nanos % kNanosPerSecond)};
}

}  // namespace

LocalDateTime ClockOf(const Value& value) {
  switch (value.kind()) {
    case Kind::kDate:
      return LocalDateTime{value.as_date().days * kSecondsPerDay, 0};
    case Kind::kLocalDateTime:
      return value.as_local_date_time();
    default:
      return LocalOf(value.as_date_time());
  }
}

DateTime ZonedOf(const Value& value) {
  return value.is(Kind::kDateTime) ? value.as_date_time() : AtOffset(ClockOf(value), 0);
}

absl::StatusOr<DateTime> AtZoneText(LocalDateTime local, absl::string_view zone) {
  if (const std::optional<int32_t> offset = ParseOffset(zone)) return AtOffset(local, *offset);
  return OrRuntimeError(InZone(local, zone, std::nullopt), kBadArgument);
}

absl::StatusOr<DateTime> MoveToZoneText(const DateTime& moment, absl::string_view zone) {
  if (const std::optional<int32_t> offset = ParseOffset(zone)) {
    return DateTime{moment.seconds, moment.nanoseconds, *offset, ""};
  }
  return OrRuntimeError(MomentInZone(moment.seconds, moment.nanoseconds, zone), kBadArgument);
}

absl::StatusOr<DateTime> InZoneOf(LocalDateTime local, const DateTime& like) {
  if (like.zone.empty()) return AtOffset(local, like.offset_seconds);
  return OrRuntimeError(InZone(local, like.zone, std::nullopt), kBadArgument);
}

absl::StatusOr<absl::string_view> ZoneText(const Value& zone) {
  if (zone.is(Kind::kString)) return absl::string_view(zone.as_string());
  return RuntimeError(kBadArgument,
                      absl::StrCat("`timezone`: expected a string, found ", KindName(zone.kind())));
}

absl::StatusOr<Date> BuildDate(const Map& parts) {
  static constexpr absl::string_view kSelectKeys[] = {"date", "datetime"};
  FASTI_RETURN_IF_ERROR(CheckKeys(parts, {kSelectKeys, kDateKeys}));
  FASTI_ASSIGN_OR_RETURN(const Value* selected, Selected(parts, "date", "datetime", false));
  std::optional<int64_t> base;
  if (selected != nullptr) base = DayOf(*selected);
  FASTI_ASSIGN_OR_RETURN(const int64_t days, BuildDay(parts, base));
  return Date{days};
}

absl::StatusOr<LocalDateTime> BuildLocalDateTime(const Map& parts) {
  static constexpr absl::string_view kSelectKeys[] = {"date", "time", "datetime"};
  FASTI_RETURN_IF_ERROR(CheckKeys(parts, {kSelectKeys, kDateKeys, kTimeKeys}));
  FASTI_ASSIGN_OR_RETURN(const Selection selection, Select(parts));
  return BuildLocal(parts, selection);
}

absl::StatusOr<DateTime> BuildDateTime(const Map& parts) {
  static constexpr absl::string_view kSelectKeys[] = {"date", "time", "datetime", "timezone"};
  FASTI_RETURN_IF_ERROR(CheckKeys(parts, {kSelectKeys, kDateKeys, kTimeKeys}));
  FASTI_ASSIGN_OR_RETURN(const Selection selection, Select(parts));
  FASTI_ASSIGN_OR_RETURN(const LocalDateTime local, BuildLocal(parts, selection));
  const bool has_zone = selection.time != nullptr && selection.time->is(Kind::kDateTime);
  const Value* zone = Find(parts, "timezone");
  if (!has_zone) {
    if (zone == nullptr) return AtOffset(local, 0);
    FASTI_ASSIGN_OR_RETURN(const absl::string_view text, ZoneText(*zone));
    return AtZoneText(local, text);
  }
  FASTI_ASSIGN_OR_RETURN(const DateTime built, InZoneOf(local, selection.time->as_date_time()));
  if (zone == nullptr) return built;
  FASTI_ASSIGN_OR_RETURN(const absl::string_view text, ZoneText(*zone));
  return MoveToZoneText(built, text);
}

absl::StatusOr<Duration> BuildDuration(const Map& parts) {
  static constexpr absl::string_view kKeys[] = {
      "years",   "months",  "weeks",        "days",         "hours",
      "minutes", "seconds", "milliseconds", "microseconds", "nanoseconds"};
  FASTI_RETURN_IF_ERROR(CheckKeys(parts, {kKeys}));
  DurationParts told;
  for (const auto& [key, part] :
       {std::pair("years", &told.years), std::pair("months", &told.months),
        std::pair("weeks", &told.weeks), std::pair("days", &told.days),
        std::pair("hours", &told.hours), std::pair("minutes", &told.minutes),
        std::pair("seconds", &told.seconds)}) {
    FASTI_ASSIGN_OR_RETURN(*part, DurationPart(parts, key));
  }
  FASTI_ASSIGN_OR_RETURN(const Duration coarse, OrRuntimeError(MakeDuration(told), kOutOfRange));
  FASTI_ASSIGN_OR_RETURN(const Duration fine, BuildSubseconds(parts));
  return AddDurations(coarse, fine, Direction::kForward);
}

}  // namespace fasti::function
