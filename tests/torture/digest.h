#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "fasti/snapshot.h"

namespace fasti::torture {

// A number over everything that a snapshot can tell, of all times: facts by every way that leads to
// them, with their qualifiers, figures and claims, entities, names, labels, relations.  Equal for
// equal contents in every process.  Fails where any part of it cannot be read.
absl::StatusOr<uint64_t> DigestOf(const Snapshot& snapshot);

}  // namespace fasti::torture
