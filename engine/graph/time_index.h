#pragma once

#include "absl/status/statusor.h"
#include "engine/graph/read_state.h"
#include "engine/graph/view_filter.h"
#include "fasti/period.h"

namespace fasti::graph {

// Wall clock and sequences, by the family `time`: one entry per commit, under its last sequence.
// Commit times ascend strictly, so both directions are one search.

// When the commit that `sequence` belongs to was made; for the writes of the asking transaction,
// its own moment.
absl::StatusOr<Instant> CommitTime(const ReadState& state, Sequence sequence);

// The recorded axis of a view as sequences of the state: what overlaps `as_recorded`, or, if that
// is absent, what is recorded at the state itself.
absl::StatusOr<RecordedRange> ResolveRecorded(const ReadState& state,
                                              const std::optional<Period>& as_recorded);

}  // namespace fasti::graph
