#include "engine/graph/run_merge.h"

#include <algorithm>
#include <utility>

#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

constexpr size_t kReadBytesMax = size_t{128} << 10;  // from one run

}  // namespace

absl::StatusOr<absl::Span<const uint64_t>> RunMerge::Next() {
  if (!std::exchange(has_started_, true)) FASTI_RETURN_IF_ERROR(Start());
  const size_t words = layout_.words();
  uint64_t* out = packed_.data();
  uint64_t* const out_end = out + packed_.size();
  while (out != out_end && winner_ != kNobody) {
    const uint64_t*& head = heads_[winner_];
    if (head == nullptr) break;
    for (size_t word = 0; word < words; ++word) *out++ = head[word];
    head = readers_[winner_]->Next();
    if (head == nullptr) {
      FASTI_ASSIGN_OR_RETURN(head, readers_[winner_]->Fill());
    }
    Play(winner_);
  }
  return absl::MakeConstSpan(packed_.data(), static_cast<size_t>(out - packed_.data()));
}

absl::Status RunMerge::Start() {
  packed_.resize(kRowsAtOnce * layout_.words());
  heads_.resize(parts_.size());
  losers_.assign(parts_.size(), kNobody);
  // A reader keeps twice what it reads at once.
  const size_t bytes_each =
      std::min(kReadBytesMax, bytes_ / 2 / std::max<size_t>(1, parts_.size()));
  for (const Part& part : parts_) {
    readers_.push_back(std::make_unique<SortedRun::Reader>(*part.run, part.begin, part.end, layout_,
                                                           bytes_each, &recoding_));
  }
  for (size_t i = 0; i < parts_.size(); ++i) {
    FASTI_ASSIGN_OR_RETURN(heads_[i], readers_[i]->Fill());
    Play(i);
  }
  return absl::OkStatus();
}

// Run `i` has a new row: it climbs until it loses.
void RunMerge::Play(size_t i) {
  const size_t words = layout_.words();
  const uint64_t* const* const heads = heads_.data();
  size_t* const losers = losers_.data();
  // Runs that have ended lose against all others.
  const auto beats = [&](size_t a, size_t b) {
    const uint64_t* const mine = heads[a];
    const uint64_t* const other = heads[b];
    if (mine == nullptr || other == nullptr) return other == nullptr;
    for (size_t word = 0; word < words; ++word) {
      if (mine[word] != other[word]) return mine[word] < other[word];
    }
    return false;
  };
  for (size_t node = (i + parts_.size()) / 2; node > 0; node /= 2) {
    if (losers[node] == kNobody) {
      // The first to come here waits for its match.
      losers[node] = i;
      return;
    }
    if (beats(losers[node], i)) std::swap(losers[node], i);
  }
  winner_ = i;
}

}  // namespace fasti::graph
