// openCypher's aggregates.  Null rows do not count; those of periods are in period_aggregates.cc.

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/operators.h"
#include "query/function/period_aggregates.h"
#include "query/function/registry.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;
using Args = absl::Span<const Value>;

class Count : public Accumulator {
 public:
  absl::Status Add(Args args) override {
    if (args.empty() || !args[0].is_null()) ++count_;
    return absl::OkStatus();
  }
  absl::StatusOr<Value> Finish() const override { return Value(count_); }

 private:
  int64_t count_ = 0;
};

// Integers are summed apart and in 128 bits, so that the order of rows decides neither whether a
// sum fits nor, as long as there are only integers, what it is.
class Sum : public Accumulator {
 public:
  absl::Status Add(Args args) override {
    const Value& value = args[0];
    if (value.is_null()) return absl::OkStatus();
    const bool summable =
        value.is_number() || value.is(Kind::kDuration) || value.is(Kind::kQuantity);
    if (!summable) return OperandError("sum()", "numbers, durations or quantities", value);
    ++count_;
    if (value.is(Kind::kInt)) {
      has_integers_ = true;
      integers_ += value.as_int();
      return absl::OkStatus();
    }
    if (others_.is_null()) {
      others_ = value;
      return absl::OkStatus();
    }
    FASTI_ASSIGN_OR_RETURN(others_, function::Add(others_, value));
    return absl::OkStatus();
  }

  absl::StatusOr<Value> Finish() const override {
    if (!others_.is_null()) {
      if (!has_integers_) return others_;
      return function::Add(others_, Value(static_cast<double>(integers_)));
    }
    if (integers_ < INT64_MIN || integers_ > INT64_MAX) {
      return RuntimeError("ArithmeticError.IntegerOverflow", "sum(): the sum does not fit 64 bits");
    }
    return Value(static_cast<int64_t>(integers_));
  }

  int64_t count() const { return count_; }
  // The sum as something that can be divided: integers beyond 64 bits as a FLOAT.
  absl::StatusOr<Value> Total() const {
    if (others_.is_null()) return Value(static_cast<double>(integers_));
    return Finish();
  }

 private:
  int64_t count_ = 0;
  bool has_integers_ = false;
  __int128 integers_ = 0;
  Value others_;
};

class Average : public Accumulator {
 public:
  absl::Status Add(Args args) override { return sum_.Add(args); }
  absl::StatusOr<Value> Finish() const override {
    if (sum_.count() == 0) return Value();
    FASTI_ASSIGN_OR_RETURN(const Value total, sum_.Total());
    return Divide(total, Value(static_cast<double>(sum_.count())));
  }

 private:
  Sum sum_;
};

// min and max, in the order of ORDER BY.
class Extreme : public Accumulator {
 public:
  explicit Extreme(bool greatest) : greatest_(greatest) {}

  absl::Status Add(Args args) override {
    const Value& value = args[0];
    if (value.is_null()) return absl::OkStatus();
    const bool better = best_.is_null() ||
                        (greatest_ ? ValueOrder(best_, value) < 0 : ValueOrder(value, best_) < 0);
    if (better) best_ = value;
    return absl::OkStatus();
  }
  absl::StatusOr<Value> Finish() const override { return best_; }

 private:
  const bool greatest_;
  Value best_;
};

class Collect : public Accumulator {
 public:
  absl::Status Add(Args args) override {
    if (!args[0].is_null()) values_.push_back(args[0]);
    return absl::OkStatus();
  }
  absl::StatusOr<Value> Finish() const override { return Value(values_); }
  size_t kept_values() const override { return values_.size(); }

 private:
  List values_;
};

class Percentile : public Accumulator {
 public:
  explicit Percentile(bool continuous) : continuous_(continuous) {}

  absl::Status Add(Args args) override {
    if (!args[1].is_number()) return OperandError("a percentile", "a number", args[1]);
    fraction_ = args[1].number();
    if (!(fraction_ >= 0.0 && fraction_ <= 1.0)) {
      return RuntimeError(kOutOfRange, absl::StrCat("a percentile lies from 0.0 to 1.0, found ",
                                                    FormatValue(args[1])));
    }
    if (args[0].is_null()) return absl::OkStatus();
    if (!args[0].is_number()) return OperandError("a percentile", "numbers", args[0]);
    numbers_.push_back(args[0]);
    return absl::OkStatus();
  }

  absl::StatusOr<Value> Finish() const override {
    if (numbers_.empty()) return Value();
    List sorted = numbers_;
    std::sort(sorted.begin(), sorted.end(),
              [](const Value& a, const Value& b) { return ValueOrder(a, b) < 0; });
    const auto size = static_cast<double>(sorted.size());
    if (!continuous_) {
      // The least value that at least this fraction of all does not exceed.
      const double rank = std::max(std::ceil(fraction_ * size), 1.0);
      return sorted[static_cast<size_t>(rank) - 1];
    }
    const double position = fraction_ * (size - 1.0);
    const auto below = static_cast<size_t>(std::floor(position));
    const size_t above = std::min(below + 1, sorted.size() - 1);
    const double low = sorted[below].number();
    return Value(low + (sorted[above].number() - low) * (position - std::floor(position)));
  }
  size_t kept_values() const override { return numbers_.size(); }

