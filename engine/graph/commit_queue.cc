#include "engine/graph/commit_queue.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "engine/base/check.h"
#include "engine/base/spin.h"
#include "engine/codec/catalog_record.h"
#include "engine/codec/log_record.h"
#include "engine/graph/commit_batch.h"
#include "engine/graph/scan_prefix.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

// Overlay rows at which a fold is due: a twentieth of the blocks, within these bounds.  More would
// cost memory and time at recovery, less would rewrite blocks for a few rows each.
constexpr uint64_t kFoldRowsMin = 64 * 1024;
constexpr uint64_t kFoldRowsMax = 1'000'000;
constexpr uint64_t kFoldFraction = 20;
// Writers wait when the active overlay holds this many times the rows of a fold, but no more beyond
// those of one than the largest fold has, and the frozen one is still being folded.
constexpr uint64_t kOverfull = 4;
// Commits written at once, unless the first is larger alone.
constexpr size_t kGroupBytesMax = size_t{16} << 20;
// Who writes waits up to this part of the time of a write for those who were part of the write
// before: together they take one write where they would take two in turn.
constexpr int kPatience = 3;
// A shorter wait costs more than it can save; a longer one is what a disk that once stood still
// would cause.
constexpr absl::Duration kPatienceMin = absl::Microseconds(10);
constexpr absl::Duration kPatienceMax = absl::Milliseconds(1);
// Looks at the place by the next in line, in all some microseconds.
constexpr int kLooksMax = 300;

void AppendBatch(const storage::Batch& from, storage::Batch* to) {
  for (const storage::Batch::Operation& operation : from.operations()) {
    if (operation.is_delete) {
      to->Delete(operation.family, operation.key);
    } else {
      to->Put(operation.family, operation.key, operation.value);
    }
  }
}

}  // namespace

struct CommitQueue::Entry {
  CommitBatches commit;
  std::shared_ptr<const WriteSet> writes;
  std::shared_ptr<const LiteralWrites> literals;  // of `writes`; null if it has none
  std::shared_ptr<const Catalog> catalog;
  std::shared_ptr<const Merges> merges;
  Instant time = 0;
  // Told once: that it is done, or that it is to lead.  Each waits for its own, so that nobody is
  // woken for nothing.
  absl::Notification woken;
  bool done = false;
  absl::Status status;
};

void CommitQueue::Waits::End(absl::Duration duration) {
  const auto spent = static_cast<uint64_t>(absl::ToInt64Microseconds(duration));
  micros += spent;
  micros_max = std::max(micros_max, spent);
}

CommitQueue::CommitQueue(storage::Store& store, Dictionary& dictionary, Settings settings,
                         const Recovered& recovered)
    : store_(store),
      dictionary_(dictionary),
      settings_(std::move(settings)),
      since_(settings_.clock()),
      head_(recovered.head),
      sequence_(recovered.sequence),
      time_(recovered.head.time),
      catalog_(recovered.head.catalog),
      merges_(recovered.head.merges),
      base_(recovered.base),
      base_rows_(recovered.base_rows),
      active_(recovered.active) {}

Layers CommitQueue::LayersNow() const {
  Layers layers{.base = base_, .overlays = {active_}};
  if (frozen_ != nullptr) layers.overlays.push_back(frozen_);
  return layers;
}

CommitQueue::Pinned CommitQueue::Pin() {
  absl::MutexLock lock(&mutex_);
  // Never a moment at which a later commit will have been recorded: a snapshot must answer the
  // same when it is asked again as of its own now.
  Instant now = std::max(settings_.clock(), time_);
  if (!unpublished_times_.empty()) now = std::min(now, unpublished_times_.front() - 1);
  now_told_ = std::max(now_told_, now);
  return {.layers = LayersNow(),
          .sequence = sequence_,
          .now = now,
          .catalog = catalog_,
          .merges = merges_};
}

absl::Status CommitQueue::ReadOnly() const {
  return absl::FailedPreconditionError(
      absl::StrCat("the database is read-only until it is opened again, because writing failed: ",
                   broken_.message()));
}

Instant CommitQueue::NextTime() const {
  return std::max({settings_.clock(), head_.time + 1, now_told_ + 1});
}

uint64_t CommitQueue::FoldRows() const {
  if (settings_.fold_rows != 0) return settings_.fold_rows;
  return std::clamp(base_rows_ / kFoldFraction, kFoldRowsMin, kFoldRowsMax);
}

bool CommitQueue::MayBegin() const {
  return !broken_.ok() || !writer_busy_;
}

