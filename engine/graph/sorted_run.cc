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
            std::vector<Row>* buffer, uint64_t* out) {
  buffer->resize(std::min(rows, kRowsAtOnce));
  while (rows > 0) {
    const absl::Span<Row> some(buffer->data(), std::min(rows, kRowsAtOnce));
    from.Unpack(in, some);
    to.Pack(some, out);
    in += some.size() * from.words();
    out += some.size() * to.words();
    rows -= some.size();
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

absl::StatusOr<std::unique_ptr<SortedRun>> SortedRun::Make(storage::Store& store, Order order,
                                                           std::vector<PackedRows> pieces) {
  RowRanges ranges;
  uint64_t rows = 0;
  for (const PackedRows& piece : pieces) {
    ranges.Include(piece.ranges);
    rows += piece.rows;
  }
  std::unique_ptr<SortedRun> run(new SortedRun(order, ranges, rows));
  const RowLayout& layout = run->layout_;
  const auto numbers = std::make_unique_for_overwrite<uint64_t[]>(rows * layout.words());
  uint64_t* out = numbers.get();
  std::vector<Row> buffer;
  for (PackedRows& piece : pieces) {
    const std::unique_ptr<uint64_t[]> words = std::move(piece.words);
    if (piece.layout == layout) {
      std::copy_n(words.get(), piece.rows * layout.words(), out);
    } else {
      Recode(piece.layout, words.get(), piece.rows, layout, &buffer, out);
    }
    out += piece.rows * layout.words();
  }
  {
    const auto other = std::make_unique_for_overwrite<uint64_t[]>(rows * layout.words());
    Sort(layout.words(), numbers.get(), other.get(), rows, layout.bits());
  }
  FASTI_RETURN_IF_ERROR(run->Write(store, numbers.get()));
  return run;
}

absl::Status SortedRun::Write(storage::Store& store, const uint64_t* words) {
  const size_t sample_every = rows_ / kSamples + 1;
  for (uint64_t i = sample_every / 2; i < rows_; i += sample_every) {
    PostKey key = KeyOf(words + i * layout_.words());
    key.version = std::numeric_limits<uint64_t>::max();
    samples_.push_back(key);
  }
  FASTI_ASSIGN_OR_RETURN(file_, store.NewScratchFile());
  absl::string_view bytes(reinterpret_cast<const char*>(words),
                          rows_ * layout_.words() * sizeof(uint64_t));
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kWriteBytes))) {
    FASTI_RETURN_IF_ERROR(file_->Append(bytes.substr(0, kWriteBytes)));
  }
  return file_->Seal();
}

absl::Status SortedRun::Read(uint64_t begin, uint64_t end, std::vector<uint64_t>* out) const {
  const size_t row_bytes = layout_.words() * sizeof(uint64_t);
  out->resize((end - begin) * layout_.words());
  return file_->Read(begin * row_bytes, absl::MakeSpan(reinterpret_cast<char*>(out->data()),
                                                       (end - begin) * row_bytes));
}

PostKey SortedRun::KeyOf(const uint64_t* words) const {
  Row row;
  layout_.Unpack(words, absl::MakeSpan(&row, 1));
  return codec::KeyOfRow(order_, row);
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
                          const RowLayout& layout, size_t bytes_at_once)
    : run_(run),
      next_(begin),
      last_(end),
      layout_(layout),
      words_(layout.words()),
      rows_at_once_(
          std::max<uint64_t>(1, bytes_at_once / (run.layout_.words() * sizeof(uint64_t)))) {}

absl::StatusOr<bool> SortedRun::Reader::Fill() {
  const uint64_t rows = std::min(last_ - next_, rows_at_once_);
  if (rows == 0) return false;
  FASTI_RETURN_IF_ERROR(run_.Read(next_, next_ + rows, &read_));
  next_ += rows;
  at_ = read_.data();
  if (!(run_.layout_ == layout_)) {
    recoded_.resize(rows * words_);
    Recode(run_.layout_, read_.data(), rows, layout_, &rows_, recoded_.data());
    at_ = recoded_.data();
  }
  left_ = rows - 1;
  return true;
}

}  // namespace fasti::graph
