#include "engine/graph/run_directory.h"

namespace fasti::graph {

namespace {

using codec::Order;

// Of the room one timeline may take a quarter, at so many bytes for a block of the base.
constexpr size_t kShareMax = 4;
constexpr size_t kBlockBytes = 4096;

}  // namespace

RunDirectory::Known RunDirectory::Find(Order order, uint64_t anchor) {
  const Key key(order, anchor);
  {
    absl::ReaderMutexLock lock(&mutex_);
    if (const auto it = young_.find(key); it != young_.end()) return Lock(it->second);
    if (!old_.contains(key)) return {};
  }
  Entry entry;
  {
    absl::MutexLock lock(&mutex_);
    const auto it = old_.find(key);
    if (it == old_.end()) return {};
    entry = std::move(it->second);
    old_.erase(it);
  }
  Known known = Lock(entry);
  Put(key, std::move(entry));
  return known;
}

void RunDirectory::Insert(Order order, uint64_t anchor,
                          const std::shared_ptr<const StoredBlock>& block, RowRange rows) {
  Put(Key(order, anchor), {.timeline = nullptr, .block = block, .rows = rows});
}

bool RunDirectory::IsWorthTimeline(Order order, uint64_t anchor, size_t blocks) {
  if (blocks > bytes_max_ / kShareMax / kBlockBytes) return false;
  {
    absl::ReaderMutexLock lock(&mutex_);
    if (old_.empty() || young_.contains(Key(order, anchor))) return true;
  }
  Put(Key(order, anchor), {});
  return false;
}

void RunDirectory::Insert(Order order, uint64_t anchor, std::shared_ptr<const Timeline> timeline) {
  Put(Key(order, anchor), {.timeline = std::move(timeline), .block = {}, .rows = {}});
}

RunDirectory::Known RunDirectory::Lock(const Entry& entry) {
  Known known{entry.timeline, entry.block.lock(), entry.rows};
  if (known.block != nullptr) known.block->MarkUsed();
  return known;
}

size_t RunDirectory::BytesOf(const Entry& entry) {
  // A table is filled to seven eighths at most, and to half of that when it has grown.
  constexpr size_t kTableBytes = 3 * sizeof(Generation::value_type) / 2;
  return kTableBytes + (entry.timeline == nullptr ? 0 : entry.timeline->bytes());
}

void RunDirectory::Put(const Key& key, Entry entry) {
  const size_t bytes = BytesOf(entry);
  if (bytes > bytes_max_ / 2) return;
  Generation dropped;  // freed outside of the lock
  absl::MutexLock lock(&mutex_);
  if (young_bytes_ + bytes > bytes_max_ / 2) {
    dropped = std::exchange(old_, std::exchange(young_, {}));
    young_bytes_ = 0;
  }
  const auto [it, is_new] = young_.try_emplace(key);
  if (!is_new) young_bytes_ -= BytesOf(it->second);
  it->second = std::move(entry);
  young_bytes_ += bytes;
}

}  // namespace fasti::graph
