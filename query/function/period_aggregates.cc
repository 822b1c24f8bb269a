#include "query/function/period_aggregates.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/model/calendar.h"
#include "fasti/quantity.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/operators.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;
using Args = absl::Span<const Value>;

bool EndsBefore(const Period& a, const Period& b) {
  if (a.to != b.to) return a.to < b.to;
  return b.to_precision == Precision::kOpen && a.to_precision != Precision::kOpen;
}

class SpanOfAll : public Accumulator {
 public:
  explicit SpanOfAll(const Context& context) : context_(context) {}

  absl::Status Add(Args args) override {
    FASTI_ASSIGN_OR_RETURN(const std::optional<Period> period, AsPeriod(args[0], context_));
    if (!period.has_value()) return absl::OkStatus();
    if (!first_.has_value() || *period < *first_) first_ = period;
    if (!last_.has_value() || EndsBefore(*last_, *period)) last_ = period;
    return absl::OkStatus();
  }
  absl::StatusOr<Value> Finish() const override {
    if (!first_.has_value()) return Value();
    return Value(Period::Between(*first_, *last_).As(Reading::kExact));
  }

 private:
  const Context& context_;
  std::optional<Period> first_;
  std::optional<Period> last_;
};

class Coalesced : public Accumulator {
 public:
  explicit Coalesced(const Context& context) : context_(context) {}

  absl::Status Add(Args args) override {
    FASTI_ASSIGN_OR_RETURN(const std::optional<Period> period, AsPeriod(args[0], context_));
    if (period.has_value()) periods_.push_back(period->As(Reading::kExact));
    return absl::OkStatus();
  }

  absl::StatusOr<Value> Finish() const override {
    std::vector<Period> sorted = periods_;
    std::sort(sorted.begin(), sorted.end());
    std::vector<Period> maximal;
    std::vector<Period> alone;
    for (const Period& period : sorted) {
      if (HasUnknownEnd(period)) {
        if (alone.empty() || !(alone.back() == period)) alone.push_back(period);
      } else if (!maximal.empty() && period.from <= maximal.back().to) {
        if (EndsBefore(maximal.back(), period)) {
          maximal.back() = Period::Between(maximal.back(), period);
        }
      } else {
        maximal.push_back(period);
      }
    }
    maximal.insert(maximal.end(), alone.begin(), alone.end());
    std::sort(maximal.begin(), maximal.end());
    List list;
    for (const Period& period : maximal) list.emplace_back(period);
    return Value(std::move(list));
  }
  size_t kept_values() const override { return periods_.size(); }

 private:
  static bool HasUnknownEnd(const Period& period) {
    return period.from_precision == Precision::kUnknown ||
           period.to_precision == Precision::kUnknown;
  }

  const Context& context_;
  std::vector<Period> periods_;
};

class Integral : public Accumulator {
 public:
  explicit Integral(const Context& context) : context_(context) {}

  absl::Status Add(Args args) override {
    const Value& value = args[0];
    FASTI_ASSIGN_OR_RETURN(const std::optional<Period> period, AsPeriod(args[1], context_));
    if (value.is_null() || !period.has_value()) return absl::OkStatus();
    if (!value.is_number() && !value.is(Kind::kQuantity)) {
      return OperandError("integral()", "numbers or quantities", value);
    }
    if (!period->has_start() || !period->has_end()) {
      return RuntimeError(kBadArgument,
                          absl::StrCat("integral(): expected periods with a start and an end, "
                                       "found ",
                                       FormatPeriod(*period)));
    }
    const double days = (static_cast<double>(period->to) - static_cast<double>(period->from)) /
                        static_cast<double>(kMicrosPerDay);
    FASTI_ASSIGN_OR_RETURN(const Value area, Multiply(PerDay(value), Value(days)));
    if (total_.is_null()) {
      total_ = area;
      return absl::OkStatus();
    }
    FASTI_ASSIGN_OR_RETURN(total_, function::Add(total_, area));
    return absl::OkStatus();
  }
  absl::StatusOr<Value> Finish() const override { return total_; }

 private:
  // The value with the unit that the product will have.
  static Value PerDay(const Value& value) {
    if (!value.is(Kind::kQuantity)) return value;
    Quantity quantity = value.as_quantity();
    absl::StrAppend(&quantity.unit, "*day");
    return Value(std::move(quantity));
  }

  const Context& context_;
  Value total_;
};

}  // namespace

std::unique_ptr<Accumulator> MakeSpan(const Context& context) {
  return std::make_unique<SpanOfAll>(context);
}

std::unique_ptr<Accumulator> MakeCoalesced(const Context& context) {
  return std::make_unique<Coalesced>(context);
}

std::unique_ptr<Accumulator> MakeIntegral(const Context& context) {
  return std::make_unique<Integral>(context);
}

}  // namespace fasti::function
