#pragma once

#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fasti/value.h"
#include "query/function/context.h"

namespace fasti::function {

// The state of one aggregate over one group of rows.
class Accumulator {
 public:
  virtual ~Accumulator() = default;

  // Takes one row's arguments; none for `count(*)`.  TypeError or ArgumentError if they do not fit.
  virtual absl::Status Add(absl::Span<const Value> args) = 0;
  // The value over the rows so far; more rows may follow, as in a growing window frame.
  virtual absl::StatusOr<Value> Finish() const = 0;
  // How many values it keeps, for the memory limit of a query.
  virtual size_t kept_values() const { return 0; }
};

// The context must outlive the accumulator.
using AccumulatorFactory = std::unique_ptr<Accumulator> (*)(const Context& context);

}  // namespace fasti::function
