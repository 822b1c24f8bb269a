#pragma once

#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace fasti::graph {

// A bounded cache of two generations: what was used since the young one was begun survives when
// it fills, the rest goes.  No list to relink on every hit, as an exact least-recently-used order
// would need.  Holds at most 2 * `size_max` entries.  Not safe for several threads.
template <typename Key, typename Value>
class GenerationCache {
 public:
  explicit GenerationCache(size_t size_max) : size_max_(size_max) {}

  // Null if absent; the pointer holds until the next call.
  template <typename Lookup>
  const Value* Find(const Lookup& key) {
    if (const auto it = young_.find(key); it != young_.end()) return &it->second;
    const auto it = old_.find(key);
    if (it == old_.end()) return nullptr;
    auto node = old_.extract(it);
    MakeRoom();
    return &young_.insert(std::move(node)).position->second;
  }

  void Insert(Key key, Value value) {
    MakeRoom();
    young_.insert_or_assign(std::move(key), std::move(value));
  }

 private:
  void MakeRoom() {
    if (young_.size() < size_max_) return;
    old_ = std::move(young_);
    young_.clear();
  }

  const size_t size_max_;
  absl::flat_hash_map<Key, Value> young_;
  absl::flat_hash_map<Key, Value> old_;
};

}  // namespace fasti::graph
