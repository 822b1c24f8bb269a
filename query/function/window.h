#pragma once

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fasti/value.h"

namespace fasti::function {

// The rows of one partition of `OVER (...)`, in its order.
struct WindowPartition {
  // Per row the evaluated arguments of the call.
  absl::Span<const std::vector<Value>> arguments;
  // Per row the index of the first row that ties with it in ORDER BY; all 0 without ORDER BY.
  absl::Span<const size_t> peers_from;
  // Per row the index of the first row of its frame (ROWS or RANGE); all 0 without one.
  absl::Span<const size_t> frame_from;
};

// One value per row.
using WindowEvaluator = absl::StatusOr<std::vector<Value>> (*)(const WindowPartition& partition);

}  // namespace fasti::function
