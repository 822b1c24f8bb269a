#include "engine/graph/read_state.h"

#include <utility>

namespace fasti::graph {

BlockCursorPool::Lease BlockCursorPool::Take() {
  std::unique_ptr<BlockCursor> cursor;
  {
    absl::MutexLock lock(&mutex_);
    if (!idle_.empty()) {
      cursor = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (cursor == nullptr) {
    cursor = std::make_unique<BlockCursor>(store_.NewCursor(storage::Family::kPost));
  }
  return Lease(*this, std::move(cursor));
}

void BlockCursorPool::Clear() {
  absl::MutexLock lock(&mutex_);
  idle_.clear();
}

void BlockCursorPool::Return(std::unique_ptr<BlockCursor> cursor) {
  absl::MutexLock lock(&mutex_);
  if (idle_.size() < kIdleMax) idle_.push_back(std::move(cursor));
}

std::shared_ptr<BlockCursorPool> SharedBlockCursors::For(Sequence base, Instant now) {
  std::shared_ptr<BlockCursorPool> replaced;  // closes its cursors outside of the lock
  absl::MutexLock lock(&mutex_);
  if (pool_ == nullptr || base_ != base || now < made_ || now - made_ > kAgeMax) {
    replaced = std::exchange(pool_, std::make_shared<BlockCursorPool>(store_));
    base_ = base;
    made_ = now;
  }
  return pool_;
}

void SharedBlockCursors::Clear() {
  absl::MutexLock lock(&mutex_);
  pool_.reset();
}

}  // namespace fasti::graph
