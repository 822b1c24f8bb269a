// + - * / % ^ on single values: see operators.h.

#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "fasti/quantity.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/operators.h"
#include "query/function/temporal_arithmetic.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;

absl::Status Overflow(absl::string_view op, int64_t a, int64_t b) {
  return RuntimeError("ArithmeticError.IntegerOverflow",
                      absl::StrCat(a, " ", op, " ", b, " does not fit 64 bits"));
}

absl::Status DivisionByZero(absl::string_view op) {
  return RuntimeError("ArithmeticError.DivisionByZero", absl::StrCat("`", op, "` by zero"));
}

bool AreInts(const Value& a, const Value& b) {
  return a.is(Kind::kInt) && b.is(Kind::kInt);
}
bool AreNumbers(const Value& a, const Value& b) {
  return a.is_number() && b.is_number();
}
bool IsCalendarValue(const Value& value) {
  return value.is(Kind::kDate) || value.is(Kind::kLocalDateTime) || value.is(Kind::kDateTime);
}

template <typename T>
absl::StatusOr<Value> ToValue(absl::StatusOr<T> result) {
  if (!result.ok()) return std::move(result).status();
  return Value(*std::move(result));
}

absl::StatusOr<Value> ShiftValue(const Value& value, const Duration& by, Direction direction) {
  switch (value.kind()) {
    case Kind::kDate:
      return ToValue(Shift(value.as_date(), by, direction));
    case Kind::kLocalDateTime:
      return ToValue(Shift(value.as_local_date_time(), by, direction));
    default:
      return ToValue(Shift(value.as_date_time(), by, direction));
  }
}

List Concatenate(const Value& a, const Value& b) {
  List list;
  for (const Value* side : {&a, &b}) {
    if (side->is(Kind::kList)) {
      list.insert(list.end(), side->as_list().begin(), side->as_list().end());
    } else {
      list.push_back(*side);
    }
  }
  return list;
}

bool IsText(const Value& value) {
  return value.is(Kind::kString) || value.is_number();
}
std::string TextOf(const Value& value) {
  return value.is(Kind::kString) ? value.as_string() : FormatValue(value);
}

// Zero for a quantity that a number divides.
absl::StatusOr<Value> DivideQuantity(const Quantity& quantity, double divisor) {
  if (divisor == 0) return DivisionByZero("/");
  return ToValue(OrRuntimeError(Scale(quantity, 1.0 / divisor), kBadArgument));
}

}  // namespace

absl::StatusOr<Value> Add(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value();
  if (AreInts(a, b)) {
    int64_t sum;
    if (__builtin_add_overflow(a.as_int(), b.as_int(), &sum)) {
      return Overflow("+", a.as_int(), b.as_int());
    }
    return Value(sum);
  }
  if (AreNumbers(a, b)) return Value(a.number() + b.number());
  if (a.is(Kind::kList) || b.is(Kind::kList)) return Value(Concatenate(a, b));
  if (IsText(a) && IsText(b)) return Value(absl::StrCat(TextOf(a), TextOf(b)));
  if (IsCalendarValue(a) && b.is(Kind::kDuration)) {
    return ShiftValue(a, b.as_duration(), Direction::kForward);
  }
  if (a.is(Kind::kDuration) && IsCalendarValue(b)) {
    return ShiftValue(b, a.as_duration(), Direction::kForward);
  }
  if (a.is(Kind::kDuration) && b.is(Kind::kDuration)) {
    return ToValue(AddDurations(a.as_duration(), b.as_duration(), Direction::kForward));
  }
  if (a.is(Kind::kQuantity) && b.is(Kind::kQuantity)) {
    return ToValue(OrRuntimeError(fasti::Add(a.as_quantity(), b.as_quantity()), kBadArgument));
  }
  return OperandError(
      "`+`", "two numbers, strings, durations or quantities, a list, or a date and a duration", a,
      b);
}

