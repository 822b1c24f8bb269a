#pragma once

#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "fasti/ids.h"

namespace fasti::graph {

// Which entities are one, in one view.  What is one is known by its smallest number, so that it
// does not matter which statement came first.  Never changes.
class Identity {
 public:
  using Pair = std::pair<EntityId, EntityId>;

  // Each pair is one, and so is all that pairs link.
  explicit Identity(absl::Span<const Pair> pairs);

  EntityId Of(EntityId entity) const {
    const auto found = ones_.find(entity);
    return found == ones_.end() ? entity : found->second;
  }
  // All that is one with it, itself among them, in order of number; empty if it is alone.
  absl::Span<const EntityId> MembersOf(EntityId entity) const {
    const auto found = members_.find(Of(entity));
    if (found == members_.end()) return {};
    return found->second;
  }

 private:
  absl::flat_hash_map<EntityId, EntityId> ones_;  // of those that are not alone
  absl::flat_hash_map<EntityId, std::vector<EntityId>> members_;
};

}  // namespace fasti::graph
