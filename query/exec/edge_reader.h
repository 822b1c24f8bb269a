#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "engine/graph/view_filter.h"
#include "query/exec/relations.h"

namespace fasti::exec {

class RunContext;

// The facts around the nodes that a run has expanded.  Walks meet the same nodes again and again:
// what leads on from them is read once.  Expansions of one kind share a cache, so that the third
// hop finds what the second has read.  It is part of the memory of its run, which must outlive it.
class EdgeCache {
 public:
  explicit EdgeCache(RunContext& context) : context_(context) {}

  struct Edge {
    Fact fact;
    bool anchor_is_subject = true;
  };
  struct Edges {
    std::vector<Edge> edges;
    std::vector<graph::Reach> reaches;  // of their valid times
  };

  // Null if the node's facts are not here.  Holds until Clear.
  const Edges* Find(EntityId node) const;
  // Keeps the facts of a node, if there is room.
  void Keep(EntityId node, const Edges& edges);
  void Clear();

  // A node with more facts is not kept: to copy them would not pay.
  static constexpr size_t kEdgesOfNodeMax = 1024;

 private:
  static constexpr size_t kEdgesMax = size_t{1} << 15;  // about 3 MiB
  // A node takes room even if it has no facts.
  static constexpr size_t kEdgesPerNode = 1;

  RunContext& context_;
  absl::node_hash_map<EntityId, Edges> edges_;
  size_t size_ = 0;
  size_t charged_ = 0;
};

// Reads the facts of one node after the other, or with scans from nowhere those of all.
class EdgeReader {
 public:
  using Item = FactReader::Item;

  // `cache` may be null.  It must outlive the reader.
  explicit EdgeReader(EdgeCache* cache) : cache_(cache) {}
  // Yields the facts of a node in order of their starts.
  explicit EdgeReader(StartOrder order) : cache_(nullptr), order_(order) {}

  // Says which facts.  REQUIRES: the scans of a cache are the same until it is cleared.
  void Plan(const Snapshot& snapshot, std::vector<FactScan> scans);
  // Has nothing to read, lets go of the snapshot and of the scans.
  void Clear();
  bool is_planned() const { return planned_; }

  // REQUIRES: Plan, with scans from an entity.
  void StartFrom(EntityId node);
  // Yields only facts of whose valid times the reach lies within bounds.
  void StartFrom(EntityId node, const graph::ReachBounds& bounds);
  // False at the end.  The fact holds until the next call.
  absl::StatusOr<bool> Next(FactReader::Item* item);

 private:
  // One of several scans that are merged in order, and its next fact.
  struct Source {
    FactReader reader;
    FactReader::Item item;
    bool has_item = false, done = false;
  };
  // Next, whatever the bounds; without a cache.
  absl::StatusOr<bool> ReadNext(FactReader::Item* item);
  absl::StatusOr<bool> NextInOrder(FactReader::Item* item);
  void ForgetRead();

  EdgeCache* const cache_;
  const std::optional<StartOrder> order_;
  std::vector<Source> sources_;  // with an order
  FactReader reader_;            // without
  bool planned_ = false;
  bool is_first_ = true;  // no node was read since the plan was made
  EntityId node_ = EntityId::kNone;
  std::optional<graph::ReachBounds> bounds_;
  const EdgeCache::Edges* cached_ = nullptr;  // what is read, if not the store
  size_t next_ = 0;
  EdgeCache::Edges read_;  // of the node so far, to be kept
  bool keeps_ = false;
};

}  // namespace fasti::exec
