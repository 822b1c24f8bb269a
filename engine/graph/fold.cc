#include "engine/graph/fold.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "engine/codec/block.h"
#include "engine/codec/fold_record.h"
#include "engine/codec/log_record.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

using codec::Order;
using codec::PostKey;
using storage::Family;

constexpr Order kOrders[] = {Order::kOut, Order::kIn, Order::kRel, Order::kId};

// Written with a sync before each fold.  An installed file is durable at once, also if commits
// before it were not yet: this record, which follows them in the store's log, makes them so.
constexpr absl::string_view kFoldMarkerKey = "fold_marker";

constexpr size_t kDeletesAtOnce = 1000;

// Each version once, in its newest form, in order of version.
std::vector<Row> NewestRows(const Overlay& overlay) {
  std::vector<Row> rows;
  rows.reserve(overlay.size());
  absl::flat_hash_map<uint64_t, size_t> retracted;
  overlay.ForEach([&](const Row& row) {
    rows.push_back(row);
    if (row.gone != 0) retracted[row.version] = rows.size() - 1;
  });
  size_t kept = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto it = retracted.find(rows[i].version);
    if (it != retracted.end() && it->second != i) continue;
    rows[kept++] = rows[i];
  }
  rows.resize(kept);
  return rows;
}

}  // namespace

BlockMerge::BlockMerge(const storage::Store& store, Order order, const std::vector<Row>& rows)
    : order_(order), blocks_(store.NewCursor(Family::kPost)) {
  items_.reserve(rows.size());
  for (const Row& row : rows) {
    if (codec::OrderHolds(order, row)) items_.push_back({codec::KeyOfRow(order, row), &row});
  }
  std::sort(items_.begin(), items_.end(),
            [](const Item& a, const Item& b) { return a.key < b.key; });
}

absl::StatusOr<bool> BlockMerge::Next(storage::Entry* entry) {
  while (ready_.empty()) {
    if (next_item_ == items_.size()) return false;
    FASTI_RETURN_IF_ERROR(MergeNextBlock());
  }
  *entry = std::move(ready_.back());
  ready_.pop_back();
  return true;
}

// Takes the block that covers the next row, and every row that it covers.
absl::Status BlockMerge::MergeNextBlock() {
  const PostKey& first = items_[next_item_].key;
  FASTI_RETURN_IF_ERROR(blocks_.SeekBlock(first));
  const codec::BlockReader* block = blocks_.valid() ? &blocks_.block() : nullptr;
  const PostKey last = block == nullptr ? LastKey(order_) : blocks_.block_key();
  const size_t base_rows = block == nullptr ? 0 : block->size();

  std::vector<Row> merged;
  size_t i = 0;
  while (i < base_rows || (next_item_ < items_.size() && items_[next_item_].key <= last)) {
    const bool from_items = next_item_ < items_.size() && items_[next_item_].key <= last;
    if (i == base_rows) {
      merged.push_back(*items_[next_item_++].row);
      continue;
    }
    const PostKey base_key = block->key(order_, i);
    if (!from_items || base_key < items_[next_item_].key) {
      merged.push_back(block->row(i++));
      continue;
    }
    // The same version in both: the new row carries its retraction.
    if (base_key == items_[next_item_].key) ++i;
    merged.push_back(*items_[next_item_++].row);
  }
  Emit(std::move(merged), last);
  return absl::OkStatus();
}

void BlockMerge::Emit(std::vector<Row> merged, const PostKey& last) {
  // Parts of equal size leave room where rows arrive in between; at the end of an order they
  // arrive behind, so there the parts are full.
  const size_t parts = (merged.size() + codec::kBlockRows - 1) / codec::kBlockRows;
  const size_t rows_each =
      last == LastKey(order_) ? codec::kBlockRows : (merged.size() + parts - 1) / parts;
  const absl::Span<const Row> rows(merged);
  for (size_t begin = 0; begin < rows.size(); begin += rows_each) {
    const absl::Span<const Row> part = rows.subspan(begin, rows_each);
    const bool is_last = begin + part.size() == rows.size();
    const PostKey key = is_last ? last : codec::KeyOfRow(order_, part.back());
    ready_.push_back({codec::EncodePostKey(key), codec::EncodeBlock(part)});
  }
  std::reverse(ready_.begin(), ready_.end());
}

