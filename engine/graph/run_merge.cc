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
  size_t count = 0;
  for (; count < kRowsAtOnce && winner_ != kNobody && heads_[winner_] != nullptr; ++count) {
    std::copy_n(heads_[winner_], words, packed_.data() + count * words);
    FASTI_RETURN_IF_ERROR(Advance(winner_));
    Play(winner_);
  }
  return absl::MakeConstSpan(packed_.data(), count * words);
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
    FASTI_RETURN_IF_ERROR(Advance(i));
    Play(i);
  }
  return absl::OkStatus();
}

absl::Status RunMerge::Advance(size_t i) {
  FASTI_ASSIGN_OR_RETURN(const bool any, readers_[i]->Next());
  heads_[i] = any ? readers_[i]->row() : nullptr;
  return absl::OkStatus();
}

bool RunMerge::Beats(size_t a, size_t b) const {
  const uint64_t* const mine = heads_[a];
  const uint64_t* const other = heads_[b];
  if (mine == nullptr || other == nullptr) return other == nullptr;
  for (size_t word = 0; word < layout_.words(); ++word) {
    if (mine[word] != other[word]) return mine[word] < other[word];
  }
  return false;
}

// Run `i` has a new row: it climbs until it loses.
void RunMerge::Play(size_t i) {
  for (size_t node = (i + parts_.size()) / 2; node > 0; node /= 2) {
    if (losers_[node] == kNobody) {
      // The first to come here waits for its match.
      losers_[node] = i;
      return;
    }
    if (Beats(losers_[node], i)) std::swap(losers_[node], i);
  }
  winner_ = i;
}

}  // namespace fasti::graph
