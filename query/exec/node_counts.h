#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/types/span.h"
#include "fasti/ids.h"

namespace fasti::exec {

// How often each node was met.  One array of nodes with their counts, found by open addressing: an
// addition touches one place in memory, and the places of those that follow are fetched meanwhile.
class NodeCounts {
 public:
  void Add(absl::Span<const EntityId> nodes);
  size_t bytes() const { return places_.size() * sizeof(Place); }
  // Moves what was counted behind what the vectors hold, and counts from the beginning.
  void Take(std::vector<EntityId>* nodes, std::vector<int64_t>* counts);
  void Clear();

 private:
  struct Place {
    EntityId node;
    int64_t count;  // 0: it is free
  };
  static constexpr size_t kPlacesMin = 256;
  static constexpr size_t kFetchAhead = 12;

  // Where the search for a node begins.
  size_t HomeOf(EntityId node) const { return Raw(node) * multiplier_ >> shift_; }
  Place& Find(EntityId node);
  void Grow(size_t places_min);

  // Nodes leave in the order of their places.  Were that the order of another table as well, which
  // they enter while it is small, they would all crowd in one part of it.
  const uint64_t multiplier_ = absl::HashOf(this) | 1;
  std::vector<Place> places_;  // a power of two of them
  int shift_ = 0;
  size_t size_ = 0;
  size_t size_before_ = 0;  // when last taken or cleared: it mostly becomes about the same
};

}  // namespace fasti::exec