bool CommitQueue::FoldLetsBegin() const {
  if (!broken_.ok()) return true;
  if (freezing_) return false;
  return frozen_ == nullptr || !settings_.background_fold ||
         active_->size() < FoldRows() + std::min((kOverfull - 1) * FoldRows(), kFoldRowsMax);
}

// Mostly the place is held for less time than it takes to fall asleep and be woken, and when many
// were woken by one write, each would do so in its turn.
void CommitQueue::LookOutForPlace() {
  if (someone_looks_out_.exchange(true)) return;
  for (int i = 0; i < kLooksMax && writer_busy_.load(std::memory_order_relaxed); ++i) SpinPause();
  someone_looks_out_ = false;
}

absl::StatusOr<CommitQueue::Begun> CommitQueue::Begin() {
  LookOutForPlace();
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &CommitQueue::MayBegin));
  while (!FoldLetsBegin()) {
    const absl::Time start = absl::Now();
    fold_waits_.Begin();
    mutex_.Await(absl::Condition(this, &CommitQueue::FoldLetsBegin));
    fold_waits_.End(absl::Now() - start);
    mutex_.Await(absl::Condition(this, &CommitQueue::MayBegin));
  }
  if (!broken_.ok()) return ReadOnly();
  writer_busy_ = true;
  const Instant now = std::max(settings_.clock(), head_.time);
  now_told_ = std::max(now_told_, now);
  return Begun{.head = head_, .layers = LayersNow(), .now = now};
}

void CommitQueue::Abandon() {
  absl::MutexLock lock(&mutex_);
  FASTI_CHECK(writer_busy_);
  GiveUpPlace();
}

void CommitQueue::GiveUpPlace() {
  known_entities_.RemoveFrom(head_.next_entity);
  writer_busy_ = false;
}

absl::StatusOr<Sequence> CommitQueue::Commit(std::shared_ptr<const WriteSet> writes, Head after) {
  Entry entry;
  Sequence first = 0;
  std::shared_ptr<Overlay> active;
  {
    absl::MutexLock lock(&mutex_);
    FASTI_CHECK(writer_busy_);
    absl::Status ready = broken_.ok() ? absl::OkStatus() : ReadOnly();
    if (ready.ok() && writes->batch_id != 0) ready = LoadBatchIds();
    if (!ready.ok()) {
      GiveUpPlace();
      return ready;
    }
    first = head_.next_sequence;
    active = active_;
    after.time = NextTime();
    unpublished_times_.push_back(after.time);
  }
  // The place is still ours: nobody else appends to the overlay or moves the head.
  entry.commit = BuildCommit(*writes, first, settings_.batch_bytes_max, &after);
  entry.time = after.time;
  entry.catalog = after.catalog;
  entry.merges = after.merges;
  entry.writes = writes;
  if (!writes->literals.empty()) {
    entry.literals = std::shared_ptr<const LiteralWrites>(writes, &writes->literals);
    dictionary_.AddPending(entry.literals);
  }
  active->Append(*writes->rows);

  bool leads = false;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [key, value] : writes->records) pending_records_[key] = value;
    if (writes->batch_id != 0) {
      NoteBatch(writes->batch_id, entry.commit.sequence, &entry.commit.batches.back());
    }
    head_ = std::move(after);
    queue_.push_back(&entry);
    ++handed_over_;
    writer_busy_ = false;
    leads = !std::exchange(leading_, true);
  }
  if (!leads) entry.woken.WaitForNotification();
  if (!entry.done) Lead(entry);
  if (!entry.status.ok()) return entry.status;
  return entry.commit.sequence;
}

std::vector<CommitQueue::Entry*> CommitQueue::TakeGroup() {
  std::vector<Entry*> group;
  size_t bytes = 0;
  while (!queue_.empty()) {
    Entry* const entry = queue_.front();
    for (const storage::Batch& batch : entry->commit.batches) bytes += batch.bytes();
    // A commit of several batches is written alone.
    if (!group.empty() && (bytes > kGroupBytesMax || entry->commit.batches.size() > 1)) break;
    group.push_back(entry);
    queue_.pop_front();
    if (entry->commit.batches.size() > 1) break;
  }
  return group;
}

