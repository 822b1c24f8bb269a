#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/call_once.h"
#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/codec/block.h"
#include "engine/codec/post_key.h"
#include "fasti/ids.h"
#include "fasti/period.h"

namespace fasti::graph {

// The key under which the last block of an order is kept: no row lies behind it, so every seek
// within an order lands on a block of that order, and a fold that appends rows fills the last
// block instead of leaving it as it is for ever.
codec::PostKey LastKey(codec::Order order);

// The least key greater than `key`.  REQUIRES: key is not the LastKey of its order.
codec::PostKey KeyAfter(codec::PostKey key);

// Rows of a block, `end` excluded.
struct RowRange {
  size_t begin;
  size_t end;
};

// A block with bytes of its own, checked once and then shared by all who read it.
class StoredBlock {
  struct Private {};

 public:
  // DATA_LOSS for bytes that do not check.
  static absl::StatusOr<std::shared_ptr<const StoredBlock>> Open(const codec::PostKey& key,
                                                                 absl::string_view bytes);
  StoredBlock(Private, const codec::PostKey& key, absl::string_view bytes)
      : key_(key), bytes_(bytes) {}
  StoredBlock(const StoredBlock&) = delete;
  StoredBlock& operator=(const StoredBlock&) = delete;

  // What it is kept under: its last row's, or a greater one.
  const codec::PostKey& key() const { return key_; }
  const codec::BlockReader& reader() const { return *reader_; }
  // Over all rows.
  Sequence greatest_version() const { return summary().version; }
  Instant greatest_known_from() const { return summary().known_from; }
  // Whether the column `from` of some row holds its end, since it has no start.
  bool has_bare_ends() const { return summary().has_bare_ends; }
  size_t bytes() const { return sizeof(*this) + bytes_.size(); }

  // Whether it was used since this was asked last: what a cache keeps.
  void MarkUsed() const {
    if (!used_.load(std::memory_order_relaxed)) used_.store(true, std::memory_order_relaxed);
  }
  bool ForgetUse() const { return used_.exchange(false, std::memory_order_relaxed); }

 private:
  struct Summary {
    Sequence version = 0;
    Instant known_from = kInstantMin;
    bool has_bare_ends = false;
  };

  const Summary& summary() const;

  // What every question touches lies together.
  mutable std::atomic<bool> used_{true};
  mutable absl::once_flag summarized_;  // what not every reader needs is found when one does
  mutable Summary summary_;
  std::optional<codec::BlockReader> reader_;
  const codec::PostKey key_;
  const std::string bytes_;
};

// The blocks that were read, and where in the order of keys each of them lies: to find a row among
// them costs a few comparisons in memory, where a seek in the store costs microseconds.
//
// An entry says that of all rows with a key in [low, key of the block] none lies outside of the
// block.  It was found by a seek for `low` that led to the block.  A directory serves one base
// (see Layers), but its blocks may come from before and after later folds: since folds only add
// keys and rows above the base, each entry stays true for the rows up to the base.  So a reader
// takes from a block no row below the key by which he found it, and then meets no row twice.
//
// All methods may be called from several threads at once.
class BlockDirectory {
 public:
  explicit BlockDirectory(size_t bytes_max) : bytes_max_(bytes_max) {}
  BlockDirectory(const BlockDirectory&) = delete;
  BlockDirectory& operator=(const BlockDirectory&) = delete;

  // The block that holds the rows from `key` on; null if it is not known.
  std::shared_ptr<const StoredBlock> Find(const codec::PostKey& key) const;
  // The block that holds the last row before `key`; null if it is not known.
  std::shared_ptr<const StoredBlock> FindBefore(const codec::PostKey& key) const;

  // What it knows: of all rows with a key in [low, key], none lies outside of one block.
  struct Stretch {
    codec::PostKey low;
    codec::PostKey key;  // of the block
  };
  std::vector<Stretch> Stretches() const;  // ascending

  // Tells that a seek for `low` leads to `block`.  Blocks that were not used for a while make room.
  void Insert(const codec::PostKey& low, std::shared_ptr<const StoredBlock> block);

 private:
  struct Entry {
    codec::PostKey low;
    std::shared_ptr<const StoredBlock> block;
  };
  // Once an entry is looked for to go, the first that is unused goes, or the last of so many: a
  // reader must not wait long for the lock.
  static constexpr int kPassedOverMax = 64;

  void EvictOne() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t bytes_max_;
  mutable absl::Mutex mutex_;
  absl::btree_map<codec::PostKey, std::unique_ptr<Entry>> entries_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  codec::PostKey hand_ ABSL_GUARDED_BY(mutex_);  // where the search for an unused entry goes on
};

}  // namespace fasti::graph
