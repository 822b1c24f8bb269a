#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/codec/post_key.h"
#include "engine/codec/row_columns.h"
#include "engine/graph/sorted_run.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// Sorts any number of rows into one order with a bounded amount of memory: packed rows are gathered
// in chunks; a full chunk is sorted and put aside as a run in a scratch file, by the thread that
// filled it; at last the runs are merged while they are read.  When there are many runs of one
// size, they are merged into one beforehand, so that neither files nor what is kept of each run
// grow with the number of rows.
//
// REQUIRES of rows: gone = 0, lineage = version.
class RowSorter {
 public:
  // One chunk is filled at a time, and sorting one takes its size once more.
  RowSorter(storage::Store& store, codec::Order order, size_t chunk_bytes);
  // The same for rows within `ranges`, which then cost less.
  RowSorter(storage::Store& store, codec::Order order, size_t chunk_bytes, const RowRanges& ranges);
  ~RowSorter();

  // May be called from several threads at once.  Rows that the order does not hold are left out.
  absl::Status Append(const RowColumns& rows);

  // Ends the appending.  What is left to sort comes as at most so many tasks, which may run at the
  // same time.
  using Task = std::function<absl::Status()>;
  std::vector<Task> Seal(size_t tasks);

  // REQUIRES for the rest: every task has succeeded.  May be called from several threads at once.
  uint64_t rows() const;  // that the order holds
  RowRanges ranges() const;
  // At most `parts` - 1 keys of existing rows, ascending, that divide the rows into parts of about
  // the same size, none of them empty.  Their versions are the greatest there is: rows that differ
  // in their version only are not divided.
  std::vector<codec::PostKey> Borders(size_t parts) const;
  // How many rows have a key up to `key`.
  absl::StatusOr<uint64_t> CountUpTo(const codec::PostKey& key) const;

  // Reads the rows of a part in order.
  class Reader {
   public:
    virtual ~Reader() = default;
    // Some rows, in ascending order; none at the end.  They hold until the next call, and the
    // caller may change them.
    virtual absl::StatusOr<RowColumns*> Next() = 0;
  };
  // The keys as in BlockMerge::Part.  The sorter must outlive the reader.
  absl::StatusOr<std::unique_ptr<Reader>> Read(const std::optional<codec::PostKey>& above,
                                               const std::optional<codec::PostKey>& upto) const;

 private:
  class MergeReader;

  // Ranges that contain those of `rows` and, mostly, of what was packed before.
  RowRanges RangesFor(const RowColumns& rows);
  absl::Status PutAside(RowChunk chunk);
  using Runs = std::vector<std::unique_ptr<SortedRun>>;
  absl::StatusOr<std::unique_ptr<SortedRun>> Unite(const Runs& runs);
  std::vector<const SortedRun*> AllRuns() const;

  storage::Store& store_;
  const codec::Order order_;
  const size_t chunk_words_;
  const bool ranges_are_known_;
  mutable absl::Mutex mutex_;
  RowRanges ranges_ ABSL_GUARDED_BY(mutex_);  // of all rows
  // The same with room for more, so that most rows are packed in the layout of the run they will
  // end in.
  RowRanges wide_ranges_ ABSL_GUARDED_BY(mutex_);
  RowChunk chunk_ ABSL_GUARDED_BY(mutex_);
  std::vector<Runs> levels_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fasti::graph
