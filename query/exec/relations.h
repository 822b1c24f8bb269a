#pragma once

#include <algorithm>
#include <vector>

#include "absl/types/span.h"
#include "fasti/snapshot.h"
#include "fasti/status_macros.h"
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

// Reads what several scans find, one after the other: the facts or no more than their ends.  Found
// is Fact or FactEnds.
template <typename Found>
class ScanReader {
 public:
  struct Item {
    const Found* fact = nullptr;
    bool anchor_is_subject = true;
  };
  ScanReader() = default;
  ScanReader(const Snapshot& snapshot, std::vector<FactScan> scans) {
    Start(snapshot, std::move(scans));
  }

  // Reads other scans from now on, with the room that it has.  With an order, each scan yields its
  // facts by their start; ends come in none.
  void Start(const Snapshot& snapshot, std::vector<FactScan> scans,
             std::optional<StartOrder> order = std::nullopt);
  // Reads the same scans from another entity.  REQUIRES: Start, with an entity.
  void StartFrom(EntityId anchor);
  // Has nothing to read and lets go of the snapshot.
  void Clear();

  // False at the end.  The fact holds until the next call.
  absl::StatusOr<bool> Next(Item* item);
  // The next ones of one scan, at most `count_max`; none at the end.  They hold until the next
  // call.
  absl::StatusOr<absl::Span<const Found>> NextSome(size_t count_max);
  // Of the scan that was read last.
  bool anchor_is_subject() const { return scans_[scan_].anchor_is_subject; }

 private:
  static constexpr size_t kReadAtOnce = 6144 / sizeof(Found);
  // Who reads in order stops soon.
  static constexpr size_t kReadAtFirst = 4;

  absl::StatusOr<std::unique_ptr<ScanCursor<Found>>> Open(const Pattern& pattern) const;
  // Reads on; false at the end.
  absl::StatusOr<bool> Refill();

  const Snapshot* snapshot_ = nullptr;
  std::vector<FactScan> scans_;
  std::optional<StartOrder> order_;
  EntityId anchor_ = EntityId::kNone;
  // Of the scans that were read from some entity, to be read from the next one.
  std::vector<std::unique_ptr<ScanCursor<Found>>> cursors_;
  size_t scan_ = 0;
  bool is_open_ = false;  // the cursor of scan_ is at `anchor_`
  std::vector<Found> found_;
  size_t next_ = 0, count_ = 0;
};

template <typename Found>
absl::StatusOr<bool> ScanReader<Found>::Next(Item* item) {
  if (next_ == count_) {
    FASTI_ASSIGN_OR_RETURN(const bool more, Refill());
    if (!more) return false;
  }
  *item = {&found_[next_++], anchor_is_subject()};
  return true;
}

template <typename Found>
absl::StatusOr<absl::Span<const Found>> ScanReader<Found>::NextSome(size_t count_max) {
  if (next_ == count_) {
    FASTI_ASSIGN_OR_RETURN(const bool more, Refill());
    if (!more) return absl::Span<const Found>();
  }
  const auto some = absl::MakeConstSpan(found_).subspan(next_, std::min(count_max, count_ - next_));
  next_ += some.size();
  return some;
}

using FactReader = ScanReader<Fact>;
using EndsReader = ScanReader<FactEnds>;

}  // namespace fasti::exec