absl::StatusOr<Value> Subtract(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value();
  if (AreInts(a, b)) {
    int64_t difference;
    if (__builtin_sub_overflow(a.as_int(), b.as_int(), &difference)) {
      return Overflow("-", a.as_int(), b.as_int());
    }
    return Value(difference);
  }
  if (AreNumbers(a, b)) return Value(a.number() - b.number());
  if (IsCalendarValue(a) && b.is(Kind::kDuration)) {
    return ShiftValue(a, b.as_duration(), Direction::kBackward);
  }
  if (a.is(Kind::kDuration) && b.is(Kind::kDuration)) {
    return ToValue(AddDurations(a.as_duration(), b.as_duration(), Direction::kBackward));
  }
  if (a.is(Kind::kQuantity) && b.is(Kind::kQuantity)) {
    return ToValue(OrRuntimeError(fasti::Subtract(a.as_quantity(), b.as_quantity()), kBadArgument));
  }
  return OperandError("`-`", "two numbers, durations or quantities, or a date and a duration", a,
                      b);
}

absl::StatusOr<Value> Multiply(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value();
  if (AreInts(a, b)) {
    int64_t product;
    if (__builtin_mul_overflow(a.as_int(), b.as_int(), &product)) {
      return Overflow("*", a.as_int(), b.as_int());
    }
    return Value(product);
  }
  if (AreNumbers(a, b)) return Value(a.number() * b.number());
  if (a.is_number() && !b.is_number()) return Multiply(b, a);
  if (a.is(Kind::kDuration) && b.is(Kind::kInt)) {
    return ToValue(MultiplyDuration(a.as_duration(), b.as_int()));
  }
  if (a.is(Kind::kDuration) && b.is(Kind::kDouble)) {
    return ToValue(MultiplyDuration(a.as_duration(), b.as_double()));
  }
  if (a.is(Kind::kQuantity) && b.is_number()) {
    return ToValue(OrRuntimeError(Scale(a.as_quantity(), b.number()), kBadArgument));
  }
  return OperandError("`*`", "two numbers, or a duration or quantity and a number", a, b);
}

absl::StatusOr<Value> Divide(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value();
  if (AreInts(a, b)) {
    if (b.as_int() == 0) return DivisionByZero("/");
    // The one quotient of integers that is none.
    if (b.as_int() == -1) return Negate(a);
    return Value(a.as_int() / b.as_int());
  }
  if (AreNumbers(a, b)) return Value(a.number() / b.number());
  if (a.is(Kind::kDuration) && b.is_number()) {
    return ToValue(DivideDuration(a.as_duration(), b.number()));
  }
  if (a.is(Kind::kQuantity) && b.is_number()) return DivideQuantity(a.as_quantity(), b.number());
  if (a.is(Kind::kQuantity) && b.is(Kind::kQuantity)) {
    return ToValue(OrRuntimeError(Ratio(a.as_quantity(), b.as_quantity()), kBadArgument));
  }
  return OperandError("`/`", "two numbers or quantities, or a duration or quantity and a number", a,
                      b);
}

absl::StatusOr<Value> Modulo(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value();
  if (AreInts(a, b)) {
    if (b.as_int() == 0) return DivisionByZero("%");
    return Value(b.as_int() == -1 ? int64_t{0} : a.as_int() % b.as_int());
  }
  if (AreNumbers(a, b)) return Value(std::fmod(a.number(), b.number()));
  return OperandError("`%`", "two numbers", a, b);
}

absl::StatusOr<Value> Power(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Value();
  if (AreNumbers(a, b)) return Value(std::pow(a.number(), b.number()));
  return OperandError("`^`", "two numbers", a, b);
}

absl::StatusOr<Value> Negate(const Value& a) {
  switch (a.kind()) {
    case Kind::kNull:
      return Value();
    case Kind::kInt:
      return Subtract(Value(0), a);
    case Kind::kDouble:
      return Value(0.0 - a.as_double());  // not -x: there is one zero
    case Kind::kDuration:
      return ToValue(MultiplyDuration(a.as_duration(), int64_t{-1}));
    case Kind::kQuantity:
      return ToValue(OrRuntimeError(Scale(a.as_quantity(), -1.0), kBadArgument));
    default:
      return OperandError("unary `-`", "a number, duration or quantity", a);
  }
}

absl::StatusOr<Value> UnaryPlus(const Value& a) {
  if (a.is_null() || a.is_number() || a.is(Kind::kDuration) || a.is(Kind::kQuantity)) return a;
  return OperandError("unary `+`", "a number, duration or quantity", a);
}

}  // namespace fasti::function
