#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/graph/block_cursor.h"
#include "engine/graph/pattern_filter.h"
#include "engine/graph/read_state.h"
#include "engine/graph/run_cursor.h"
#include "fasti/pattern.h"
#include "fasti/snapshot.h"

namespace fasti::graph {

// Answers a pattern: its runs one after the other, of each the rows in the overlays and then those
// in the blocks.  Yields the facts or no more than their ends: Item is Fact or FactEnds.
template <typename Item>
class FactScan final : public ScanCursor<Item> {
 public:
  FactScan(std::shared_ptr<const ReadState> state, const Pattern& pattern, PatternFilter filter);

  absl::StatusOr<size_t> Next(absl::Span<Item> out) override;
  absl::Status Restart(EntityId anchor) override;

 private:
  // Put rows of the run at hand into `out`, from `next_row_` on, and return how many.
  size_t ReadOverlays(absl::Span<Item> out);
  size_t ReadBlock(absl::Span<Item> out);
  // The next run, or the next block of the one at hand; false at the end of all.
  absl::StatusOr<bool> Advance();

  const std::shared_ptr<const ReadState> state_;
  PatternFilter filter_;
  Runs runs_;
  BlockCursor blocks_;
  size_t next_run_ = 0;
  std::optional<RunCursor> run_;
  bool in_blocks_ = false;  // of the run, rather than in the overlays
  size_t next_row_ = 0;
};

template <typename Item>
absl::StatusOr<std::unique_ptr<ScanCursor<Item>>> OpenScan(std::shared_ptr<const ReadState> state,
                                                           const Pattern& pattern);

}  // namespace fasti::graph
