#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/codec/post_key.h"
#include "engine/graph/row_layout.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// Packed rows on their way into a run.
struct PackedRows {
  RowRanges ranges;  // of the rows, or more
  RowLayout layout;  // fits `ranges`
  size_t rows = 0;
  std::unique_ptr<uint64_t[]> words;

  size_t bytes() const { return rows * layout.words() * sizeof(uint64_t); }
};

// Sorted rows in a scratch file.
class SortedRun {
 public:
  // Sorts rows that are not empty.  They are given up piece by piece.
  static absl::StatusOr<std::unique_ptr<SortedRun>> Make(storage::Store& store, codec::Order order,
                                                         std::vector<PackedRows> rows);

  uint64_t rows() const { return rows_; }
  const RowRanges& ranges() const { return ranges_; }
  // Keys spread evenly over the rows, with the greatest version there is.
  const std::vector<codec::PostKey>& samples() const { return samples_; }
  // The first row above `key`.
  absl::StatusOr<uint64_t> UpperBound(const codec::PostKey& key) const;

  // Walks rows [begin, end), packed in a layout that may be another than that of the run, and reads
  // about `bytes_at_once`.  The run must outlive it.
  class Reader {
   public:
    Reader(const SortedRun& run, uint64_t begin, uint64_t end, const RowLayout& layout,
           size_t bytes_at_once);

    // Moves to the first row, then to the next; false at the end.
    absl::StatusOr<bool> Next() {
      if (left_ == 0) return Fill();
      --left_;
      at_ += words_;
      return true;
    }
    const uint64_t* row() const { return at_; }

   private:
    absl::StatusOr<bool> Fill();

    const SortedRun& run_;
    uint64_t next_;  // row that is not in the buffer yet
    const uint64_t last_;
    const RowLayout layout_;
    const size_t words_;  // of a row
    const uint64_t rows_at_once_;
    std::vector<uint64_t> read_, recoded_;
    std::vector<Row> rows_;
    const uint64_t* at_ = nullptr;
    uint64_t left_ = 0;  // rows behind it in the buffer
  };

 private:
  SortedRun(codec::Order order, const RowRanges& ranges, uint64_t rows)
      : order_(order), ranges_(ranges), layout_(order, ranges), rows_(rows) {}

  absl::Status Write(storage::Store& store, const uint64_t* words);
  // Reads the words of rows [begin, end).
  absl::Status Read(uint64_t begin, uint64_t end, std::vector<uint64_t>* out) const;
  codec::PostKey KeyOf(const uint64_t* words) const;

  const codec::Order order_;
  const RowRanges ranges_;
  const RowLayout layout_;
  const uint64_t rows_;
  std::unique_ptr<storage::ScratchFile> file_;
  std::vector<codec::PostKey> samples_;
};

}  // namespace fasti::graph
