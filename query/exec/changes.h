#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fasti/result.h"
#include "fasti/transaction.h"

namespace fasti::exec {

// What a statement has written so far: which nodes and relationships are gone, what stands in the
// place of versions that it ended, and what an observer would see to have changed.
//
// A relationship may have several versions at once, one for each portion of time, and a statement
// binds each for itself; so versions are followed, not lineages.
//
// Effects are a net difference, so each thing's properties are noted when it is first touched and
// compared at the end: what is set and removed again was no effect.
class Changes {
 public:
  explicit Changes(Transaction& transaction) : transaction_(transaction) {}

  Transaction& transaction() { return transaction_; }

  bool IsDeleted(EntityId node) const { return deleted_nodes_.contains(node); }
  // Whether nothing stands in the place of a version any more.
  bool IsDeleted(const Fact& fact) const;
  // What a variable bound to a version shows now: what it was last changed to, else the version.
  std::shared_ptr<const Fact> Current(const std::shared_ptr<const Fact>& fact) const;
  // The versions that stand in the place of the one given, which may be one of them.
  std::vector<Fact> Standing(const Fact& fact) const;

  // To be called before a node, a relationship or the use of a label changes.
  absl::Status TouchNode(EntityId node);
  absl::Status TouchFact(const Fact& fact);
  absl::Status TouchLabel(LabelId label);

  void NodeCreated(EntityId node) { created_nodes_.insert(node); }
  void NodeDeleted(EntityId node) { deleted_nodes_.insert(node); }
  void FactCreated(const Fact& fact);
  // Others have taken the place of a standing version; none: that portion is deleted.
  void FactReplaced(const Fact& old_version, std::vector<Fact> standing);
  // Likewise; and `changed`, one of them or not, is what a variable shows from now on.
  void FactChanged(const Fact& old_version, std::vector<Fact> standing, const Fact& changed);

  absl::StatusOr<Effects> NetEffects() const;

 private:
  // What became of a version that a variable was bound to.
  struct Followed {
    std::vector<Fact> standing;
    std::shared_ptr<const Fact> current;
  };

  // Null if nothing has become of it.
  const Followed* Find(const Fact& fact) const;
  // Whether an observer misses the relationship of which `before` was a version.
  absl::StatusOr<bool> IsGone(const Fact& before) const;
  absl::StatusOr<Map> QualifiersNow(const Fact& before) const;
  // Whether any entity carries the label itself.
  absl::StatusOr<bool> IsUsed(LabelId label) const;
  static void Compare(const Map& before, const Map& after, Effects* effects);

  Transaction& transaction_;
  absl::flat_hash_set<EntityId> created_nodes_, deleted_nodes_;
  absl::flat_hash_map<VersionId, Fact> created_facts_;  // by lineage
  absl::flat_hash_map<VersionId, Followed> followed_;   // by the version that was bound
  absl::flat_hash_map<VersionId, VersionId>
      bound_of_;  // of versions that took the place of another
  // As they were before the statement.
  absl::flat_hash_map<EntityId, Map> nodes_before_;
  absl::flat_hash_map<VersionId, std::pair<Fact, Map>> facts_before_;
  absl::flat_hash_map<LabelId, bool> labels_before_;
};

}  // namespace fasti::exec
