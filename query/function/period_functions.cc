// Functions that make and take apart periods and quantities.  What they make is exact: a bucket is
// the whole month, not some instant of it.

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/model/calendar.h"
#include "fasti/quantity.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/operators.h"
#include "query/function/period_access.h"
#include "query/function/registry.h"
#include "query/function/temporal_arithmetic.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;
using Args = absl::Span<const Value>;

// With `buckets` and `windows` a short text makes a long list.
constexpr size_t kPeriodsMax = 1'000'000;

absl::Status TooManyPeriods(absl::string_view function) {
  return RuntimeError(
      "LimitError.Memory",
      absl::StrCat(function, "(): the list would have more than ", kPeriodsMax, " periods"));
}

// The argument as a period.  REQUIRES: not null.
absl::StatusOr<Period> PeriodArgument(const Value& value, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const std::optional<Period> period, AsPeriod(value, context));
  return *period;
}

// One end of period(from, to): null is an open end, '?' one that nobody told.
absl::StatusOr<Period> EndArgument(const Value& value, const Context& context) {
  if (value.is_null()) return Period::Always();
  if (!value.is(Kind::kString)) return PeriodArgument(value, context);
  if (value.as_string() == "?") return Period::Unknown();
  return OrRuntimeError(ParsePeriod(value.as_string()), kBadArgument);
}

absl::StatusOr<Value> MakePeriod(Args args, const Context& context) {
  if (args.size() == 1) {
    if (args[0].is_null()) return Value();
    if (!args[0].is(Kind::kString)) {
      FASTI_ASSIGN_OR_RETURN(const Period period, PeriodArgument(args[0], context));
      return Value(period);
    }
    FASTI_ASSIGN_OR_RETURN(const Period period,
                           OrRuntimeError(ParsePeriod(args[0].as_string()), kBadArgument));
    return Value(period);
  }
  FASTI_ASSIGN_OR_RETURN(const Period first, EndArgument(args[0], context));
  FASTI_ASSIGN_OR_RETURN(const Period last, EndArgument(args[1], context));
  const Period period = Period::Between(first, last).As(Reading::kExact);
  const absl::Status status = CheckPeriod(period);
  if (!status.ok()) return RuntimeError(kBadArgument, status.message());
  return Value(period);
}

// qty(number, unit), qty(low, high, unit) where null leaves a side open.
absl::StatusOr<Value> MakeQuantity(Args args, const Context&) {
  const Value& unit = args.back();
  const Value& low = args[0];
  const Value& high = args.size() == 2 ? args[0] : args[1];
  if (unit.is_null() || (low.is_null() && high.is_null())) return Value();
  if (!unit.is(Kind::kString)) return OperandError("the unit of qty()", "a string", unit);
  std::optional<double> bounds[2];
  for (const auto& [bound, value] : {std::pair(&bounds[0], &low), std::pair(&bounds[1], &high)}) {
    if (value->is_null()) continue;
    if (!value->is_number()) return OperandError("qty()", "numbers and a unit", *value);
    *bound = value->number();
  }
  Quantity quantity = args.size() == 2 ? Quantity::Exactly(*bounds[0], unit.as_string())
                                       : Quantity::Range(bounds[0], bounds[1], unit.as_string());
  const absl::Status status = CheckQuantity(quantity);
  if (!status.ok()) return RuntimeError(kBadArgument, status.message());
  return Value(std::move(quantity));
}

// A week is not a precision at which sources tell, but people count by weeks.
constexpr absl::string_view kWeek = "week";
// 1970-01-05 was a Monday.
constexpr int64_t kFirstMondayMicros = 4 * kMicrosPerDay;

// The unit of `bucket` and `buckets`: a precision, or nullopt for the week.
absl::StatusOr<std::optional<Precision>> AsUnit(absl::string_view function,
                                                const std::string& text) {
  if (text == kWeek) return std::nullopt;
  const std::optional<Precision> precision = PrecisionFromName(text);
  if (precision.has_value() && IsGranule(*precision)) return precision;
  return RuntimeError(
      kBadArgument,
      absl::StrCat(function,
                   "(): expected century, decade, year, half, quarter, month, week, day, "
                   "hour, minute, second or microsecond, found '",
                   text, "'"));
}

Period BucketAt(Instant instant, std::optional<Precision> unit) {
  if (unit.has_value()) return Period::Granule(instant, *unit);
  const int64_t week = 7 * kMicrosPerDay;
  const Instant monday = FloorDiv(instant - kFirstMondayMicros, week) * week + kFirstMondayMicros;
  return ExactSpan(monday, monday + week);
}

// The one bucket in which the period begins; null when it is told too coarsely to know which, or
// has no start.
absl::StatusOr<Value> Bucket(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const Period period, PeriodArgument(args[0], context));
  FASTI_ASSIGN_OR_RETURN(const std::optional<Precision> unit,
                         AsUnit("bucket", args[1].as_string()));
  if (!period.has_start()) return Value();
  const InstantRange start = StartRange(period);
  const Period bucket = BucketAt(start.earliest, unit);
  return bucket.to > start.latest ? Value(bucket) : Value();
}

