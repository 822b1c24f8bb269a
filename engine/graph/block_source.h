#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/storage/store.h"
#include "fasti/ids.h"
#include "fasti/period.h"

namespace fasti::graph {

class BlockDirectory;
class RunDirectory;

// Where readers take blocks from: a directory of those that were read before, if there is one, and
// cursors of the store for the others.  Cursors are kept for the next reader, since making one
// costs as much as a short seek.
//
// Every cursor it hands out was made when the blocks held everything up to the base of the layers
// it is used with, or more, which is what makes the two together one state (see Layers).
class BlockSource {
 public:
  // `directory` may be null: then every block is read from the store.  `runs` may be null.
  BlockSource(const storage::Store& store, std::shared_ptr<BlockDirectory> directory,
              std::shared_ptr<RunDirectory> runs)
      : store_(store), directory_(std::move(directory)), runs_(std::move(runs)) {}

  BlockDirectory* directory() const { return directory_.get(); }
  RunDirectory* runs() const { return runs_.get(); }

  std::unique_ptr<storage::Cursor> Take();
  void Return(std::unique_ptr<storage::Cursor> cursor);

 private:
  static constexpr size_t kIdleMax = 8;

  const storage::Store& store_;
  const std::shared_ptr<BlockDirectory> directory_;
  const std::shared_ptr<RunDirectory> runs_;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<storage::Cursor>> idle_ ABSL_GUARDED_BY(mutex_);
};

// Lets snapshots and transactions share what they read.  What was made for one base serves every
// state with that base.
class SharedBlocks {
 public:
  // A directory of blocks and one of runs take up to `bytes_max`, and those of earlier bases as
  // much again as long as somebody reads them.
  SharedBlocks(const storage::Store& store, size_t bytes_max)
      : store_(store), bytes_max_(bytes_max) {}

  // REQUIRES: the blocks hold everything up to `base`.
  std::shared_ptr<BlockSource> For(Sequence base, Instant now);
  // Reads what readers have read of the present base once more for the next one, so that they do
  // not all find nothing when that becomes the present one.  REQUIRES: as For.
  void Prepare(Sequence base);
  // Lets go of everything; what is in use belongs to its readers.
  void Clear();

 private:
  std::shared_ptr<BlockDirectory> NewDirectory() const;

  // A cursor keeps the files it reads, also those that the store has merged into better ones.
  static constexpr Instant kAgeMax = 1'000'000;
  // The directory of runs takes a part in so many.
  static constexpr size_t kRunsShare = 4;

  const storage::Store& store_;
  const size_t bytes_max_;
  absl::Mutex mutex_;
  std::shared_ptr<BlockSource> source_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<BlockDirectory> directory_ ABSL_GUARDED_BY(mutex_);  // of base_
  std::shared_ptr<RunDirectory> runs_ ABSL_GUARDED_BY(mutex_);         // likewise
  Sequence base_ ABSL_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<BlockDirectory> next_directory_ ABSL_GUARDED_BY(mutex_);  // of next_base_
  Sequence next_base_ ABSL_GUARDED_BY(mutex_) = 0;
  Instant made_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace fasti::graph
