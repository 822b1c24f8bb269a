#include "engine/graph/state_view.h"

#include <algorithm>

#include "engine/graph/merges.h"
#include "engine/graph/time_index.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

std::shared_ptr<const Identity> IdentityAt(const ReadState& state, const View& view,
                                           const RecordedRange& recorded) {
  if (state.merges == nullptr || view.apart) return nullptr;
  // What is taken back after the state still holds in it.
  return state.merges->In({std::min(recorded.first, state.sequence), recorded.last},
                          KnownRangeOf(view, state.now));
}

}  // namespace

ViewFilter FilterOf(const ReadState& state, const View& view, const RecordedRange& recorded) {
  return ViewFilter(view, state.catalog, state.sequence, recorded, state.now,
                    IdentityAt(state, view, recorded));
}

absl::StatusOr<std::shared_ptr<const Identity>> IdentityIn(const ReadState& state,
                                                           const View& view) {
  if (state.merges == nullptr || view.apart) return nullptr;
  FASTI_ASSIGN_OR_RETURN(const RecordedRange recorded, ResolveRecorded(state, view.as_recorded));
  return IdentityAt(state, view, recorded);
}

}  // namespace fasti::graph
