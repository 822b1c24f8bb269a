#include "engine/graph/block_source.h"

#include <utility>

#include "engine/graph/block_directory.h"
#include "engine/graph/run_directory.h"

namespace fasti::graph {

std::unique_ptr<storage::Cursor> BlockSource::Take() {
  {
    absl::MutexLock lock(&mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<storage::Cursor> cursor = std::move(idle_.back());
      idle_.pop_back();
      return cursor;
    }
  }
  return store_.NewCursor(storage::Family::kPost);
}

void BlockSource::Return(std::unique_ptr<storage::Cursor> cursor) {
  absl::MutexLock lock(&mutex_);
  if (idle_.size() < kIdleMax) idle_.push_back(std::move(cursor));
}

std::shared_ptr<BlockSource> SharedBlocks::For(Sequence base, Instant now) {
  // What is replaced is closed and freed outside of the lock.
  std::shared_ptr<BlockSource> old_source;
  std::shared_ptr<BlockDirectory> old_directory;
  std::shared_ptr<RunDirectory> old_runs;
  absl::MutexLock lock(&mutex_);
  if (directory_ == nullptr || base_ != base) {
    const size_t runs_bytes = bytes_max_ / kRunsShare;
    old_directory =
        std::exchange(directory_, std::make_shared<BlockDirectory>(bytes_max_ - runs_bytes));
    old_runs = std::exchange(runs_, std::make_shared<RunDirectory>(runs_bytes));
    old_source = std::move(source_);
    base_ = base;
  }
  if (source_ == nullptr || now < made_ || now - made_ > kAgeMax) {
    if (source_ != nullptr) old_source = std::move(source_);
    source_ = std::make_shared<BlockSource>(store_, directory_, runs_);
    made_ = now;
  }
  return source_;
}

void SharedBlocks::Clear() {
  absl::MutexLock lock(&mutex_);
  source_.reset();
  directory_.reset();
  runs_.reset();
}

}  // namespace fasti::graph
