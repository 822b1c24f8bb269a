#include "engine/graph/identity.h"

#include <algorithm>

namespace fasti::graph {

// First each entity leads to a smaller one that it is one with, or to itself; then to the smallest.
Identity::Identity(absl::Span<const Pair> pairs) {
  const auto smallest = [this](EntityId entity) {
    EntityId one = entity;
    for (EntityId next = Of(one); next != one; next = Of(one)) one = next;
    // The way there is shorter next time.
    while (entity != one) entity = std::exchange(ones_[entity], one);
    return one;
  };
  for (const auto& [a, b] : pairs) {
    const EntityId one = smallest(a), other = smallest(b);
    ones_[std::max(one, other)] = std::min(one, other);
    ones_.try_emplace(std::min(one, other), std::min(one, other));
  }
  for (const auto& [entity, unused] : ones_) members_[smallest(entity)].push_back(entity);
  for (auto& [one, members] : members_) std::sort(members.begin(), members.end());
}

}  // namespace fasti::graph
