#pragma once

#include "absl/status/statusor.h"
#include "engine/graph/read_state.h"
#include "fasti/pattern.h"
#include "fasti/snapshot.h"

namespace fasti::graph {

// Snapshot::CountByStart.
absl::StatusOr<StartCounts> CountFactsByStart(const ReadState& state, const Pattern& pattern,
                                              Precision precision, const InterruptCheck& check);

}  // namespace fasti::graph
