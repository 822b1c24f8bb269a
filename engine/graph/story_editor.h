#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/graph/claim_book.h"
#include "engine/graph/run_cursor.h"
#include "engine/graph/story.h"
#include "engine/graph/told_claim.h"
#include "engine/graph/transaction_impl.h"
#include "fasti/fact.h"
#include "fasti/ids.h"
#include "fasti/relation.h"
#include "fasti/value.h"

namespace fasti::graph {

// What a story is about.
struct StoryKey {
  EntityId subject = EntityId::kNone;
  RelationId relation = RelationId::kNone;
  Map qualifiers;
  Value object;  // null where one story has all objects of its subject, see SpansObjects

  friend bool operator<(const StoryKey& a, const StoryKey& b);
};

// True for a METRIC, whose object is a figure, and for a FUNCTIONAL relation, whose objects replace
// each other.
bool SpansObjects(const RelationInfo& relation);

// One story while its claims change: reads it from a transaction, takes claims in and out, and
// writes the facts that follow.  Stored versions that still hold stay untouched; the others are
// retracted, and what is new is asserted in their place and lineage.
class StoryEditor {
 public:
  // What is passed must outlive it.
  static absl::StatusOr<StoryEditor> Load(StoryKey key, const RelationInfo& relation,
                                          ClaimBook* book, TransactionImpl* transaction);

  // The claim that says the same from the same place, if the story has it.
  std::optional<size_t> Find(const ToldClaim& told) const;
  // Claims are numbered; those of the store come before those that are added.
  size_t Add(ToldClaim told);
  void RemoveSource(EntityId source);  // REQUIRES: nothing was added
  // Takes a stored fact that rests on no claim into the story, where it stays always known.
  absl::Status Adopt(const Fact& fact);

  // Writes the facts of the claims as they are now.  To be called once.
  absl::Status Write();

  // After Write.
  const RelationInfo& relation() const { return relation_; }
  const std::vector<StoryFact>& facts() const { return facts_; }
  const ToldClaim& claim(size_t index) const { return claims_[index].told; }
  size_t FactOf(size_t claim) const { return fact_of_claim_[claim]; }
  VersionId LineageOf(size_t fact) const { return lineages_[fact]; }
  // The version of a fact that is known at `now`, or else the last one; none if only denied.
  VersionId VersionOf(size_t fact, Instant now) const;

 private:
  struct StoryClaim {
    ToldClaim told;
    VersionId lineage = VersionId::kNone;  // to which it belongs; none if it was added
    bool is_stored = false;                // there
  };
  struct StoredVersion {
    StoryVersion said;
    VersionId version = VersionId::kNone;
  };

  StoryEditor(StoryKey key, const RelationInfo& relation, TransactionImpl* transaction)
      : key_(std::move(key)), relation_(relation), transaction_(*transaction) {}

  Run ShorterRun() const;
  absl::Status ReadVersions();
  absl::Status ReadClaims(ClaimBook* book);
  void AssignLineages();
  std::vector<StoryVersion> Desired(const StoryFact& fact) const;
  absl::Status WriteVersions(size_t fact);
  absl::Status WriteClaims(size_t fact);

  StoryKey key_;
  RelationInfo relation_;
  TransactionImpl& transaction_;
  std::vector<StoryClaim> claims_;
  std::vector<StoryClaim> removed_;
  std::map<VersionId, std::vector<StoredVersion>> stored_;  // by lineage

  std::vector<StoryFact> facts_;
  std::vector<size_t> fact_of_claim_;
  std::vector<VersionId> lineages_;                  // by fact
  std::vector<std::vector<StoredVersion>> written_;  // by fact, as they stand now
};

}  // namespace fasti::graph
