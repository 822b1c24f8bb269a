#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "engine/codec/block.h"
#include "engine/codec/post_key.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// The key under which the last block of an order is kept: no row lies behind it, so every seek
// within an order lands on a block of that order, and a fold that appends rows fills the last
// block instead of leaving it as it is for ever.
codec::PostKey LastKey(codec::Order order);

// Walks the rows of one order in the blocks of a store.  A block is kept under the key of its last
// row, or a greater one, so the first block at or after a wanted key covers it.  Used by one
// thread; sees the store as it was when `cursor` was made.
class BlockCursor {
 public:
  explicit BlockCursor(std::unique_ptr<storage::Cursor> cursor) : cursor_(std::move(cursor)) {}

  // Moves to the first row >= `key` in the order of `key`.  Cheap if that is in the block at
  // hand: then no seek is made.
  absl::Status Seek(const codec::PostKey& key);
  // Moves to the first row of the block that covers `key`, whether or not it holds such a row.
  absl::Status SeekBlock(const codec::PostKey& key);
  // Moves to the first row of the next block of the order.
  absl::Status NextBlock();
  // Moves within the block.  REQUIRES: index <= block().size(); at its end, NextBlock follows.
  void set_index(size_t index) { index_ = index; }

  // False at the end of the order.
  bool valid() const { return block_.has_value(); }
  // REQUIRES for the rest: valid().
  const codec::BlockReader& block() const { return *block_; }
  size_t index() const { return index_; }
  // No row after this block has a key below this one.
  const codec::PostKey& block_key() const { return block_key_; }

 private:
  absl::Status OpenBlock();

  const std::unique_ptr<storage::Cursor> cursor_;
  std::optional<codec::BlockReader> block_;
  codec::PostKey block_key_;
  codec::Order order_ = codec::Order::kOut;
  size_t index_ = 0;
};

}  // namespace fasti::graph
