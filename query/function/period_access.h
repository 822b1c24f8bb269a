#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "fasti/period.h"
#include "fasti/quantity.h"
#include "fasti/value.h"

// The components of periods and quantities that the language names.

namespace fasti::function {

// `start` and `end` as they were written: the first and the last day, or below a day the first and
// the last minute, second or microsecond; null if open or unknown.  `precision` is the coarser of
// the two ends.  Nullopt for any other name.
std::optional<Value> PeriodComponent(const Period& period, absl::string_view name);

// `low`, `high`, `unit`, `value`, `hedge`; a bound that was not told is null.
std::optional<Value> QuantityComponent(const Quantity& quantity, absl::string_view name);

// "century" to "microsecond", and "open", "unknown"; the words that `bucket` takes for units.
absl::string_view PrecisionName(Precision precision);
std::optional<Precision> PrecisionFromName(absl::string_view name);

// [from, to) at the coarsest of day, second and microsecond that tells both ends exactly; the ends
// of all time are open.
Period ExactSpan(Instant from, Instant to);

}  // namespace fasti::function
