#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "fasti/value.h"

// The components of calendar values that the language names: d.year, d.weekDay, t.epochMillis,
// duration.monthsOfYear.  Names are in openCypher's spelling, case counts.

namespace fasti::function {

// Nullopt if the value has no component of that name.
// REQUIRES: a DATE, LOCALDATETIME, DATETIME or DURATION.
std::optional<Value> TemporalComponent(const Value& value, absl::string_view name);

}  // namespace fasti::function
