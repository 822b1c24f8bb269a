#pragma once

#include "absl/status/statusor.h"
#include "fasti/value.h"

// The duration that leads from one calendar value to another.  Values are compared on one clock:
// in the zone of the first that has one, where values without a zone are taken to stand; with no
// zone at all, on their own clocks.  REQUIRES: DATE, LOCALDATETIME or DATETIME.

namespace fasti::function {

// As many months as fit, then days, then time; all of the sign of the direction.
absl::StatusOr<Duration> DurationBetween(const Value& from, const Value& to);
// Whole months, whole days, or time only.
absl::StatusOr<Duration> MonthsBetween(const Value& from, const Value& to);
absl::StatusOr<Duration> DaysBetween(const Value& from, const Value& to);
absl::StatusOr<Duration> SecondsBetween(const Value& from, const Value& to);

}  // namespace fasti::function