void CommitQueue::Lead(Entry& own) {
  std::vector<Entry*> group;
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    AwaitPeers();
    group = TakeGroup();
    status = broken_;
  }
  const absl::Time start = absl::Now();
  if (status.ok()) status = WriteGroup(group);
  const absl::Duration taken = absl::Now() - start;
  Entry* next = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    if (status.ok()) {
      writes_.Add(taken);
    } else {
      if (broken_.ok()) broken_ = status;
      // What waits behind a commit that failed rests on it.
      group.insert(group.end(), queue_.begin(), queue_.end());
      queue_.clear();
    }
    for (Entry* const entry : group) Finish(*entry, status);
    last_write_ = taken;
    peers_ = group.size() + queue_.size();
    leading_ = !queue_.empty();
    if (leading_) next = queue_.front();
  }
  // The disk is idle until the next one is awake.  An entry may be gone as soon as it is told.
  if (next != nullptr) next->woken.Notify();
  for (Entry* const entry : group) {
    if (entry != &own) entry->woken.Notify();
  }
}

void CommitQueue::AwaitPeers() {
  const absl::Duration patience = std::min(last_write_ / kPatience, kPatienceMax);
  if (patience < kPatienceMin) return;
  const auto all_here = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return queue_.size() >= peers_ || !broken_.ok();
  };
  mutex_.AwaitWithTimeout(absl::Condition(&all_here), patience);
}

absl::Status CommitQueue::WriteGroup(const std::vector<Entry*>& group) {
  if (group.size() == 1) {
    for (const storage::Batch& batch : group.front()->commit.batches) {
      FASTI_RETURN_IF_ERROR(store_.Write(batch, settings_.durability));
    }
    return absl::OkStatus();
  }
  storage::Batch all;
  for (const Entry* entry : group) AppendBatch(entry->commit.batches.front(), &all);
  return store_.Write(all, settings_.durability);
}

void CommitQueue::Finish(Entry& entry, const absl::Status& status) {
  entry.status = status;
  entry.done = true;
  ++finished_;
  unpublished_times_.pop_front();
  if (!status.ok()) return;
  ++commits_;
  sequence_ = entry.commit.sequence;
  time_ = entry.time;
  catalog_ = entry.catalog;
  merges_ = entry.merges;
  for (const auto& [key, value] : entry.writes->records) pending_records_.erase(key);
  if (entry.literals != nullptr) dictionary_.RemovePending(entry.literals);
}

absl::Status CommitQueue::Settle() {
  AwaitQuiet();
  absl::MutexLock lock(&mutex_);
  return broken_.ok() ? absl::OkStatus() : ReadOnly();
}

void CommitQueue::AwaitQuiet() {
  absl::MutexLock lock(&mutex_);
  const auto quiet = [this]()
                         ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return queue_.empty() && !leading_; };
  mutex_.Await(absl::Condition(&quiet));
}

RecordMap CommitQueue::PendingRecords(storage::Family family, absl::string_view prefix) const {
  RecordMap found;
  absl::MutexLock lock(&mutex_);
  for (auto it = pending_records_.lower_bound({family, std::string(prefix)});
       it != pending_records_.end() && it->first.first == family &&
       absl::StartsWith(it->first.second, prefix);
       ++it) {
    found.insert(*it);
  }
  return found;
}

absl::Status CommitQueue::LoadBatchIds() {
  if (batch_ids_loaded_) return absl::OkStatus();
  const std::string prefix = codec::BatchPrefix();
  FASTI_RETURN_IF_ERROR(ScanPrefix(
      store_, storage::Family::kDefault, prefix,
      [&](absl::string_view key, absl::string_view value)
          ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) -> absl::Status {
            FASTI_ASSIGN_OR_RETURN(const absl::uint128 batch_id, codec::DecodeBatchKey(key));
            FASTI_ASSIGN_OR_RETURN(const Sequence sequence, codec::DecodeSequenceKey(value));
            RememberBatch(batch_id, sequence);
            return absl::OkStatus();
          }));
  batch_ids_loaded_ = true;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Sequence>> CommitQueue::FindBatch(absl::uint128 batch_id) {
  absl::MutexLock lock(&mutex_);
  FASTI_RETURN_IF_ERROR(LoadBatchIds());
  const auto it = batch_ids_.find(batch_id);
  if (it == batch_ids_.end()) return std::nullopt;
  return it->second;
}

void CommitQueue::RememberBatch(absl::uint128 batch_id, Sequence sequence) {
  const auto [it, is_new] = batch_ids_.try_emplace(batch_id, sequence);
  if (!is_new) batch_order_.erase(std::exchange(it->second, sequence));
  batch_order_[sequence] = batch_id;
}

