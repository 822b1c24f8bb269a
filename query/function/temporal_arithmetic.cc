#include "query/function/temporal_arithmetic.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "engine/model/calendar.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"

namespace fasti::function {
namespace {

absl::Status OutOfCalendar() {
  return RuntimeError(
      kOutOfRange, absl::StrCat("the result lies outside the years -", kYearMax, " to ", kYearMax));
}

absl::Status DurationOverflow() {
  return RuntimeError(kOutOfRange, "a part of the duration does not fit 64 bits");
}

absl::StatusOr<int64_t> CheckedSum(int64_t a, int64_t b) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum)) return DurationOverflow();
  return sum;
}

absl::StatusOr<int64_t> CheckedProduct(int64_t a, int64_t b) {
  int64_t product;
  if (__builtin_mul_overflow(a, b, &product)) return DurationOverflow();
  return product;
}

absl::StatusOr<int64_t> Signed(int64_t amount, Direction direction) {
  return CheckedProduct(amount, static_cast<int>(direction));
}

absl::StatusOr<Duration> Build(const DurationParts& parts) {
  return OrRuntimeError(MakeDuration(parts), kOutOfRange);
}

bool InCalendar(int64_t days) {
  return days >= DaysFromCivil(-kYearMax, 1, 1) && days <= DaysFromCivil(kYearMax, 12, 31);
}

// The day that lies the months and days of `by` away.
absl::StatusOr<int64_t> ShiftDays(int64_t days, const Duration& by, Direction direction) {
  const CivilDate date = CivilFromDays(days);
  FASTI_ASSIGN_OR_RETURN(const int64_t months, Signed(by.months, direction));
  // Counted from the month in question, so that no product can overflow.
  FASTI_ASSIGN_OR_RETURN(const int64_t month0, CheckedSum(date.month - 1, months));
  FASTI_ASSIGN_OR_RETURN(const int64_t year, CheckedSum(date.year, FloorDiv(month0, 12)));
  if (year < -kYearMax || year > kYearMax) return OutOfCalendar();
  const int month = static_cast<int>(FloorMod(month0, 12)) + 1;
  const int day = std::min(date.day, DaysInMonth(year, month));
  FASTI_ASSIGN_OR_RETURN(const int64_t by_days, Signed(by.days, direction));
  FASTI_ASSIGN_OR_RETURN(const int64_t shifted,
                         CheckedSum(DaysFromCivil(year, month, day), by_days));
  if (!InCalendar(shifted)) return OutOfCalendar();
  return shifted;
}

struct Time {
  int64_t seconds;
  int32_t nanoseconds;
};

absl::StatusOr<Time> ShiftSeconds(Time time, const Duration& by, Direction direction) {
  const int64_t nanos =
      time.nanoseconds + static_cast<int64_t>(by.nanoseconds) * static_cast<int>(direction);
  FASTI_ASSIGN_OR_RETURN(const int64_t by_seconds, Signed(by.seconds, direction));
  FASTI_ASSIGN_OR_RETURN(int64_t seconds, CheckedSum(time.seconds, by_seconds));
  FASTI_ASSIGN_OR_RETURN(seconds, CheckedSum(seconds, FloorDiv(nanos, kNanosPerSecond)));
  FASTI_RETURN_IF_ERROR(CheckInCalendar(seconds));
  return Time{seconds, static_cast<int32_t>(FloorMod(nanos, kNanosPerSecond))};
}

absl::StatusOr<LocalDateTime> ShiftLocalDays(LocalDateTime value, const Duration& by,
                                             Direction direction) {
  FASTI_ASSIGN_OR_RETURN(const int64_t days,
                         ShiftDays(FloorDiv(value.seconds, kSecondsPerDay), by, direction));
  return LocalDateTime{days * kSecondsPerDay + FloorMod(value.seconds, kSecondsPerDay),
                       value.nanoseconds};
}

// Parts that were multiplied one by one, put together again.
absl::StatusOr<Duration> FromProducts(double months, double days, double seconds,
                                      double nanoseconds) {
  DurationParts parts;
  for (const auto& [part, number] : {std::pair(&parts.months, months), std::pair(&parts.days, days),
                                     std::pair(&parts.seconds, seconds)}) {
    FASTI_ASSIGN_OR_RETURN(*part, OrRuntimeError(Decimal::FromDouble(number), kOutOfRange));
  }
  FASTI_ASSIGN_OR_RETURN(const Duration coarse, Build(parts));
  const double whole_nanos = std::trunc(nanoseconds);
  if (!(std::fabs(whole_nanos) < 0x1p62)) return DurationOverflow();
  const int64_t nanos = static_cast<int64_t>(whole_nanos);
  return AddDurations(coarse,
                      {.months = 0,
                       .days = 0,
                       .seconds = nanos / kNanosPerSecond,
                       .nanoseconds = static_cast<int32_t>(nanos % kNanosPerSecond)},
                      Direction::kForward);
}

}  // namespace

absl::Status CheckInCalendar(int64_t seconds) {
  return InCalendar(FloorDiv(seconds, kSecondsPerDay)) ? absl::OkStatus() : OutOfCalendar();
}

absl::StatusOr<Date> Shift(Date date, const Duration& by, Direction direction) {
  Duration whole_days = by;
  FASTI_ASSIGN_OR_RETURN(whole_days.days, CheckedSum(by.days, by.seconds / kSecondsPerDay));
  FASTI_ASSIGN_OR_RETURN(const int64_t days, ShiftDays(date.days, whole_days, direction));
  return Date{days};
}

