#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "engine/codec/post_key.h"
#include "engine/graph/row_codec.h"
#include "engine/model/row.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// Sorts any number of rows into one order with a bounded amount of memory: rows are gathered in
// chunks; a full chunk is sorted and put aside as a run in a scratch file, by the thread that
// filled it; at last the runs are merged while they are read.
//
// REQUIRES of rows: gone = 0, lineage = version.
class RowSorter {
 public:
  // A chunk takes about kBytesPerRow * chunk_rows; each thread that appends may be sorting one
  // while another is filled.
  static constexpr size_t kBytesPerRow = sizeof(Row) + 2 * 16;
  RowSorter(storage::Store& store, codec::Order order, size_t chunk_rows);
  ~RowSorter();

  // May be called from several threads at once.  Rows that the order does not hold are left out.
  absl::Status Append(absl::Span<const Row> rows);
  // Ends the appending; what follows may be called from several threads at once.
  absl::Status Seal();
  uint64_t rows() const;  // that the order holds

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
    // Some rows, in ascending order; none at the end.  They hold until the next call.
    virtual absl::StatusOr<absl::Span<const Row>> Next() = 0;
  };
  // The keys as in BlockMerge::Part.  The sorter must outlive the reader.
  absl::StatusOr<std::unique_ptr<Reader>> Read(const std::optional<codec::PostKey>& above,
                                               const std::optional<codec::PostKey>& upto) const;

 private:
  class SortedRun;
  class RunReader;
  class MergeReader;

  // Sorts a chunk and puts it aside.
  absl::Status PutAside(std::vector<Row> chunk);

  storage::Store& store_;
  const codec::Order order_;
  const size_t chunk_rows_;
  mutable absl::Mutex mutex_;
  std::vector<Row> chunk_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<SortedRun>> runs_ ABSL_GUARDED_BY(mutex_);
  uint64_t rows_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The places of `rows` in ascending order of their keys.  `codec` was made for them.
std::vector<uint32_t> SortedPlaces(codec::Order order, absl::Span<const Row> rows,
                                   const RowCodec& codec);

}  // namespace fasti::graph
