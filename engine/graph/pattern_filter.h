#pragma once

#include <memory>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "engine/graph/block_directory.h"
#include "engine/graph/read_state.h"
#include "engine/graph/run_cursor.h"
#include "engine/graph/view_filter.h"
#include "engine/model/row.h"
#include "fasti/pattern.h"

namespace fasti::graph {

// The runs that together hold everything a pattern may match, in the order that reads least.
using Runs = absl::InlinedVector<Run, 1>;
// Those of an entity are those of all that is one with it; `identity` may be null.
Runs PlanRuns(const ReadState& state, const Pattern& pattern, const Identity* identity);

// Decides which rows of those runs a pattern matches: the parts that an order does not fix, and
// the view.
class PatternFilter {
 public:
  static absl::StatusOr<PatternFilter> Make(const ReadState& state, const Pattern& pattern);

  bool Matches(const Row& row) const {
    if (subject_.has_value() && row.subject != Raw(*subject_) &&
        view_.One(static_cast<EntityId>(row.subject)) != *subject_) {
      return false;
    }
    if (object_.has_value() && row.object != object_->bits() &&
        view_.One(Term::FromBits(row.object)) != *object_) {
      return false;
    }
    if (!(Term::FromBits(row.object).is_entity() ? relationships_ : attributes_)) return false;
    return view_.Passes(row);
  }
  // True only if every row of the block that lies in a run of the pattern matches.
  bool MatchesAll(const StoredBlock& block) const {
    return valid_ranges() == nullptr && MatchesAllButValid(block);
  }
  // The same of the rows that pass the conditions on valid time, if there are any.
  bool MatchesAllButValid(const StoredBlock& block) const {
    return is_fixed_by_run_ && view_.PassesAllButValid(block);
  }
  bool PassesValid(const codec::BlockReader& block, size_t i) const {
    return view_.PassesValid(block, i);
  }
  // Puts another entity in the place of the one that the pattern names, in it and in its runs.
  // REQUIRES: as ScanCursor::Restart.
  void SetAnchor(EntityId anchor, Runs* runs);
  const ValidRanges* valid_ranges() const { return view_.valid_ranges(); }
  const Identity* identity() const { return view_.identity(); }
  Fact ToFact(const Row& row) const { return view_.ToFact(row); }
  EntityId One(EntityId entity) const { return view_.One(entity); }
  Term One(Term object) const { return view_.One(object); }

 private:
  PatternFilter(const Pattern& pattern, ViewFilter view);

  std::optional<EntityId> subject_;  // as they are given out
  std::optional<Term> object_;
  bool relationships_;
  bool attributes_;
  bool is_fixed_by_run_;
  ViewFilter view_;
};

}  // namespace fasti::graph
