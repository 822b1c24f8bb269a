#pragma once

#include <vector>

#include "fasti/snapshot.h"
#include "query/plan/logical_plan.h"

namespace fasti::exec {

// The relations a pattern names, found in the catalog.  Facts of `straight` match in the direction
// written; those of `turned` match against it, because the relation is symmetric or the pattern
// uses the name by which it is told from the other side.
struct Relations {
  bool any_entity = false;     // `straight` holds, besides, every fact between entities
  bool any_attribute = false;  // and every attribute
  std::vector<RelationId> straight;
  std::vector<RelationId> turned;

  bool MatchesStraight(const Fact& fact) const;
  bool MatchesTurned(const Fact& fact) const;
};

// To be done anew for every state: a name may have come, or been declared.  RunContext::RelationsOf
// remembers what it found.
Relations FindRelations(const Snapshot& snapshot, const plan::RelationFilter& filter);

// The patterns of the scans that together find all facts of a pattern, seen from the entity
// `anchor` or, with none, from nowhere; `anchor_is_subject` tells which end it is.
struct FactScan {
  Pattern pattern;
  bool anchor_is_subject = true;
  // The scans before it find facts from an entity to itself.
  bool skip_loops = false;
};
std::vector<FactScan> PlanScans(const Relations& relations, plan::Direction direction,
                                std::optional<EntityId> anchor, const View& view);

// Reads the facts of several scans, one after the other.
class FactReader {
 public:
  struct Item {
    const Fact* fact = nullptr;
    bool anchor_is_subject = true;
  };
  FactReader() = default;
  FactReader(const Snapshot& snapshot, std::vector<FactScan> scans) {
    Start(snapshot, std::move(scans));
  }

  // Reads other scans from now on, with the room that it has.  With an order, each scan yields its
  // facts by their start.
  void Start(const Snapshot& snapshot, std::vector<FactScan> scans,
             std::optional<StartOrder> order = std::nullopt);
  // Reads the same scans from another entity.  REQUIRES: Start, with an entity.
  void StartFrom(EntityId anchor);
  // Has nothing to read and lets go of the snapshot.
  void Clear();

  // False at the end.  The fact holds until the next call.
  absl::StatusOr<bool> Next(Item* item);

 private:
  static constexpr size_t kFactsAtOnce = 64;
  // Who reads in order stops soon.
  static constexpr size_t kFactsAtFirst = 4;

  const Snapshot* snapshot_ = nullptr;
  std::vector<FactScan> scans_;
  std::optional<StartOrder> order_;
  size_t scan_ = 0;
  std::unique_ptr<FactCursor> cursor_;
  std::vector<Fact> facts_;
  size_t next_ = 0, count_ = 0;
};

}  // namespace fasti::exec
