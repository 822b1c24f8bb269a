#include "engine/graph/timeline.h"

#include <algorithm>
#include <bit>

#include "engine/codec/block.h"
#include "engine/codec/bytes.h"
#include "engine/model/row.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

// The first row of those in `range`, which ascend, that does not lie before `from`; `end` if none.
size_t FirstFrom(const codec::BlockReader& block, RowRange range, Instant from) {
  while (range.begin < range.end) {
    const size_t middle = (range.begin + range.end) / 2;
    if (block.from(middle) < from) {
      range.begin = middle + 1;
    } else {
      range.end = middle;
    }
  }
  return range.begin;
}

}  // namespace

size_t Timeline::NextWithin(const ClassWindows& windows, size_t i) const {
  while (i < parts_.size()) {
    const uint8_t duration_class = parts_[i].duration_class;
    const FromWindow& window = windows[duration_class];
    const bool is_behind = window.empty() || parts_[i].first > window.max;
    if (!is_behind && parts_[i].last >= window.min) return i;
    const auto next = std::partition_point(
        parts_.begin() + static_cast<ptrdiff_t>(i), parts_.end(), [&](const Part& part) {
          return part.duration_class == duration_class && (is_behind || part.last < window.min);
        });
    i = static_cast<size_t>(next - parts_.begin());
  }
  return i;
}

RowRange Timeline::RowsWithin(const ClassWindows& windows, size_t i) const {
  const Part& part = parts_[i];
  const FromWindow& window = windows[part.duration_class];
  const codec::BlockReader& block = part.block->reader();
  RowRange range{part.begin, part.end};
  if (part.first < window.min) range.begin = FirstFrom(block, range, window.min);
  if (part.last > window.max) range.end = FirstFrom(block, range, window.max + 1);
  return range;
}

void TimelineBuilder::Add(std::shared_ptr<const StoredBlock> block,
                          absl::Span<const uint16_t> rows) {
  const codec::BlockReader& reader = block->reader();
  const uint64_t place = blocks_.size() << 16;
  for (const uint16_t i : rows) {
    const uint8_t duration_class = DurationClass(reader.flags(i), reader.duration(i));
    classes_[duration_class].push_back({codec::FlipSign(reader.from(i)), place | i});
  }
  blocks_.push_back(std::move(block));
}

absl::StatusOr<std::shared_ptr<const Timeline>> TimelineBuilder::Build() {
  auto timeline = std::make_shared<Timeline>();
  std::vector<Row> rows;
  for (std::vector<Place>& places : classes_) {
    Sort(&places);
    for (const Place& place : places) {
      rows.push_back(blocks_[place[1] >> 16]->reader().row(place[1] & 0xFFFF));
      if (rows.size() < codec::kBlockRows) continue;
      FASTI_RETURN_IF_ERROR(AddBlock(rows, timeline.get()));
      rows.clear();
    }
  }
  if (!rows.empty()) FASTI_RETURN_IF_ERROR(AddBlock(rows, timeline.get()));
  return timeline;
}

void TimelineBuilder::Sort(std::vector<Place>* places) {
  if (places->empty()) return;
  const auto [least, greatest] = std::minmax_element(places->begin(), places->end());
  const uint64_t base = (*least)[0];
  const int unused = std::countl_zero((*greatest)[0] - base);
  // The sort looks at the highest bits first, so they should differ.
  for (Place& place : *places) place[0] = unused == 64 ? 0 : (place[0] - base) << unused;
  std::vector<Place> other(places->size());
  RadixSort<2>::InPlace(places->data(), other.data(), places->size(), 0, 64);
}

// Adds a block, and a part for each class in it.
absl::Status TimelineBuilder::AddBlock(absl::Span<const Row> rows, Timeline* timeline) const {
  FASTI_ASSIGN_OR_RETURN(auto block, StoredBlock::Open({}, codec::EncodeBlock(rows)));
  timeline->bytes_ += block->bytes();
  for (size_t begin = 0, end = 1; begin < rows.size(); begin = end++) {
    const uint8_t duration_class = DurationClass(rows[begin]);
    while (end < rows.size() && DurationClass(rows[end]) == duration_class) ++end;
    timeline->parts_.push_back({.duration_class = duration_class,
                                .begin = static_cast<uint16_t>(begin),
                                .end = static_cast<uint16_t>(end),
                                .first = rows[begin].from,
                                .last = rows[end - 1].from,
                                .block = block});
    timeline->bytes_ += sizeof(Timeline::Part);
  }
  return absl::OkStatus();
}

}  // namespace fasti::graph
