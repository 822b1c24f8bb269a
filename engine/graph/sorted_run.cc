#include "engine/graph/sorted_run.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/base/check.h"
#include "engine/graph/radix_sort.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;
using codec::PostKey;

constexpr size_t kWriteBytes = size_t{1} << 20;
constexpr size_t kSamples = 64;
constexpr size_t kRowsAtOnce = 512;

// Moves rows from one layout into another.
void Recode(const RowLayout& from, const uint64_t* in, size_t rows, const RowLayout& to,
            RowColumns* buffer, uint64_t* out) {
  while (rows > 0) {
    buffer->Resize(std::min(rows, kRowsAtOnce));
    from.Unpack(in, buffer);
    to.Pack(*buffer, out);
    in += buffer->size() * from.words();
    out += buffer->size() * to.words();
    rows -= buffer->size();
  }
}

// Sorts numbers of `words` words; `other` has as much room.
template <size_t kWords = 1>
void Sort(size_t words, uint64_t* numbers, uint64_t* other, size_t count, size_t bits) {
  if (words == kWords) {
    using Number = typename RadixSort<kWords>::Number;
    static_assert(sizeof(Number) == kWords * sizeof(uint64_t));
    RadixSort<kWords>::InPlace(reinterpret_cast<Number*>(numbers), reinterpret_cast<Number*>(other),
                               count, 0, bits);
  } else if constexpr (kWords < RowLayout::kWordsMax) {
    Sort<kWords + 1>(words, numbers, other, count, bits);
  } else {
    FASTI_CHECK(words <= RowLayout::kWordsMax);
  }
}

}  // namespace

uint64_t RowChunk::rows() const {
  uint64_t rows = 0;
  for (const Segment& segment : segments_) rows += segment.rows;
  return rows;
}

RowRanges RowChunk::ranges() const {
  RowRanges ranges;
  for (const Segment& segment : segments_) ranges.Include(segment.ranges);
  return ranges;
}

void RowChunk::Append(const RowRanges& ranges, const RowLayout& layout, const uint64_t* words,
                      size_t rows) {
  const size_t added = rows * layout.words();
  FASTI_CHECK(added <= words_.size() - used_);
  std::copy_n(words, added, words_.data() + used_);
  used_ += added;
  if (segments_.empty() || !(segments_.back().layout == layout)) {
    segments_.push_back({.ranges = ranges, .layout = layout});
  }
  segments_.back().rows += rows;
}

LargeArray<uint64_t> RowChunk::Take(const RowLayout& layout) {
  used_ = 0;
  const std::vector<Segment> segments = std::exchange(segments_, {});
  LargeArray<uint64_t> words = std::move(words_);
  if (segments.size() == 1 && segments.front().layout == layout) return words;
  uint64_t rows = 0;
  for (const Segment& segment : segments) rows += segment.rows;
  LargeArray<uint64_t> recoded(rows * layout.words());
  const uint64_t* in = words.data();
  uint64_t* out = recoded.data();
  RowColumns buffer;
  for (const Segment& segment : segments) {
    if (segment.layout == layout) {
      std::copy_n(in, segment.rows * layout.words(), out);
    } else {
      Recode(segment.layout, in, segment.rows, layout, &buffer, out);
    }
    in += segment.rows * segment.layout.words();
    out += segment.rows * layout.words();
  }
  return recoded;
}

std::vector<RowChunk> RowChunk::Divide(size_t parts) {
  used_ = 0;
  const std::vector<Segment> segments = std::exchange(segments_, {});
  const LargeArray<uint64_t> words = std::move(words_);
  uint64_t rows_left = 0;
  size_t row_words = 0;
  for (const Segment& segment : segments) {
    rows_left += segment.rows;
    row_words = std::max(row_words, segment.layout.words());
  }
  std::vector<RowChunk> chunks;
  const uint64_t* in = words.data();
  auto segment = segments.begin();
  uint64_t taken = 0;  // of that segment
  for (; rows_left > 0; --parts) {
    const uint64_t wanted = (rows_left + parts - 1) / parts;
    RowChunk chunk(wanted * row_words);
    for (uint64_t rows = 0; rows < wanted;) {
      if (taken == segment->rows) {
        ++segment;
        taken = 0;
      }
      const uint64_t some = std::min(wanted - rows, segment->rows - taken);
      chunk.Append(segment->ranges, segment->layout, in, some);
      in += some * segment->layout.words();
      taken += some;
      rows += some;
    }
    rows_left -= wanted;
    chunks.push_back(std::move(chunk));
  }
  return chunks;
}