absl::Status Folder::Fold() {
  absl::MutexLock lock(&mutex_);
  FASTI_ASSIGN_OR_RETURN(const std::optional<CommitQueue::Frozen> frozen, queue_.Freeze());
  if (!frozen.has_value()) return absl::OkStatus();
  absl::Status status = FoldFrozen(*frozen);
  if (!status.ok()) queue_.Break(status);
  return status;
}

absl::Status Folder::FoldFrozen(const CommitQueue::Frozen& frozen) {
  storage::Batch marker;
  marker.Put(Family::kDefault, kFoldMarkerKey, codec::SequenceKey(frozen.watermark));
  FASTI_RETURN_IF_ERROR(store_.Write(marker, storage::Durability::kSync));

  const std::vector<Row> rows = NewestRows(*frozen.overlay);
  uint64_t added = 0;
  for (const Row& row : rows) added += row.version > frozen.base ? 1 : 0;
  const codec::FoldRecord record{.watermark = frozen.watermark,
                                 .rows = frozen.base_rows + added,
                                 .next_entity = frozen.head.next_entity,
                                 .next_literal = frozen.head.next_literal,
                                 .time = frozen.head.time};

  size_t next_order = 0;
  std::optional<BlockMerge> merge;
  const auto next_block = [&](storage::Entry* entry) -> absl::StatusOr<bool> {
    while (true) {
      if (!merge.has_value()) {
        if (next_order == std::size(kOrders)) return false;
        merge.emplace(store_, kOrders[next_order++], rows);
      }
      FASTI_ASSIGN_OR_RETURN(const bool more, merge->Next(entry));
      if (more) return true;
      merge.reset();
    }
  };
  bool told = false;
  const auto next_record = [&](storage::Entry* entry) -> absl::StatusOr<bool> {
    if (told) return false;
    told = true;
    *entry = {codec::FoldKey(), codec::EncodeFoldRecord(record)};
    return true;
  };
  std::vector<storage::SortedRun> runs;
  if (!rows.empty()) runs.push_back({Family::kPost, next_block});
  runs.push_back({Family::kFold, next_record});
  FASTI_RETURN_IF_ERROR(store_.BulkLoad(std::move(runs)));

  queue_.Install(record.watermark, record.rows);
  // Up to the previous watermark only: a reader in another process may still be on its way from
  // the log to the blocks of this one.
  return TruncateLog(frozen.base);
}

absl::Status Folder::TruncateLog(Sequence watermark) {
  const std::unique_ptr<storage::Cursor> cursor = store_.NewCursor(Family::kLog);
  storage::Batch deletes;
  size_t count = 0;
  for (cursor->Seek(""); cursor->Valid(); cursor->Next()) {
    FASTI_ASSIGN_OR_RETURN(const Sequence first, codec::DecodeSequenceKey(cursor->key()));
    if (first > watermark) break;
    deletes.Delete(Family::kLog, cursor->key());
    if (++count % kDeletesAtOnce != 0) continue;
    FASTI_RETURN_IF_ERROR(store_.Write(deletes, storage::Durability::kBuffered));
    deletes.Clear();
  }
  FASTI_RETURN_IF_ERROR(cursor->status());
  if (deletes.empty()) return absl::OkStatus();
  return store_.Write(deletes, storage::Durability::kBuffered);
}

BackgroundFold::BackgroundFold(Folder& folder, CommitQueue& queue)
    : folder_(folder), queue_(queue), thread_([this] {
        // A failure has stopped all writing by the time it comes back (Folder::Fold), and is told
        // to whoever writes next; the queue then reports no more work.
        while (queue_.WaitForFold()) folder_.Fold().IgnoreError();
      }) {}

BackgroundFold::~BackgroundFold() {
  queue_.StopWaiting();
  thread_.join();
}

}  // namespace fasti::graph
