#include "engine/graph/block_cursor.h"

#include <limits>
#include <utility>

#include "fasti/status_macros.h"

namespace fasti::graph {

codec::PostKey LastKey(codec::Order order) {
  codec::PostKey key;
  key.order = order;
  key.version = std::numeric_limits<uint64_t>::max();
  if (order == codec::Order::kId) return key;
  if (order != codec::Order::kRel) key.anchor = std::numeric_limits<uint64_t>::max();
  key.relation = std::numeric_limits<uint32_t>::max();
  key.duration_class = kClassCount - 1;
  key.from = kInstantMax;
  return key;
}

absl::Status BlockCursor::Seek(const codec::PostKey& key) {
  if (block_.has_value() && order_ == key.order && key <= block_key_) {
    // Forward within the block, unless the wanted row may lie in an earlier one.
    if (key >= block_->key(order_, 0)) {
      const size_t begin =
          index_ < block_->size() && block_->key(order_, index_) <= key ? index_ : 0;
      index_ = block_->LowerBound(key, begin);
      return index_ < block_->size() ? absl::OkStatus() : NextBlock();
    }
  }
  FASTI_RETURN_IF_ERROR(SeekBlock(key));
  if (!valid()) return absl::OkStatus();
  index_ = block_->LowerBound(key);
  // A block may be kept under a key greater than its last row.
  return index_ < block_->size() ? absl::OkStatus() : NextBlock();
}

absl::Status BlockCursor::SeekBlock(const codec::PostKey& key) {
  order_ = key.order;
  cursor_->Seek(codec::EncodePostKey(key));
  return OpenBlock();
}

absl::Status BlockCursor::NextBlock() {
  cursor_->Next();
  return OpenBlock();
}

absl::Status BlockCursor::OpenBlock() {
  block_.reset();
  index_ = 0;
  if (!cursor_->Valid()) return cursor_->status();
  FASTI_ASSIGN_OR_RETURN(const codec::PostKey key, codec::DecodePostKey(cursor_->key()));
  if (key.order != order_) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(block_, codec::BlockReader::Open(cursor_->value()));
  block_key_ = key;
  return absl::OkStatus();
}

}  // namespace fasti::graph
