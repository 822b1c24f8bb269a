#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "engine/graph/snapshot_impl.h"
#include "engine/graph/told_claim.h"
#include "engine/graph/transaction_impl.h"
#include "fasti/fact.h"
#include "fasti/ids.h"
#include "fasti/value.h"

namespace fasti::graph {

// Attributes of the entity that stands for a source.
inline constexpr char kSourceLabel[] = "Source";
inline constexpr char kSourceUrl[] = "url";    // its key, if its reporter gave one
inline constexpr char kSourceHash[] = "hash";  // else the hash of its text

// The claims behind facts, as one state of the database has them: those that were recorded and not
// withdrawn.  Used by one thread; remembers the keys of the sources it met.
class ClaimBook {
 public:
  // `view` must outlive it; it may change between calls.
  explicit ClaimBook(const SnapshotImpl& view) : view_(view) {}

  // Those of one lineage, told of `object`, in no order, the record's own word included.
  absl::StatusOr<std::vector<ToldClaim>> ClaimsOf(VersionId lineage, const Value& object);

  // The lineages on which a source has claims.
  absl::StatusOr<std::vector<VersionId>> LineagesOf(EntityId source) const;

  // What tells the source from every other; empty for EntityId::kNone.
  absl::StatusOr<std::string> SourceKey(EntityId source);

 private:
  const SnapshotImpl& view_;
  absl::flat_hash_map<EntityId, std::string> source_keys_;
};

// Attaches a claim to a lineage and gives it its sequence.  INVALID_ARGUMENT for a figure that
// cannot be stored.
absl::Status PutClaim(VersionId lineage, Claim* claim, TransactionImpl* transaction);
// Withdraws it from there.
absl::Status WithdrawClaim(VersionId lineage, Sequence claim, TransactionImpl* transaction);

// Supporting claims in order of publication; what was published after `as_of` is left out, or
// after the state's now without one.
std::vector<const ToldClaim*> SupportsKnown(const std::vector<ToldClaim>& claims,
                                            const std::optional<Period>& as_of, Instant now);
bool KnownBy(const Claim& claim, const std::optional<Period>& as_of, Instant now);

}  // namespace fasti::graph
