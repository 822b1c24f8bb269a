#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/codec/post_key.h"
#include "engine/graph/block_cursor.h"
#include "engine/graph/read_state.h"
#include "engine/graph/view_filter.h"
#include "engine/model/row.h"

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

// Yields the rows of a run, overlays and blocks merged: of the rows of one version, the one that
// carries its retraction, if there is one.  Rows of every recorded time come out, and rows outside
// of the valid ranges may; a ViewFilter decides.
//
// The merge needs no order.  Overlay rows are gathered first, newest first, so that a retraction
// is met before what it retracts; then the blocks follow, without the rows that were met already
// and those that a later fold put there (see Layers).  A run that ends within one block is read
// through; in a longer one, each duration class is sought at the start of its window.
class RunCursor {
 public:
  // `valid` may be null: no condition on valid time.  What is passed must outlive the cursor.
  RunCursor(const ReadState& state, BlockCursor& blocks, const Run& run, const ValidRanges* valid);

  // Replaces `rows` by the next ones, at least one; false at the end.
  absl::StatusOr<bool> Next(std::vector<Row>* rows);

 private:
  void GatherOverlayRows(const Layers& layers);
  absl::StatusOr<bool> NextFromBlocks(std::vector<Row>* rows);
  // Moves the block cursor past rows outside of the windows, or gives in `end` where the rows
  // inside of the window at hand end within the block.
  absl::StatusOr<bool> EnterWindow(size_t* end);
  void Emit(size_t begin, size_t end, std::vector<Row>* rows) const;

  BlockCursor& blocks_;
  const Run run_;
  const ValidRanges* const valid_;
  const Sequence base_;
  codec::PostKey first_;  // of the run
  codec::PostKey end_;    // behind the run
  std::vector<const Row*> overlay_rows_;
  size_t overlay_next_ = 0;
  absl::flat_hash_set<uint64_t> replaced_;  // versions of which an overlay has the retraction
  bool started_ = false;
  bool done_ = false;
};

// The version in its newest form, by the ID order; nullopt if there is none.
absl::StatusOr<std::optional<Row>> FindRow(const ReadState& state, uint64_t version);

}  // namespace fasti::graph
