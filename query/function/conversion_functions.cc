// Conversions between types, and coalesce.  A text that cannot be read gives null; a kind that can
// never be converted is TypeError.InvalidArgumentValue (by the table's parameters, in Call).

#include <cmath>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "query/function/errors.h"
#include "query/function/registry.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;
using Args = absl::Span<const Value>;

absl::StatusOr<Value> Coalesce(Args args, const Context&) {
  for (const Value& arg : args) {
    if (!arg.is_null()) return arg;
  }
  return Value();
}

absl::StatusOr<Value> ToBoolean(Args args, const Context&) {
  if (args[0].is(Kind::kBool)) return args[0];
  const absl::string_view text = absl::StripAsciiWhitespace(args[0].as_string());
  if (absl::EqualsIgnoreCase(text, "true")) return Value(true);
  if (absl::EqualsIgnoreCase(text, "false")) return Value(false);
  return Value();
}

absl::StatusOr<Value> ToFloat(Args args, const Context&) {
  if (args[0].is_number()) return Value(args[0].number());
  double number;
  return absl::SimpleAtod(args[0].as_string(), &number) ? Value(number) : Value();
}

// Whether the whole part of a double is an int64; 2^63 is the first that is not.
bool FitsInteger(double number) {
  return number >= -0x1p63 && number < 0x1p63;
}

absl::StatusOr<Value> ToInteger(Args args, const Context&) {
  if (args[0].is(Kind::kInt)) return args[0];
  if (args[0].is(Kind::kDouble)) {
    const double number = args[0].as_double();
    if (!FitsInteger(number)) {
      return RuntimeError(kOutOfRange,
                          absl::StrCat("toInteger(): ", number, " does not fit 64 bits"));
    }
    return Value(static_cast<int64_t>(number));
  }
  int64_t integer;
  if (absl::SimpleAtoi(args[0].as_string(), &integer)) return Value(integer);
  double number;
  if (!absl::SimpleAtod(args[0].as_string(), &number) || !FitsInteger(number)) return Value();
  return Value(static_cast<int64_t>(number));
}

absl::StatusOr<Value> ToText(Args args, const Context&) {
  return args[0].is(Kind::kString) ? args[0] : Value(FormatValue(args[0]));
}

constexpr Kinds kString = Kinds::Of(Kind::kString);
constexpr Kinds kNumberOrString = Kinds::Of(Kind::kInt, Kind::kDouble, Kind::kString);
constexpr Kinds kPrintable =
    kNumberOrString | Kinds::Of(Kind::kBool, Kind::kDate, Kind::kLocalDateTime, Kind::kDateTime,
                                Kind::kDuration, Kind::kPeriod, Kind::kQuantity);
constexpr Subject kSubject = Subject::kConversion;

constexpr Function kFunctions[] = {
    Scalar(kSubject, "coalesce", 1, kVariadic, {Kinds::Any(), Kinds::Any(), Kinds::Any()},
           Kinds::Any(), Coalesce, kSeesNulls),
    Scalar(kSubject, "toBoolean", 1, 1, {Kinds::Of(Kind::kBool, Kind::kString)},
           Kinds::Of(Kind::kBool), ToBoolean),
    Scalar(kSubject, "toFloat", 1, 1, {kNumberOrString}, Kinds::Of(Kind::kDouble), ToFloat),
    Scalar(kSubject, "toInteger", 1, 1, {kNumberOrString}, Kinds::Of(Kind::kInt), ToInteger),
    Scalar(kSubject, "toString", 1, 1, {kPrintable}, kString, ToText),
};

}  // namespace

absl::Span<const Function> ConversionFunctions() {
  return kFunctions;
}

}  // namespace fasti::function