absl::StatusOr<std::unique_ptr<SortedRun>> SortedRun::Make(storage::Store& store, Order order,
                                                           RowChunk chunk) {
  FASTI_ASSIGN_OR_RETURN(auto run, Create(store, order, chunk.ranges(), chunk.rows()));
  const RowLayout& layout = run->layout_;
  LargeArray<uint64_t> numbers = chunk.Take(layout);
  const size_t words = run->rows_ * layout.words();
  {
    LargeArray<uint64_t> other(words);
    Sort(layout.words(), numbers.data(), other.data(), run->rows_, layout.bits());
  }
  FASTI_RETURN_IF_ERROR(run->Append({numbers.data(), words}));
  FASTI_RETURN_IF_ERROR(run->Seal());
  return run;
}

absl::StatusOr<std::unique_ptr<SortedRun>> SortedRun::Create(storage::Store& store, Order order,
                                                             const RowRanges& ranges,
                                                             uint64_t rows) {
  std::unique_ptr<SortedRun> run(new SortedRun(order, ranges, rows));
  FASTI_ASSIGN_OR_RETURN(run->file_, store.NewScratchFile());
  return run;
}

absl::Status SortedRun::Append(absl::Span<const uint64_t> words) {
  const uint64_t end = appended_ + words.size() / layout_.words();
  const uint64_t sample_every = rows_ / kSamples + 1;
  for (uint64_t i = sample_every / 2 + samples_.size() * sample_every; i < end; i += sample_every) {
    PostKey key = KeyOf(&words[(i - appended_) * layout_.words()]);
    key.version = std::numeric_limits<uint64_t>::max();
    samples_.push_back(key);
  }
  appended_ = end;
  absl::string_view bytes(reinterpret_cast<const char*>(words.data()),
                          words.size() * sizeof(uint64_t));
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kWriteBytes))) {
    FASTI_RETURN_IF_ERROR(file_->Append(bytes.substr(0, kWriteBytes)));
  }
  return absl::OkStatus();
}

absl::Status SortedRun::Read(uint64_t begin, uint64_t end, std::vector<uint64_t>* out) const {
  const size_t row_bytes = layout_.words() * sizeof(uint64_t);
  out->resize((end - begin) * layout_.words());
  return file_->Read(begin * row_bytes, absl::MakeSpan(reinterpret_cast<char*>(out->data()),
                                                       (end - begin) * row_bytes));
}

PostKey SortedRun::KeyOf(const uint64_t* words) const {
  RowColumns row;
  row.Resize(1);
  layout_.Unpack(words, &row);
  return row.key(order_, 0);
}

absl::StatusOr<uint64_t> SortedRun::UpperBound(const PostKey& key) const {
  std::vector<uint64_t> words;
  uint64_t low = 0, high = rows_;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    FASTI_RETURN_IF_ERROR(Read(middle, middle + 1, &words));
    if (KeyOf(words.data()) <= key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

SortedRun::Reader::Reader(const SortedRun& run, uint64_t begin, uint64_t end,
                          const RowLayout& layout, size_t bytes_at_once, RowColumns* buffer)
    : run_(run),
      next_(begin),
      last_(end),
      layout_(layout),
      words_(layout.words()),
      rows_at_once_(
          std::max<uint64_t>(1, bytes_at_once / (run.layout_.words() * sizeof(uint64_t)))),
      buffer_(buffer) {}

absl::StatusOr<const uint64_t*> SortedRun::Reader::Fill() {
  const uint64_t rows = std::min(last_ - next_, rows_at_once_);
  if (rows == 0) return nullptr;
  FASTI_RETURN_IF_ERROR(run_.Read(next_, next_ + rows, &read_));
  next_ += rows;
  at_ = read_.data();
  if (!(run_.layout_ == layout_)) {
    recoded_.resize(rows * words_);
    Recode(run_.layout_, read_.data(), rows, layout_, buffer_, recoded_.data());
    at_ = recoded_.data();
  }
  left_ = rows - 1;
  return at_;
}

}  // namespace fasti::graph
