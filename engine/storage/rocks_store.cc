#include "engine/storage/rocks_store.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/storage/rocks_bulk_load.h"
#include "engine/storage/rocks_closed_state.h"
#include "engine/storage/rocks_files.h"
#include "engine/storage/rocks_live_logs.h"
#include "engine/storage/slice.h"
#include "fasti/status_macros.h"
#include "rocksdb/write_batch.h"

namespace fasti::storage {
namespace {

// Every record of the write-ahead log ends in this byte, so that a tail of zeros is never part of
// a commit; no flip of one bit makes it zero.
constexpr char kRecordEnd[] = {'\xA5'};

constexpr size_t kProtectionBytesPerKey = 8;

class RocksCursor : public Cursor {
 public:
  RocksCursor(std::unique_ptr<rocksdb::Iterator> iterator, Family family)
      : iterator_(std::move(iterator)), family_(family) {}

  void Seek(absl::string_view key) override { iterator_->Seek(ToSlice(key)); }
  void SeekForPrevious(absl::string_view key) override { iterator_->SeekForPrev(ToSlice(key)); }
  void Next() override { iterator_->Next(); }
  void Previous() override { iterator_->Prev(); }
  bool Valid() const override { return iterator_->Valid(); }
  absl::string_view key() const override { return FromSlice(iterator_->key()); }
  absl::string_view value() const override { return FromSlice(iterator_->value()); }
  absl::Status status() const override {
    return ToStatus(iterator_->status(), FamilyName(family_));
  }

