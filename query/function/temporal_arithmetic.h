#pragma once

#include "absl/status/statusor.h"
#include "fasti/period.h"
#include "fasti/value.h"

// Arithmetic of calendar values and durations.  Months move along the calendar and stop at the end
// of a shorter month, then days, then time, which is how the parts of a duration keep their
// meaning: 31 January + P1M is 28 February.  Results outside the calendar are
// ArgumentError.NumberOutOfRange.

namespace fasti::function {

// ArgumentError.NumberOutOfRange if the second, counted from 1970, lies outside the calendar.
absl::Status CheckInCalendar(int64_t seconds);

enum class Direction : int { kForward = 1, kBackward = -1 };

// Whole days in the time part of the duration count, the rest of it is dropped.
absl::StatusOr<Date> Shift(Date date, const Duration& by, Direction direction);
absl::StatusOr<LocalDateTime> Shift(LocalDateTime value, const Duration& by, Direction direction);
// Months and days on the clock of its zone, the time part along the axis of time.
absl::StatusOr<DateTime> Shift(const DateTime& value, const Duration& by, Direction direction);

// The instant that the duration leads to on the calendar of UTC.
absl::StatusOr<Instant> ShiftInstant(Instant instant, const Duration& by, Direction direction);

absl::StatusOr<Duration> AddDurations(const Duration& a, const Duration& b, Direction direction);
// Fractions go down to the next smaller unit, those of a nanosecond are dropped.
absl::StatusOr<Duration> MultiplyDuration(const Duration& duration, double factor);
absl::StatusOr<Duration> MultiplyDuration(const Duration& duration, int64_t factor);
absl::StatusOr<Duration> DivideDuration(const Duration& duration, double divisor);

}  // namespace fasti::function
