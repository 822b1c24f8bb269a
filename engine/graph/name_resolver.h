#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "engine/graph/transaction_impl.h"
#include "fasti/ids.h"
#include "fasti/report.h"

namespace fasti::graph {

// Finds the entities that a report names, and creates those that nobody named before.
//
// A name means the one entity that has it as name or alias, case and accents folded.  Where
// several have it, the label may tell them apart; if it does not, they are all returned, and
// nobody guesses.
class NameResolver {
 public:
  // `transaction` must outlive it.
  explicit NameResolver(TransactionImpl* transaction) : transaction_(*transaction) {}

  // The entities that the name fits; none if it is new.  INVALID_ARGUMENT for what is no name.
  absl::StatusOr<std::vector<EntityId>> Find(const EntityName& name);
  // The one that it fits, created if it is new, with what the source tells of it: its label, and
  // those names that nobody has yet.  REQUIRES: Find gave at most one.
  absl::StatusOr<EntityId> Resolve(const EntityName& name);

  uint64_t created() const { return created_; }

 private:
  absl::StatusOr<std::vector<EntityId>> Candidates(const EntityName& name) const;
  absl::StatusOr<std::vector<EntityId>> WithLabel(const std::vector<EntityId>& entities,
                                                  absl::string_view label) const;
  absl::Status Enrich(EntityId entity, const EntityName& name);
  absl::Status AddName(EntityId entity, absl::string_view key, absl::string_view name);

  TransactionImpl& transaction_;
  // What a name meant when it was first met: a name must not change its meaning within a report.
  struct Meaning {
    EntityId entity = EntityId::kNone;
    bool enriched = false;
  };
  absl::flat_hash_map<std::pair<std::string, std::string>, Meaning> meanings_;  // by name, label
  uint64_t created_ = 0;
};

}  // namespace fasti::graph
