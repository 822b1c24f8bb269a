#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/graph/read_state.h"
#include "engine/graph/run_cursor.h"
#include "engine/graph/view_filter.h"
#include "fasti/pattern.h"
#include "fasti/snapshot.h"

namespace fasti::graph {

// The runs that together hold everything a pattern may match, in the order that reads least.
using Runs = absl::InlinedVector<Run, 1>;
Runs PlanRuns(const ReadState& state, const Pattern& pattern);

// Answers a pattern: its runs one after the other, each row checked against the parts that the
// order does not fix and against the view.
class FactScan final : public FactCursor {
 public:
  static absl::StatusOr<std::unique_ptr<FactScan>> Open(std::shared_ptr<const ReadState> state,
                                                        const Pattern& pattern);

  absl::StatusOr<size_t> Next(absl::Span<Fact> out) override;

 private:
  FactScan(std::shared_ptr<const ReadState> state, const Pattern& pattern, ViewFilter filter);
  bool Matches(const Row& row) const;

  const std::shared_ptr<const ReadState> state_;
  const std::optional<EntityId> subject_;
  const std::optional<Term> object_;
  const bool relationships_;
  const bool attributes_;
  const ViewFilter filter_;
  const Runs runs_;
  const BlockCursorPool::Lease blocks_;
  size_t next_run_ = 0;
  std::optional<RunCursor> run_;
  std::vector<Row> rows_;
  size_t next_row_ = 0;
};

}  // namespace fasti::graph
