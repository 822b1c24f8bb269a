// OVERLAPS, DURING, BEFORE, AFTER: see operators.h.

#include "absl/strings/str_cat.h"
#include "engine/model/calendar.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/graph_access.h"
#include "query/function/operators.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;

absl::StatusOr<std::optional<Period>> OrOutOfRange(std::optional<Period> period,
                                                   const Value& value) {
  if (period.has_value()) return period;
  return RuntimeError(kOutOfRange, absl::StrCat(FormatValue(value),
                                                " lies outside the times that a period can hold"));
}

// Both operands as periods; nullopt if one is null.
struct Operands {
  Period a;
  Period b;
};
absl::StatusOr<std::optional<Operands>> AsPeriods(const Value& a, const Value& b,
                                                  const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const std::optional<Period> left, AsPeriod(a, context));
  FASTI_ASSIGN_OR_RETURN(const std::optional<Period> right, AsPeriod(b, context));
  if (!left.has_value() || !right.has_value()) return std::nullopt;
  return Operands{*left, *right};
}

// A gap in microseconds.  A month has no length of its own, so it is no measure of a gap.
absl::StatusOr<int64_t> GapMicros(const Value& within) {
  if (!within.is(Kind::kDuration)) return OperandError("WITHIN", "a duration", within);
  const Duration& duration = within.as_duration();
  if (duration.months != 0) {
    return RuntimeError(kBadArgument,
                        "WITHIN takes a duration of days or less, since months differ in length");
  }
  const __int128 micros = static_cast<__int128>(duration.days) * kMicrosPerDay +
                          static_cast<__int128>(duration.seconds) * kMicrosPerSecond +
                          duration.nanoseconds / 1000;
  if (micros < 0) return RuntimeError(kOutOfRange, "WITHIN takes a duration that is not negative");
  return micros > INT64_MAX ? INT64_MAX : static_cast<int64_t>(micros);
}

}  // namespace

absl::StatusOr<std::optional<Period>> AsPeriod(const Value& value, const Context& context) {
  switch (value.kind()) {
    case Kind::kNull:
      return std::nullopt;
    case Kind::kPeriod:
      return value.as_period();
    case Kind::kDate:
      return OrOutOfRange(PeriodOf(value.as_date()), value);
    case Kind::kDateTime:
      return OrOutOfRange(PeriodOf(value.as_date_time()), value);
    case Kind::kFact:
      return ValidOf(*value.as_fact(), context);
    default:
      return RuntimeError(kInvalidType,
                          absl::StrCat("expected a period, date, datetime or relationship, found ",
                                       KindName(value.kind())));
  }
}

absl::StatusOr<Value> PeriodsOverlap(const Value& a, const Value& b, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const std::optional<Operands> periods, AsPeriods(a, b, context));
  return periods.has_value() ? Value(Overlaps(periods->a, periods->b)) : Value();
}

absl::StatusOr<Value> PeriodDuring(const Value& a, const Value& b, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const std::optional<Operands> periods, AsPeriods(a, b, context));
  return periods.has_value() ? Value(During(periods->a, periods->b)) : Value();
}

absl::StatusOr<Value> PeriodBefore(const Value& a, const Value& b,
                                   const std::optional<Value>& within, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const std::optional<Operands> periods, AsPeriods(a, b, context));
  if (!periods.has_value()) return Value();
  if (!within.has_value()) return Value(Before(periods->a, periods->b));
  if (within->is_null()) return Value();
  FASTI_ASSIGN_OR_RETURN(const int64_t gap_us, GapMicros(*within));
  return Value(BeforeWithin(periods->a, periods->b, gap_us));
}

absl::StatusOr<Value> PeriodAfter(const Value& a, const Value& b,
                                  const std::optional<Value>& within, const Context& context) {
  return PeriodBefore(b, a, within, context);
}

}  // namespace fasti::function
