#include "engine/graph/statistics.h"

#include <algorithm>
#include <limits>

#include "engine/codec/block.h"
#include "engine/codec/post_key.h"
#include "engine/graph/run_cursor.h"

namespace fasti::graph {

namespace {

using codec::Order;

// Blocks walked before a run counts as long: a walk of this many costs as much as ten seeks.
constexpr uint64_t kBlocksMax = 64;

uint64_t RowsInBlocks(const ReadState& state, const Run& run) {
  if (state.layers.base == 0) return 0;
  const BlockCursorPool::Lease lease = state.blocks.Take();
  BlockCursor& blocks = *lease;
  if (!blocks.Seek(FirstKey(run)).ok() || !blocks.valid()) return 0;
  const codec::PostKey end = EndKey(run);
  uint64_t rows = 0;
  for (uint64_t walked = 0; walked < kBlocksMax; ++walked) {
    if (blocks.block_key() >= end) {
      return rows + blocks.block().LowerBound(end, blocks.index()) - blocks.index();
    }
    rows += blocks.block().size() - blocks.index();
    if (!blocks.NextBlock().ok() || !blocks.valid()) return rows;
  }
  return rows;
}

uint64_t RowsOfRun(const ReadState& state, const Run& run) {
  uint64_t rows = RowsInBlocks(state, run);
  for (const auto& overlay : state.layers.overlays) {
    rows += overlay->Count(run.order, run.anchor, run.relation);
  }
  return rows;
}

uint64_t RowsOfRuns(const ReadState& state, Order order, uint64_t anchor,
                    const std::vector<RelationId>& relations) {
  if (relations.empty())
    return RowsOfRun(state, {.order = order, .anchor = anchor, .relation = {}});
  uint64_t rows = 0;
  for (const RelationId relation : relations) {
    rows += RowsOfRun(state, {.order = order, .anchor = anchor, .relation = Raw(relation)});
  }
  return rows;
}

}  // namespace

uint64_t EstimateRows(const ReadState& state, const Pattern& pattern) {
  uint64_t rows = std::numeric_limits<uint64_t>::max();
  if (pattern.subject.has_value()) {
    rows = RowsOfRuns(state, Order::kOut, Raw(*pattern.subject), pattern.relations);
  }
  if (pattern.object.has_value() &&
      codec::OrderHolds(
          Order::kIn, Row{.object = pattern.object->bits(), .relation = Raw(kFirstUserRelation)})) {
    rows = std::min(rows, RowsOfRuns(state, Order::kIn, pattern.object->bits(), pattern.relations));
  }
  if (rows != std::numeric_limits<uint64_t>::max()) return rows;
  return RowsOfRuns(state, Order::kRel, 0, pattern.relations);
}

}  // namespace fasti::graph
