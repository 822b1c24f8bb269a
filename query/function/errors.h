#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/value.h"

namespace fasti::function {

// Errors of a running expression, in openCypher's words: "TypeError.InvalidArgumentValue".  They
// carry no place; the executor knows which expression it was evaluating.
absl::Status RuntimeError(absl::string_view code, absl::string_view message);

inline constexpr absl::string_view kInvalidType = "TypeError.InvalidArgumentType";
inline constexpr absl::string_view kInvalidValue = "TypeError.InvalidArgumentValue";
inline constexpr absl::string_view kBadArgument = "ArgumentError.InvalidArgumentValue";
inline constexpr absl::string_view kBadArgumentType = "ArgumentError.InvalidArgumentType";
inline constexpr absl::string_view kOutOfRange = "ArgumentError.NumberOutOfRange";
inline constexpr absl::string_view kDeletedEntity = "EntityNotFound.DeletedEntityAccess";

// What the engine's values say is wrong, as an error of the expression that made them.
template <typename T>
absl::StatusOr<T> OrRuntimeError(absl::StatusOr<T> result, absl::string_view code) {
  if (!result.ok()) return RuntimeError(code, result.status().message());
  return result;
}

// TypeError.InvalidArgumentType: "`+` takes numbers, found String and List".
absl::Status OperandError(absl::string_view op, absl::string_view takes, const Value& found);
absl::Status OperandError(absl::string_view op, absl::string_view takes, const Value& left,
                          const Value& right);

}  // namespace fasti::function
