#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace fasti::graph {

// The places 0 to `count` - 1 of texts in byte order; of equal ones in any order.
// REQUIRES: count < 2^32.
std::vector<uint32_t> SortedPlaces(size_t count,
                                   absl::FunctionRef<absl::string_view(size_t)> text_at);

}  // namespace fasti::graph