absl::StatusOr<LocalDateTime> Shift(LocalDateTime value, const Duration& by, Direction direction) {
  FASTI_ASSIGN_OR_RETURN(const LocalDateTime local, ShiftLocalDays(value, by, direction));
  FASTI_ASSIGN_OR_RETURN(const Time time,
                         ShiftSeconds({local.seconds, local.nanoseconds}, by, direction));
  return LocalDateTime{time.seconds, time.nanoseconds};
}

absl::StatusOr<DateTime> Shift(const DateTime& value, const Duration& by, Direction direction) {
  FASTI_ASSIGN_OR_RETURN(const LocalDateTime local, ShiftLocalDays(LocalOf(value), by, direction));
  DateTime moved = AtOffset(local, value.offset_seconds);
  if (!value.zone.empty()) {
    FASTI_ASSIGN_OR_RETURN(moved,
                           OrRuntimeError(InZone(local, value.zone, std::nullopt), kBadArgument));
  }
  FASTI_ASSIGN_OR_RETURN(const Time time,
                         ShiftSeconds({moved.seconds, moved.nanoseconds}, by, direction));
  if (!value.zone.empty()) {
    return OrRuntimeError(MomentInZone(time.seconds, time.nanoseconds, value.zone), kBadArgument);
  }
  moved.seconds = time.seconds;
  moved.nanoseconds = time.nanoseconds;
  return moved;
}

absl::StatusOr<Instant> ShiftInstant(Instant instant, const Duration& by, Direction direction) {
  const LocalDateTime clock{FloorDiv(instant, kMicrosPerSecond),
                            static_cast<int32_t>(FloorMod(instant, kMicrosPerSecond) * 1000)};
  FASTI_ASSIGN_OR_RETURN(const LocalDateTime shifted, Shift(clock, by, direction));
  const std::optional<Instant> moved = InstantFromSeconds(shifted.seconds, shifted.nanoseconds);
  if (moved.has_value()) return *moved;
  return RuntimeError(kOutOfRange, "the result lies outside the times that a period can hold");
}

absl::StatusOr<Duration> AddDurations(const Duration& a, const Duration& b, Direction direction) {
  DurationParts parts;
  FASTI_ASSIGN_OR_RETURN(const int64_t months, Signed(b.months, direction));
  FASTI_ASSIGN_OR_RETURN(const int64_t days, Signed(b.days, direction));
  FASTI_ASSIGN_OR_RETURN(const int64_t seconds, Signed(b.seconds, direction));
  FASTI_ASSIGN_OR_RETURN(parts.months.whole, CheckedSum(a.months, months));
  FASTI_ASSIGN_OR_RETURN(parts.days.whole, CheckedSum(a.days, days));
  FASTI_ASSIGN_OR_RETURN(parts.seconds.whole, CheckedSum(a.seconds, seconds));
  const int64_t nanos =
      int64_t{a.nanoseconds} + int64_t{b.nanoseconds} * static_cast<int>(direction);
  FASTI_ASSIGN_OR_RETURN(parts.seconds.whole,
                         CheckedSum(parts.seconds.whole, nanos / kNanosPerSecond));
  parts.seconds.nanos = nanos % kNanosPerSecond;
  // A decimal has one sign.
  if (parts.seconds.whole > 0 && parts.seconds.nanos < 0) {
    parts.seconds.whole -= 1;
    parts.seconds.nanos += kNanosPerSecond;
  } else if (parts.seconds.whole < 0 && parts.seconds.nanos > 0) {
    parts.seconds.whole += 1;
    parts.seconds.nanos -= kNanosPerSecond;
  }
  return Build(parts);
}

absl::StatusOr<Duration> MultiplyDuration(const Duration& duration, double factor) {
  return FromProducts(
      static_cast<double>(duration.months) * factor, static_cast<double>(duration.days) * factor,
      static_cast<double>(duration.seconds) * factor, duration.nanoseconds * factor);
}

absl::StatusOr<Duration> MultiplyDuration(const Duration& duration, int64_t factor) {
  FASTI_ASSIGN_OR_RETURN(const int64_t months, CheckedProduct(duration.months, factor));
  FASTI_ASSIGN_OR_RETURN(const int64_t days, CheckedProduct(duration.days, factor));
  FASTI_ASSIGN_OR_RETURN(const int64_t seconds, CheckedProduct(duration.seconds, factor));
  FASTI_ASSIGN_OR_RETURN(const int64_t nanos, CheckedProduct(duration.nanoseconds, factor));
  return AddDurations({.months = months, .days = days, .seconds = seconds, .nanoseconds = 0},
                      {.months = 0,
                       .days = 0,
                       .seconds = nanos / kNanosPerSecond,
                       .nanoseconds = static_cast<int32_t>(nanos % kNanosPerSecond)},
                      Direction::kForward);
}

absl::StatusOr<Duration> DivideDuration(const Duration& duration, double divisor) {
  if (divisor == 0) {
    return RuntimeError("ArithmeticError.DivisionByZero", "a duration cannot be divided by zero");
  }
  return FromProducts(
      static_cast<double>(duration.months) / divisor, static_cast<double>(duration.days) / divisor,
      static_cast<double>(duration.seconds) / divisor, duration.nanoseconds / divisor);
}

}  // namespace fasti::function
