#pragma once

#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/graph/commit_queue.h"
#include "engine/graph/recovery.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// The present state of a database that another process writes: the blocks as they are in the store,
// and an overlay built from the log rows above the watermark, as recovery builds it.  It moves only
// in Refresh, from one commit to a later one, never back; it may show a commit a moment before the
// writer acknowledges it.
class Follower {
 public:
  // `store` must outlive the follower.
  static absl::StatusOr<std::unique_ptr<Follower>> Open(storage::Store& store,
                                                        std::function<Instant()> clock);

  // UNAVAILABLE if the writer is so fast that no whole state could be read, DATA_LOSS if a damaged
  // file is in the way.
  absl::Status Refresh();

  CommitQueue::Pinned Pin() const;
  CommitQueue::Figures figures() const;

 private:
  Follower(storage::Store& store, std::function<Instant()> clock)
      : store_(store), clock_(std::move(clock)) {}

  // False if the store shows its families at different moments, so that the log has a hole.
  absl::StatusOr<bool> TryRefresh() ABSL_EXCLUSIVE_LOCKS_REQUIRED(refresh_mutex_);

  storage::Store& store_;
  const std::function<Instant()> clock_;
  absl::Mutex refresh_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  mutable absl::Mutex mutex_;
  Recovered state_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fasti::graph
