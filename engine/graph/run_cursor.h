#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/codec/block.h"
#include "engine/codec/post_key.h"
#include "engine/graph/block_cursor.h"
#include "engine/graph/read_state.h"
#include "engine/graph/run_directory.h"
#include "engine/graph/view_filter.h"
#include "engine/model/row.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

// The rows of one order that share an anchor (a subject in OUT, an object in IN, 0 in REL) and, if
// given, a relation; without one, all but the reserved relations.  REQUIRES: order is not kId.
struct Run {
  codec::Order order = codec::Order::kOut;
  uint64_t anchor = 0;
  std::optional<uint32_t> relation;
};

// The first key a row of the run can have, and one behind all of them.
codec::PostKey FirstKey(const Run& run);
codec::PostKey EndKey(const Run& run);
// The first key of the duration class of `key`, and that of the class behind it.
codec::PostKey FirstOfClass(const codec::PostKey& key);
codec::PostKey NextClass(const codec::PostKey& key);

// The rows of a run that overlays hold: of the rows of one version, the one that carries its
// retraction, if there is one.  Rows of blocks are passed over if an overlay has their retraction
// or if a fold put them there after the base (see Layers).
class OverlayRows {
 public:
  OverlayRows(const Layers& layers, const Run& run);

  // Newest first.
  absl::Span<const Row* const> rows() const { return rows_; }
  bool ReplacesNothing() const { return replaced_.empty(); }
  // Whether the row of a block counts.
  bool Leaves(uint64_t version) const {
    return version <= base_ && (replaced_.empty() || !replaced_.contains(version));
  }
  Sequence base() const { return base_; }

 private:
  const Sequence base_;
  std::vector<const Row*> rows_;
  absl::flat_hash_set<uint64_t> replaced_;  // versions of which an overlay has the retraction
};

// Yields the rows of a run, overlays and blocks merged.  Rows of every recorded time come out, and
// rows outside of the valid ranges may; a ViewFilter decides.
//
// The merge needs no order: the rows of the overlays are there from the start, those of the blocks
// follow a block at a time.  A block is read through, which costs less than to seek for each of the
// relations and classes in it; but where the last row of a block shows that the next rows of its
// class lie outside of the window, they are leapt over.  For a busy entity that is much too long a
// way to a few facts: its windows are read from its timeline.
class RunCursor {
 public:
  // `valid` may be null: no condition on valid time.  What is passed must outlive the cursor.
  RunCursor(const ReadState& state, BlockCursor& blocks, const Run& run, const ValidRanges* valid);

  const OverlayRows& overlay() const { return overlay_; }

  // Moves to the next block that may have rows to yield; false at the end.
  absl::StatusOr<bool> NextBlock();
  // REQUIRES for the rest: NextBlock said true.
  const StoredBlock& block() const { return **block_; }
  const std::shared_ptr<const StoredBlock>& shared_block() const { return *block_; }
  // The rows of the run in the block, ascending; of those with a duration only what the valid
  // ranges let pass.
  absl::Span<const uint16_t> rows() const { return {rows_.data(), count_}; }

  // Calls visit(row) for every row, until it returns a status that is not OK.
  template <typename Visit>
  absl::Status ForEach(Visit visit);

 private:
  enum class Step { kSeek, kNextBlock, kEnd };

  // Chooses rows of the block at hand and the step behind them.
  void ChooseRows();
  template <typename Keeps>
  size_t Keep(size_t count, Keeps keeps);
  // Leaves out what surely lies outside of the windows, and sets the step.
  // REQUIRES: the run goes on behind the block; `rows` is not empty.
  void Narrow(RowRange* rows);

  // Chooses those of `range` that may be within the windows.
  void ChooseAmong(RowRange range);

  // NextBlock where that is known: through a timeline, or to the only block of the run.
  bool NextPart();
  bool OnlyBlock();
  absl::Status MakeTimeline() const;

  const ReadState& state_;
  BlockCursor& blocks_;
  const Run run_;
  const ValidRanges* const valid_;
  const OverlayRows overlay_;
  const codec::PostKey end_;  // behind the run
  Step step_ = Step::kSeek;
  codec::PostKey target_;     // of kSeek
  RunDirectory* const runs_;  // null if it does not know of such runs
  RunDirectory::Known known_;
  size_t part_ = 0;    // of the timeline: the one at hand, once there is one
  size_t passed_ = 0;  // blocks
  const std::shared_ptr<const StoredBlock>* block_ = nullptr;
  size_t count_ = 0;
  std::array<uint16_t, codec::kBlockRows> rows_;  // the first count_ are set
};

template <typename Visit>
absl::Status RunCursor::ForEach(Visit visit) {
  for (const Row* row : overlay_.rows()) FASTI_RETURN_IF_ERROR(visit(*row));
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, NextBlock());
    if (!more) return absl::OkStatus();
    for (const uint16_t i : rows()) FASTI_RETURN_IF_ERROR(visit(block().reader().row(i)));
  }
}

// The version in its newest form, by the ID order; nullopt if there is none.
absl::StatusOr<std::optional<Row>> FindRow(const ReadState& state, uint64_t version);

}  // namespace fasti::graph
