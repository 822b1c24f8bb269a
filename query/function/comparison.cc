// Comparison, three-valued logic, IN, and the tests on text: see operators.h.

#include "absl/strings/match.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/operators.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;

absl::StatusOr<Truth> AsTruth(absl::string_view op, const Value& value) {
  if (value.is_null()) return Truth::kUnknown;
  if (value.is(Kind::kBool)) return ToTruth(value.as_bool());
  return OperandError(op, "booleans", value);
}

bool AreStrings(const Value& a, const Value& b) {
  return a.is(Kind::kString) && b.is(Kind::kString);
}

}  // namespace

absl::StatusOr<Value> And(const Value& a, const Value& b) {
  FASTI_ASSIGN_OR_RETURN(const Truth left, AsTruth("AND", a));
  FASTI_ASSIGN_OR_RETURN(const Truth right, AsTruth("AND", b));
  return Value(fasti::And(left, right));
}

absl::StatusOr<Value> Or(const Value& a, const Value& b) {
  FASTI_ASSIGN_OR_RETURN(const Truth left, AsTruth("OR", a));
  FASTI_ASSIGN_OR_RETURN(const Truth right, AsTruth("OR", b));
  return Value(fasti::Or(left, right));
}

absl::StatusOr<Value> Xor(const Value& a, const Value& b) {
  FASTI_ASSIGN_OR_RETURN(const Truth left, AsTruth("XOR", a));
  FASTI_ASSIGN_OR_RETURN(const Truth right, AsTruth("XOR", b));
  if (left == Truth::kUnknown || right == Truth::kUnknown) return Value();
  return Value(left != right);
}

absl::StatusOr<Value> Not(const Value& a) {
  FASTI_ASSIGN_OR_RETURN(const Truth truth, AsTruth("NOT", a));
  return Value(fasti::Not(truth));
}

Value Equal(const Value& a, const Value& b) {
  return Value(ValueEquals(a, b));
}
Value NotEqual(const Value& a, const Value& b) {
  return Value(fasti::Not(ValueEquals(a, b)));
}
Value Less(const Value& a, const Value& b) {
  return Value(ValueLess(a, b));
}
Value LessOrEqual(const Value& a, const Value& b) {
  return Value(ValueLessEqual(a, b));
}
Value Greater(const Value& a, const Value& b) {
  return Value(ValueLess(b, a));
}
Value GreaterOrEqual(const Value& a, const Value& b) {
  return Value(ValueLessEqual(b, a));
}

absl::StatusOr<Value> In(const Value& a, const Value& list) {
  if (list.is_null()) return Value();
  if (!list.is(Kind::kList)) return OperandError("IN", "a list on its right", list);
  Truth found = Truth::kFalse;
  for (const Value& element : list.as_list()) {
    found = fasti::Or(found, ValueEquals(a, element));
    if (found == Truth::kTrue) break;
  }
  return Value(found);
}

Value StartsWith(const Value& text, const Value& prefix) {
  if (!AreStrings(text, prefix)) return Value();
  return Value(absl::StartsWith(text.as_string(), prefix.as_string()));
}

Value EndsWith(const Value& text, const Value& suffix) {
  if (!AreStrings(text, suffix)) return Value();
  return Value(absl::EndsWith(text.as_string(), suffix.as_string()));
}

Value Contains(const Value& text, const Value& part) {
  if (!AreStrings(text, part)) return Value();
  return Value(absl::StrContains(text.as_string(), part.as_string()));
}

}  // namespace fasti::function
