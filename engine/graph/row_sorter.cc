#include "engine/graph/row_sorter.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;
using codec::PostKey;

constexpr size_t kWriteBytes = size_t{1} << 20;
constexpr size_t kReadBytes = size_t{64} << 10;
constexpr size_t kSamplesPerRun = 64;
constexpr size_t kRowsAtOnce = 512;

PostKey AnyVersionOf(PostKey key) {
  key.version = std::numeric_limits<uint64_t>::max();
  return key;
}

}  // namespace

// A sorted chunk in a file.
class RowSorter::SortedRun {
 public:
  SortedRun(Order order, absl::Span<const Row> rows)
      : order_(order), codec_(rows), rows_(rows.size()) {}

  absl::Status Write(storage::Store& store, absl::Span<const Row> rows) {
    const std::vector<uint32_t> places = SortedPlaces(order_, rows, codec_);
    FASTI_ASSIGN_OR_RETURN(file_, store.NewScratchFile());
    std::vector<char> buffer(kWriteBytes + kColumnBytesMax);
    const size_t sample_every = rows.size() / kSamplesPerRun + 1;
    size_t used = 0;
    for (size_t i = 0; i < places.size(); ++i) {
      const Row& row = rows[places[i]];
      if (i % sample_every == sample_every / 2) {
        samples_.push_back(AnyVersionOf(codec::KeyOfRow(order_, row)));
      }
      codec_.Encode(row, buffer.data() + used);
      used += codec_.row_bytes();
      if (used < kWriteBytes) continue;
      FASTI_RETURN_IF_ERROR(file_->Append({buffer.data(), used}));
      used = 0;
    }
    FASTI_RETURN_IF_ERROR(file_->Append({buffer.data(), used}));
    return file_->Seal();
  }

  uint64_t rows() const { return rows_; }
  const RowCodec& codec() const { return codec_; }
  const std::vector<PostKey>& samples() const { return samples_; }

  // Reads encoded rows [begin, end); `out` has room for the spill as well.
  absl::Status Read(uint64_t begin, uint64_t end, std::vector<char>* out) const {
    const size_t bytes = (end - begin) * codec_.row_bytes();
    out->resize(bytes + RowCodec::kSpill);
    return file_->Read(begin * codec_.row_bytes(), absl::MakeSpan(out->data(), bytes));
  }