absl::Status CheckBothEnds(absl::string_view function, const Period& period) {
  if (period.has_start() && period.has_end()) return absl::OkStatus();
  return RuntimeError(
      kBadArgument, absl::StrCat(function, "(): expected a period with a start and an end, found ",
                                 FormatPeriod(period)));
}

// All buckets that share an instant with the period, in order.
absl::StatusOr<Value> Buckets(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const Period period, PeriodArgument(args[0], context));
  FASTI_ASSIGN_OR_RETURN(const std::optional<Precision> unit,
                         AsUnit("buckets", args[1].as_string()));
  FASTI_RETURN_IF_ERROR(CheckBothEnds("buckets", period));
  List list;
  for (Period bucket = BucketAt(period.from, unit); bucket.from < period.to;
       bucket = BucketAt(bucket.to, unit)) {
    if (list.size() == kPeriodsMax) return TooManyPeriods("buckets");
    list.emplace_back(bucket);
    if (bucket.to == kInstantMax) break;
  }
  return Value(std::move(list));
}

// windows(p, width, step): spans of the width that lie within p, the first at its start, each
// `step` after the one before.
absl::StatusOr<Value> Windows(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const Period period, PeriodArgument(args[0], context));
  FASTI_RETURN_IF_ERROR(CheckBothEnds("windows", period));
  const Duration& width = args[1].as_duration();
  const Duration& step = args[2].as_duration();
  List list;
  Instant last = kInstantMin;
  while (true) {
    // Counted from the start, so that steps of a month do not drift at short months.
    FASTI_ASSIGN_OR_RETURN(const Duration offset,
                           MultiplyDuration(step, static_cast<int64_t>(list.size())));
    FASTI_ASSIGN_OR_RETURN(const Instant from,
                           ShiftInstant(period.from, offset, Direction::kForward));
    FASTI_ASSIGN_OR_RETURN(const Instant to, ShiftInstant(from, width, Direction::kForward));
    if (to <= from || from <= last) {
      return RuntimeError(kOutOfRange, "windows(): the width and the step must be longer than 0");
    }
    if (to > period.to) return Value(std::move(list));
    if (list.size() == kPeriodsMax) return TooManyPeriods("windows");
    list.emplace_back(ExactSpan(from, to));
    last = from;
  }
}

// Everything up to the end of p, and from its start on.
absl::StatusOr<Value> Until(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const Period period, PeriodArgument(args[0], context));
  return Value(Period::Between(Period::Always(), period).As(Reading::kExact));
}
absl::StatusOr<Value> Since(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const Period period, PeriodArgument(args[0], context));
  return Value(Period::Between(period, Period::Always()).As(Reading::kExact));
}

absl::StatusOr<Value> IntersectionOf(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const Period a, PeriodArgument(args[0], context));
  FASTI_ASSIGN_OR_RETURN(const Period b, PeriodArgument(args[1], context));
  const std::optional<Period> common = Intersection(a, b);
  return common.has_value() ? Value(*common) : Value();
}

absl::StatusOr<Value> Allen(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const Period a, PeriodArgument(args[0], context));
  FASTI_ASSIGN_OR_RETURN(const Period b, PeriodArgument(args[1], context));
  const std::optional<absl::string_view> relation = AllenRelation(a, b);
  return relation.has_value() ? Value(*relation) : Value();
}

constexpr Kinds kNumber = Kinds::Of(Kind::kInt, Kind::kDouble);
constexpr Kinds kString = Kinds::Of(Kind::kString);
constexpr Kinds kDuration = Kinds::Of(Kind::kDuration);
constexpr Kinds kPeriod = Kinds::Of(Kind::kPeriod);
constexpr Kinds kList = Kinds::Of(Kind::kList);
// Whatever stands for a period: see AsPeriod.
constexpr Kinds kTimed = kPeriod | Kinds::Of(Kind::kDate, Kind::kDateTime, Kind::kFact);
constexpr Subject kSubject = Subject::kPeriod;

constexpr Function kFunctions[] = {
    Scalar(kSubject, "allen", 2, 2, {kTimed, kTimed}, kString, Allen, kUsesContext),
    Scalar(kSubject, "bucket", 2, 2, {kTimed, kString}, kPeriod, Bucket, kUsesContext),
    Scalar(kSubject, "buckets", 2, 2, {kTimed, kString}, kList, Buckets, kUsesContext),
    Scalar(kSubject, "intersection", 2, 2, {kTimed, kTimed}, kPeriod, IntersectionOf, kUsesContext),
    Scalar(kSubject, "period", 1, 2, {kTimed | kString, kTimed | kString}, kPeriod, MakePeriod,
           kSeesNulls | kUsesContext),
    Scalar(kSubject, "qty", 2, 3, {kNumber, kNumber | kString, kString}, Kinds::Of(Kind::kQuantity),
           MakeQuantity, kSeesNulls),
    Scalar(kSubject, "since", 1, 1, {kTimed}, kPeriod, Since, kUsesContext),
    Scalar(kSubject, "until", 1, 1, {kTimed}, kPeriod, Until, kUsesContext),
    Scalar(kSubject, "windows", 3, 3, {kTimed, kDuration, kDuration}, kList, Windows, kUsesContext),
};

}  // namespace

absl::Span<const Function> PeriodFunctions() {
  return kFunctions;
}

}  // namespace fasti::function
