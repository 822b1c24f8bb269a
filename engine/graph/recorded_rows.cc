#include "engine/graph/recorded_rows.h"

#include "engine/graph/block_cursor.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

absl::StatusOr<std::vector<Row>> RecordedRows(const ReadState& state, const Run& run) {
  BlockCursor blocks(state.blocks);
  RunCursor cursor(state, blocks, run, nullptr);
  std::vector<Row> recorded;
  FASTI_RETURN_IF_ERROR(cursor.ForEach([&](const Row& row) {
    if (VisibleAt(row, state.sequence)) recorded.push_back(row);
    return absl::OkStatus();
  }));
  return recorded;
}

}  // namespace fasti::graph
