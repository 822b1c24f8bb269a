#include "engine/graph/pattern_filter.h"

#include <utility>

#include "engine/base/check.h"
#include "engine/codec/post_key.h"
#include "engine/graph/state_view.h"
#include "engine/graph/statistics.h"
#include "engine/graph/time_index.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;

// Telling a short list from a long one must not cost more than reading the short one.
constexpr uint64_t kBlocksMax = 4;

bool InHolds(const Pattern& pattern) {
  return pattern.object.has_value() &&
         codec::OrderHolds(Order::kIn, Row{.object = pattern.object->bits(),
                                           .relation = Raw(kFirstUserRelation)});
}

// With subject and object given, the shorter of the two lists is read.
bool ReadsIn(const ReadState& state, const Pattern& pattern) {
  if (!InHolds(pattern)) return false;
  if (!pattern.subject.has_value()) return true;
  Pattern by_subject = pattern;
  by_subject.object.reset();
  Pattern by_object = pattern;
  by_object.subject.reset();
  return EstimateRows(state, by_object, kBlocksMax) < EstimateRows(state, by_subject, kBlocksMax);
}

// Puts runs of all that is one with their entity in the place of each.
void Spread(const Identity& identity, Runs* runs) {
  Runs spread;
  for (Run run : *runs) {
    const bool is_out = run.order == Order::kOut;
    const EntityId entity =
        is_out ? static_cast<EntityId>(run.anchor) : Term::FromBits(run.anchor).entity();
    const absl::Span<const EntityId> members = identity.MembersOf(entity);
    if (members.empty()) spread.push_back(run);
    for (const EntityId member : members) {
      run.anchor = is_out ? Raw(member) : Term::Entity(member).bits();
      spread.push_back(run);
    }
  }
  *runs = std::move(spread);
}

// Whether runs have an entity for anchor.
bool HaveEntity(const Runs& runs) {
  const Run& run = runs.front();
  return run.order == Order::kOut ||
         (run.order == Order::kIn && Term::FromBits(run.anchor).is_entity());
}

}  // namespace

Runs PlanRuns(const ReadState& state, const Pattern& pattern, const Identity* identity) {
  Run run{.order = Order::kRel, .anchor = 0, .relation = std::nullopt};
  if (ReadsIn(state, pattern)) {
    run.order = Order::kIn;
    run.anchor = pattern.object->bits();
  } else if (pattern.subject.has_value()) {
    run.order = Order::kOut;
    run.anchor = Raw(*pattern.subject);
  }
  Runs runs;
  if (pattern.relations.empty()) runs.push_back(run);
  for (const RelationId relation : pattern.relations) {
    run.relation = Raw(relation);
    // A relation named twice is one relation.
    bool repeated = false;
    for (const Run& other : runs) repeated = repeated || other.relation == run.relation;
    if (!repeated) runs.push_back(run);
  }
  if (identity != nullptr && HaveEntity(runs)) Spread(*identity, &runs);
  return runs;
}

absl::StatusOr<PatternFilter> PatternFilter::Make(const ReadState& state, const Pattern& pattern) {
  FASTI_ASSIGN_OR_RETURN(const RecordedRange recorded,
                         ResolveRecorded(state, pattern.view.as_recorded));
  return PatternFilter(pattern, FilterOf(state, pattern.view, recorded));
}

PatternFilter::PatternFilter(const Pattern& pattern, ViewFilter view)
    : subject_(pattern.subject),
      object_(pattern.object),
      relationships_(!pattern.relations.empty() || pattern.relationships),
      attributes_(!pattern.relations.empty() || pattern.attributes),
      is_fixed_by_run_(relationships_ && attributes_ &&
                       !(subject_.has_value() && object_.has_value()) &&
                       (!object_.has_value() || InHolds(pattern))),
      view_(std::move(view)) {
  if (subject_.has_value()) subject_ = One(*subject_);
  if (object_.has_value()) object_ = One(*object_);
}

void PatternFilter::SetAnchor(EntityId anchor, Runs* runs) {
  FASTI_DCHECK(subject_.has_value() != object_.has_value());
  FASTI_DCHECK(subject_.has_value() || object_->is_entity());
  const uint64_t bits = subject_.has_value() ? Raw(anchor) : Term::Entity(anchor).bits();
  if (subject_.has_value()) {
    subject_ = One(anchor);
  } else {
    object_ = One(Term::Entity(anchor));
  }
  if (identity() == nullptr) {
    for (Run& run : *runs) run.anchor = bits;
    return;
  }
  Runs relations;  // each of them once
  for (Run run : *runs) {
    if (run.anchor != runs->front().anchor) continue;
    run.anchor = bits;
    relations.push_back(run);
  }
  Spread(*identity(), &relations);
  *runs = std::move(relations);
}

}  // namespace fasti::graph
