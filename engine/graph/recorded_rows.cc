#include "engine/graph/recorded_rows.h"

#include "fasti/status_macros.h"

namespace fasti::graph {

absl::StatusOr<std::vector<Row>> RecordedRows(const ReadState& state, const Run& run) {
  const BlockCursorPool::Lease blocks = state.blocks->Take();
  RunCursor cursor(state, *blocks, run, nullptr);
  std::vector<Row> recorded;
  std::vector<Row> rows;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, cursor.Next(&rows));
    if (!more) return recorded;
    for (const Row& row : rows) {
      if (VisibleAt(row, state.sequence)) recorded.push_back(row);
    }
  }
}

}  // namespace fasti::graph
