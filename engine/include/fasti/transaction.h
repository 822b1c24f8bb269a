#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/fact.h"
#include "fasti/relation.h"
#include "fasti/report.h"
#include "fasti/snapshot.h"
#include "fasti/value.h"

namespace fasti {

// A fact to be stored.
struct FactDraft {
  EntityId subject = EntityId::kNone;
  RelationId relation = RelationId::kNone;
  Value object;  // a node or a literal; not null
  Period valid;
  Map qualifiers;
  Modality modality = Modality::kAsserted;
  // The known period; always, for a fact that rests on no claim.
  Instant known_from = kInstantMin;
  Instant known_to = kInstantMax;
  // The version that this one replaces, of whose lineage it becomes part; none: a new fact.
  VersionId supersedes = VersionId::kNone;
};

// A change to the database, atomic and durable: all of it or nothing.  It holds the only writer's
// place from its creation until Commit or destruction; destruction without Commit drops it.
// Used by one thread.
class Transaction {
 public:
  virtual ~Transaction() = default;

  // The state this transaction sees: the last commit and its own writes so far.
  virtual const Snapshot& view() const = 0;

  // Names enter the catalog when first used.  INVALID_ARGUMENT if empty or over 1 KiB.
  virtual absl::StatusOr<RelationId> InternRelation(absl::string_view name) = 0;
  virtual absl::StatusOr<RelationId> InternAttribute(absl::string_view key) = 0;
  virtual absl::StatusOr<LabelId> InternLabel(absl::string_view name) = 0;
  // Creates or changes a declaration; `info.id` is ignored.  FAILED_PRECONDITION when facts
  // exist that the new declaration forbids.
  virtual absl::Status DeclareRelation(const RelationInfo& info) = 0;
  virtual absl::Status DeclareLabel(absl::string_view name, absl::string_view parent) = 0;

  virtual absl::StatusOr<EntityId> CreateEntity() = 0;
  // Retracts the entity's row, its labels and its attributes; its relationships must be gone.
  virtual absl::Status DeleteEntity(EntityId entity) = 0;
  virtual absl::Status AddLabel(EntityId entity, LabelId label) = 0;  // no-op if present
  virtual absl::Status RemoveLabel(EntityId entity, LabelId label) = 0;

  // Stores a version.  INVALID_ARGUMENT for a bad period, a null object, a value no attribute
  // can hold (a map, a node in a list), or text over its limit.
  virtual absl::StatusOr<Fact> Assert(const FactDraft& draft) = 0;
  // Ends the recorded period of a version.  No-op if it has ended.
  virtual absl::Status Retract(VersionId version) = 0;
  // Replaces the timeless value of an attribute: retracts the unqualified versions of `key` and
  // asserts `value`; null only retracts.
  virtual absl::Status SetAttribute(EntityId entity, RelationId key, const Value& value) = 0;

  // Stores what a source says, by the same function as Database::Report.
  virtual absl::StatusOr<ReportSummary> Report(const fasti::Report& report) = 0;
  // A claim on one fact of this transaction's view, or on a new one: `draft` names the fact (its
  // subject, relation, object, qualifiers and valid period), `claim` what is said of it.  A denial
  // whose `claim.valid` is not `..` only concerns that part of the valid time.
  // `draft.supersedes` may name a version without claims that is meant: it stays known always
  // until a claim denies it.  Returns the version that carries the claim now.
  virtual absl::StatusOr<Fact> AddClaim(const FactDraft& draft, const Claim& claim) = 0;
  // Withdraws every claim of a source; facts that no other claim supports are retracted.
  virtual absl::Status RetractSource(EntityId source) = 0;
  // The entity that stands for a source, created if new.
  virtual absl::StatusOr<EntityId> InternSource(const Source& source) = 0;

  // States that two entities are one, known from `known_from` until `known_to`; the note is kept
  // with it.  Facts stay with the number they were told of, so that nothing is lost if this is
  // taken back, by Retract of the version returned.  Both ends being one already is no error: each
  // statement stands for itself.  INVALID_ARGUMENT for an entity and itself, or an empty period;
  // FAILED_PRECONDITION for a source, which is what its key says.
  virtual absl::StatusOr<Fact> Merge(EntityId a, EntityId b, Instant known_from, Instant known_to,
                                     absl::string_view note) = 0;

  // Makes the change durable and visible.  UNAVAILABLE or RESOURCE_EXHAUSTED (disk full) leave
  // the database as it was and read-only until it is opened again.
  virtual absl::StatusOr<Sequence> Commit() = 0;
};

}  // namespace fasti
