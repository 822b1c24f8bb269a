#include "engine/graph/pattern_filter.h"

#include <utility>

#include "engine/base/check.h"
#include "engine/codec/post_key.h"
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

}  // namespace

Runs PlanRuns(const ReadState& state, const Pattern& pattern) {
  Run run{.order = Order::kRel, .anchor = 0, .relation = std::nullopt};
  if (ReadsIn(state, pattern)) {
    run.order = Order::kIn;
    run.anchor = pattern.object->bits();
  } else if (pattern.subject.has_value()) {
    run.order = Order::kOut;
    run.anchor = Raw(*pattern.subject);
  }
  if (pattern.relations.empty()) return {run};
  Runs runs;
  for (const RelationId relation : pattern.relations) {
    run.relation = Raw(relation);
    // A relation named twice is one relation.
    bool repeated = false;
    for (const Run& other : runs) repeated = repeated || other.relation == run.relation;
    if (!repeated) runs.push_back(run);
  }
  return runs;
}

absl::StatusOr<PatternFilter> PatternFilter::Make(const ReadState& state, const Pattern& pattern) {
  FASTI_ASSIGN_OR_RETURN(const RecordedRange recorded,
                         ResolveRecorded(state, pattern.view.as_recorded));
  return PatternFilter(
      pattern, ViewFilter(pattern.view, state.catalog, state.sequence, recorded, state.now));
}

PatternFilter::PatternFilter(const Pattern& pattern, ViewFilter view)
    : subject_(pattern.subject),
      object_(pattern.object),
      relationships_(!pattern.relations.empty() || pattern.relationships),
      attributes_(!pattern.relations.empty() || pattern.attributes),
      is_fixed_by_run_(relationships_ && attributes_ &&
                       !(subject_.has_value() && object_.has_value()) &&
                       (!object_.has_value() || InHolds(pattern))),
      view_(std::move(view)) {}

void PatternFilter::SetAnchor(EntityId anchor, Runs* runs) {
  FASTI_DCHECK(subject_.has_value() != object_.has_value());
  FASTI_DCHECK(subject_.has_value() || object_->is_entity());
  if (subject_.has_value()) {
    subject_ = anchor;
  } else {
    object_ = Term::Entity(anchor);
  }
  const uint64_t bits = subject_.has_value() ? Raw(anchor) : object_->bits();
  for (Run& run : *runs) run.anchor = bits;
}

}  // namespace fasti::graph
