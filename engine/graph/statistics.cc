#include "engine/graph/statistics.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "engine/codec/block.h"
#include "engine/codec/post_key.h"
#include "engine/graph/block_cursor.h"
#include "engine/graph/run_cursor.h"

namespace fasti::graph {

namespace {

using codec::Order;

uint64_t BytesBetween(const storage::Store& store, const codec::PostKey& begin,
                      const codec::PostKey& end) {
  return store.ApproximateBytesBetween(storage::Family::kPost, codec::EncodePostKey(begin),
                                       codec::EncodePostKey(end));
}

// Counts the rows of the first blocks; what lies behind them is as many rows a byte.
uint64_t RowsInBlocks(const ReadState& state, const Run& run, uint64_t blocks_max) {
  if (state.layers.base == 0) return 0;
  BlockCursor blocks(state.blocks);
  const codec::PostKey first = FirstKey(run);
  const codec::PostKey end = EndKey(run);
  if (!blocks.Seek(first).ok() || !blocks.valid()) return 0;
  uint64_t rows = 0;
  for (uint64_t walked = 0; walked < blocks_max; ++walked) {
    if (blocks.block_key() >= end) {
      return rows + blocks.block().LowerBound(end, blocks.index()) - blocks.index();
    }
    rows += blocks.block().size() - blocks.index();
    if (!blocks.NextBlock().ok() || !blocks.valid()) return rows;
  }
  const codec::PostKey reached = std::min(blocks.block_key(), end);
  const auto walked_bytes = static_cast<double>(BytesBetween(state.store, first, reached));
  const auto rest_bytes = static_cast<double>(BytesBetween(state.store, reached, end));
  if (walked_bytes == 0) return rows;
  return rows + static_cast<uint64_t>(static_cast<double>(rows) * rest_bytes / walked_bytes);
}

uint64_t RowsOfRun(const ReadState& state, const Run& run, uint64_t blocks_max) {
  uint64_t rows = RowsInBlocks(state, run, blocks_max);
  for (const auto& overlay : state.layers.overlays) {
    rows += overlay->Count(run.order, run.anchor, run.relation);
  }
  return rows;
}

uint64_t RowsOfRuns(const ReadState& state, Order order, uint64_t anchor,
                    const std::vector<RelationId>& relations, uint64_t blocks_max) {
  if (relations.empty())
    return RowsOfRun(state, {.order = order, .anchor = anchor, .relation = {}}, blocks_max);
  uint64_t rows = 0;
  for (const RelationId relation : relations) {
    rows +=
        RowsOfRun(state, {.order = order, .anchor = anchor, .relation = Raw(relation)}, blocks_max);
  }
  return rows;
}

}  // namespace

std::map<std::string, uint64_t> SizesOf(const storage::Store& store) {
  std::map<std::string, uint64_t> sizes;
  for (int i = 0; i < storage::kFamilyCount; ++i) {
    const auto family = static_cast<storage::Family>(i);
    sizes[absl::StrCat("bytes_", storage::FamilyName(family))] = store.ApproximateBytes(family);
  }
  for (const auto& [name, order] : {std::make_pair("out", Order::kOut),
                                    {"in", Order::kIn},
                                    {"rel", Order::kRel},
                                    {"id", Order::kId}}) {
    sizes[absl::StrCat("bytes_post_", name)] =
        BytesBetween(store, {.order = order, .from = kInstantMin}, LastKey(order));
  }
  return sizes;
}

uint64_t EstimateRows(const ReadState& state, const Pattern& pattern, uint64_t blocks_max) {
  uint64_t rows = std::numeric_limits<uint64_t>::max();
  if (pattern.subject.has_value()) {
    rows = RowsOfRuns(state, Order::kOut, Raw(*pattern.subject), pattern.relations, blocks_max);
  }
  if (pattern.object.has_value() &&
      codec::OrderHolds(
          Order::kIn, Row{.object = pattern.object->bits(), .relation = Raw(kFirstUserRelation)})) {
    rows = std::min(
        rows, RowsOfRuns(state, Order::kIn, pattern.object->bits(), pattern.relations, blocks_max));
  }
  if (rows != std::numeric_limits<uint64_t>::max()) return rows;
  return RowsOfRuns(state, Order::kRel, 0, pattern.relations, blocks_max);
}

}  // namespace fasti::graph
