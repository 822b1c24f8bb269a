#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/value.h"

// Calendar values out of maps of components, as in date({year: 1984, week: 10, dayOfWeek: 3}) or
// datetime({date: d, time: t, second: 42, timezone: 'Europe/Rome'}).
//
// A map may select whole values (`date`, `time`, `datetime`) and then changes single components of
// them.  A date is told in one of four ways (month and day, week, day of the year, quarter); what
// the map leaves out comes from the selected value, else it is the first.  Components that are not
// integers, are out of range, or that nothing coarser carries, are ArgumentError.

namespace fasti::function {

inline constexpr int kNanosPerMilli = 1'000'000;
inline constexpr int kNanosPerMicro = 1'000;

absl::StatusOr<Date> BuildDate(const Map& parts);
absl::StatusOr<LocalDateTime> BuildLocalDateTime(const Map& parts);
// `timezone` names the zone of the components; over a selected value that has a zone of its own,
// it asks for the same moment on the clocks of another zone.
absl::StatusOr<DateTime> BuildDateTime(const Map& parts);
// Every part may be a FLOAT.
absl::StatusOr<Duration> BuildDuration(const Map& parts);

// The clock that the value shows, without its zone; midnight for a date.  REQUIRES, here and
// below: a DATE, LOCALDATETIME or DATETIME.
LocalDateTime ClockOf(const Value& value);
// The value as a DATETIME: of a DATE or LOCALDATETIME in UTC.
DateTime ZonedOf(const Value& value);

// A local time in the zone that a text names: an offset such as "+02:00", or "Europe/Rome".
absl::StatusOr<DateTime> AtZoneText(LocalDateTime local, absl::string_view zone);
// The same moment on the clocks of that zone.
absl::StatusOr<DateTime> MoveToZoneText(const DateTime& moment, absl::string_view zone);
// A local time in the zone, or at the offset, of another value.
absl::StatusOr<DateTime> InZoneOf(LocalDateTime local, const DateTime& like);
// The text of a `timezone` component: ArgumentError if it is no string.
absl::StatusOr<absl::string_view> ZoneText(const Value& zone);

}  // namespace fasti::function
