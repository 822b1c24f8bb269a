#include "engine/graph/row_sorter.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/base/check.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;
using codec::PostKey;

constexpr size_t kPackedAtOnce = 16384;  // rows
constexpr size_t kReadAtOnce = 2048;
constexpr size_t kReadBytesMax = size_t{128} << 10;  // from one run

}  // namespace

// Merges runs by a tournament: each inner node keeps the loser of its match, so that a new row
// plays once per level.
class RowSorter::MergeReader : public Reader {
 public:
  MergeReader(const RowLayout& layout, std::vector<std::unique_ptr<SortedRun::Reader>> runs)
      : layout_(layout),
        words_(layout.words()),
        runs_(std::move(runs)),
        heads_(runs_.size()),
        losers_(runs_.size(), kNobody),
        packed_(kReadAtOnce * words_),
        rows_(kReadAtOnce) {}

  absl::Status Start() {
    for (size_t i = 0; i < runs_.size(); ++i) {
      FASTI_RETURN_IF_ERROR(Advance(i));
      Play(i);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<absl::Span<Row>> Next() override {
    size_t count = 0;
    for (; count < kReadAtOnce && winner_ != kNobody && heads_[winner_] != nullptr; ++count) {
      std::copy_n(heads_[winner_], words_, packed_.data() + count * words_);
      FASTI_RETURN_IF_ERROR(Advance(winner_));
      Play(winner_);
    }
    const absl::Span<Row> rows(rows_.data(), count);
    layout_.Unpack(packed_.data(), rows);
    return rows;
  }

 private:
  static constexpr size_t kNobody = std::numeric_limits<size_t>::max();

  absl::Status Advance(size_t i) {
    FASTI_ASSIGN_OR_RETURN(const bool any, runs_[i]->Next());
    heads_[i] = any ? runs_[i]->row() : nullptr;
    return absl::OkStatus();
  }

  bool Beats(size_t a, size_t b) const {
    const uint64_t* const mine = heads_[a];
    const uint64_t* const other = heads_[b];
    if (mine == nullptr || other == nullptr) return other == nullptr;
    for (size_t word = 0; word < words_; ++word) {
      if (mine[word] != other[word]) return mine[word] < other[word];
    }
    return false;
  }

  // Run `i` has a new row: it climbs until it loses.
  void Play(size_t i) {
    for (size_t node = (i + runs_.size()) / 2; node > 0; node /= 2) {
      if (losers_[node] == kNobody) {
        // The first to come here waits for its match.
        losers_[node] = i;
        return;
      }
      if (Beats(losers_[node], i)) std::swap(losers_[node], i);
    }
    winner_ = i;
  }

  const RowLayout layout_;
  const size_t words_;
  const std::vector<std::unique_ptr<SortedRun::Reader>> runs_;
  std::vector<const uint64_t*> heads_;  // the row of each run; null at its end
  std::vector<size_t> losers_;
  size_t winner_ = kNobody;
  std::vector<uint64_t> packed_;
  std::vector<Row> rows_;
};

RowSorter::RowSorter(storage::Store& store, Order order, size_t chunk_bytes)
    : store_(store), order_(order), chunk_bytes_(chunk_bytes), ranges_are_known_(false) {}

RowSorter::RowSorter(storage::Store& store, Order order, size_t chunk_bytes,
                     const RowRanges& ranges)
    : store_(store),
      order_(order),
      chunk_bytes_(chunk_bytes),
      ranges_are_known_(true),
      ranges_(ranges),
      wide_ranges_(ranges) {}

RowSorter::~RowSorter() = default;

RowRanges RowSorter::RangesFor(absl::Span<const Row> rows) {
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

PackedRows RowSorter::Pack(absl::Span<const Row> rows) {
  PackedRows packed;
  packed.ranges = RangesFor(rows);
  packed.layout = RowLayout(order_, packed.ranges);
  const size_t words = packed.layout.words();
  packed.words = std::make_unique_for_overwrite<uint64_t[]>(rows.size() * words);
  packed.layout.Pack(rows, packed.words.get());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!codec::OrderHolds(order_, rows[i])) continue;
    if (packed.rows != i) {
      std::copy_n(&packed.words[i * words], words, &packed.words[packed.rows * words]);
    }
    ++packed.rows;
  }
  return packed;
}

absl::Status RowSorter::Append(absl::Span<const Row> rows) {
  for (; !rows.empty(); rows.remove_prefix(std::min(rows.size(), kPackedAtOnce))) {
    PackedRows packed = Pack(rows.subspan(0, kPackedAtOnce));
    if (packed.rows == 0) continue;
    std::vector<PackedRows> full;
    {
      absl::MutexLock lock(&mutex_);
      bytes_ += packed.bytes();
      chunk_.push_back(std::move(packed));
      if (bytes_ >= chunk_bytes_) {
        full = std::exchange(chunk_, {});
        bytes_ = 0;
      }
    }
    if (!full.empty()) FASTI_RETURN_IF_ERROR(PutAside(std::move(full)));
  }
  return absl::OkStatus();
}

absl::Status RowSorter::PutAside(std::vector<PackedRows> chunk) {
  FASTI_ASSIGN_OR_RETURN(auto run, SortedRun::Make(store_, order_, std::move(chunk)));
  absl::MutexLock lock(&mutex_);
  runs_.push_back(std::move(run));
  return absl::OkStatus();
}

std::vector<RowSorter::Task> RowSorter::Seal(size_t tasks) {
  std::vector<PackedRows> rest;
  {
    absl::MutexLock lock(&mutex_);
    rest = std::exchange(chunk_, {});
  }
  std::vector<std::vector<PackedRows>> shares(std::min(tasks, rest.size()));
  for (size_t i = 0; i < rest.size(); ++i) shares[i % shares.size()].push_back(std::move(rest[i]));
  std::vector<Task> sorts;
  for (std::vector<PackedRows>& share : shares) {
    // A task can be copied, its share cannot.
    auto shared = std::make_shared<std::vector<PackedRows>>(std::move(share));
    sorts.push_back([this, shared] { return PutAside(std::move(*shared)); });
  }
  return sorts;
}

uint64_t RowSorter::rows() const {
  absl::MutexLock lock(&mutex_);
  uint64_t rows = 0;
  for (const auto& run : runs_) rows += run->rows();
  return rows;
}

RowRanges RowSorter::ranges() const {
  absl::MutexLock lock(&mutex_);
  return ranges_;
}

std::vector<PostKey> RowSorter::Borders(size_t parts) const {
  std::vector<PostKey> samples;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& run : runs_) {
      samples.insert(samples.end(), run->samples().begin(), run->samples().end());
    }
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
  absl::MutexLock lock(&mutex_);
  uint64_t count = 0;
  for (const auto& run : runs_) {
    FASTI_ASSIGN_OR_RETURN(const uint64_t rows, run->UpperBound(key));
    count += rows;
  }
  return count;
}

