#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "engine/codec/block.h"
#include "engine/codec/post_key.h"
#include "engine/graph/block_directory.h"
#include "engine/graph/block_source.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// Walks the rows of one order in the blocks of a source.  A block is kept under the key of its last
// row, or a greater one, so the first block at or after a wanted key covers it.  Used by one
// thread.
class BlockCursor {
 public:
  // The source is shared with whoever else reads from it.
  explicit BlockCursor(std::shared_ptr<BlockSource> source) : source_(std::move(source)) {}
  ~BlockCursor();
  BlockCursor(const BlockCursor&) = delete;
  BlockCursor& operator=(const BlockCursor&) = delete;

  // Moves to the first row >= `key` in the order of `key`.  Cheap if that is in the block at hand.
  absl::Status Seek(const codec::PostKey& key);
  // Moves to the first row of the block that covers `key`, whether or not it holds such a row.
  absl::Status SeekBlock(const codec::PostKey& key);
  // Moves to the first row of the order that lies behind the block.
  absl::Status NextBlock();
  // Moves to the last row < `key` in the order of `key`.
  absl::Status SeekBefore(const codec::PostKey& key);
  // Moves within the block.  REQUIRES: index <= block().size(); at its end, NextBlock follows.
  void set_index(size_t index) { index_ = index; }

  // False at the end of the order, for SeekBefore at its beginning.
  bool valid() const { return block_ != nullptr; }
  // REQUIRES for the rest: valid().
  const codec::BlockReader& block() const { return block_->reader(); }
  const StoredBlock& stored_block() const { return *block_; }
  const std::shared_ptr<const StoredBlock>& shared_block() const { return block_; }
  size_t index() const { return index_; }
  // No row after this block has a key below this one.
  const codec::PostKey& block_key() const { return block_->key(); }

 private:
  // Makes the block that covers `key` the one at hand.
  absl::Status Cover(const codec::PostKey& key);
  absl::Status ReadBlock(const codec::PostKey& low);
  absl::Status ReadBefore(const codec::PostKey& key);
  // Opens the block at the cursor, if it is one of `order`.
  absl::Status OpenBlock(codec::Order order);
  storage::Cursor& StoreCursor();

  const std::shared_ptr<BlockSource> source_;
  std::unique_ptr<storage::Cursor> cursor_;  // made when a block is not in the directory
  bool cursor_is_here_ = false;              // it stands at the block at hand; then block_ is set
  std::shared_ptr<const StoredBlock> block_;
  size_t index_ = 0;
};

}  // namespace fasti::graph
