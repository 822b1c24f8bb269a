#include "engine/graph/fold.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/codec/fold_record.h"
#include "engine/codec/log_record.h"
#include "engine/codec/post_key.h"
#include "engine/graph/block_merge.h"
#include "engine/graph/row_sort.h"
#include "engine/graph/writing_figures.h"
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

// Merges rows with the blocks of one order and leaves the result to the installation.
absl::Status MergeOrder(const storage::Store& store, Order order, const std::vector<Row>& rows,
                        storage::Installation& installation) {
  const std::vector<const Row*> sorted = SortedRows(order, rows);
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> writer,
                         installation.NewRun(Family::kPost));
  BlockMerge merge(store, order, *writer);
  for (const Row* const row : sorted) FASTI_RETURN_IF_ERROR(merge.Add(*row));
  FASTI_RETURN_IF_ERROR(merge.Finish());
  return writer->Finish();
}

}  // namespace

absl::Status WriteRecord(storage::Installation& installation, Family family, absl::string_view key,
                         absl::string_view value) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RunWriter> writer,
                         installation.NewRun(family));
  FASTI_RETURN_IF_ERROR(writer->Add(key, value));
  return writer->Finish();
}

absl::Status Folder::Fold() {
  absl::MutexLock lock(&mutex_);
  FASTI_ASSIGN_OR_RETURN(const std::optional<CommitQueue::Frozen> frozen, queue_.Freeze());
  return FoldOrBreak(frozen);
}

absl::StatusOr<Head> Folder::BeginOnBlocks() {
  absl::MutexLock lock(&mutex_);
  FASTI_ASSIGN_OR_RETURN(const CommitQueue::Begun begun, queue_.Begin());
  const absl::StatusOr<std::optional<CommitQueue::Frozen>> frozen = queue_.FreezeOwn();
  absl::Status status = frozen.ok() ? FoldOrBreak(*frozen) : frozen.status();
  if (status.ok()) return begun.head;
  queue_.Abandon();
  return status;
}

absl::Status Folder::FoldOrBreak(const std::optional<CommitQueue::Frozen>& frozen) {
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

  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Installation> installation,
                         store_.NewInstallation());
  for (const Order order : kOrders) {
    FASTI_RETURN_IF_ERROR(MergeOrder(store_, order, rows, *installation));
  }
  FASTI_RETURN_IF_ERROR(
      WriteRecord(*installation, Family::kFold, codec::FoldKey(), codec::EncodeFoldRecord(record)));
  FASTI_RETURN_IF_ERROR(installation->Install());

  blocks_.Prepare(record.watermark);
  queue_.Install(record.watermark, record.rows);
  // Up to the previous watermark only: a reader in another process may still be on its way from
  // the log to the blocks of this one.
  FASTI_RETURN_IF_ERROR(TruncateLog(frozen.base));
  return SaveWritingFigures(store_, queue_.figures());
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
