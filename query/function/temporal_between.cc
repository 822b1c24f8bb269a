#include "query/function/temporal_between.h"

#include "engine/model/calendar.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/temporal_arithmetic.h"
#include "query/function/temporal_build.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;

// Two values on one clock.  Without zones the clock is that of UTC, which never jumps.
struct Pair {
  DateTime from;
  DateTime to;
};

// `value` on the clock of `like`: the same moment if it has a zone, else the same clock time.
absl::StatusOr<DateTime> OnClockOf(const DateTime& like, const Value& value) {
  if (value.is(Kind::kDateTime)) {
    const DateTime& moment = value.as_date_time();
    if (like.zone.empty()) {
      return DateTime{moment.seconds, moment.nanoseconds, like.offset_seconds, ""};
    }
    return OrRuntimeError(MomentInZone(moment.seconds, moment.nanoseconds, like.zone),
                          kBadArgument);
  }
  if (like.zone.empty()) return AtOffset(ClockOf(value), like.offset_seconds);
  return OrRuntimeError(InZone(ClockOf(value), like.zone, std::nullopt), kBadArgument);
}

absl::StatusOr<Pair> OnOneClock(const Value& from, const Value& to) {
  const DateTime clock = ZonedOf(from.is(Kind::kDateTime) ? from : to);
  FASTI_ASSIGN_OR_RETURN(DateTime first, OnClockOf(clock, from));
  FASTI_ASSIGN_OR_RETURN(DateTime second, OnClockOf(clock, to));
  return Pair{std::move(first), std::move(second)};
}

bool ClockLess(LocalDateTime a, LocalDateTime b) {
  const int64_t a_second = FloorMod(a.seconds, kSecondsPerDay);
  const int64_t b_second = FloorMod(b.seconds, kSecondsPerDay);
  return a_second != b_second ? a_second < b_second : a.nanoseconds < b.nanoseconds;
}

// The two days between which only whole days lie: the day of `to` moves back towards `from` when
// its time of day does not reach that of `from`.
struct Days {
  int64_t from;
  int64_t to;
};
Days WholeDays(const Pair& pair) {
  const LocalDateTime from = LocalOf(pair.from);
  const LocalDateTime to = LocalOf(pair.to);
  Days days{FloorDiv(from.seconds, kSecondsPerDay), FloorDiv(to.seconds, kSecondsPerDay)};
  if (days.to > days.from && ClockLess(to, from)) {
    --days.to;
  } else if (days.to < days.from && ClockLess(from, to)) {
    ++days.to;
  }
  return days;
}

int64_t CountMonths(const Pair& pair) {
  const Days days = WholeDays(pair);
  const CivilDate from = CivilFromDays(days.from);
  const CivilDate to = CivilFromDays(days.to);
  const int64_t months = (to.year - from.year) * 12 + (to.month - from.month);
  if (months > 0 && to.day < from.day) return months - 1;
  if (months < 0 && to.day > from.day) return months + 1;
  return months;
}

int64_t CountDays(const Pair& pair) {
  const Days days = WholeDays(pair);
  return days.to - days.from;
}

Duration TimeBetween(const Pair& pair) {
  int64_t seconds = pair.to.seconds - pair.from.seconds;
  int32_t nanos = pair.to.nanoseconds - pair.from.nanoseconds;
  // One sign for both parts.
  if (seconds > 0 && nanos < 0) {
    seconds -= 1;
    nanos += static_cast<int32_t>(kNanosPerSecond);
  } else if (seconds < 0 && nanos > 0) {
    seconds += 1;
    nanos -= static_cast<int32_t>(kNanosPerSecond);
  }
  return {.months = 0, .days = 0, .seconds = seconds, .nanoseconds = nanos};
}

Duration OfMonths(int64_t months) {
  return {.months = months, .days = 0, .seconds = 0, .nanoseconds = 0};
}
Duration OfDays(int64_t days) {
  return {.months = 0, .days = days, .seconds = 0, .nanoseconds = 0};
}

}  // namespace

absl::StatusOr<Duration> DurationBetween(const Value& from, const Value& to) {
  FASTI_ASSIGN_OR_RETURN(Pair pair, OnOneClock(from, to));
  const int64_t months = CountMonths(pair);
  FASTI_ASSIGN_OR_RETURN(pair.from, Shift(pair.from, OfMonths(months), Direction::kForward));
  const int64_t days = CountDays(pair);
  FASTI_ASSIGN_OR_RETURN(pair.from, Shift(pair.from, OfDays(days), Direction::kForward));
  Duration duration = TimeBetween(pair);
  duration.months = months;
  duration.days = days;
  return duration;
}

absl::StatusOr<Duration> MonthsBetween(const Value& from, const Value& to) {
  FASTI_ASSIGN_OR_RETURN(const Pair pair, OnOneClock(from, to));
  return OfMonths(CountMonths(pair));
}

absl::StatusOr<Duration> DaysBetween(const Value& from, const Value& to) {
  FASTI_ASSIGN_OR_RETURN(const Pair pair, OnOneClock(from, to));
  return OfDays(CountDays(pair));
}

absl::StatusOr<Duration> SecondsBetween(const Value& from, const Value& to) {
  FASTI_ASSIGN_OR_RETURN(const Pair pair, OnOneClock(from, to));
  return TimeBetween(pair);
}

}  // namespace fasti::function
