#include "query/function/temporal_truncate.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/model/calendar.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/temporal_build.h"

namespace fasti::function {
namespace {

// The first day of the unit that contains `days`; nullopt if it is no unit of days or more.
std::optional<int64_t> TruncateDay(absl::string_view unit, int64_t days) {
  const CivilDate date = CivilFromDays(days);
  const auto years = [&](int64_t count) {
    return DaysFromCivil(FloorDiv(date.year, count) * count, 1, 1);
  };
  const auto is = [&](absl::string_view name) { return absl::EqualsIgnoreCase(unit, name); };
  if (is("millennium")) return years(1000);
  if (is("century")) return years(100);
  if (is("decade")) return years(10);
  if (is("year")) return years(1);
  if (is("weekYear")) return DaysFromWeek(WeekFromDays(days).year, 1, 1);
  if (is("quarter")) return DaysFromCivil(date.year, (date.month - 1) / 3 * 3 + 1, 1);
  if (is("month")) return DaysFromCivil(date.year, date.month, 1);
  if (is("week")) return days - WeekFromDays(days).day + 1;
  if (is("day")) return days;
  return std::nullopt;
}

absl::StatusOr<LocalDateTime> TruncateClock(absl::string_view unit, LocalDateTime clock) {
  const int64_t days = FloorDiv(clock.seconds, kSecondsPerDay);
  if (const std::optional<int64_t> first = TruncateDay(unit, days)) {
    return LocalDateTime{*first * kSecondsPerDay, 0};
  }
  const auto to_seconds = [&](int64_t count) {
    return LocalDateTime{FloorDiv(clock.seconds, count) * count, 0};
  };
  const auto to_nanos = [&](int32_t count) {
    return LocalDateTime{clock.seconds, clock.nanoseconds / count * count};
  };
  const auto is = [&](absl::string_view name) { return absl::EqualsIgnoreCase(unit, name); };
  if (is("hour")) return to_seconds(3600);
  if (is("minute")) return to_seconds(60);
  if (is("second")) return to_seconds(1);
  if (is("millisecond")) return to_nanos(kNanosPerMilli);
  if (is("microsecond")) return to_nanos(kNanosPerMicro);
  return RuntimeError(kBadArgument, absl::StrCat("there is no unit '", unit, "' to truncate to"));
}

// `parts` over a value that was cut to `unit`: what they say below a milli- or microsecond adds to
// it rather than replacing it.
Map OverTruncated(absl::string_view unit, LocalDateTime clock, Value selected, const Map& parts) {
  Map over = parts;
  over.insert_or_assign("datetime", std::move(selected));
  const auto has = [&](const char* key) { return parts.count(key) > 0; };
  if (has("millisecond")) return over;
  if (absl::EqualsIgnoreCase(unit, "millisecond") && (has("microsecond") || has("nanosecond"))) {
    over.insert_or_assign("millisecond", Value(clock.nanoseconds / kNanosPerMilli));
  }
  if (absl::EqualsIgnoreCase(unit, "microsecond") && has("nanosecond") && !has("microsecond")) {
    over.insert_or_assign("microsecond", Value(clock.nanoseconds / kNanosPerMicro));
  }
  return over;
}

}  // namespace

absl::StatusOr<Date> TruncateToDate(absl::string_view unit, const Value& value, const Map& parts) {
  const std::optional<int64_t> first =
      TruncateDay(unit, FloorDiv(ClockOf(value).seconds, kSecondsPerDay));
  if (!first.has_value()) {
    return RuntimeError(kBadArgument,
                        absl::StrCat("there is no unit '", unit, "' to truncate a date to"));
  }
  if (parts.empty()) return Date{*first};
  Map over = parts;
  over.insert_or_assign("date", Value(Date{*first}));
  return BuildDate(over);
}

absl::StatusOr<LocalDateTime> TruncateToLocalDateTime(absl::string_view unit, const Value& value,
                                                      const Map& parts) {
  FASTI_ASSIGN_OR_RETURN(const LocalDateTime clock, TruncateClock(unit, ClockOf(value)));
  return BuildLocalDateTime(OverTruncated(unit, clock, Value(clock), parts));
}

absl::StatusOr<DateTime> TruncateToDateTime(absl::string_view unit, const Value& value,
                                            const Map& parts) {
  FASTI_ASSIGN_OR_RETURN(const LocalDateTime clock, TruncateClock(unit, ClockOf(value)));
  Map over = parts;
  DateTime truncated;
  if (const auto zone = parts.find("timezone"); zone != parts.end()) {
    // Here it tells in which zone the cut clock stands; the moment is not kept.
    FASTI_ASSIGN_OR_RETURN(const absl::string_view text, ZoneText(zone->second));
    FASTI_ASSIGN_OR_RETURN(truncated, AtZoneText(clock, text));
    over.erase("timezone");
  } else {
    FASTI_ASSIGN_OR_RETURN(truncated, InZoneOf(clock, ZonedOf(value)));
  }
  return BuildDateTime(OverTruncated(unit, clock, Value(std::move(truncated)), over));
}

}  // namespace fasti::function