absl::StatusOr<std::unique_ptr<RowSorter::Reader>> RowSorter::Read(
    const std::optional<PostKey>& above, const std::optional<PostKey>& upto) const {
  RowLayout layout;
  std::vector<std::unique_ptr<SortedRun::Reader>> readers;
  {
    absl::MutexLock lock(&mutex_);
    RowRanges all;
    for (const auto& run : runs_) all.Include(run->ranges());
    layout = RowLayout(order_, all);
    // However many runs there are, reading them takes no more than filling a chunk did.
    const size_t bytes_at_once =
        std::min(kReadBytesMax, chunk_bytes_ / std::max<size_t>(1, runs_.size()));
    for (const auto& run : runs_) {
      uint64_t begin = 0, end = run->rows();
      if (above.has_value()) {
        FASTI_ASSIGN_OR_RETURN(begin, run->UpperBound(*above));
      }
      if (upto.has_value()) {
        FASTI_ASSIGN_OR_RETURN(end, run->UpperBound(*upto));
      }
      if (begin < end) {
        readers.push_back(
            std::make_unique<SortedRun::Reader>(*run, begin, end, layout, bytes_at_once));
      }
    }
  }
  auto reader = std::make_unique<MergeReader>(layout, std::move(readers));
  FASTI_RETURN_IF_ERROR(reader->Start());
  return reader;
}

}  // namespace fasti::graph
