#pragma once

#include <memory>
#include <vector>

#include "engine/graph/commit_queue.h"
#include "engine/graph/dictionary.h"
#include "engine/graph/fold.h"
#include "engine/graph/recovery.h"
#include "engine/graph/snapshot_impl.h"
#include "engine/graph/transaction_impl.h"
#include "gtest/gtest.h"
#include "tests/graph/probe_store.h"

namespace fasti::graph {

// The parts of a database over a store that outlives them, as engine/database.cc joins them, for
// tests that look at the parts.
class SmallGraph {
 public:
  // With `fold_rows`, as if somebody folded in the background.
  explicit SmallGraph(ProbeStore& store, size_t batch_bytes_max = size_t{63} << 20,
                      uint64_t fold_rows = 0, size_t directory_bytes = 0)
      : store_(store),
        dictionary_(store),
        queue_(store, dictionary_,
               {.durability = storage::Durability::kSync,
                .clock = [this] { return clock_ += 10; },
                .fold_rows = fold_rows,
                .background_fold = fold_rows != 0,
                .batch_bytes_max = batch_bytes_max},
               RecoverOrDie(store)),
        blocks_(store, directory_bytes),
        folder_(store, queue_, blocks_) {}

  // The clock goes on by 10 with each look at it.
  void SetClock(Instant clock) { clock_ = clock; }

  CommitQueue& queue() { return queue_; }
  Folder& folder() { return folder_; }
  SharedBlocks& blocks() { return blocks_; }

  std::unique_ptr<TransactionImpl> Begin() {
    auto transaction = TransactionImpl::Begin(store_, dictionary_, queue_, blocks_, nullptr);
    EXPECT_TRUE(transaction.ok()) << transaction.status();
    return transaction.ok() ? *std::move(transaction) : nullptr;
  }
  std::unique_ptr<SnapshotImpl> GetSnapshot() {
    const CommitQueue::Pinned pinned = queue_.Pin();
    return std::make_unique<SnapshotImpl>(std::shared_ptr<const ReadState>(
        new ReadState{.store = store_,
                      .dictionary = dictionary_,
                      .layers = pinned.layers,
                      .sequence = pinned.sequence,
                      .now = pinned.now,
                      .catalog = pinned.catalog,
                      .blocks = blocks_.For(pinned.layers.base, pinned.now)}));
  }

  static std::vector<Fact> Facts(const Snapshot& snapshot, const Pattern& pattern) {
    std::vector<Fact> facts;
    auto cursor = snapshot.Scan(pattern);
    EXPECT_TRUE(cursor.ok()) << cursor.status();
    std::vector<Fact> some(256);
    while (true) {
      const absl::StatusOr<size_t> n = (*cursor)->Next(absl::MakeSpan(some));
      EXPECT_TRUE(n.ok()) << n.status();
      if (!n.ok() || *n == 0) return facts;
      facts.insert(facts.end(), some.begin(), some.begin() + static_cast<ptrdiff_t>(*n));
    }
  }

 private:
  static Recovered RecoverOrDie(const storage::Store& store) {
    absl::StatusOr<Recovered> recovered = Recover(store);
    EXPECT_TRUE(recovered.ok()) << recovered.status();
    return *std::move(recovered);
  }

  ProbeStore& store_;
  Instant clock_ = 1'000'000;
  Dictionary dictionary_;
  CommitQueue queue_;
  SharedBlocks blocks_;
  Folder folder_;
};

}  // namespace fasti::graph
