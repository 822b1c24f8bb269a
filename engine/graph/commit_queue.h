#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine/graph/catalog.h"
#include "engine/graph/dictionary.h"
#include "engine/graph/known_entities.h"
#include "engine/graph/overlay.h"
#include "engine/graph/write_set.h"
#include "engine/storage/store.h"
#include "fasti/ids.h"
#include "fasti/period.h"

namespace fasti::graph {

class Merges;

// Where the log ends: what the next commit counts on from.
struct Head {
  Sequence next_sequence = 1;
  uint64_t next_entity = 1;
  uint64_t next_literal = 1;
  Instant time = kInstantMin;  // of the last commit
  std::shared_ptr<const Catalog> catalog = std::make_shared<Catalog>();
  std::shared_ptr<const Merges> merges;  // null: none
};

// What opening a store found in it.
struct Recovered {
  Head head;
  Sequence sequence = 0;  // the last complete commit
  Sequence base = 0;      // the blocks hold everything up to here
  uint64_t base_rows = 0;
  std::shared_ptr<Overlay> active = std::make_shared<Overlay>();  // everything after it
};

// The one way by which anything is written, and the place where the present state is kept.
//
// One transaction at a time holds the writer's place, from Begin until Commit.  Commit appends its
// rows to the overlay, gives the place up and waits for the disk; so the next transaction already
// works on top of it while it waits, and one synced write carries every commit that waits by then
// (group commit).  A commit becomes visible to snapshots only once it is durable.  If writing
// fails, everything that waits fails with it, and nothing more is ever written: what readers see
// stays the last durable commit.
//
// All methods may be called from several threads at once.
class CommitQueue {
 public:
  struct Settings {
    storage::Durability durability = storage::Durability::kSync;
    std::function<Instant()> clock;  // wall clock, microseconds since 1970
    uint64_t fold_rows = 0;          // Options::fold_rows
    bool background_fold = true;     // somebody calls Freeze when WaitForFold says so
    // Below the limit of the store (64 MiB), with room for one more record of any kind.
    size_t batch_bytes_max = size_t{63} << 20;
  };
  // What is passed by reference must outlive the queue.
  CommitQueue(storage::Store& store, Dictionary& dictionary, Settings settings,
              const Recovered& recovered);

  // The state after the last durable commit.
  struct Pinned {
    Layers layers;
    Sequence sequence = 0;
    Instant now = 0;
    std::shared_ptr<const Catalog> catalog;
    std::shared_ptr<const Merges> merges;
  };
  Pinned Pin();

  // Takes the writer's place.  FAILED_PRECONDITION if writing has failed before.
  struct Begun {
    Head head;
    Layers layers;
    Instant now = 0;
  };
  absl::StatusOr<Begun> Begin();
  // Gives the place up; the transaction leaves no trace.  REQUIRES: the caller holds it.
  void Abandon();
  // Hands the writes over, gives the place up, returns when they are durable.  `after` is the head
  // that the transaction leaves; its time is set here.  REQUIRES: the caller holds the place.
  absl::StatusOr<Sequence> Commit(std::shared_ptr<const WriteSet> writes, Head after);

  // For the holder of the place.  What he adds and does not commit is forgotten with Abandon.
  KnownEntities& known_entities() { return known_entities_; }

  // Waits until everything that was handed over is durable.  FAILED_PRECONDITION if it never
  // will be.
  absl::Status Settle();
  // Waits until nothing that was handed over is being written, whether or not that succeeded.
  void AwaitQuiet();

  // Records handed over and not yet durable whose key begins with `prefix`.
  RecordMap PendingRecords(storage::Family family, absl::string_view prefix) const;

  // The commit that carried a batch id, among the last kBatchIdsMax; for the holder of the place.
  // Those of reports have 64 bits, those of loads more.
  static constexpr size_t kBatchIdsMax = 10'000;
  absl::StatusOr<std::optional<Sequence>> FindBatch(absl::uint128 batch_id);

  // Folding.  Freeze puts an empty overlay in the place of the active one, which from then on does
  // not change, and returns when its rows are durable; null if there was nothing.  A frozen overlay
  // that no Install followed is given out again.
  struct Frozen {
    std::shared_ptr<const Overlay> overlay;
    Sequence base = 0;       // what the blocks held before
    Sequence watermark = 0;  // what they will hold with it
    uint64_t base_rows = 0;
    Head head;
  };
  absl::StatusOr<std::optional<Frozen>> Freeze();
  // As Freeze, for the holder of the place, behind whom everything is committed.
  absl::StatusOr<std::optional<Frozen>> FreezeOwn();
  void Install(Sequence watermark, uint64_t base_rows);

  // A commit that goes straight into blocks.  REQUIRES: the caller holds the place, which he took
  // on blocks alone (Folder::BeginOnBlocks).
  // The time it will have; snapshots end before it until it is installed or released.
  Instant ReserveTime();
  void ReleaseTime();
  // Publishes the commit that ends before `after`, whose time was reserved and which carried
  // `batch_id` (0: none), and gives the place up.
  void InstallCommit(const Head& after, uint64_t base_rows, absl::uint128 batch_id);

