#pragma once

#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "engine/codec/post_key.h"
#include "engine/codec/row_columns.h"
#include "engine/graph/block_cursor.h"
#include "engine/graph/block_source.h"
#include "engine/model/row.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// Merges rows with the blocks that they touch in one order, and writes the blocks that take the
// place of those.  A block that is split leaves its key to its last part, so no key is ever
// deleted; the last block of an order is kept under LastKey and is filled up by what is appended.
//
// An order may be merged in parts at once, each by an object of its own.  A part ends where a block
// ends, or within the last one of the order (BorderFor says where); then one of the two neighbours
// rewrites its front and the other its rest, so both must have rows to add.
class BlockMerge {
 public:
  // The keys of a part.
  struct Part {
    std::optional<codec::PostKey> above;  // excluded; absent: from the beginning
    std::optional<codec::PostKey> upto;   // included; absent: to the end
  };

  // What is passed by reference must outlive the merge.
  BlockMerge(const storage::Store& store, codec::Order order, storage::RunWriter& writer,
             const Part& part);
  BlockMerge(const storage::Store& store, codec::Order order, storage::RunWriter& writer)
      : BlockMerge(store, order, writer, Part()) {}

  // Adds the newest form of a version; a row that the order does not hold is left out.
  // REQUIRES: its key is in the part and greater than that of the row before.
  absl::Status Add(const Row& row);
  // The same for rows that the order holds, which costs less.
  absl::Status Add(const codec::RowColumns& rows);
  // Writes what is left.  The writer is not finished.
  absl::Status Finish();

 private:
  absl::Status OpenBlock(const codec::PostKey& first);
  absl::Status CloseBlock();
  void TakeBaseRow();
  // The first row from `begin` on that lies above the stretch.
  size_t EndOfBlock(const codec::RowColumns& rows, size_t begin) const;
  // Writes full blocks, and leaves the last rows for CloseBlock to divide.
  absl::Status WriteFront();
  absl::Status Write(size_t begin, size_t end, const codec::PostKey& key);

  const codec::Order order_;
  const Part part_;
  storage::RunWriter& writer_;
  BlockCursor blocks_;
  codec::RowColumns pending_;  // rows of both kinds, merged and not yet written
  // The stretch of keys that the block at hand covers.
  bool is_open_ = false;
  codec::PostKey last_;
  size_t base_next_ = 0;  // rows of the block, up to base_end_
  size_t base_end_ = 0;
  codec::PostKey base_key_;  // of row base_next_, if that is before base_end_
};

// The border at or after `key` at which an order may be divided: `key` itself if it lies in the
// last block, else the key of the block that covers it.  REQUIRES: the version of `key` is the
// greatest there is.
absl::StatusOr<codec::PostKey> BorderFor(const storage::Store& store, const codec::PostKey& key);

}  // namespace fasti::graph
