#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "engine/codec/post_key.h"
#include "engine/graph/block_directory.h"
#include "engine/graph/timeline.h"

namespace fasti::graph {

// Where all facts of an entity in OUT or IN are, the reserved relations left out, as far as
// readers found that out.  A BlockDirectory finds a key; this finds what lies between two, in one
// step, and for busy entities, which have facts in several blocks, by time.
//
// Like a BlockDirectory it serves one base and knows of the rows up to it.  What was not asked for
// longest makes room.  All methods may be called from several threads at once.
class RunDirectory {
 public:
  explicit RunDirectory(size_t bytes_max) : bytes_max_(bytes_max) {}
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  struct Known {
    std::shared_ptr<const Timeline> timeline;  // of a busy entity, if one was made
    std::shared_ptr<const StoredBlock> block;  // else the one with all of its rows, if known
    RowRange rows{0, 0};                       // which these are
  };
  Known Find(codec::Order order, uint64_t anchor);

  // Tells that all rows are in one block.  It is remembered as long as others remember the block.
  void Insert(codec::Order order, uint64_t anchor, const std::shared_ptr<const StoredBlock>& block,
              RowRange rows);
  // Tells that they are in so many blocks.  True if a timeline is worth making, which costs about
  // as much as two questions: at once as long as there is room, else the second time, so that
  // entities asked about once do not displace the others.
  bool IsWorthTimeline(codec::Order order, uint64_t anchor, size_t blocks);
  void Insert(codec::Order order, uint64_t anchor, std::shared_ptr<const Timeline> timeline);

 private:
  using Key = std::pair<codec::Order, uint64_t>;
  struct Entry {
    // Without either the entity is a busy one that was asked about once.
    std::shared_ptr<const Timeline> timeline;
    std::weak_ptr<const StoredBlock> block;
    RowRange rows{0, 0};
  };
  using Generation = absl::flat_hash_map<Key, Entry>;

  static Known Lock(const Entry& entry);
  static size_t BytesOf(const Entry& entry);
  void Put(const Key& key, Entry entry);

  const size_t bytes_max_;
  absl::Mutex mutex_;
  // What was used since `young_` was begun, and what was used before and not since.
  Generation young_ ABSL_GUARDED_BY(mutex_);
  Generation old_ ABSL_GUARDED_BY(mutex_);
  size_t young_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace fasti::graph