  // Stops all writing; `status` is told to everybody who tries.
  void Break(const absl::Status& status);
  // Blocks until a fold is due (true) or StopWaiting was called (false).
  bool WaitForFold();
  void StopWaiting();

  // How often something took time, how much of it, and the most at once; microseconds.  What has
  // begun counts, its time only when it ends.
  struct Waits {
    uint64_t count = 0;
    uint64_t micros = 0;
    uint64_t micros_max = 0;

    void Begin() { ++count; }
    void End(absl::Duration duration);
    void Add(absl::Duration duration) {
      Begin();
      End(duration);
    }
  };
  struct Figures {
    Instant since = 0, until = 0;  // opened, asked
    uint64_t commits = 0;          // that are durable
    uint64_t commits_waiting = 0;  // for the disk
    Waits writes;                  // to the store: each carries all commits that waited for it
    Waits fold_waits;              // of transactions that could not begin because of a fold
    Waits folds;                   // each from its freezing to its installation
    Sequence sequence = 0;
    Sequence base = 0;
    uint64_t base_rows = 0;
    uint64_t overlay_rows = 0;
    uint64_t next_entity = 0;
    uint64_t next_literal = 0;
  };
  Figures figures() const;

 private:
  struct Entry;

  Layers LayersNow() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  uint64_t FoldRows() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Watches the place for some microseconds, unless somebody else does.
  void LookOutForPlace();
  // Without a commit: what the holder brought is forgotten.
  void GiveUpPlace() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool MayBegin() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  Instant NextTime() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::optional<Frozen>> FreezeNow() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ReadOnly() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::Status LoadBatchIds() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Of a commit that is about to be handed over: into `batch` go its record, and the deletion of
  // the oldest ones.
  void NoteBatch(absl::uint128 batch_id, Sequence sequence, storage::Batch* batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RememberBatch(absl::uint128 batch_id, Sequence sequence)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool FoldLetsBegin() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Writes the first of the waiting commits, as many as fit into one batch, publishes them, and
  // leaves the lead to the first of those that came meanwhile.  REQUIRES: the caller, with the
  // first of them, has the lead.
  void Lead(Entry& own);
  // Waits a little for as many commits as there were writers when the last write ended.
  void AwaitPeers() ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::vector<Entry*> TakeGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status WriteGroup(const std::vector<Entry*>& group);
  void Finish(Entry& entry, const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  storage::Store& store_;
  Dictionary& dictionary_;
  const Settings settings_;
  const Instant since_;
  KnownEntities known_entities_;

  mutable absl::Mutex mutex_;
  absl::Status broken_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> writer_busy_ = false;  // written under the lock
  std::atomic<bool> someone_looks_out_ = false;
  bool freezing_ ABSL_GUARDED_BY(mutex_) = false;
  Head head_ ABSL_GUARDED_BY(mutex_);                 // behind every commit that was handed over
  std::deque<Entry*> queue_ ABSL_GUARDED_BY(mutex_);  // entries live in Commit's frame
  bool leading_ ABSL_GUARDED_BY(mutex_) = false;      // one of them has the lead
  // Of the last write: how long it took, and how many wrote by its end or waited to.
  absl::Duration last_write_ ABSL_GUARDED_BY(mutex_) = absl::ZeroDuration();
  size_t peers_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t handed_over_ ABSL_GUARDED_BY(mutex_) = 0;  // commits
  uint64_t finished_ ABSL_GUARDED_BY(mutex_) = 0;     // those of them whose fate is known
  std::deque<Instant> unpublished_times_ ABSL_GUARDED_BY(mutex_);
  RecordMap pending_records_ ABSL_GUARDED_BY(mutex_);

  // The last durable commit, its time, its names, and what was merged by then.
  Sequence sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  Instant time_ ABSL_GUARDED_BY(mutex_) = kInstantMin;
  std::shared_ptr<const Catalog> catalog_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const Merges> merges_ ABSL_GUARDED_BY(mutex_);
  Instant now_told_ ABSL_GUARDED_BY(mutex_) = kInstantMin;

  Sequence base_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t base_rows_ ABSL_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<Overlay> active_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const Overlay> frozen_ ABSL_GUARDED_BY(mutex_);  // null: none
  Head frozen_head_ ABSL_GUARDED_BY(mutex_);
  absl::Time frozen_since_ ABSL_GUARDED_BY(mutex_);
  bool stop_waiting_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t commits_ ABSL_GUARDED_BY(mutex_) = 0;
  Waits writes_ ABSL_GUARDED_BY(mutex_);
  Waits fold_waits_ ABSL_GUARDED_BY(mutex_);
  Waits folds_ ABSL_GUARDED_BY(mutex_);

  bool batch_ids_loaded_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<Sequence, absl::uint128> batch_order_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<absl::uint128, Sequence> batch_ids_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fasti::graph
