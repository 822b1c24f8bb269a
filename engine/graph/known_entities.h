#pragma once

#include <vector>

#include "fasti/ids.h"

namespace fasti::graph {

// Entities that are known to exist behind everything that was handed over for commit, a bit each.
// Every fact names entities that must exist, and asking the blocks for one costs more than all
// else that a fact costs; most facts are about entities that were asked for before.
//
// Belongs to the holder of the writer's place.
class KnownEntities {
 public:
  bool Contains(EntityId entity) const {
    return Raw(entity) < known_.size() && known_[Raw(entity)];
  }
  void Add(EntityId entity) {
    if (Raw(entity) >= known_.size()) known_.resize(Raw(entity) + 1);
    known_[Raw(entity)] = true;
  }
  void Remove(EntityId entity) {
    if (Contains(entity)) known_[Raw(entity)] = false;
  }
  // Forgets those whose numbers were never taken after all.
  void RemoveFrom(uint64_t next_entity) {
    if (next_entity < known_.size()) known_.resize(next_entity);
  }

 private:
  std::vector<bool> known_;
};

}  // namespace fasti::graph
