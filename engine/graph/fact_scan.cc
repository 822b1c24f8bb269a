#include "engine/graph/fact_scan.h"

#include <utility>

#include "engine/codec/post_key.h"
#include "engine/codec/term.h"
#include "engine/graph/statistics.h"
#include "engine/graph/time_index.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;

// Telling a short list from a long one must not cost more than reading the short one.
constexpr uint64_t kBlocksMax = 4;
// Most scans find a handful of rows: one allocation for them all.
constexpr size_t kRowsAtFirst = 16;

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

absl::StatusOr<std::unique_ptr<FactScan>> FactScan::Open(std::shared_ptr<const ReadState> state,
                                                         const Pattern& pattern) {
  FASTI_ASSIGN_OR_RETURN(const RecordedRange recorded,
                         ResolveRecorded(*state, pattern.view.as_recorded));
  ViewFilter filter(pattern.view, state->catalog, state->sequence, recorded, state->now);
  return std::unique_ptr<FactScan>(new FactScan(std::move(state), pattern, std::move(filter)));
}

FactScan::FactScan(std::shared_ptr<const ReadState> state, const Pattern& pattern,
                   ViewFilter filter)
    : state_(std::move(state)),
      subject_(pattern.subject),
      object_(pattern.object),
      relationships_(!pattern.relations.empty() || pattern.relationships),
      attributes_(!pattern.relations.empty() || pattern.attributes),
      filter_(std::move(filter)),
      runs_(PlanRuns(*state_, pattern)),
      blocks_(state_->blocks->Take()) {
  rows_.reserve(kRowsAtFirst);
}

bool FactScan::Matches(const Row& row) const {
  if (subject_.has_value() && row.subject != Raw(*subject_)) return false;
  if (object_.has_value() && row.object != object_->bits()) return false;
  if (!(Term::FromBits(row.object).is_entity() ? relationships_ : attributes_)) return false;
  return filter_.Passes(row);
}

absl::StatusOr<size_t> FactScan::Next(absl::Span<Fact> out) {
  size_t written = 0;
  while (written < out.size()) {
    if (next_row_ < rows_.size()) {
      const Row& row = rows_[next_row_++];
      if (Matches(row)) out[written++] = filter_.ToFact(row);
      continue;
    }
    if (!run_.has_value()) {
      if (next_run_ == runs_.size()) break;
      run_.emplace(*state_, *blocks_, runs_[next_run_++], filter_.valid_ranges());
    }
    next_row_ = 0;
    FASTI_ASSIGN_OR_RETURN(const bool more, run_->Next(&rows_));
    if (!more) run_.reset();
  }
  return written;
}

}  // namespace fasti::graph
