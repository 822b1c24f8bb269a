#pragma once

#include <optional>
#include <string>
#include <vector>

#include "query/exec/changes.h"
#include "query/exec/evaluator.h"
#include "query/plan/logical_plan.h"

namespace fasti::exec {

// What VALID and CLAIM of a clause say for one row.
struct Scope {
  std::optional<Period> valid;
  std::optional<Claim> claim;
};

// The writes of clauses, each as one step on the graph.  Everything goes through here, so that
// `Changes` misses nothing.
class Writer {
 public:
  Writer(RunContext& context, Transaction& transaction, Changes& changes)
      : context_(context), evaluator_(context), transaction_(transaction), changes_(changes) {}

  // Evaluates VALID and CLAIM for a row.
  absl::StatusOr<Scope> ScopeOf(const plan::WriteScope& scope, const Row& row);

  absl::StatusOr<Value> CreateNode(const plan::CreateNode& node, const Row& row);
  absl::StatusOr<Value> CreateEdge(const plan::CreateEdge& edge, const Scope& scope,
                                   const Row& row);
  // Adds the claim of MERGE to a relationship that was there.
  absl::Status AddClaim(const Fact& fact, const Scope& scope);
  absl::Status Set(const plan::SetItem& item, const Scope& scope, const Row& row);

  // Deletes relationships, then nodes.  ConstraintVerificationFailed.DeleteConnectedNode if a node
  // still has relationships, unless `detach` takes them along.
  absl::Status Delete(const std::vector<std::shared_ptr<const Fact>>& facts,
                      const std::vector<EntityId>& nodes, bool detach, const Scope& scope,
                      const plan::Place& place);

 private:
  absl::StatusOr<Map> PropertiesOf(const plan::ExpressionPtr& properties, const Row& row,
                                   const plan::Place& place);
  absl::Status SetNode(EntityId node, const plan::SetItem& item, const Value& value,
                       const Scope& scope);
  absl::Status SetFact(const Fact& fact, const plan::SetItem& item, const Value& value,
                       const Scope& scope);
  // Of one version that stands.
  absl::Status SetVersion(const Fact& fact, const plan::SetItem& item, const Value& value,
                          const Scope& scope);
  absl::Status ReportFact(const Fact& fact, const Map& old, FactDraft draft, const Scope& scope);
  absl::Status SetAttribute(EntityId node, const std::string& key, const Value& value,
                            const Scope& scope, const plan::Place& place);
  absl::Status ReportAttribute(const FactDraft& draft, const Scope& scope);
  // The values without qualifiers that an attribute may have within VALID: those recorded now or,
  // with CLAIM, those known until its publication.
  absl::StatusOr<std::vector<Fact>> ValuesOf(EntityId node, RelationId relation,
                                             const Scope& scope) const;
  absl::Status SetLabels(EntityId node, const plan::SetItem& item);
  // Ends the portion `valid` of a version; returns what stays of it, before and after.
  absl::StatusOr<std::vector<Fact>> CutOut(const Fact& fact, const std::optional<Period>& valid);
  // A source denies the fact, or the portion of it that VALID names.  REQUIRES: there is a CLAIM.
  absl::StatusOr<Fact> Deny(const Fact& fact, const Scope& scope);
  absl::Status DenyFact(const Fact& fact, const Scope& scope);
  absl::Status DeleteFact(const Fact& fact, const Scope& scope);
  absl::Status DeleteVersion(const Fact& fact, const Scope& scope);
  absl::StatusOr<std::vector<Fact>> FactsOf(EntityId node) const;
  absl::StatusOr<FactDraft> DraftOf(const Fact& fact) const;

  RunContext& context_;
  Evaluator evaluator_;
  Transaction& transaction_;
  Changes& changes_;
};

// TypeError.InvalidPropertyType for what no property can hold.
absl::Status CheckProperty(const Value& value, const plan::Place& place);

}  // namespace fasti::exec
