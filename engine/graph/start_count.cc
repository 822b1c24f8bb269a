#include "engine/graph/start_count.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "engine/graph/fact_scan.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

// Counts instants by granule.  Neighbours in a run mostly lie in one granule, so the last one is
// tried before the calendar is asked.
class GranuleCounts {
 public:
  explicit GranuleCounts(Precision precision) : precision_(precision) {}

  void Add(Instant instant, uint64_t facts) {
    if (instant < from_ || instant >= to_) {
      from_ = GranuleStart(instant, precision_);
      to_ = GranuleEnd(instant, precision_);
      count_ = &counts_[from_];
    }
    *count_ += facts;
  }

  std::vector<StartCounts::Granule> Sorted() const {
    std::vector<StartCounts::Granule> sorted;
    sorted.reserve(counts_.size());
    for (const auto& [from, facts] : counts_) sorted.push_back({from, facts});
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.from < b.from; });
    return sorted;
  }

 private:
  const Precision precision_;
  absl::flat_hash_map<Instant, uint64_t> counts_;
  Instant from_ = 0, to_ = 0;  // [from_, to_): the granule of count_
  uint64_t* count_ = nullptr;
};

}  // namespace

absl::StatusOr<StartCounts> CountFactsByStart(std::shared_ptr<const ReadState> state,
                                              const Pattern& pattern, Precision precision) {
  if (!IsGranule(precision)) {
    return absl::InvalidArgumentError(absl::StrCat("counting by start: precision ",
                                                   static_cast<int>(precision), " is no granule"));
  }
  FASTI_ASSIGN_OR_RETURN(const auto scan, FactScan::Open(std::move(state), pattern));
  GranuleCounts counts(precision);
  StartCounts result;
  std::array<Fact, 256> facts;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const size_t count, scan->Next(absl::MakeSpan(facts)));
    if (count == 0) break;
    for (const Fact& fact : absl::MakeSpan(facts).first(count)) {
      if (fact.valid.has_start()) {
        counts.Add(fact.valid.from, 1);
      } else {
        ++result.without_start;
      }
    }
  }
  result.granules = counts.Sorted();
  return result;
}

}  // namespace fasti::graph