void CommitQueue::NoteBatch(absl::uint128 batch_id, Sequence sequence, storage::Batch* batch) {
  batch->Put(storage::Family::kDefault, codec::BatchKey(batch_id), codec::SequenceKey(sequence));
  RememberBatch(batch_id, sequence);
  while (batch_order_.size() > kBatchIdsMax) {
    const auto oldest = batch_order_.begin();
    batch->Delete(storage::Family::kDefault, codec::BatchKey(oldest->second));
    batch_ids_.erase(oldest->second);
    batch_order_.erase(oldest);
  }
}

absl::StatusOr<std::optional<CommitQueue::Frozen>> CommitQueue::Freeze() {
  absl::MutexLock lock(&mutex_);
  freezing_ = true;  // or writers, one behind the other, would never leave a gap
  mutex_.Await(absl::Condition(this, &CommitQueue::MayBegin));
  freezing_ = false;
  absl::StatusOr<std::optional<Frozen>> frozen = FreezeNow();
  // Writers go on meanwhile.
  const uint64_t behind = handed_over_;
  const auto durable = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return finished_ >= behind; };
  mutex_.Await(absl::Condition(&durable));
  if (!broken_.ok()) return ReadOnly();
  return frozen;
}

absl::StatusOr<std::optional<CommitQueue::Frozen>> CommitQueue::FreezeOwn() {
  AwaitQuiet();
  absl::MutexLock lock(&mutex_);
  FASTI_CHECK(writer_busy_);
  return FreezeNow();
}

absl::StatusOr<std::optional<CommitQueue::Frozen>> CommitQueue::FreezeNow() {
  if (!broken_.ok()) return ReadOnly();
  if (frozen_ == nullptr) {
    if (active_->empty() && head_.next_sequence == base_ + 1) return std::nullopt;
    frozen_ = std::exchange(active_, std::make_shared<Overlay>());
    frozen_head_ = head_;
    frozen_since_ = absl::Now();
  }
  return Frozen{.overlay = frozen_,
                .base = base_,
                .watermark = frozen_head_.next_sequence - 1,
                .base_rows = base_rows_,
                .head = frozen_head_};
}

void CommitQueue::Install(Sequence watermark, uint64_t base_rows) {
  absl::MutexLock lock(&mutex_);
  FASTI_CHECK(frozen_ != nullptr);
  base_ = watermark;
  base_rows_ = base_rows;
  frozen_ = nullptr;
  folds_.Add(absl::Now() - frozen_since_);
}

Instant CommitQueue::ReserveTime() {
  absl::MutexLock lock(&mutex_);
  FASTI_CHECK(writer_busy_ && queue_.empty() && !leading_ && unpublished_times_.empty());
  const Instant time = NextTime();
  unpublished_times_.push_back(time);
  return time;
}

void CommitQueue::ReleaseTime() {
  absl::MutexLock lock(&mutex_);
  unpublished_times_.pop_front();
}

void CommitQueue::InstallCommit(const Head& after, uint64_t base_rows, absl::uint128 batch_id) {
  absl::MutexLock lock(&mutex_);
  FASTI_CHECK(writer_busy_ && active_->empty() && frozen_ == nullptr);
  FASTI_CHECK(unpublished_times_.size() == 1 && unpublished_times_.front() == after.time);
  unpublished_times_.pop_front();
  head_ = after;
  sequence_ = base_ = after.next_sequence - 1;
  time_ = after.time;
  catalog_ = after.catalog;
  merges_ = after.merges;
  base_rows_ = base_rows;
  // Otherwise it is met when they are loaded.
  if (batch_id != 0 && batch_ids_loaded_) RememberBatch(batch_id, sequence_);
  writer_busy_ = false;
}

void CommitQueue::Break(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  if (broken_.ok()) broken_ = status;
}

bool CommitQueue::WaitForFold() {
  absl::MutexLock lock(&mutex_);
  const auto due = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stop_waiting_ || (broken_.ok() && active_->size() >= FoldRows());
  };
  mutex_.Await(absl::Condition(&due));
  return !stop_waiting_;
}

void CommitQueue::StopWaiting() {
  absl::MutexLock lock(&mutex_);
  stop_waiting_ = true;
}

CommitQueue::Figures CommitQueue::figures() const {
  absl::MutexLock lock(&mutex_);
  return {.since = since_,
          .until = settings_.clock(),
          .commits = commits_,
          .commits_waiting = handed_over_ - finished_,
          .writes = writes_,
          .fold_waits = fold_waits_,
          .folds = folds_,
          .sequence = sequence_,
          .base = base_,
          .base_rows = base_rows_,
          .overlay_rows = active_->size() + (frozen_ == nullptr ? 0 : frozen_->size()),
          .next_entity = head_.next_entity,
          .next_literal = head_.next_literal};
}

}  // namespace fasti::graph
