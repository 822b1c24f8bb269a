#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The two ways in which this code passes an absl::Status on to its caller.

// Returns from the enclosing function if `expression` is not OK.
#define FASTI_RETURN_IF_ERROR(expression)                               \
  do {                                                                  \
    if (absl::Status fasti_status = (expression); !fasti_status.ok()) { \
      return fasti_status;                                              \
    }                                                                   \
  } while (false)

// Assigns the value of `expression`, an absl::StatusOr, to `target`, or returns its status.
// `target` may declare a variable; a type with a comma needs parentheses or an alias.
#define FASTI_ASSIGN_OR_RETURN(target, expression) \
  FASTI_ASSIGN_OR_RETURN_IMPL(FASTI_CONCAT(fasti_status_or_, __LINE__), target, expression)

#define FASTI_ASSIGN_OR_RETURN_IMPL(holder, target, expression) \
  auto holder = (expression);                                   \
  if (!holder.ok()) return std::move(holder).status();          \
  target = *std::move(holder)

#define FASTI_CONCAT_IMPL(a, b) a##b
#define FASTI_CONCAT(a, b) FASTI_CONCAT_IMPL(a, b)
