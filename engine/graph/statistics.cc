#include "engine/graph/statistics.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "engine/codec/block.h"
#include "engine/codec/post_key.h"
#include "engine/graph/block_cursor.h"
#include "engine/graph/run_cursor.h"
#include "engine/graph/view_filter.h"

namespace fasti::graph {

namespace {

using codec::Order;

uint64_t BytesBetween(const storage::Store& store, const codec::PostKey& begin,
                      const codec::PostKey& end) {
  return store.ApproximateBytesBetween(storage::Family::kPost, codec::EncodePostKey(begin),
                                       codec::EncodePostKey(end));
}

// The rows of blocks with keys in [first, end): those of the first blocks are counted, and what
// lies behind them is as many rows a byte.
uint64_t RowsBetween(const ReadState& state, const codec::PostKey& first, const codec::PostKey& end,
                     uint64_t blocks_max) {
  if (state.layers.base == 0) return 0;
  BlockCursor blocks(state.blocks);
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

uint64_t RowsInOverlays(const ReadState& state, const Run& run) {
  uint64_t rows = 0;
  for (const auto& overlay : state.layers.overlays) {
    rows += overlay->Count(run.order, run.anchor, run.relation);
  }
  return rows;
}

// The rows of a run, whatever the view.
uint64_t RowsOfRun(const ReadState& state, const Run& run, uint64_t blocks_max) {
  return RowsBetween(state, FirstKey(run), EndKey(run), blocks_max) + RowsInOverlays(state, run);
}

// The rows of a relation whose starts lie where those conditions on valid time let them.
uint64_t RowsOfRelation(const ReadState& state, RelationId relation,
                        const std::vector<ValidTest>& valid, uint64_t blocks_max) {
  const Run run{.order = Order::kRel, .anchor = 0, .relation = Raw(relation)};
  if (valid.empty()) return RowsOfRun(state, run, blocks_max);
  uint64_t rows = RowsInOverlays(state, run);
  const ClassWindows windows = WindowsOf(valid);
  codec::PostKey key = FirstKey(run);
  for (size_t c = 0; c < windows.size(); ++c) {
    if (windows[c].empty()) continue;
    key.duration_class = static_cast<uint8_t>(c);
    key.from = windows[c].min;
    codec::PostKey end = NextClass(key);
    if (windows[c].max != kInstantMax) {
      end = key;
      end.from = windows[c].max + 1;
    }
    rows += RowsBetween(state, key, end, blocks_max);
  }
  return rows;
}

uint64_t RowsOfAnchor(const ReadState& state, Order order, uint64_t anchor,
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
    rows = RowsOfAnchor(state, Order::kOut, Raw(*pattern.subject), pattern.relations, blocks_max);
  }
  if (pattern.object.has_value() &&
      codec::OrderHolds(
          Order::kIn, Row{.object = pattern.object->bits(), .relation = Raw(kFirstUserRelation)})) {
    rows = std::min(rows, RowsOfAnchor(state, Order::kIn, pattern.object->bits(), pattern.relations,
                                       blocks_max));
  }
  if (rows != std::numeric_limits<uint64_t>::max()) return rows;
  if (pattern.relations.empty()) {
    return RowsOfRun(state, {.order = Order::kRel, .anchor = 0, .relation = {}}, blocks_max);
  }
  rows = 0;
  for (const RelationId relation : pattern.relations) {
    rows += RowsOfRelation(state, relation, pattern.view.valid, blocks_max);
  }
  return rows;
}

}  // namespace fasti::graph
