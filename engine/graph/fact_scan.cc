#include "engine/graph/fact_scan.h"

#include <utility>

#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

void Put(const PatternFilter& filter, const Row& row, Fact* out) {
  *out = filter.ToFact(row);
}
void Put(const PatternFilter& filter, const codec::BlockReader& block, size_t i, Fact* out) {
  *out = filter.ToFact(block.row(i));
}

void Put(const PatternFilter& filter, const Row& row, FactEnds* out) {
  *out = {filter.One(static_cast<EntityId>(row.subject)), filter.One(Term::FromBits(row.object))};
}
void Put(const PatternFilter& filter, const codec::BlockReader& block, size_t i, FactEnds* out) {
  *out = {filter.One(static_cast<EntityId>(block.subject(i))),
          filter.One(Term::FromBits(block.object(i)))};
}

}  // namespace

template <typename Item>
absl::StatusOr<std::unique_ptr<ScanCursor<Item>>> OpenScan(std::shared_ptr<const ReadState> state,
                                                           const Pattern& pattern) {
  FASTI_ASSIGN_OR_RETURN(PatternFilter filter, PatternFilter::Make(*state, pattern));
  return std::make_unique<FactScan<Item>>(std::move(state), pattern, std::move(filter));
}

template <typename Item>
FactScan<Item>::FactScan(std::shared_ptr<const ReadState> state, const Pattern& pattern,
                         PatternFilter filter)
    : state_(std::move(state)),
      filter_(std::move(filter)),
      runs_(PlanRuns(*state_, pattern, filter_.identity())),
      blocks_(state_->blocks) {}

template <typename Item>
absl::StatusOr<size_t> FactScan<Item>::Next(absl::Span<Item> out) {
  size_t written = 0;
  while (true) {
    if (run_.has_value()) {
      written += in_blocks_ ? ReadBlock(out.subspan(written)) : ReadOverlays(out.subspan(written));
    }
    if (written == out.size()) return written;
    FASTI_ASSIGN_OR_RETURN(const bool more, Advance());
    if (!more) return written;
  }
}

template <typename Item>
absl::Status FactScan<Item>::Restart(EntityId anchor) {
  filter_.SetAnchor(anchor, &runs_);
  run_.reset();
  next_run_ = 0;
  in_blocks_ = false;
  return absl::OkStatus();
}

template <typename Item>
size_t FactScan<Item>::ReadOverlays(absl::Span<Item> out) {
  const absl::Span<const Row* const> rows = run_->overlay().rows();
  size_t written = 0;
  for (; written < out.size() && next_row_ < rows.size(); ++next_row_) {
    const Row& row = *rows[next_row_];
    if (filter_.Matches(row)) Put(filter_, row, &out[written++]);
  }
  return written;
}

template <typename Item>
size_t FactScan<Item>::ReadBlock(absl::Span<Item> out) {
  const codec::BlockReader& block = run_->block().reader();
  const absl::Span<const uint16_t> rows = run_->rows();
  // Mostly the time of a row decides, and few of its columns tell it.
  const bool valid_decides = filter_.MatchesAllButValid(run_->block());
  size_t written = 0;
  for (; written < out.size() && next_row_ < rows.size(); ++next_row_) {
    const size_t i = rows[next_row_];
    if (valid_decides) {
      if (filter_.PassesValid(block, i)) Put(filter_, block, i, &out[written++]);
      continue;
    }
    const Row row = block.row(i);
    if (filter_.Matches(row)) Put(filter_, row, &out[written++]);
  }
  return written;
}

template <typename Item>
absl::StatusOr<bool> FactScan<Item>::Advance() {
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

template absl::StatusOr<std::unique_ptr<FactCursor>> OpenScan<Fact>(
    std::shared_ptr<const ReadState> state, const Pattern& pattern);
template absl::StatusOr<std::unique_ptr<EndsCursor>> OpenScan<FactEnds>(
    std::shared_ptr<const ReadState> state, const Pattern& pattern);

}  // namespace fasti::graph
