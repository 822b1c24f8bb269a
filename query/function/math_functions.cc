// Functions on numbers.  Outside their domain they answer NaN, as IEEE 754 does.

#include <cmath>
#include <limits>
#include <numbers>

#include "absl/strings/str_cat.h"
#include "query/function/errors.h"
#include "query/function/registry.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;
using Args = absl::Span<const Value>;

// The many functions that are one of the C library's on a double.
template <double (*F)(double)>
absl::StatusOr<Value> OfDouble(Args args, const Context&) {
  return Value(F(args[0].number()));
}

double Cotangent(double x) {
  return 1.0 / std::tan(x);
}
double ToDegrees(double x) {
  return x * 180.0 / std::numbers::pi;
}
double ToRadians(double x) {
  return x * std::numbers::pi / 180.0;
}
double Haversine(double x) {
  return (1.0 - std::cos(x)) / 2.0;
}
// Halves go up: round(-1.5) is -1.
double RoundHalfUp(double x) {
  const double below = std::floor(x);
  return x - below >= 0.5 ? below + 1.0 : below;
}

absl::StatusOr<Value> Abs(Args args, const Context&) {
  if (args[0].is(Kind::kDouble)) return Value(std::fabs(args[0].as_double()));
  const int64_t number = args[0].as_int();
  if (number == std::numeric_limits<int64_t>::min()) {
    return RuntimeError("ArithmeticError.IntegerOverflow",
                        absl::StrCat("abs(", number, ") does not fit 64 bits"));
  }
  return Value(number < 0 ? -number : number);
}

absl::StatusOr<Value> Sign(Args args, const Context&) {
  const double number = args[0].number();
  return Value(int64_t{number > 0} - int64_t{number < 0});
}

// With a second argument, to that many decimal places.
absl::StatusOr<Value> Round(Args args, const Context&) {
  const double number = args[0].number();
  if (args.size() == 1) return Value(RoundHalfUp(number));
  const int64_t places = args[1].as_int();
  if (places < 0) {
    return RuntimeError(kOutOfRange,
                        absl::StrCat("round(): expected a number of places, found ", places));
  }
  const double scale = std::pow(10.0, static_cast<double>(places));
  // Where the scale or the product is too great, the number has no such places.
  if (!std::isfinite(number * scale)) return Value(number);
  return Value(RoundHalfUp(number * scale) / scale);
}

absl::StatusOr<Value> Atan2(Args args, const Context&) {
  return Value(std::atan2(args[0].number(), args[1].number()));
}
absl::StatusOr<Value> IsNan(Args args, const Context&) {
  return Value(std::isnan(args[0].number()));
}
absl::StatusOr<Value> Rand(Args, const Context& context) {
  return Value(context.Random());
}
absl::StatusOr<Value> Pi(Args, const Context&) {
  return Value(std::numbers::pi);
}
absl::StatusOr<Value> E(Args, const Context&) {
  return Value(std::numbers::e);
}

constexpr Kinds kInt = Kinds::Of(Kind::kInt);
constexpr Kinds kDouble = Kinds::Of(Kind::kDouble);
constexpr Kinds kNumber = Kinds::Of(Kind::kInt, Kind::kDouble);
constexpr Subject kSubject = Subject::kMath;

constexpr Function Unary(absl::string_view name, Evaluator evaluate) {
  return Scalar(kSubject, name, 1, 1, {kNumber}, kDouble, evaluate);
}

constexpr Function kFunctions[] = {
    Scalar(kSubject, "abs", 1, 1, {kNumber}, kNumber, Abs),
    Unary("acos", OfDouble<std::acos>),
    Unary("asin", OfDouble<std::asin>),
    Unary("atan", OfDouble<std::atan>),
    Scalar(kSubject, "atan2", 2, 2, {kNumber, kNumber}, kDouble, Atan2),
    Unary("ceil", OfDouble<std::ceil>),
    Unary("cos", OfDouble<std::cos>),
    Unary("cot", OfDouble<Cotangent>),
    Unary("degrees", OfDouble<ToDegrees>),
    Scalar(kSubject, "e", 0, 0, {}, kDouble, E),
    Unary("exp", OfDouble<std::exp>),
    Unary("floor", OfDouble<std::floor>),
    Unary("haversin", OfDouble<Haversine>),
    Scalar(kSubject, "isNaN", 1, 1, {kNumber}, Kinds::Of(Kind::kBool), IsNan),
    Unary("log", OfDouble<std::log>),
    Unary("log10", OfDouble<std::log10>),
    Scalar(kSubject, "pi", 0, 0, {}, kDouble, Pi),
    Unary("radians", OfDouble<ToRadians>),
    Scalar(kSubject, "rand", 0, 0, {}, kDouble, Rand, kNotDeterministic | kUsesContext),
    Scalar(kSubject, "round", 1, 2, {kNumber, kInt}, kDouble, Round),
    Scalar(kSubject, "sign", 1, 1, {kNumber}, kInt, Sign),
    Unary("sin", OfDouble<std::sin>),
    Unary("sqrt", OfDouble<std::sqrt>),
    Unary("tan", OfDouble<std::tan>),
};

}  // namespace

absl::Span<const Function> MathFunctions() {
  return kFunctions;
}

}  // namespace fasti::function
