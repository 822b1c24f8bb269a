#pragma once

#include <optional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/graph/block_source.h"
#include "engine/graph/commit_queue.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// Writes one record as a run of its own.
absl::Status WriteRecord(storage::Installation& installation, storage::Family family,
                         absl::string_view key, absl::string_view value);

// Moves the overlay into blocks (see docs/engine.md, "Write path").  One fold runs at a time.
class Folder {
 public:
  // What is passed by reference must outlive it.
  Folder(storage::Store& store, CommitQueue& queue, SharedBlocks& blocks)
      : store_(store), queue_(queue), blocks_(blocks) {}

  // Folds everything that was committed before the call.  On failure nothing more is written.
  absl::Status Fold();

  // Takes the writer's place, behind everything that was committed, when all of it is in blocks.
  // The caller gives the place up.
  absl::StatusOr<Head> BeginOnBlocks();

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
  absl::Status FoldOrBreak(const std::optional<CommitQueue::Frozen>& frozen)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status FoldFrozen(const CommitQueue::Frozen& frozen);
  absl::Status TruncateLog(Sequence watermark);

  absl::Mutex mutex_;
  storage::Store& store_;
  CommitQueue& queue_;
  SharedBlocks& blocks_;
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
