#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "fasti/ids.h"
#include "fasti/snapshot.h"

namespace fasti::torture {

// A number over everything that a snapshot can tell, of all times: facts by every way that leads to
// them, with their qualifiers, figures and claims, entities, names, labels, relations.  Equal for
// equal contents in every process.  Fails where any part of it cannot be read.
absl::StatusOr<uint64_t> DigestOf(const Snapshot& snapshot);

// A number over the record up to a commit, as it stood then: every version that was ever known,
// with its clocks, qualifiers and claims.  Later states of a database and copies of earlier ones
// have the same.
absl::StatusOr<uint64_t> DigestUpTo(const Snapshot& snapshot, Sequence last);

}  // namespace fasti::torture
