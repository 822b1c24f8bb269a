#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/value.h"

namespace fasti::function {

// The value cut down to the start of its `unit` ('century', 'weekYear', 'hour', ...), then changed
// by `parts`.  REQUIRES: a DATE, LOCALDATETIME or DATETIME; likewise for the two below.
absl::StatusOr<Date> TruncateToDate(absl::string_view unit, const Value& value, const Map& parts);
absl::StatusOr<LocalDateTime> TruncateToLocalDateTime(absl::string_view unit, const Value& value,
                                                      const Map& parts);
absl::StatusOr<DateTime> TruncateToDateTime(absl::string_view unit, const Value& value,
                                            const Map& parts);

}  // namespace fasti::function
