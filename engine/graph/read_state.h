#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/graph/block_cursor.h"
#include "engine/graph/catalog.h"
#include "engine/graph/dictionary.h"
#include "engine/graph/overlay.h"
#include "engine/graph/write_set.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// Cursors over the blocks, kept for the next question: making one costs as much as a short seek.
// Every cursor it hands out was made when the blocks held everything up to the base of the layers
// it is used with, or more, which is what makes the two together one state (see Layers).
class BlockCursorPool {
 public:
  explicit BlockCursorPool(const storage::Store& store) : store_(store) {}

  // Hands a cursor out for the life of the lease.
  class Lease {
   public:
    Lease(BlockCursorPool& pool, std::unique_ptr<BlockCursor> cursor)
        : pool_(pool), cursor_(std::move(cursor)) {}
    ~Lease() { pool_.Return(std::move(cursor_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    BlockCursor& operator*() const { return *cursor_; }

   private:
    BlockCursorPool& pool_;
    std::unique_ptr<BlockCursor> cursor_;
  };
  Lease Take();
  // Lets go of the cursors that are not in use.
  void Clear();

 private:
  static constexpr size_t kIdleMax = 8;
  void Return(std::unique_ptr<BlockCursor> cursor);

  const storage::Store& store_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<BlockCursor>> idle_ ABSL_GUARDED_BY(mutex_);
};

// Lets snapshots share cursors, as programs take one for every question.  What was made for one
// base serves every state with that base.
class SharedBlockCursors {
 public:
  explicit SharedBlockCursors(const storage::Store& store) : store_(store) {}

  // REQUIRES: the blocks hold everything up to `base`.
  std::shared_ptr<BlockCursorPool> For(Sequence base, Instant now);
  // Lets go of the cursors; those in use belong to their snapshots.
  void Clear();

 private:
  // A cursor keeps the files it reads, also those that the store has merged into better ones.
  static constexpr Instant kAgeMax = 1'000'000;

  const storage::Store& store_;
  absl::Mutex mutex_;
  std::shared_ptr<BlockCursorPool> pool_ ABSL_GUARDED_BY(mutex_);
  Sequence base_ ABSL_GUARDED_BY(mutex_) = 0;
  Instant made_ ABSL_GUARDED_BY(mutex_) = 0;
};

// What a question is asked of: one state of the database.  A snapshot's never changes; that of a
// transaction follows its writes.
struct ReadState {
  const storage::Store& store;
  const Dictionary& dictionary;
  Layers layers;
  Sequence sequence = 0;
  Instant now = 0;
  std::shared_ptr<const Catalog> catalog;
  // What the asking transaction wrote and others cannot see; null in a snapshot.
  const WriteSet* own = nullptr;
  Sequence own_first = 0;  // the first sequence of the asking transaction
  // Set with `own`: the records of commits before it that are not yet in the store, and a wait
  // until they are.
  std::function<RecordMap(storage::Family, absl::string_view prefix)> pending_records;
  std::function<absl::Status()> settle;
  // Shared by all who read the store, which must not be closed while anybody does.
  std::shared_ptr<const void> use;
  // Shared with other snapshots, or its own.
  std::shared_ptr<BlockCursorPool> blocks = std::make_shared<BlockCursorPool>(store);

  const LiteralWrites* own_literals() const { return own == nullptr ? nullptr : &own->literals; }
};

}  // namespace fasti::graph
