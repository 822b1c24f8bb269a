#include "engine/graph/block_directory.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/base/check.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

using codec::Order;
using codec::PostKey;

PostKey LastKey(Order order) {
  PostKey key;
  key.order = order;
  key.version = std::numeric_limits<uint64_t>::max();
  if (order == Order::kId) return key;
  if (order != Order::kRel) key.anchor = std::numeric_limits<uint64_t>::max();
  key.relation = std::numeric_limits<uint32_t>::max();
  key.duration_class = kClassCount - 1;
  key.from = kInstantMax;
  return key;
}

PostKey KeyAfter(PostKey key) {
  FASTI_DCHECK(key != LastKey(key.order));
  // Only borders that no row has reach beyond the first line (see BorderFor).
  if (++key.version != 0) return key;
  if (key.from != kInstantMax) {
    ++key.from;
    return key;
  }
  key.from = kInstantMin;
  if (++key.duration_class < kClassCount) return key;
  key.duration_class = 0;
  if (++key.relation != 0) return key;
  ++key.anchor;
  return key;
}

absl::StatusOr<std::shared_ptr<const StoredBlock>> StoredBlock::Open(const PostKey& key,
                                                                     absl::string_view bytes) {
  const auto block = std::make_shared<StoredBlock>(Private(), key, bytes);
  FASTI_ASSIGN_OR_RETURN(block->reader_, codec::BlockReader::Open(block->bytes_));
  return block;
}

const StoredBlock::Summary& StoredBlock::summary() const {
  absl::call_once(summarized_, [this] {
    for (size_t i = 0; i < reader().size(); ++i) {
      summary_.version = std::max(summary_.version, reader().version(i));
      summary_.known_from = std::max(summary_.known_from, reader().known_from(i));
      summary_.has_bare_ends |= !IsGranule(static_cast<Precision>(reader().flags(i) & 15)) &&
                                reader().from(i) != kInstantMax;
    }
  });
  return summary_;
}

std::shared_ptr<const StoredBlock> BlockDirectory::Find(const PostKey& key) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto it = entries_.lower_bound(key);
  if (it == entries_.end() || it->second->low > key) return nullptr;
  it->second->block->MarkUsed();
  return it->second->block;
}

std::shared_ptr<const StoredBlock> BlockDirectory::FindBefore(const PostKey& key) const {
  absl::ReaderMutexLock lock(&mutex_);
  auto it = entries_.lower_bound(key);
  if (it == entries_.end()) return nullptr;
  const PostKey& low = it->second->low;
  if (low > key || low.order != key.order) return nullptr;
  if (it->second->block->reader().key(key.order, 0) >= key) {
    // None of its rows lies before `key`, so the row is in the block before, if that is known.
    if (it == entries_.begin()) return nullptr;
    --it;
    if (it->first.order != key.order || low > KeyAfter(it->first)) return nullptr;
  }
  it->second->block->MarkUsed();
  return it->second->block;
}

std::vector<BlockDirectory::Stretch> BlockDirectory::Stretches() const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<Stretch> stretches;
  stretches.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) stretches.push_back({.low = entry->low, .key = key});
  return stretches;
}

void BlockDirectory::Insert(const PostKey& low, std::shared_ptr<const StoredBlock> block) {
  absl::MutexLock lock(&mutex_);
  std::unique_ptr<Entry>& entry = entries_[block->key()];
  if (entry == nullptr) {
    entry = std::make_unique<Entry>();
  } else if (entry->low <= low) {
    return;
  } else {
    // What the older block covers may have been another stretch; `low` is told of the new one.
    bytes_ -= entry->block->bytes();
  }
  bytes_ += block->bytes();
  entry->low = low;
  entry->block = std::move(block);
  while (bytes_ > bytes_max_ && !entries_.empty()) EvictOne();
}

void BlockDirectory::EvictOne() {
  auto it = entries_.lower_bound(hand_);
  for (int passed = 0; passed < kPassedOverMax; ++passed) {
    if (it == entries_.end()) it = entries_.begin();
    if (!it->second->block->ForgetUse()) break;
    ++it;
  }
  if (it == entries_.end()) it = entries_.begin();
  bytes_ -= it->second->block->bytes();
  hand_ = it->first;
  entries_.erase(it);
}

}  // namespace fasti::graph
