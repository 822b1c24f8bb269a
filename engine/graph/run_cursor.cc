#include "engine/graph/run_cursor.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "fasti/relation.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;
using codec::PostKey;

constexpr size_t kOverlayRowsAtOnce = 256;

// The first key of the duration class after that of `key`.
PostKey NextClass(const PostKey& key) {
  return {.order = key.order,
          .anchor = key.anchor,
          .relation = key.relation,
          .duration_class = static_cast<uint8_t>(key.duration_class + 1),
          .from = kInstantMin};
}

}  // namespace

PostKey FirstKey(const Run& run) {
  return {.order = run.order,
          .anchor = run.anchor,
          .relation = run.relation.value_or(Raw(kFirstUserRelation)),
          .from = kInstantMin};
}

PostKey EndKey(const Run& run) {
  if (run.relation.has_value() && *run.relation < std::numeric_limits<uint32_t>::max()) {
    return {.order = run.order,
            .anchor = run.anchor,
            .relation = *run.relation + 1,
            .from = kInstantMin};
  }
  if (run.order != Order::kRel && run.anchor < std::numeric_limits<uint64_t>::max()) {
    return {.order = run.order, .anchor = run.anchor + 1, .from = kInstantMin};
  }
  return LastKey(run.order);
}

RunCursor::RunCursor(const ReadState& state, BlockCursor& blocks, const Run& run,
                     const ValidRanges* valid)
    : blocks_(blocks),
      run_(run),
      valid_(valid),
      base_(state.layers.base),
      first_(FirstKey(run)),
      end_(EndKey(run)) {
  GatherOverlayRows(state.layers);
  done_ = base_ == 0;  // nothing was ever folded
}

void RunCursor::GatherOverlayRows(const Layers& layers) {
  for (const auto& overlay : layers.overlays) {
    Overlay::Heads heads;
    overlay->Find(run_.order, run_.anchor, run_.relation, &heads);
    for (const Overlay::Node* node : heads) {
      for (; node != nullptr; node = Overlay::Next(node, run_.order)) {
        const Row& row = node->row;
        if (row.gone != 0) {
          if (replaced_.insert(row.version).second) overlay_rows_.push_back(&row);
        } else if (!replaced_.contains(row.version)) {
          overlay_rows_.push_back(&row);
        }
      }
    }
  }
}

absl::StatusOr<bool> RunCursor::Next(std::vector<Row>* rows) {
  rows->clear();
  if (overlay_next_ < overlay_rows_.size()) {
    const size_t end = std::min(overlay_rows_.size(), overlay_next_ + kOverlayRowsAtOnce);
    rows->reserve(end - overlay_next_);
    while (overlay_next_ < end) rows->push_back(*overlay_rows_[overlay_next_++]);
    return true;
  }
  while (!done_) {
    FASTI_ASSIGN_OR_RETURN(const bool more, NextFromBlocks(rows));
    done_ = !more;
    if (!rows->empty()) return true;
  }
  return false;
}

// Appends the rows of at most one block; false when the run is through.
absl::StatusOr<bool> RunCursor::NextFromBlocks(std::vector<Row>* rows) {
  if (!started_) {
    started_ = true;
    FASTI_RETURN_IF_ERROR(blocks_.Seek(first_));
  }
  if (!blocks_.valid()) return false;
  const bool ends_here = blocks_.block_key() >= end_;
  size_t end =
      ends_here ? blocks_.block().LowerBound(end_, blocks_.index()) : blocks_.block().size();
  if (ends_here || valid_ == nullptr) {
    Emit(blocks_.index(), end, rows);
    if (ends_here) return false;
    FASTI_RETURN_IF_ERROR(blocks_.NextBlock());
    return true;
  }
  FASTI_ASSIGN_OR_RETURN(const bool inside, EnterWindow(&end));
  if (!inside) return true;
  Emit(blocks_.index(), end, rows);
  blocks_.set_index(end);
  if (end == blocks_.block().size()) FASTI_RETURN_IF_ERROR(blocks_.NextBlock());
  return true;
}

absl::StatusOr<bool> RunCursor::EnterWindow(size_t* end) {
  PostKey key = blocks_.block().key(run_.order, blocks_.index());
  const FromWindow& window = valid_->windows[key.duration_class];
  if (window.empty() || key.from > window.max) {
    FASTI_RETURN_IF_ERROR(blocks_.Seek(NextClass(key)));
    return false;
  }
  if (key.from < window.min) {
    key.from = window.min;
    key.version = 0;
    FASTI_RETURN_IF_ERROR(blocks_.Seek(key));
    return false;
  }
  PostKey behind = NextClass(key);
  if (window.max < kInstantMax) {
    behind.duration_class = key.duration_class;
    behind.from = window.max + 1;
  }
  *end = blocks_.block().LowerBound(behind, blocks_.index());
  return true;
}

void RunCursor::Emit(size_t begin, size_t end, std::vector<Row>* rows) const {
  const codec::BlockReader& block = blocks_.block();
  for (size_t i = begin; i < end; ++i) {
    if (valid_ != nullptr && !valid_->MayPass(block.flags(i), block.from(i), block.duration(i))) {
      continue;
    }
    const uint64_t version = block.version(i);
    if (version > base_ || (!replaced_.empty() && replaced_.contains(version))) continue;
    rows->push_back(block.row(i));
  }
}

absl::StatusOr<std::optional<Row>> FindRow(const ReadState& state, uint64_t version) {
  for (const auto& overlay : state.layers.overlays) {
    if (const Row* row = overlay->FindVersion(version)) return *row;
  }
  if (version > state.layers.base) return std::nullopt;
  const BlockCursorPool::Lease lease = state.blocks->Take();
  BlockCursor& blocks = *lease;
  const PostKey id_key{.order = Order::kId, .version = version};
  FASTI_RETURN_IF_ERROR(blocks.Seek(id_key));
  if (!blocks.valid() || blocks.block().key(Order::kId, blocks.index()) != id_key) {
    return std::nullopt;
  }
  const PostKey key = codec::KeyOfRow(Order::kOut, blocks.block().row(blocks.index()));
  FASTI_RETURN_IF_ERROR(blocks.Seek(key));
  if (!blocks.valid() || blocks.block().key(Order::kOut, blocks.index()) != key) {
    return absl::DataLossError(
        absl::StrCat("version ", version, " stands in ID but not in OUT: fasti check tells more"));
  }
  return blocks.block().row(blocks.index());
}

}  // namespace fasti::graph
