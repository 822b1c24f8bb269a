#include "query/function/period_access.h"

#include <algorithm>
#include <utility>

#include "engine/model/calendar.h"

namespace fasti::function {
namespace {

constexpr std::pair<Precision, absl::string_view> kPrecisionNames[] = {
    {Precision::kMicrosecond, "microsecond"},
    {Precision::kSecond, "second"},
    {Precision::kMinute, "minute"},
    {Precision::kHour, "hour"},
    {Precision::kDay, "day"},
    {Precision::kMonth, "month"},
    {Precision::kQuarter, "quarter"},
    {Precision::kHalf, "half"},
    {Precision::kYear, "year"},
    {Precision::kDecade, "decade"},
    {Precision::kCentury, "century"},
    {Precision::kOpen, "open"},
    {Precision::kUnknown, "unknown"},
};

// The coarsest precision with which a bound can be told and still be exact.
Precision PrecisionOf(Instant bound) {
  if (bound == kInstantMin || bound == kInstantMax) return Precision::kOpen;
  if (FloorMod(bound, kMicrosPerDay) == 0) return Precision::kDay;
  if (FloorMod(bound, kMicrosPerSecond) == 0) return Precision::kSecond;
  return Precision::kMicrosecond;
}

// A moment as a DATE, or as a DATETIME in UTC where a day is too coarse to say it.
Value MomentValue(Instant instant, Precision precision) {
  if (precision >= Precision::kDay) return Value(Date{FloorDiv(instant, kMicrosPerDay)});
  DateTime moment;
  moment.seconds = FloorDiv(instant, kMicrosPerSecond);
  moment.nanoseconds = static_cast<int32_t>(FloorMod(instant, kMicrosPerSecond) * 1000);
  return Value(std::move(moment));
}

Value OrNull(std::optional<double> bound) {
  return bound.has_value() ? Value(*bound) : Value();
}

}  // namespace

std::optional<Value> PeriodComponent(const Period& period, absl::string_view name) {
  if (name == "start") {
    return period.has_start() ? MomentValue(period.from, period.from_precision) : Value();
  }
  if (name == "end") {
    if (!period.has_end()) return Value();
    const Precision precision = period.to_precision;
    const Instant last = period.to - 1;
    return MomentValue(precision >= Precision::kDay ? last : GranuleStart(last, precision),
                       precision);
  }
  if (name == "precision") {
    if (!period.has_start()) return Value(PrecisionName(period.to_precision));
    if (!period.has_end()) return Value(PrecisionName(period.from_precision));
    return Value(PrecisionName(std::max(period.from_precision, period.to_precision)));
  }
  return std::nullopt;
}

std::optional<Value> QuantityComponent(const Quantity& quantity, absl::string_view name) {
  if (name == "low") return OrNull(quantity.low);
  if (name == "high") return OrNull(quantity.high);
  if (name == "unit") return Value(quantity.unit);
  if (name == "value") return Value(quantity.value());
  if (name == "hedge") return Value(HedgeName(quantity.hedge));
  return std::nullopt;
}

Period ExactSpan(Instant from, Instant to) {
  return {from, to, PrecisionOf(from), PrecisionOf(to), Reading::kExact};
}

absl::string_view PrecisionName(Precision precision) {
  for (const auto& [each, name] : kPrecisionNames) {
    if (each == precision) return name;
  }
  return "";
}

std::optional<Precision> PrecisionFromName(absl::string_view name) {
  for (const auto& [precision, each] : kPrecisionNames) {
    if (each == name) return precision;
  }
  return std::nullopt;
}

}  // namespace fasti::function
