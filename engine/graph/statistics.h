#pragma once

#include <cstdint>

#include "engine/graph/read_state.h"
#include "fasti/pattern.h"

namespace fasti::graph {

// About how many rows match the subject, the object and the relations of a pattern, whatever the
// view; for planning.  Short runs are counted exactly, long ones up to `blocks_max` blocks, whose
// walk costs about as much as a fifth as many seeks.
// A failure to read counts as nothing here: the scan itself will meet and report it.
uint64_t EstimateRows(const ReadState& state, const Pattern& pattern, uint64_t blocks_max);

}  // namespace fasti::graph
