#include "engine/graph/block_source.h"

#include <utility>

#include "absl/status/status.h"
#include "engine/graph/block_cursor.h"
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
  if (directory_ != nullptr && base < base_) {
    // Somebody who pinned his state before a fold ended: what is kept is kept for the others.
    return std::make_shared<BlockSource>(store_, nullptr, nullptr);
  }
  if (directory_ == nullptr || base_ != base) {
    const bool is_prepared = next_directory_ != nullptr && next_base_ == base;
    old_directory =
        std::exchange(directory_, is_prepared ? std::move(next_directory_) : NewDirectory());
    old_runs = std::exchange(runs_, std::make_shared<RunDirectory>(bytes_max_ / kRunsShare));
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

std::shared_ptr<BlockDirectory> SharedBlocks::NewDirectory() const {
  return std::make_shared<BlockDirectory>(bytes_max_ - bytes_max_ / kRunsShare);
}

void SharedBlocks::Prepare(Sequence base) {
  std::shared_ptr<BlockDirectory> known;
  {
    absl::MutexLock lock(&mutex_);
    known = directory_;
  }
  if (known == nullptr) return;
  std::shared_ptr<BlockDirectory> next = NewDirectory();
  BlockCursor blocks(std::make_shared<BlockSource>(store_, next, nullptr));
  for (const BlockDirectory::Stretch& stretch : known->Stretches()) {
    // What cannot be read here, whoever needs it will not be able to read either, and tell.
    absl::Status status = blocks.SeekBlock(stretch.low);
    while (status.ok() && blocks.valid() && blocks.block_key() < stretch.key) {
      status = blocks.SeekBlock(KeyAfter(blocks.block_key()));
    }
    if (!status.ok()) return;
  }
  absl::MutexLock lock(&mutex_);
  next_directory_ = std::move(next);
  next_base_ = base;
}

void SharedBlocks::Clear() {
  absl::MutexLock lock(&mutex_);
  next_directory_.reset();
  source_.reset();
  directory_.reset();
  runs_.reset();
}

}  // namespace fasti::graph