 private:
  const std::unique_ptr<rocksdb::Iterator> iterator_;
  const Family family_;
};

absl::Status CheckLimits(const Batch& batch) {
  if (batch.bytes() > kBatchBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("batch: at most ", kBatchBytesMax, " bytes, found ", batch.bytes()));
  }
  for (const Batch::Operation& operation : batch.operations()) {
    if (operation.key.size() > kKeyBytesMax) {
      return absl::InvalidArgumentError(absl::StrCat(FamilyName(operation.family), " key: at most ",
                                                     kKeyBytesMax, " bytes, found ",
                                                     operation.key.size()));
    }
    if (operation.value.size() > kValueBytesMax && operation.family != Family::kLog) {
      return absl::InvalidArgumentError(absl::StrCat(FamilyName(operation.family),
                                                     " value: at most ", kValueBytesMax,
                                                     " bytes, found ", operation.value.size()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WriteFence::Check() const {
  if (!tripped_.load(std::memory_order_acquire)) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  return absl::Status(cause_.code(), absl::StrCat("no writes until the database is opened again: ",
                                                  cause_.message()));
}

absl::Status WriteFence::Trip(const absl::Status& cause) {
  {
    absl::MutexLock lock(&mutex_);
    if (cause_.ok()) {
      cause_ = cause;
      tripped_.store(true, std::memory_order_release);
      return cause;
    }
  }
  return Check();
}

void WriteFence::OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                                   rocksdb::Status* error) {
  Trip(ToStatus(*error, "in the background")).IgnoreError();  // whoever writes next is told
}

// Nobody writes before the database is opened again, so RocksDB need not wait for a full disk to
// have room; closing has been seen to wait for that without end.
void WriteFence::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/,
                                      rocksdb::Status /*error*/, bool* auto_recovery) {
  *auto_recovery = false;
}

void StallCounter::OnStallConditionsChanged(const rocksdb::WriteStallInfo& info) {
  if (info.condition.cur == info.condition.prev) return;
  if (info.condition.cur == rocksdb::WriteStallCondition::kDelayed) ++slowdowns_;
  if (info.condition.cur == rocksdb::WriteStallCondition::kStopped) ++stops_;
}

RocksStore::RocksStore(Role role, absl::string_view path) : role_(role), path_(path) {}

RocksStore::~RocksStore() {
  Close().IgnoreError();  // whoever wants to hear of errors calls Close
}

absl::StatusOr<std::string> RocksStore::Get(Family family, absl::string_view key) const {
  std::string value;
  const rocksdb::Status status = db_->Get(ReadingOptions(), HandleOf(family), ToSlice(key), &value);
  if (!status.ok()) return ToStatus(status, FamilyName(family));
  return value;
}

std::vector<absl::StatusOr<std::string>> RocksStore::MultiGet(
    Family family, absl::Span<const std::string> keys) const {
  // RocksDB's own MultiGet answers wrongly for equal keys after an error, so each is asked once.
  std::vector<size_t> order(keys.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return keys[a] < keys[b]; });
  std::vector<rocksdb::Slice> distinct;
  std::vector<size_t> place(keys.size());
  for (size_t i : order) {
    if (distinct.empty() || FromSlice(distinct.back()) != absl::string_view(keys[i])) {
      distinct.push_back(ToSlice(keys[i]));
    }
    place[i] = distinct.size() - 1;
  }
  std::vector<rocksdb::PinnableSlice> values(distinct.size());
  std::vector<rocksdb::Status> statuses(distinct.size());
  db_->MultiGet(ReadingOptions(), HandleOf(family), distinct.size(), distinct.data(), values.data(),
                statuses.data(), /*sorted_input=*/true);
  std::vector<absl::StatusOr<std::string>> results;
  results.reserve(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const rocksdb::Status& status = statuses[place[i]];
    if (status.ok()) {
      results.emplace_back(values[place[i]].ToString());
    } else {
      results.emplace_back(ToStatus(status, FamilyName(family)));
    }
  }
  return results;
}

std::unique_ptr<Cursor> RocksStore::NewCursor(Family family) const {
  return std::make_unique<RocksCursor>(
      std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(ReadingOptions(), HandleOf(family))),
      family);
}

absl::Status RocksStore::CheckWritable() const {
  if (role_ == Role::kReader || role_ == Role::kFrozen) {
    return absl::FailedPreconditionError(absl::StrCat(path_, ": opened read-only"));
  }
  return fence_->Check();
}

absl::Status RocksStore::Write(const Batch& batch, Durability durability) {
  FASTI_RETURN_IF_ERROR(CheckWritable());
  FASTI_RETURN_IF_ERROR(CheckLimits(batch));
  rocksdb::WriteBatch writes(/*reserved_bytes=*/0, /*max_bytes=*/0, kProtectionBytesPerKey,
                             /*default_cf_ts_sz=*/0);
  for (const Batch::Operation& operation : batch.operations()) {
    rocksdb::ColumnFamilyHandle* const family = HandleOf(operation.family);
    const rocksdb::Status status = operation.is_delete
                                       ? writes.Delete(family, operation.key)
                                       : writes.Put(family, operation.key, operation.value);
    FASTI_RETURN_IF_ERROR(ToStatus(status, FamilyName(operation.family)));
  }
  FASTI_RETURN_IF_ERROR(
      ToStatus(writes.PutLogData(rocksdb::Slice(kRecordEnd, sizeof(kRecordEnd))), "batch"));
  rocksdb::WriteOptions options;
  options.disableWAL = role_ == Role::kMemory;  // there is nothing to recover into
  options.sync = durability == Durability::kSync && !options.disableWAL;
  const uint64_t buffered_before = buffered_writes_;
  const absl::Status status = ToStatus(db_->Write(options, &writes), path_);
  if (!status.ok()) return fence_->Trip(status);
  if (durability == Durability::kSync) {
    synced_writes_ = buffered_before;
  } else {
    ++buffered_writes_;
  }
  return status;
}

// An installation becomes durable by itself, even ahead of commits that were not synced.  This
// makes them durable first: the log is written in order, so a synced record takes all before it
// along.  The record deletes a key that no commit uses, since an empty one would not be written.
absl::Status RocksStore::MakeDurable() {
  if (synced_writes_ == buffered_writes_) return absl::OkStatus();
  Batch marker;
  marker.Delete(Family::kLog, "durable");
  return Write(marker, Durability::kSync);
}

absl::Status RocksStore::RunInstallation(const RocksInstallation::Step& install) {
  FASTI_RETURN_IF_ERROR(CheckWritable());
  FASTI_RETURN_IF_ERROR(MakeDurable());
  env_->files().HoldDeletions();
  absl::Status status = install();
  if (!status.ok() && !absl::IsInvalidArgument(status)) {
    return fence_->Trip(status);  // and whether the load took place is known only to the next open
  }
  status.Update(ToStatus(env_->files().ReleaseDeletions(), path_));
  return status;
}

absl::StatusOr<std::unique_ptr<Installation>> RocksStore::NewInstallation() {
  FASTI_RETURN_IF_ERROR(CheckWritable());
  return std::make_unique<RocksInstallation>(
      *db_, handles_, *bulk_folder_,
      [this](const RocksInstallation::Step& install) { return RunInstallation(install); });
}

absl::StatusOr<std::unique_ptr<ScratchFile>> RocksStore::NewScratchFile() {
  FASTI_RETURN_IF_ERROR(CheckWritable());
  return NewRocksScratchFile(*bulk_folder_);
}

absl::Status RocksStore::Flush(absl::Span<const Family> families) {
  FASTI_RETURN_IF_ERROR(CheckWritable());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  for (Family family : families) handles.push_back(HandleOf(family));
  if (handles.empty()) return absl::OkStatus();
  const absl::Status status = ToStatus(db_->Flush(rocksdb::FlushOptions(), handles), path_);
  return status.ok() ? status : fence_->Trip(status);
}

absl::Status RocksStore::CatchUp() {
  if (role_ != Role::kReader) {
    return absl::FailedPreconditionError(absl::StrCat(path_, ": only a reader catches up"));
  }
  FASTI_RETURN_IF_ERROR(ToStatus(db_->TryCatchUpWithPrimary(), path_));
  FASTI_ASSIGN_OR_RETURN(std::string end, ManifestEnd(db_->GetEnv(), path_));
  if (end == manifest_end_) return absl::OkStatus();  // as after most commits
  FASTI_RETURN_IF_ERROR(CheckReadsAll(*db_, path_));
  manifest_end_ = std::move(end);
  return absl::OkStatus();
}

uint64_t RocksStore::ApproximateBytes(Family family) const {
  uint64_t files = 0, memory = 0;
  db_->GetIntProperty(HandleOf(family), rocksdb::DB::Properties::kLiveSstFilesSize, &files);
  db_->GetIntProperty(HandleOf(family), rocksdb::DB::Properties::kCurSizeAllMemTables, &memory);
  return files + memory;
}

uint64_t RocksStore::ApproximateBytesBetween(Family family, absl::string_view begin,
                                             absl::string_view end) const {
  FASTI_DCHECK(begin <= end);
  rocksdb::SizeApproximationOptions options;
  options.include_files = true;
  options.include_memtables = false;
  const rocksdb::Range range(ToSlice(begin), ToSlice(end));
  uint64_t bytes = 0;
  const rocksdb::Status status =
      db_->GetApproximateSizes(options, HandleOf(family), &range, 1, &bytes);
  return status.ok() ? bytes : 0;
}

absl::StatusOr<std::vector<std::string>> RocksStore::Verify() const {
  return VerifyFiles(*db_, path_);
}

absl::Status RocksStore::Close() {
  if (db_ == nullptr) return absl::OkStatus();
  rocksdb::Env* const env = db_->GetEnv();
  absl::Status status;
  // An open that failed half way has not all families, and nothing to be kept.
  const bool is_kept =
      role_ == Role::kWriter && handles_.size() == kFamilyCount && fence_->Check().ok();
  if (is_kept) {
    // So that the next open finds nothing to replay.
    status = ToStatus(db_->Flush(rocksdb::FlushOptions(), handles_), path_);
  }
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    status.Update(ToStatus(db_->DestroyColumnFamilyHandle(handle), path_));
  }
  handles_.clear();
  status.Update(ToStatus(db_->Close(), path_));
  db_.reset();
  // What follows a failure says less than the failure.
  if (role_ == Role::kWriter && !fence_->Check().ok()) status = fence_->Check();
  if (is_kept && status.ok()) status = RemoveLiveLogs(env, path_);
  if (is_kept && status.ok()) status = RemoveEmptyLogs(env, path_);
  if (is_kept && status.ok()) status = WriteClosedState(env, path_);
  lock_.reset();
  temporary_.reset();
  return status;
}

}  // namespace fasti::storage
