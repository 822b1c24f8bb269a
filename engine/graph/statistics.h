#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "engine/graph/read_state.h"
#include "engine/storage/store.h"
#include "fasti/pattern.h"

namespace fasti::graph {

// Bytes in use by family, and within `post` by order, under the names that
// Database::Statistics gives them.
std::map<std::string, uint64_t> SizesOf(const storage::Store& store);

// About how many rows match the subject, the object and the relations of a pattern, and, where it
// names neither end, its conditions on valid time; for planning.  Runs of up to `blocks_max`
// blocks, whose walk costs about as much as a fifth as many seeks, are counted exactly; of longer
// ones the rest by its bytes.  Rows not yet folded count whatever their time. A failure to read
// counts as nothing here: the scan itself will meet and report it.
uint64_t EstimateRows(const ReadState& state, const Pattern& pattern, uint64_t blocks_max);

}  // namespace fasti::graph
