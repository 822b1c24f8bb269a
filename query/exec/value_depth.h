#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "fasti/session.h"
#include "fasti/value.h"

// How deep lists and maps may lie within each other: what is done to values is done by recursion.

namespace fasti::exec {

// As deep as an expression may be, so that a literal can be written for every value.
inline constexpr uint32_t kValueDepthMax = 256;

// LimitError.Depth for what is nested deeper.
absl::Status CheckDepth(const Value& value);

// Whether a run may be given these for `names`: texts are UTF-8, and nothing is nested too deep.
absl::Status CheckParameters(const std::vector<std::string>& names, const Parameters& parameters);

}  // namespace fasti::exec