  // The first row above `key`.
  absl::StatusOr<uint64_t> UpperBound(const PostKey& key) const {
    std::vector<char> bytes;
    uint64_t low = 0, high = rows_;
    while (low < high) {
      const uint64_t middle = low + (high - low) / 2;
      FASTI_RETURN_IF_ERROR(Read(middle, middle + 1, &bytes));
      if (codec::KeyOfRow(order_, codec_.Decode(bytes.data())) <= key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

 private:
  static constexpr size_t kColumnBytesMax =
      RowCodec::kColumns * sizeof(uint64_t) + RowCodec::kSpill;

  const Order order_;
  const RowCodec codec_;
  const uint64_t rows_;
  std::unique_ptr<storage::ScratchFile> file_;
  std::vector<PostKey> samples_;
};

// Walks a stretch of a run.
class RowSorter::RunReader {
 public:
  RunReader(Order order, const SortedRun& run, uint64_t begin, uint64_t end)
      : order_(order), run_(run), next_(begin), end_(end) {}

  // Moves to the first row, then to the next.
  absl::Status Advance() {
    if (at_ == filled_) {
      if (next_ == end_) {
        is_done_ = true;
        return absl::OkStatus();
      }
      const uint64_t rows_at_once =
          std::max<uint64_t>(1, kReadBytes / std::max<size_t>(1, run_.codec().row_bytes()));
      const uint64_t upto = std::min(end_, next_ + rows_at_once);
      FASTI_RETURN_IF_ERROR(run_.Read(next_, upto, &buffer_));
      filled_ = (upto - next_) * run_.codec().row_bytes();
      left_ = upto - next_;
      next_ = upto;
      at_ = 0;
    }
    row_ = run_.codec().Decode(buffer_.data() + at_);
    key_ = codec::KeyOfRow(order_, row_);
    at_ = --left_ == 0 ? filled_ : at_ + run_.codec().row_bytes();
    return absl::OkStatus();
  }

  bool is_done() const { return is_done_; }
  const Row& row() const { return row_; }
  const PostKey& key() const { return key_; }

 private:
  const Order order_;
  const SortedRun& run_;
  uint64_t next_;  // row not yet in the buffer
  const uint64_t end_;
  std::vector<char> buffer_;
  size_t at_ = 0, filled_ = 0;
  uint64_t left_ = 0;  // rows in the buffer
  bool is_done_ = false;
  Row row_;
  PostKey key_;
};

// Merges runs by a tournament: each inner node keeps the loser of its match, so that a new row
// plays once per level.
class RowSorter::MergeReader : public Reader {
 public:
  explicit MergeReader(std::vector<std::unique_ptr<RunReader>> runs) : runs_(std::move(runs)) {
    rows_.reserve(kRowsAtOnce);
  }

  absl::Status Start() {
    for (const auto& run : runs_) FASTI_RETURN_IF_ERROR(run->Advance());
    losers_.assign(runs_.size(), kNobody);
    winner_ = kNobody;
    for (size_t i = 0; i < runs_.size(); ++i) Play(i);
    return absl::OkStatus();
  }

  absl::StatusOr<absl::Span<const Row>> Next() override {
    rows_.clear();
    while (rows_.size() < kRowsAtOnce && winner_ != kNobody && !runs_[winner_]->is_done()) {
      RunReader& run = *runs_[winner_];
      rows_.push_back(run.row());
      FASTI_RETURN_IF_ERROR(run.Advance());
      Play(winner_);
    }
    return absl::Span<const Row>(rows_);
  }

 private:
  static constexpr size_t kNobody = std::numeric_limits<size_t>::max();

  bool Beats(size_t a, size_t b) const {
    if (runs_[a]->is_done() || runs_[b]->is_done()) return runs_[b]->is_done();
    return runs_[a]->key() < runs_[b]->key();
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

  const std::vector<std::unique_ptr<RunReader>> runs_;
  std::vector<size_t> losers_;
  size_t winner_ = kNobody;
  std::vector<Row> rows_;
};

RowSorter::RowSorter(storage::Store& store, Order order, size_t chunk_rows)
    : store_(store), order_(order), chunk_rows_(chunk_rows) {}

RowSorter::~RowSorter() = default;

absl::Status RowSorter::Append(absl::Span<const Row> rows) {
  while (!rows.empty()) {
    std::vector<Row> full;
    {
      absl::MutexLock lock(&mutex_);
      if (chunk_.capacity() == 0) chunk_.reserve(chunk_rows_);
      while (!rows.empty() && chunk_.size() < chunk_rows_) {
        if (codec::OrderHolds(order_, rows.front())) chunk_.push_back(rows.front());
        rows.remove_prefix(1);
      }
      if (chunk_.size() == chunk_rows_) full = std::exchange(chunk_, {});
    }
    if (!full.empty()) FASTI_RETURN_IF_ERROR(PutAside(std::move(full)));
  }
  return absl::OkStatus();
}

absl::Status RowSorter::Seal() {
  std::vector<Row> rest;
  {
    absl::MutexLock lock(&mutex_);
    rest = std::exchange(chunk_, {});
  }
  return rest.empty() ? absl::OkStatus() : PutAside(std::move(rest));
}

absl::Status RowSorter::PutAside(std::vector<Row> chunk) {
  auto run = std::make_unique<SortedRun>(order_, chunk);
  FASTI_RETURN_IF_ERROR(run->Write(store_, chunk));
  absl::MutexLock lock(&mutex_);
  rows_ += chunk.size();
  runs_.push_back(std::move(run));
  return absl::OkStatus();
}

uint64_t RowSorter::rows() const {
  absl::MutexLock lock(&mutex_);
  return rows_;
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
  std::vector<std::unique_ptr<RunReader>> readers;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& run : runs_) {
      uint64_t begin = 0, end = run->rows();
      if (above.has_value()) {
        FASTI_ASSIGN_OR_RETURN(begin, run->UpperBound(*above));
      }
      if (upto.has_value()) {
        FASTI_ASSIGN_OR_RETURN(end, run->UpperBound(*upto));
      }
      if (begin < end) {
        readers.push_back(std::make_unique<RunReader>(order_, *run, begin, end));
      }
    }
  }
  auto reader = std::make_unique<MergeReader>(std::move(readers));
  FASTI_RETURN_IF_ERROR(reader->Start());
  return reader;
}

}  // namespace fasti::graph
