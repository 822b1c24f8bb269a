#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "engine/graph/identity.h"
#include "engine/graph/read_state.h"
#include "engine/graph/view_filter.h"
#include "fasti/pattern.h"

namespace fasti::graph {

// What a view means in a state: which rows it shows, and which entities are one in it.
// `recorded` is what ResolveRecorded makes of its recorded axis.
ViewFilter FilterOf(const ReadState& state, const View& view, const RecordedRange& recorded);
// Null if none is one with another.
absl::StatusOr<std::shared_ptr<const Identity>> IdentityIn(const ReadState& state,
                                                           const View& view);

}  // namespace fasti::graph