 private:
  const bool continuous_;
  double fraction_ = 0;
  List numbers_;
};

// Welford's update, which does not lose digits where the mean is large.
// Source: B. P. Welford, Note on a method for calculating corrected sums of squares and products,
// Technometrics 4 (1962).
class Deviation : public Accumulator {
 public:
  explicit Deviation(bool of_sample) : of_sample_(of_sample) {}

  absl::Status Add(Args args) override {
    if (args[0].is_null()) return absl::OkStatus();
    if (!args[0].is_number()) return OperandError("a standard deviation", "numbers", args[0]);
    const double number = args[0].number();
    count_ += 1.0;
    const double delta = number - mean_;
    mean_ += delta / count_;
    squares_ += delta * (number - mean_);
    return absl::OkStatus();
  }

  absl::StatusOr<Value> Finish() const override {
    const double divisor = of_sample_ ? count_ - 1.0 : count_;
    return Value(divisor > 0.0 ? std::sqrt(squares_ / divisor) : 0.0);
  }

 private:
  const bool of_sample_;
  double count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

// argmin(x, by) and argmax(x, by): the x of the row whose `by` is the least or greatest.  Of rows
// that tie, the least x, so that the order of rows does not show.
class ArgExtreme : public Accumulator {
 public:
  explicit ArgExtreme(bool greatest) : greatest_(greatest) {}

  absl::Status Add(Args args) override {
    const Value& by = args[1];
    if (by.is_null()) return absl::OkStatus();
    if (!best_by_.is_null()) {
      const auto order = greatest_ ? ValueOrder(by, best_by_) : ValueOrder(best_by_, by);
      if (order < 0 || (order == 0 && ValueOrder(args[0], best_) >= 0)) return absl::OkStatus();
    }
    best_ = args[0];
    best_by_ = by;
    return absl::OkStatus();
  }
  absl::StatusOr<Value> Finish() const override { return best_; }

 private:
  const bool greatest_;
  Value best_;
  Value best_by_;
};

template <typename T>
std::unique_ptr<Accumulator> Make(const Context&) {
  return std::make_unique<T>();
}
template <typename T, bool kFlag>
std::unique_ptr<Accumulator> MakeWith(const Context&) {
  return std::make_unique<T>(kFlag);
}

constexpr Kinds kAny = Kinds::Any();
constexpr Kinds kInt = Kinds::Of(Kind::kInt);
constexpr Kinds kDouble = Kinds::Of(Kind::kDouble);
constexpr Kinds kNumber = kInt | kDouble;
constexpr Kinds kList = Kinds::Of(Kind::kList);
constexpr Kinds kPeriod = Kinds::Of(Kind::kPeriod);
constexpr Kinds kSummable = kNumber | Kinds::Of(Kind::kDuration, Kind::kQuantity);
constexpr Kinds kMeasured = kNumber | Kinds::Of(Kind::kQuantity);
constexpr Kinds kTimed = kPeriod | Kinds::Of(Kind::kDate, Kind::kDateTime, Kind::kFact);

constexpr Function Aggregate(absl::string_view name, uint8_t args, std::array<Kinds, 3> parameters,
                             Kinds result, AccumulatorFactory accumulate, uint8_t traits = 0) {
  return {.name = name,
          .subject = Subject::kAggregate,
          .form = Form::kAggregate,
          .args_min = args,
          .args_max = args,
          .parameters = parameters,
          .result = result,
          .accumulate = accumulate,
          .traits = static_cast<uint8_t>(kSeesNulls | kUsesContext | traits)};
}

constexpr Function kFunctions[] = {
    Aggregate("argmax", 2, {kAny, kAny}, kAny, MakeWith<ArgExtreme, true>),
    Aggregate("argmin", 2, {kAny, kAny}, kAny, MakeWith<ArgExtreme, false>),
    Aggregate("avg", 1, {kSummable}, kSummable, Make<Average>),
    Aggregate("coalesced", 1, {kTimed}, kList, MakeCoalesced),
    Aggregate("collect", 1, {kAny}, kList, Make<Collect>),
    Aggregate("count", 1, {kAny}, kInt, Make<Count>, kTakesStar),
    Aggregate("integral", 2, {kMeasured, kTimed}, kMeasured, MakeIntegral),
    Aggregate("max", 1, {kAny}, kAny, MakeWith<Extreme, true>),
    Aggregate("min", 1, {kAny}, kAny, MakeWith<Extreme, false>),
    Aggregate("percentileCont", 2, {kNumber, kNumber}, kDouble, MakeWith<Percentile, true>),
    Aggregate("percentileDisc", 2, {kNumber, kNumber}, kNumber, MakeWith<Percentile, false>),
    Aggregate("span", 1, {kTimed}, kPeriod, MakeSpan),
    Aggregate("stDev", 1, {kNumber}, kDouble, MakeWith<Deviation, true>),
    Aggregate("stDevP", 1, {kNumber}, kDouble, MakeWith<Deviation, false>),
    Aggregate("sum", 1, {kSummable}, kSummable, Make<Sum>),
};

}  // namespace

absl::Span<const Function> AggregateFunctions() {
  return kFunctions;
}

}  // namespace fasti::function
