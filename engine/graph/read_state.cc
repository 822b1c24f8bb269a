#include "engine/graph/read_state.h"

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

}  // namespace fasti::graph
