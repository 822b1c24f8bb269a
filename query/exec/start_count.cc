#include <utility>

#include "absl/container/flat_hash_map.h"
#include "engine/model/calendar.h"
#include "fasti/status_macros.h"
#include "query/exec/scan_operators.h"

namespace fasti::exec {

void StartCountOperator::Rewind() {
  FlatMap::Rewind();
  counts_.clear();
}

void StartCountOperator::Add(Instant granule, uint64_t facts) {
  counts_.push_back({Value(Date{FloorDiv(granule, kMicrosPerDay)}), facts});
}

void StartCountOperator::AddWithoutStart(uint64_t facts) {
  if (facts > 0) counts_.push_back({Value(), facts});
}

absl::Status StartCountOperator::Count(const FactScan& scan) {
  if (!scan.skip_loops) {
    FASTI_ASSIGN_OR_RETURN(const StartCounts counts,
                           context_.snapshot().CountByStart(scan.pattern, node_.precision, [this] {
                             return context_.CheckInterrupt();
                           }));
    for (const StartCounts::Granule& granule : counts.granules) Add(granule.from, granule.facts);
    AddWithoutStart(counts.without_start);
    return absl::OkStatus();
  }
  // The engine counts all; here facts from an entity to itself have been counted before.
  absl::flat_hash_map<Instant, uint64_t> granules;
  uint64_t without_start = 0;
  FactReader reader(context_.snapshot(), {scan});
  FactReader::Item item;
  for (size_t read = 0;; ++read) {
    if (read % kBatchRows == 0) FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
    FASTI_ASSIGN_OR_RETURN(const bool more, reader.Next(&item));
    if (!more) break;
    const Period& valid = item.fact->valid;
    ++(valid.has_start() ? granules[GranuleStart(valid.from, node_.precision)] : without_start);
  }
  for (const auto& [granule, facts] : granules) Add(granule, facts);
  AddWithoutStart(without_start);
  return absl::OkStatus();
}

absl::Status StartCountOperator::Begin(const Row& row) {
  counts_.clear();
  next_ = 0;
  std::optional<EntityId> from, to;
  if (node_.from != kNoSlot && !(from = row.node(node_.from)).has_value()) return absl::OkStatus();
  if (node_.to != kNoSlot && !(to = row.node(node_.to)).has_value()) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(const View* const view, evaluator_.EvaluateView(node_.view, row));
  if (view == nullptr) return absl::OkStatus();
  std::vector<FactScan> scans =
      PlanScans(context_.RelationsOf(node_.relations), node_.direction, from, *view);
  for (FactScan& scan : scans) {
    if (to.has_value() && scan.anchor_is_subject) scan.pattern.object = Term::Entity(*to);
    if (to.has_value() && !scan.anchor_is_subject) scan.pattern.subject = *to;
    FASTI_RETURN_IF_ERROR(Count(scan));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> StartCountOperator::Produce(const Row& row, Batch* out) {
  for (; next_ < counts_.size(); ++next_) {
    if (out->full()) return true;
    out->AddRow(*row.batch, row.index, node_.carry);
    out->Put(node_.start, counts_[next_].start);
    out->Put(node_.count, Value(static_cast<int64_t>(counts_[next_].facts)));
  }
  return false;
}

}  // namespace fasti::exec
