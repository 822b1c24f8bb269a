#include "engine/graph/start_scan.h"

#include <algorithm>
#include <utility>

#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::PostKey;

// A run of so many blocks is read as soon as its classes are sought.
constexpr int kShortBlocks = 3;

// Without a start, `from` is something else, and the fact counts as the earliest.
Instant StartOf(uint16_t flags, Instant from) {
  return IsGranule(static_cast<Precision>(flags & 15)) ? from : kInstantMin;
}

}  // namespace

absl::StatusOr<std::unique_ptr<StartScan>> StartScan::Open(std::shared_ptr<const ReadState> state,
                                                           const Pattern& pattern,
                                                           StartOrder order) {
  FASTI_ASSIGN_OR_RETURN(PatternFilter filter, PatternFilter::Make(*state, pattern));
  std::unique_ptr<StartScan> scan(
      new StartScan(std::move(state), pattern, std::move(filter), order));
  FASTI_RETURN_IF_ERROR(scan->Begin());
  return scan;
}

absl::Status StartScan::Restart(EntityId anchor) {
  filter_.SetAnchor(anchor, &runs_);
  heap_.clear();
  lanes_.clear();
  gathered_.clear();
  overlays_.clear();
  return Begin();
}

absl::Status StartScan::Begin() {
  for (const Run& run : runs_) FASTI_RETURN_IF_ERROR(AddRun(run));
  std::make_heap(heap_.begin(), heap_.end(),
                 [this](const Candidate& a, const Candidate& b) { return ComesAfter(a, b); });
  return absl::OkStatus();
}

absl::Status StartScan::AddRun(const Run& run) {
  FASTI_ASSIGN_OR_RETURN(const bool is_short, IsShort(run));
  if (is_short) return Gather(run);
  const OverlayRows& overlay = overlays_.emplace_back(state_->layers, run);
  for (const Row* row : overlay.rows()) {
    heap_.push_back({StartOf(row->flags, row->from), row, nullptr, 0, kAlone});
  }
  return AddLanes(run, overlay);
}

absl::StatusOr<bool> StartScan::IsShort(const Run& run) {
  if (state_->layers.base == 0) return true;
  const PostKey end = EndKey(run);
  FASTI_RETURN_IF_ERROR(blocks_.Seek(FirstKey(run)));
  for (int walked = 1; blocks_.valid() && blocks_.block_key() < end; ++walked) {
    if (walked == kShortBlocks) return false;
    FASTI_RETURN_IF_ERROR(blocks_.NextBlock());
  }
  return true;
}

absl::Status StartScan::Gather(const Run& run) {
  RunCursor cursor(*state_, blocks_, run, filter_.valid_ranges());
  for (const Row* row : cursor.overlay().rows()) {
    heap_.push_back({StartOf(row->flags, row->from), row, nullptr, 0, kAlone});
  }
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, cursor.NextBlock());
    if (!more) return absl::OkStatus();
    gathered_.push_back(cursor.shared_block());
    const StoredBlock* const block = gathered_.back().get();
    for (const uint16_t i : cursor.rows()) {
      heap_.push_back(
          {StartOf(block->reader().flags(i), block->reader().from(i)), nullptr, block, i, kAlone});
    }
  }
}

// From the last class to the first: the row before the first of a class is the last of another.
absl::Status StartScan::AddLanes(const Run& run, const OverlayRows& overlay) {
  const PostKey first = FirstKey(run);
  PostKey behind = EndKey(run);
  while (true) {
    FASTI_RETURN_IF_ERROR(blocks_.SeekBefore(behind));
    if (!blocks_.valid()) return absl::OkStatus();
    const PostKey last = blocks_.block().key(run.order, blocks_.index());
    if (last < first) return absl::OkStatus();
    FASTI_RETURN_IF_ERROR(AddLane(last, overlay));
    behind = FirstOfClass(last);
  }
}

absl::Status StartScan::AddLane(const PostKey& last, const OverlayRows& overlay) {
  Lane lane{.overlay = &overlay,
            .first = FirstOfClass(last),
            .window = {},
            .block = blocks_.shared_block(),
            .index = blocks_.index()};
  if (filter_.valid_ranges() != nullptr) {
    lane.window = filter_.valid_ranges()->windows[last.duration_class];
  }
  if (lane.window.empty()) return absl::OkStatus();
  PostKey border = lane.first;
  if (!latest_first_) {
    border.from = lane.window.min;
    FASTI_RETURN_IF_ERROR(blocks_.Seek(border));
  } else if (last.from > lane.window.max) {
    border.from = lane.window.max + 1;
    FASTI_RETURN_IF_ERROR(blocks_.SeekBefore(border));
  }
  if (!blocks_.valid()) return absl::OkStatus();
  lane.block = blocks_.shared_block();
  lane.index = blocks_.index();
  lanes_.push_back(std::move(lane));
  return Offer(static_cast<uint32_t>(lanes_.size() - 1));
}

absl::Status StartScan::Offer(uint32_t number) {
  Lane& lane = lanes_[number];
  while (lane.block != nullptr) {
    const codec::BlockReader& block = lane.block->reader();
    const PostKey key = block.key(lane.first.order, lane.index);
    if (FirstOfClass(key) != lane.first || key.from < lane.window.min ||
        key.from > lane.window.max) {
      lane.block = nullptr;
      return absl::OkStatus();
    }
    const ValidRanges* const valid = filter_.valid_ranges();
    if (lane.overlay->Leaves(key.version) &&
        (valid == nullptr || valid->reaches.MayContain(key.from, block.duration(lane.index)))) {
      heap_.push_back({key.duration_class == kClassNoStart ? kInstantMin : key.from, nullptr,
                       lane.block.get(), static_cast<uint32_t>(lane.index), number});
      return absl::OkStatus();
    }
    FASTI_RETURN_IF_ERROR(Step(&lane));
  }
  return absl::OkStatus();
}

absl::Status StartScan::Step(Lane* lane) {
  const codec::BlockReader& block = lane->block->reader();
  if (latest_first_ ? lane->index > 0 : lane->index + 1 < block.size()) {
    lane->index += latest_first_ ? -1 : 1;
    return absl::OkStatus();
  }
  const PostKey key = block.key(lane->first.order, lane->index);
  FASTI_RETURN_IF_ERROR(latest_first_ ? blocks_.SeekBefore(key) : blocks_.Seek(KeyAfter(key)));
  lane->block = blocks_.valid() ? blocks_.shared_block() : nullptr;
  lane->index = blocks_.index();
  return absl::OkStatus();
}

absl::StatusOr<size_t> StartScan::Next(absl::Span<Fact> out) {
  const auto comes_after = [this](const Candidate& a, const Candidate& b) {
    return ComesAfter(a, b);
  };
  size_t written = 0;
  while (written < out.size() && !heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), comes_after);
    const Candidate next = heap_.back();
    heap_.pop_back();
    const Row row = next.row != nullptr ? *next.row : next.block->reader().row(next.index);
    if (next.lane != kAlone) {
      const size_t others = heap_.size();
      FASTI_RETURN_IF_ERROR(Step(&lanes_[next.lane]));
      FASTI_RETURN_IF_ERROR(Offer(next.lane));
      if (heap_.size() > others) std::push_heap(heap_.begin(), heap_.end(), comes_after);
    }
    if (filter_.Matches(row)) out[written++] = filter_.ToFact(row);
  }
  return written;
}

}  // namespace fasti::graph
