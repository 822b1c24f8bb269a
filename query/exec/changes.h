#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fasti/result.h"
#include "fasti/transaction.h"

namespace fasti::exec {

// What a statement has written so far: which nodes and relationships are gone, which version of a
// relationship is the newest, and what an observer would see to have changed.
//
// Effects are a net difference, so each thing's properties are noted when it is first touched and
// compared at the end: what is set and removed again was no effect.
class Changes {
 public:
  explicit Changes(Transaction& transaction) : transaction_(transaction) {}

  Transaction& transaction() { return transaction_; }

  bool IsDeleted(EntityId node) const { return deleted_nodes_.contains(node); }
  bool IsDeleted(const Fact& fact) const { return deleted_facts_.contains(fact.lineage); }
  // The newest version of a relationship that this statement changed, else the one given.
  std::shared_ptr<const Fact> Current(const std::shared_ptr<const Fact>& fact) const;

  // To be called before a node, a relationship or the use of a label changes.
  absl::Status TouchNode(EntityId node);
  absl::Status TouchFact(const Fact& fact);
  absl::Status TouchLabel(LabelId label);

  void NodeCreated(EntityId node) { created_nodes_.insert(node); }
  void NodeDeleted(EntityId node) { deleted_nodes_.insert(node); }
  void FactCreated(const Fact& fact);
  void FactReplaced(const Fact& old_version, const Fact& new_version);
  void FactDeleted(const Fact& fact) { deleted_facts_.insert(fact.lineage); }

  absl::StatusOr<Effects> NetEffects() const;

 private:
  // Whether any entity carries the label itself.
  absl::StatusOr<bool> IsUsed(LabelId label) const;
  static void Compare(const Map& before, const Map& after, Effects* effects);

  Transaction& transaction_;
  absl::flat_hash_set<EntityId> created_nodes_, deleted_nodes_;
  absl::flat_hash_set<VersionId> created_facts_, deleted_facts_;        // lineages
  absl::flat_hash_map<VersionId, std::shared_ptr<const Fact>> newest_;  // by lineage
  // As they were before the statement.
  absl::flat_hash_map<EntityId, Map> nodes_before_;
  absl::flat_hash_map<VersionId, std::pair<Fact, Map>> facts_before_;
  absl::flat_hash_map<LabelId, bool> labels_before_;
};

}  // namespace fasti::exec
