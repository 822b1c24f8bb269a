#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/period.h"
#include "fasti/value.h"
#include "query/function/context.h"

// The operators of the language on single values.  Null in gives null out unless a comment says
// otherwise; a kind that an operator never takes is TypeError.InvalidArgumentType.

namespace fasti::function {

// Arithmetic: numbers, strings and lists for `+`, calendar values with durations, quantities.
// Integers that leave 64 bits are ArithmeticError.IntegerOverflow; nothing wraps.
absl::StatusOr<Value> Add(const Value& a, const Value& b);
absl::StatusOr<Value> Subtract(const Value& a, const Value& b);
absl::StatusOr<Value> Multiply(const Value& a, const Value& b);
absl::StatusOr<Value> Divide(const Value& a, const Value& b);
absl::StatusOr<Value> Modulo(const Value& a, const Value& b);
absl::StatusOr<Value> Power(const Value& a, const Value& b);  // always a FLOAT
absl::StatusOr<Value> Negate(const Value& a);
absl::StatusOr<Value> UnaryPlus(const Value& a);

// Three-valued logic; false AND null is false.  Both operands are checked to be booleans or null.
absl::StatusOr<Value> And(const Value& a, const Value& b);
absl::StatusOr<Value> Or(const Value& a, const Value& b);
absl::StatusOr<Value> Xor(const Value& a, const Value& b);
absl::StatusOr<Value> Not(const Value& a);

// Comparison.  Kinds that cannot be compared give null, never an error.
Value Equal(const Value& a, const Value& b);
Value NotEqual(const Value& a, const Value& b);
Value Less(const Value& a, const Value& b);
Value LessOrEqual(const Value& a, const Value& b);
Value Greater(const Value& a, const Value& b);
Value GreaterOrEqual(const Value& a, const Value& b);

// `a IN list`: three-valued; null IN [] is false.
absl::StatusOr<Value> In(const Value& a, const Value& list);

// On operands that are not strings these give null, as openCypher has it.
Value StartsWith(const Value& text, const Value& prefix);
Value EndsWith(const Value& text, const Value& suffix);
Value Contains(const Value& text, const Value& part);

// `base[index]`: an element of a list (from the end if negative, null outside), the value of a map
// under a key, the property of a node or relationship.
absl::StatusOr<Value> Index(const Value& base, const Value& index, const Context& context);
// `list[from..to]`; an absent bound is the end of the list.  Null if a bound that is there is null.
absl::StatusOr<Value> Slice(const Value& list, const std::optional<Value>& from,
                            const std::optional<Value>& to);
// `base.key`: of maps, of nodes and relationships in the context's view, and the components of
// calendar values, durations, periods and quantities.
absl::StatusOr<Value> Property(const Value& base, absl::string_view key, const Context& context);

// What an operand of a period operator or of a view stands for: a PERIOD itself, a DATE its day, a
// DATETIME its second, a relationship valid(f), read as its relation says.  Nullopt for null.
absl::StatusOr<std::optional<Period>> AsPeriod(const Value& value, const Context& context);

// Period operators by the one rule for uncertainty: null where the precision leaves it open.
absl::StatusOr<Value> PeriodsOverlap(const Value& a, const Value& b, const Context& context);
absl::StatusOr<Value> PeriodDuring(const Value& a, const Value& b, const Context& context);
// With `within`, a duration, the gap is at most that long.
absl::StatusOr<Value> PeriodBefore(const Value& a, const Value& b,
                                   const std::optional<Value>& within, const Context& context);
absl::StatusOr<Value> PeriodAfter(const Value& a, const Value& b,
                                  const std::optional<Value>& within, const Context& context);

}  // namespace fasti::function
