#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "engine/graph/read_state.h"
#include "engine/graph/run_cursor.h"
#include "engine/model/row.h"

namespace fasti::graph {

// Every row of the run that is recorded in the state, whether or not it is known there.
absl::StatusOr<std::vector<Row>> RecordedRows(const ReadState& state, const Run& run);

}  // namespace fasti::graph
