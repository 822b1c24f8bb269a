#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "fasti/snapshot.h"

// What operators ask about nodes that may be merged entities (Snapshot::Members).

namespace fasti::exec {

// A node that was bound before, maybe in another view, under the number that it has in this one.
absl::StatusOr<std::optional<EntityId>> NodeIn(const View& view, std::optional<EntityId> node,
                                               const Snapshot& snapshot);

// Whether one of the entities that were merged into the node has the property.  False if it is only
// itself: what it has is what it shows.
absl::StatusOr<bool> AnyMemberHas(const View& view, EntityId node, const std::string& key,
                                  const Value& wanted, const Snapshot& snapshot);

}  // namespace fasti::exec
