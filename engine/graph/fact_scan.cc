#include "engine/graph/fact_scan.h"

#include <utility>

#include "fasti/status_macros.h"

namespace fasti::graph {

absl::StatusOr<std::unique_ptr<FactScan>> FactScan::Open(std::shared_ptr<const ReadState> state,
                                                         const Pattern& pattern) {
  FASTI_ASSIGN_OR_RETURN(PatternFilter filter, PatternFilter::Make(*state, pattern));
  return std::unique_ptr<FactScan>(new FactScan(std::move(state), pattern, std::move(filter)));
}

FactScan::FactScan(std::shared_ptr<const ReadState> state, const Pattern& pattern,
                   PatternFilter filter)
    : state_(std::move(state)),
      filter_(std::move(filter)),
      runs_(PlanRuns(*state_, pattern)),
      blocks_(state_->blocks) {}

absl::StatusOr<size_t> FactScan::Next(absl::Span<Fact> out) {
  size_t written = 0;
  while (true) {
    if (run_.has_value() && !in_blocks_) {
      const absl::Span<const Row* const> rows = run_->overlay().rows();
      for (; written < out.size() && next_row_ < rows.size(); ++next_row_) {
        const Row& row = *rows[next_row_];
        if (filter_.Matches(row)) out[written++] = filter_.ToFact(row);
      }
    } else if (run_.has_value()) {
      const codec::BlockReader& block = run_->block().reader();
      const absl::Span<const uint16_t> rows = run_->rows();
      for (; written < out.size() && next_row_ < rows.size(); ++next_row_) {
        const Row row = block.row(rows[next_row_]);
        if (filter_.Matches(row)) out[written++] = filter_.ToFact(row);
      }
    }
    if (written == out.size()) return written;
    FASTI_ASSIGN_OR_RETURN(const bool more, Advance());
    if (!more) return written;
  }
}

absl::StatusOr<bool> FactScan::Advance() {
  next_row_ = 0;
  if (run_.has_value()) {
    FASTI_ASSIGN_OR_RETURN(in_blocks_, run_->NextBlock());
    if (in_blocks_) return true;
    run_.reset();
  }
  if (next_run_ == runs_.size()) return false;
  run_.emplace(*state_, blocks_, runs_[next_run_++], filter_.valid_ranges());
  return true;
}

}  // namespace fasti::graph
