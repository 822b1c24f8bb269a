#include "engine/graph/row_sorter.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/graph/run_merge.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;
using codec::PostKey;

// As many files may be open for each level, and each level has as many times the rows of the one
// below: more levels are met by loads of a billion rows only, unless there is little memory.
constexpr size_t kRunsPerLevel = 64;

}  // namespace

class RowSorter::MergeReader : public Reader {
 public:
  MergeReader(const RowLayout& layout, size_t bytes) : runs_(layout, bytes) {}

  RunMerge& runs() { return runs_; }

  absl::StatusOr<RowColumns*> Next() override {
    FASTI_ASSIGN_OR_RETURN(const absl::Span<const uint64_t> packed, runs_.Next());
    rows_.Resize(packed.size() / runs_.layout().words());
    runs_.layout().Unpack(packed.data(), &rows_);
    return &rows_;
  }

 private:
  RunMerge runs_;
  RowColumns rows_;
};

RowSorter::RowSorter(storage::Store& store, Order order, size_t chunk_bytes)
    : store_(store),
      order_(order),
      chunk_words_(chunk_bytes / sizeof(uint64_t)),
      ranges_are_known_(false) {}

RowSorter::RowSorter(storage::Store& store, Order order, size_t chunk_bytes,
                     const RowRanges& ranges)
    : store_(store),
      order_(order),
      chunk_words_(chunk_bytes / sizeof(uint64_t)),
      ranges_are_known_(true),
      ranges_(ranges),
      wide_ranges_(ranges) {}

RowSorter::~RowSorter() = default;

RowRanges RowSorter::RangesFor(const RowColumns& rows) {
  RowRanges ranges;
  if (!ranges_are_known_) ranges.Include(rows);
  absl::MutexLock lock(&mutex_);
  if (ranges_are_known_) return ranges_;
  ranges_.Include(ranges);
  if (!wide_ranges_.Contain(ranges)) {
    wide_ranges_ = ranges_;
    wide_ranges_.Widen();
  }
  return wide_ranges_;
}

absl::Status RowSorter::Append(const RowColumns& rows) {
  const RowRanges ranges = RangesFor(rows);
  const RowLayout layout(order_, ranges);
  const size_t words = layout.words();
  const auto packed = std::make_unique_for_overwrite<uint64_t[]>(rows.size() * words);
  layout.Pack(rows, packed.get());
  size_t held = order_ == Order::kIn ? 0 : rows.size();  // the others hold every row
  for (size_t i = held; i < rows.size(); ++i) {
    if (!rows.IsHeld(order_, i)) continue;
    if (held != i) std::copy_n(&packed[i * words], words, &packed[held * words]);
    ++held;
  }
  RowChunk full;
  {
    absl::MutexLock lock(&mutex_);
    if (held * words > chunk_.words_max() - chunk_.words()) {
      full = std::exchange(chunk_, RowChunk(std::max(chunk_words_, held * words)));
    }
    chunk_.Append(ranges, layout, packed.get(), held);
  }
  return full.words() == 0 ? absl::OkStatus() : PutAside(std::move(full));
}

absl::Status RowSorter::PutAside(RowChunk chunk) {
  FASTI_ASSIGN_OR_RETURN(auto run, SortedRun::Make(store_, order_, std::move(chunk)));
  for (size_t level = 0;; ++level) {
    Runs full;
    {
      absl::MutexLock lock(&mutex_);
      if (levels_.size() == level) levels_.emplace_back();
      levels_[level].push_back(std::move(run));
      if (levels_[level].size() == kRunsPerLevel) full = std::exchange(levels_[level], {});
    }
    if (full.empty()) return absl::OkStatus();
    FASTI_ASSIGN_OR_RETURN(run, Unite(full));
  }
}

absl::StatusOr<std::unique_ptr<SortedRun>> RowSorter::Unite(const Runs& runs) {
  RowRanges ranges;
  uint64_t rows = 0;
  for (const auto& run : runs) {
    ranges.Include(run->ranges());
    rows += run->rows();
  }
  FASTI_ASSIGN_OR_RETURN(auto united, SortedRun::Create(store_, order_, ranges, rows));
  RunMerge merge(RowLayout(order_, ranges), chunk_words_ * sizeof(uint64_t));
  for (const auto& run : runs) merge.Add(*run, 0, run->rows());
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const absl::Span<const uint64_t> packed, merge.Next());
    if (packed.empty()) break;
    FASTI_RETURN_IF_ERROR(united->Append(packed));
  }
  FASTI_RETURN_IF_ERROR(united->Seal());
  return united;
}

std::vector<RowSorter::Task> RowSorter::Seal(size_t tasks) {
  RowChunk rest;
  {
    absl::MutexLock lock(&mutex_);
    rest = std::exchange(chunk_, {});
  }
  std::vector<Task> sorts;
  for (RowChunk& share : rest.Divide(tasks)) {
    // A task can be copied, its share cannot.
    auto shared = std::make_shared<RowChunk>(std::move(share));
    sorts.push_back([this, shared] { return PutAside(std::move(*shared)); });
  }
  return sorts;
}

uint64_t RowSorter::rows() const {
  uint64_t rows = 0;
  for (const SortedRun* run : AllRuns()) rows += run->rows();
  return rows;
}

RowRanges RowSorter::ranges() const {
  absl::MutexLock lock(&mutex_);
  return ranges_;
}

std::vector<const SortedRun*> RowSorter::AllRuns() const {
  absl::MutexLock lock(&mutex_);
  std::vector<const SortedRun*> all;
  for (const Runs& level : levels_) {
    for (const auto& run : level) all.push_back(run.get());
  }
  return all;
}

std::vector<PostKey> RowSorter::Borders(size_t parts) const {
  std::vector<PostKey> samples;
  for (const SortedRun* run : AllRuns()) {
    samples.insert(samples.end(), run->samples().begin(), run->samples().end());
  }
  std::sort(samples.begin(), samples.end());
  samples.erase(std::unique(samples.begin(), samples.end()), samples.end());
  std::vector<PostKey> borders;
  // The greatest sample is no border: something must lie behind each.
  for (size_t i = 1; i < parts && i < samples.size(); ++i) {
    const size_t at = std::min(i * samples.size() / parts, samples.size() - 2);
    if (borders.empty() || borders.back() < samples[at]) borders.push_back(samples[at]);
  }
  return borders;
}

absl::StatusOr<uint64_t> RowSorter::CountUpTo(const PostKey& key) const {
  uint64_t count = 0;
  for (const SortedRun* run : AllRuns()) {
    FASTI_ASSIGN_OR_RETURN(const uint64_t rows, run->UpperBound(key));
    count += rows;
  }
  return count;
}

absl::StatusOr<std::unique_ptr<RowSorter::Reader>> RowSorter::Read(
    const std::optional<PostKey>& above, const std::optional<PostKey>& upto) const {
  const std::vector<const SortedRun*> runs = AllRuns();
  RowRanges ranges;
  for (const SortedRun* run : runs) ranges.Include(run->ranges());
  auto reader =
      std::make_unique<MergeReader>(RowLayout(order_, ranges), chunk_words_ * sizeof(uint64_t));
  for (const SortedRun* run : runs) {
    uint64_t begin = 0, end = run->rows();
    if (above.has_value()) {
      FASTI_ASSIGN_OR_RETURN(begin, run->UpperBound(*above));
    }
    if (upto.has_value()) {
      FASTI_ASSIGN_OR_RETURN(end, run->UpperBound(*upto));
    }
    if (begin < end) reader->runs().Add(*run, begin, end);
  }
  return reader;
}

}  // namespace fasti::graph
