#include "query/exec/node_counts.h"

#include <algorithm>
#include <bit>

namespace fasti::exec {

NodeCounts::Place& NodeCounts::Find(EntityId node) {
  size_t place = HomeOf(node);
  while (places_[place].count != 0 && places_[place].node != node) {
    place = (place + 1) & (places_.size() - 1);
  }
  return places_[place];
}

void NodeCounts::Add(absl::Span<const EntityId> nodes) {
  // At least half of the places stay free.
  const size_t places_min = 2 * (size_ + nodes.size());
  if (places_min > places_.size()) Grow(2 * places_min);
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (i + kFetchAhead < nodes.size()) {
      __builtin_prefetch(&places_[HomeOf(nodes[i + kFetchAhead])], 1);
    }
    Place& place = Find(nodes[i]);
    place.node = nodes[i];
    size_ += place.count == 0 ? 1 : 0;
    ++place.count;
  }
}

void NodeCounts::Grow(size_t places_min) {
  std::vector<Place> old(std::bit_ceil(std::max({places_min, 2 * size_before_, kPlacesMin})));
  old.swap(places_);
  shift_ = 64 - std::countr_zero(places_.size());
  for (const Place& place : old) {
    if (place.count != 0) Find(place.node) = place;
  }
}

void NodeCounts::Take(std::vector<EntityId>* nodes, std::vector<int64_t>* counts) {
  // Without a branch, since nobody could guess which places are free.
  size_t end = nodes->size();
  nodes->resize(end + size_ + 1);
  counts->resize(end + size_ + 1);
  for (const Place& place : places_) {
    (*nodes)[end] = place.node;
    (*counts)[end] = place.count;
    end += place.count != 0 ? 1 : 0;
  }
  nodes->resize(end);
  counts->resize(end);
  Clear();
}

void NodeCounts::Clear() {
  places_.clear();
  size_before_ = size_;
  size_ = 0;
}

}  // namespace fasti::exec
