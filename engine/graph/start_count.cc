#include "engine/graph/start_count.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "engine/graph/block_cursor.h"
#include "engine/graph/pattern_filter.h"
#include "engine/graph/run_cursor.h"
#include "fasti/status_macros.h"

// Most blocks of a long run hold facts of one view, one class and, where there are many, one
// granule: such a block is counted by its first and its last row.  Where only the granule varies,
// the column of starts is read and nothing else.

namespace fasti::graph {

namespace {

using codec::BlockReader;

// Some microseconds of counting.
constexpr size_t kBlocksPerCheck = 64;

class Counter {
 public:
  explicit Counter(Precision precision) : precision_(precision) {}

  void AddStarts(Instant start, uint64_t facts) {
    // Neighbours mostly lie in one granule, so the last one is tried before the calendar is asked.
    if (!InGranule(start)) {
      from_ = GranuleStart(start, precision_);
      to_ = GranuleEnd(start, precision_);
      count_ = &counts_[from_];
    }
    *count_ += facts;
  }
  bool InGranule(Instant start) const { return start >= from_ && start < to_; }

  void AddWithoutStart(uint64_t facts) { without_start_ += facts; }

  void Add(const Row& row) {
    const Period valid = RowValid(row, Reading::kExact);
    if (valid.has_start()) {
      AddStarts(valid.from, 1);
    } else {
      AddWithoutStart(1);
    }
  }

  // Adds rows first to last, all of which count.
  void AddAll(const BlockReader& block, codec::Order order, size_t first, size_t last) {
    const codec::PostKey first_key = block.key(order, first);
    const codec::PostKey last_key = block.key(order, last);
    if (FirstOfClass(first_key) != FirstOfClass(last_key)) {
      for (size_t i = first; i <= last; ++i) {
        if (HasStart(block.flags(i))) {
          AddStarts(block.from(i), 1);
        } else {
          AddWithoutStart(1);
        }
      }
    } else if (first_key.duration_class == kClassNoStart) {
      AddWithoutStart(last - first + 1);
    } else {
      AddStarts(first_key.from, 1);
      // Within a class the rows ascend by start.
      if (InGranule(last_key.from)) {
        AddStarts(last_key.from, last - first);
      } else {
        for (size_t i = first + 1; i <= last; ++i) AddStarts(block.from(i), 1);
      }
    }
  }

  StartCounts Result() const {
    StartCounts result{.granules = {}, .without_start = without_start_};
    result.granules.reserve(counts_.size());
    for (const auto& [from, facts] : counts_) result.granules.push_back({from, facts});
    std::sort(result.granules.begin(), result.granules.end(),
              [](const auto& a, const auto& b) { return a.from < b.from; });
    return result;
  }

 private:
  static bool HasStart(uint16_t flags) { return IsGranule(static_cast<Precision>(flags & 15)); }

  const Precision precision_;
  absl::flat_hash_map<Instant, uint64_t> counts_;
  uint64_t without_start_ = 0;
  Instant from_ = 0, to_ = 0;  // [from_, to_): the granule of count_
  uint64_t* count_ = nullptr;
};

absl::Status CountRun(const ReadState& state, const PatternFilter& filter, const Run& run,
                      const InterruptCheck& check, BlockCursor& blocks, Counter* counter) {
  RunCursor cursor(state, blocks, run, filter.valid_ranges());
  for (const Row* row : cursor.overlay().rows()) {
    if (filter.Matches(*row)) counter->Add(*row);
  }
  for (size_t blocks_read = 0;; ++blocks_read) {
    if (check && blocks_read % kBlocksPerCheck == 0) FASTI_RETURN_IF_ERROR(check());
    FASTI_ASSIGN_OR_RETURN(const bool more, cursor.NextBlock());
    if (!more) return absl::OkStatus();
    const BlockReader& block = cursor.block().reader();
    const absl::Span<const uint16_t> rows = cursor.rows();
    const size_t stretch = size_t{rows.back()} - rows.front() + 1;
    if (rows.size() == stretch && filter.MatchesAll(cursor.block())) {
      counter->AddAll(block, run.order, rows.front(), rows.back());
      continue;
    }
    for (const uint16_t i : rows) {
      const Row row = block.row(i);
      if (filter.Matches(row)) counter->Add(row);
    }
  }
}

}  // namespace

absl::StatusOr<StartCounts> CountFactsByStart(const ReadState& state, const Pattern& pattern,
                                              Precision precision, const InterruptCheck& check) {
  if (!IsGranule(precision)) {
    return absl::InvalidArgumentError(absl::StrCat("counting by start: precision ",
                                                   static_cast<int>(precision), " is no granule"));
  }
  FASTI_ASSIGN_OR_RETURN(const PatternFilter filter, PatternFilter::Make(state, pattern));
  BlockCursor blocks(state.blocks);
  Counter counter(precision);
  for (const Run& run : PlanRuns(state, pattern, filter.identity())) {
    FASTI_RETURN_IF_ERROR(CountRun(state, filter, run, check, blocks, &counter));
  }
  return counter.Result();
}

}  // namespace fasti::graph
