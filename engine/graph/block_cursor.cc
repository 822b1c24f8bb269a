#include "engine/graph/block_cursor.h"

#include <utility>

#include "fasti/status_macros.h"

namespace fasti::graph {

using codec::PostKey;

BlockCursor::~BlockCursor() {
  if (cursor_ != nullptr) source_->Return(std::move(cursor_));
}

absl::Status BlockCursor::Seek(const PostKey& key) {
  if (block_ != nullptr && block_->key().order == key.order && key <= block_->key()) {
    // Forward within the block, unless the wanted row may lie in an earlier one.
    if (key >= block().key(key.order, 0)) {
      const size_t begin =
          index_ < block().size() && block().key(key.order, index_) <= key ? index_ : 0;
      index_ = block().LowerBound(key, begin);
      return index_ < block().size() ? absl::OkStatus() : NextBlock();
    }
  }
  FASTI_RETURN_IF_ERROR(Cover(key));
  if (!valid()) return absl::OkStatus();
  index_ = block().LowerBound(key);
  // A block may be kept under a key greater than its last row.
  return index_ < block().size() ? absl::OkStatus() : NextBlock();
}

absl::Status BlockCursor::SeekBlock(const PostKey& key) {
  FASTI_RETURN_IF_ERROR(Cover(key));
  index_ = 0;
  return absl::OkStatus();
}

absl::Status BlockCursor::NextBlock() {
  while (true) {
    if (block_->key() == LastKey(block_->key().order)) {
      block_ = nullptr;
      cursor_is_here_ = false;
      return absl::OkStatus();
    }
    const PostKey next = KeyAfter(block_->key());
    FASTI_RETURN_IF_ERROR(Cover(next));
    if (!valid()) return absl::OkStatus();
    // Mostly all of its rows lie behind (see BlockDirectory for when they do not).
    index_ = block().key(next.order, 0) >= next ? 0 : block().LowerBound(next);
    if (index_ < block().size()) return absl::OkStatus();
  }
}

absl::Status BlockCursor::Cover(const PostKey& key) {
  if (source_->directory() != nullptr) {
    if (std::shared_ptr<const StoredBlock> known = source_->directory()->Find(key);
        known != nullptr) {
      cursor_is_here_ = false;
      block_ = std::move(known);
      return absl::OkStatus();
    }
  }
  if (cursor_is_here_ && block_key().order == key.order && block_key() < key &&
      key == KeyAfter(block_key())) {
    cursor_->Next();
  } else {
    StoreCursor().Seek(codec::EncodePostKey(key));
  }
  return ReadBlock(key);
}

absl::Status BlockCursor::SeekBefore(const PostKey& key) {
  const bool is_here = valid() && block_key().order == key.order && key <= block_key() &&
                       block().key(key.order, 0) < key;
  if (!is_here) {
    block_ = source_->directory() == nullptr ? nullptr : source_->directory()->FindBefore(key);
    cursor_is_here_ = false;
    if (!valid()) FASTI_RETURN_IF_ERROR(ReadBefore(key));
  }
  if (valid()) index_ = block().LowerBound(key) - 1;
  return absl::OkStatus();
}

// Looks at the block that covers `key` and, if that begins there, at the one before, both as one
// cursor sees them.
absl::Status BlockCursor::ReadBefore(const PostKey& key) {
  StoreCursor().Seek(codec::EncodePostKey(key));
  FASTI_RETURN_IF_ERROR(ReadBlock(key));
  if (valid() && block().key(key.order, 0) < key) return absl::OkStatus();
  const std::shared_ptr<const StoredBlock> next = std::move(block_);
  if (cursor_->Valid()) {
    cursor_->Previous();
  } else {
    cursor_->SeekForPrevious(codec::EncodePostKey(key));
  }
  FASTI_RETURN_IF_ERROR(OpenBlock(key.order));
  if (!valid() || source_->directory() == nullptr) return absl::OkStatus();
  source_->directory()->Insert(block().key(key.order, 0), block_);
  if (next != nullptr) source_->directory()->Insert(KeyAfter(block_key()), next);
  return absl::OkStatus();
}

absl::Status BlockCursor::ReadBlock(const PostKey& low) {
  FASTI_RETURN_IF_ERROR(OpenBlock(low.order));
  if (valid() && source_->directory() != nullptr) source_->directory()->Insert(low, block_);
  return absl::OkStatus();
}

absl::Status BlockCursor::OpenBlock(codec::Order order) {
  block_ = nullptr;
  cursor_is_here_ = false;
  if (!cursor_->Valid()) return cursor_->status();
  FASTI_ASSIGN_OR_RETURN(const PostKey key, codec::DecodePostKey(cursor_->key()));
  if (key.order != order) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(block_, StoredBlock::Open(key, cursor_->value()));
  cursor_is_here_ = true;
  return absl::OkStatus();
}

storage::Cursor& BlockCursor::StoreCursor() {
  if (cursor_ == nullptr) cursor_ = source_->Take();
  return *cursor_;
}

}  // namespace fasti::graph
