#include "engine/graph/block_merge.h"

#include <algorithm>
#include <memory>
#include <string>

#include "engine/base/check.h"
#include "engine/codec/block.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::kBlockRows;
using codec::PostKey;

// Rows that are kept back, to be divided when the end of the stretch is known.
constexpr size_t kTailRows = 2 * kBlockRows;
constexpr size_t kPendingMax = 12 * kBlockRows;

}  // namespace

BlockMerge::BlockMerge(const storage::Store& store, codec::Order order, storage::RunWriter& writer,
                       const Part& part)
    : order_(order),
      part_(part),
      writer_(writer),
      blocks_(std::make_shared<BlockSource>(store, nullptr, nullptr)) {
  pending_.Reserve(kPendingMax + kBlockRows);
}

absl::Status BlockMerge::Add(const Row& row) {
  if (!codec::OrderHolds(order_, row)) return absl::OkStatus();
  const PostKey key = codec::KeyOfRow(order_, row);
  if (!is_open_ || key > last_) {
    FASTI_RETURN_IF_ERROR(CloseBlock());
    FASTI_RETURN_IF_ERROR(OpenBlock(key));
  }
  while (base_next_ < base_end_ && base_key_ < key) TakeBaseRow();
  if (base_next_ < base_end_ && base_key_ == key) {
    // The same version in both: the new row carries its retraction.
    TakeBaseRow();
    pending_.RemoveLast();
  }
  pending_.Add(order_ == codec::Order::kId ? codec::IdRow(row) : row);
  return pending_.size() < kPendingMax ? absl::OkStatus() : WriteFront();
}

absl::Status BlockMerge::Add(const codec::RowColumns& rows) {
  for (size_t begin = 0; begin < rows.size();) {
    FASTI_RETURN_IF_ERROR(Add(rows.row(begin++)));
    if (base_next_ < base_end_) continue;
    // No base rows are left up to last_, so up to there the rows only have to be taken.
    for (const size_t end = EndOfBlock(rows, begin); begin < end;) {
      const size_t some_end = std::min(end, begin + kPendingMax - pending_.size());
      if (order_ == codec::Order::kId) {
        pending_.AppendIds(rows, begin, some_end);
      } else {
        pending_.Append(rows, begin, some_end);
      }
      begin = some_end;
      if (pending_.size() == kPendingMax) FASTI_RETURN_IF_ERROR(WriteFront());
    }
  }
  return absl::OkStatus();
}

size_t BlockMerge::EndOfBlock(const codec::RowColumns& rows, size_t begin) const {
  size_t end = rows.size();
  while (begin < end) {
    const size_t middle = (begin + end) / 2;
    if (rows.key(order_, middle) <= last_) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

absl::Status BlockMerge::Finish() {
  return CloseBlock();
}

absl::Status BlockMerge::OpenBlock(const PostKey& first) {
  FASTI_RETURN_IF_ERROR(blocks_.SeekBlock(first));
  is_open_ = true;
  last_ = blocks_.valid() ? blocks_.block_key() : LastKey(order_);
  base_next_ = base_end_ = 0;
  if (!blocks_.valid()) return absl::OkStatus();
  const codec::BlockReader& block = blocks_.block();
  const auto end_of = [&block](const PostKey& key) {
    PostKey behind = key;
    ++behind.version;  // never the greatest version, which no row has
    return key.version == UINT64_MAX ? block.LowerBound(key) : block.LowerBound(behind);
  };
  if (part_.above.has_value()) base_next_ = end_of(*part_.above);
  base_end_ = part_.upto.has_value() && *part_.upto < last_ ? end_of(*part_.upto) : block.size();
  if (base_next_ < base_end_) base_key_ = block.key(order_, base_next_);
  return absl::OkStatus();
}

void BlockMerge::TakeBaseRow() {
  pending_.Add(blocks_.block().row(base_next_++));
  if (base_next_ < base_end_) base_key_ = blocks_.block().key(order_, base_next_);
}

absl::Status BlockMerge::WriteFront() {
  const size_t written =
      pending_.size() > kTailRows ? (pending_.size() - kTailRows) / kBlockRows * kBlockRows : 0;
  for (size_t begin = 0; begin < written; begin += kBlockRows) {
    const size_t end = begin + kBlockRows;
    FASTI_RETURN_IF_ERROR(Write(begin, end, pending_.key(order_, end - 1)));
  }
  pending_.RemoveFirst(written);
  return absl::OkStatus();
}

absl::Status BlockMerge::CloseBlock() {
  if (!is_open_) return absl::OkStatus();
  while (base_next_ < base_end_) {
    TakeBaseRow();
    if (pending_.size() >= kPendingMax) FASTI_RETURN_IF_ERROR(WriteFront());
  }
  // Parts of equal size leave room where rows arrive in between; at the end of an order they
  // arrive behind, so there the parts are full.
  const size_t rows = pending_.size();
  const size_t parts = (rows + kBlockRows - 1) / kBlockRows;
  const size_t rows_each =
      last_ == LastKey(order_) ? kBlockRows : (rows + parts - 1) / std::max(parts, size_t{1});
  const PostKey last = part_.upto.has_value() ? std::min(*part_.upto, last_) : last_;
  for (size_t begin = 0; begin < rows; begin += rows_each) {
    const size_t end = std::min(rows, begin + rows_each);
    FASTI_RETURN_IF_ERROR(Write(begin, end, end == rows ? last : pending_.key(order_, end - 1)));
  }
  pending_.Clear();
  is_open_ = false;
  return absl::OkStatus();
}

absl::Status BlockMerge::Write(size_t begin, size_t end, const PostKey& key) {
  return writer_.Add(codec::EncodePostKey(key), codec::EncodeBlock(pending_, begin, end));
}

absl::StatusOr<PostKey> BorderFor(const storage::Store& store, const PostKey& key) {
  FASTI_CHECK(key.version == UINT64_MAX);
  BlockCursor blocks(std::make_shared<BlockSource>(store, nullptr, nullptr));
  FASTI_RETURN_IF_ERROR(blocks.SeekBlock(key));
  if (!blocks.valid() || blocks.block_key() == LastKey(key.order)) return key;
  return blocks.block_key();
}

}  // namespace fasti::graph
