#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/codec/post_key.h"
#include "engine/graph/block_cursor.h"
#include "engine/graph/commit_queue.h"
#include "engine/model/row.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// Merges sorted rows with the blocks they touch, one order at a time, and yields the blocks that
// take the place of those.  A block that is split leaves its key to its last part, so no key is
// ever deleted; the last block of an order is kept under LastKey and is filled up by what is
// appended.
//
// REQUIRES: `rows` hold each version once, in its newest form, and outlive the merge.
class BlockMerge {
 public:
  BlockMerge(const storage::Store& store, codec::Order order, const std::vector<Row>& rows);

  // The next block, under a strictly greater key; false at the end.
  absl::StatusOr<bool> Next(storage::Entry* entry);

 private:
  struct Item {
    codec::PostKey key;
    const Row* row;
  };

  absl::Status MergeNextBlock();
  void Emit(std::vector<Row> merged, const codec::PostKey& last);

  const codec::Order order_;
  BlockCursor blocks_;
  std::vector<Item> items_;
  size_t next_item_ = 0;
  std::vector<storage::Entry> ready_;  // last first
};

// Moves the overlay into blocks (see docs/engine.md, "Write path").  One fold runs at a time.
class Folder {
 public:
  Folder(storage::Store& store, CommitQueue& queue) : store_(store), queue_(queue) {}

  // Folds everything that was committed before the call.  On failure nothing more is written.
  absl::Status Fold();

  // Calls `read` while neither commits nor folds write.
  template <typename Read>
  auto WhileQuiet(Read read) {
    absl::MutexLock lock(&mutex_);
    // Where writing has failed before, nobody writes anyhow.
    const bool has_place = queue_.Begin().ok();
    queue_.AwaitQuiet();
    auto result = read();
    if (has_place) queue_.Abandon();
    return result;
  }

 private:
  absl::Status FoldFrozen(const CommitQueue::Frozen& frozen);
  absl::Status TruncateLog(Sequence watermark);

  absl::Mutex mutex_;
  storage::Store& store_;
  CommitQueue& queue_;
};

// Folds in a thread of its own whenever the queue says that it is due.
class BackgroundFold {
 public:
  BackgroundFold(Folder& folder, CommitQueue& queue);
  ~BackgroundFold();

 private:
  Folder& folder_;
  CommitQueue& queue_;
  std::thread thread_;
};

}  // namespace fasti::graph
