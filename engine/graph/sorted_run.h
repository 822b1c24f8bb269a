#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/base/large_array.h"
#include "engine/codec/post_key.h"
#include "engine/graph/row_layout.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// Packed rows on their way into a run, in memory of a fixed size.  Rows that were packed in the
// same layout lie together.
class RowChunk {
 public:
  RowChunk() = default;
  explicit RowChunk(size_t words) : words_(words) {}

  // Of 64 bits.
  size_t words() const { return used_; }
  size_t words_max() const { return words_.size(); }
  uint64_t rows() const;
  RowRanges ranges() const;  // of the rows, or more

  // Adds rows packed in the layout of an order that fits `ranges`.  REQUIRES: there is room.
  void Append(const RowRanges& ranges, const RowLayout& layout, const uint64_t* words, size_t rows);
  // The rows in one layout, which fits ranges().  The chunk is empty then.
  LargeArray<uint64_t> Take(const RowLayout& layout);
  // The same rows in at most so many chunks of about the same size, none of them empty.  The chunk
  // is empty then.
  std::vector<RowChunk> Divide(size_t parts);

 private:
  struct Segment {
    RowRanges ranges;
    RowLayout layout;
    uint64_t rows = 0;
  };

  LargeArray<uint64_t> words_;
  size_t used_ = 0;
  std::vector<Segment> segments_;
};

// Sorted rows in a scratch file.
class SortedRun {
 public:
  // REQUIRES: the chunk is not empty.  Sorting it takes its size once more.
  static absl::StatusOr<std::unique_ptr<SortedRun>> Make(storage::Store& store, codec::Order order,
                                                         RowChunk chunk);
  // A run for so many rows within `ranges`, which are appended in order, packed as RowLayout does
  // it; then it is sealed.
  static absl::StatusOr<std::unique_ptr<SortedRun>> Create(storage::Store& store,
                                                           codec::Order order,
                                                           const RowRanges& ranges, uint64_t rows);
  absl::Status Append(absl::Span<const uint64_t> words);
  absl::Status Seal() { return file_->Seal(); }

  // REQUIRES for the rest: it is sealed.
  uint64_t rows() const { return rows_; }
  const RowRanges& ranges() const { return ranges_; }
  // Keys spread evenly over the rows, with the greatest version there is.
  const std::vector<codec::PostKey>& samples() const { return samples_; }
  // The first row above `key`.
  absl::StatusOr<uint64_t> UpperBound(const codec::PostKey& key) const;

  // Walks rows [begin, end), packed in a layout that may be another than that of the run, and reads
  // about `bytes_at_once`; twice as much is kept.  The run must outlive it, as must `buffer`, which
  // readers of one thread share: there may be thousands of them.
  class Reader {
   public:
    Reader(const SortedRun& run, uint64_t begin, uint64_t end, const RowLayout& layout,
           size_t bytes_at_once, RowColumns* buffer);

    // Moves to the next row; null if that has to be read first, as at the beginning.
    const uint64_t* Next() {
      if (left_ == 0) return nullptr;
      --left_;
      return at_ += words_;
    }
    // Reads some rows and moves to the first of them; null at the end.
    absl::StatusOr<const uint64_t*> Fill();

   private:
    const SortedRun& run_;
    uint64_t next_;  // row that is not in the buffer yet
    const uint64_t last_;
    const RowLayout layout_;
    const size_t words_;  // of a row
    const uint64_t rows_at_once_;
    std::vector<uint64_t> read_, recoded_;
    RowColumns* const buffer_;
    const uint64_t* at_ = nullptr;
    uint64_t left_ = 0;  // rows behind it in the buffer
  };

 private:
  SortedRun(codec::Order order, const RowRanges& ranges, uint64_t rows)
      : order_(order), ranges_(ranges), layout_(order, ranges), rows_(rows) {}

  // Reads the words of rows [begin, end).
  absl::Status Read(uint64_t begin, uint64_t end, std::vector<uint64_t>* out) const;
  codec::PostKey KeyOf(const uint64_t* words) const;

  const codec::Order order_;
  const RowRanges ranges_;
  const RowLayout layout_;
  const uint64_t rows_;
  uint64_t appended_ = 0;  // of the rows
  std::unique_ptr<storage::ScratchFile> file_;
  std::vector<codec::PostKey> samples_;
};

}  // namespace fasti::graph
