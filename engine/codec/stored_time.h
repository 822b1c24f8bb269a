#pragma once

#include "engine/model/calendar.h"
#include "fasti/period.h"
#include "fasti/value.h"

// Whether numbers that were read from bytes make a time: what is built on these may compute with
// them without a thought of overflow.

namespace fasti::codec {

inline bool IsFractionOfSecond(int64_t nanoseconds) {
  return nanoseconds > -kNanosPerSecond && nanoseconds < kNanosPerSecond;
}

inline bool IsStoredTime(const DateTime& time) {
  constexpr int32_t kOffsetMax = 18 * 3600;  // ParseOffset
  int64_t local = 0;
  return time.nanoseconds >= 0 && IsFractionOfSecond(time.nanoseconds) &&
         time.offset_seconds >= -kOffsetMax && time.offset_seconds <= kOffsetMax &&
         !__builtin_add_overflow(time.seconds, time.offset_seconds, &local);
}

inline bool IsStoredTime(const LocalDateTime& time) {
  return time.nanoseconds >= 0 && IsFractionOfSecond(time.nanoseconds);
}

inline bool IsStoredTime(const Duration& duration) {
  return IsFractionOfSecond(duration.nanoseconds);
}

inline bool IsStoredTime(const Period& period) {
  const auto is_end = [](Precision precision) {
    return IsGranule(precision) || precision == Precision::kOpen ||
           precision == Precision::kUnknown;
  };
  return is_end(period.from_precision) && is_end(period.to_precision) && period.from < period.to;
}

}  // namespace fasti::codec
