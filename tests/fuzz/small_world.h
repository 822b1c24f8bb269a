#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "fasti/session.h"

namespace fasti::fuzz {

// A database in memory with about a thousand facts of every kind that the language can ask for,
// at a moment that never passes.  Made once; targets do not write to it.
//
//   entities    e0 to e39, labels A and B (B IS A)
//   relations   knows (symmetric), met (EVENT), leads (FUNCTIONAL); qualifier k
//   attributes  .size (metric), .tag (texts, lists, times), .amount (quantities)
const Session& SmallWorld();

// Limits of a run: far more than an honest question to that world needs.
RunOptions SmallLimits();

// The only cell of the only row that `statement` gives.  FAILED_PRECONDITION if there is another.
absl::StatusOr<int64_t> CountOf(const std::string& statement);

}  // namespace fasti::fuzz
