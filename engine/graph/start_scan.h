#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/graph/block_cursor.h"
#include "engine/graph/pattern_filter.h"
#include "engine/graph/read_state.h"
#include "engine/graph/run_cursor.h"
#include "fasti/pattern.h"
#include "fasti/snapshot.h"

namespace fasti::graph {

// Answers a pattern in order of the starts of its facts, and reads little more than it is asked
// for.  Rows of one relation and duration class lie in that order already, so a long run is the
// merge of its classes, each walked from the end of time that comes first; a short run, and what
// overlays hold, is gathered and put in order as far as it is read.
class StartScan final : public FactCursor {
 public:
  static absl::StatusOr<std::unique_ptr<StartScan>> Open(std::shared_ptr<const ReadState> state,
                                                         const Pattern& pattern, StartOrder order);

  absl::StatusOr<size_t> Next(absl::Span<Fact> out) override;
  absl::Status Restart(EntityId anchor) override;

 private:
  // The rows of one class of a run.
  struct Lane {
    const OverlayRows* overlay;
    codec::PostKey first;  // of the class
    FromWindow window;
    std::shared_ptr<const StoredBlock> block;  // the row whose turn comes next
    size_t index;
  };
  // A row that is the next one of its lane, or stands alone.
  struct Candidate {
    Instant start;
    const Row* row;            // of an overlay, else null
    const StoredBlock* block;  // else row `index` of this one
    uint32_t index;
    uint32_t lane;
  };
  static constexpr uint32_t kAlone = UINT32_MAX;

  StartScan(std::shared_ptr<const ReadState> state, const Pattern& pattern, PatternFilter filter,
            StartOrder order)
      : state_(std::move(state)),
        filter_(std::move(filter)),
        runs_(PlanRuns(*state_, pattern, filter_.identity())),
        latest_first_(order == StartOrder::kLatestFirst),
        blocks_(state_->blocks) {}

  // Finds where to begin in each run.
  absl::Status Begin();
  absl::Status AddRun(const Run& run);
  absl::StatusOr<bool> IsShort(const Run& run);
  absl::Status Gather(const Run& run);
  absl::Status AddLanes(const Run& run, const OverlayRows& overlay);
  absl::Status AddLane(const codec::PostKey& last, const OverlayRows& overlay);
  // Makes the row at which the lane stands a candidate, or the next one that may pass.
  absl::Status Offer(uint32_t number);
  // Moves to the neighbour; `block` is null at the end of the order.
  absl::Status Step(Lane* lane);
  void Add(const Candidate& candidate);
  // Whether `a` comes after `b`: the order of a heap with the next row on top.
  bool ComesAfter(const Candidate& a, const Candidate& b) const {
    return latest_first_ ? a.start < b.start : a.start > b.start;
  }

  const std::shared_ptr<const ReadState> state_;
  PatternFilter filter_;
  Runs runs_;
  const bool latest_first_;
  BlockCursor blocks_;
  std::deque<OverlayRows> overlays_;                          // of the runs; lanes point to them
  std::vector<std::shared_ptr<const StoredBlock>> gathered_;  // candidates point to them
  std::vector<Lane> lanes_;
  std::vector<Candidate> heap_;
};

}  // namespace fasti::graph
