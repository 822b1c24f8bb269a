#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/storage/directory.h"
#include "engine/storage/rocks_bulk_load.h"
#include "engine/storage/rocks_env.h"
#include "engine/storage/rocks_options.h"
#include "engine/storage/store.h"
#include "rocksdb/db.h"
#include "rocksdb/listener.h"

namespace fasti::storage {

// Remembers the first failure of a write, be it ours or one in the background, and from then on
// lets no write through.  What a device holds after a failed write is known only by reading it
// again, so nothing may be built on it before the next open.
class WriteFence : public rocksdb::EventListener {
 public:
  absl::Status Check() const;
  // Returns the first failure, which says more than what follows from it: `cause` or an earlier
  // one.
  absl::Status Trip(const absl::Status& cause);
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status error,
                            bool* auto_recovery) override;

 private:
  std::atomic<bool> tripped_ = false;  // lets Check pass without the lock
  mutable absl::Mutex mutex_;
  absl::Status cause_ ABSL_GUARDED_BY(mutex_);
};

class StallCounter : public rocksdb::EventListener {
 public:
  WriteStalls stalls() const { return {.slowdowns = slowdowns_, .stops = stops_}; }
  void OnStallConditionsChanged(const rocksdb::WriteStallInfo& info) override;

 private:
  std::atomic<uint64_t> slowdowns_ = 0;
  std::atomic<uint64_t> stops_ = 0;
};

// A Store on RocksDB: in a directory as its writer, in a directory as a reader that follows the
// writer or that has it to himself, or in memory.
class RocksStore : public Store {
 public:
  // Opens `path` for writing or reading through `env`, which must outlive the store; tests bring
  // one that fails.
  static absl::StatusOr<std::unique_ptr<Store>> OpenWriter(rocksdb::Env* env,
                                                           absl::string_view path,
                                                           const StoreOptions& options);
  static absl::StatusOr<std::unique_ptr<Store>> OpenReader(rocksdb::Env* env,
                                                           absl::string_view path,
                                                           const StoreOptions& options);
  static absl::StatusOr<std::unique_ptr<Store>> OpenMemory();
  // Opens a copy of a database that nobody writes, and that has no mark of ours.  Writes nothing.
  static absl::StatusOr<std::unique_ptr<RocksStore>> OpenFrozen(rocksdb::Env* env,
                                                                absl::string_view path);
  ~RocksStore() override;

  RocksStore(const RocksStore&) = delete;
  RocksStore& operator=(const RocksStore&) = delete;

  absl::StatusOr<std::string> Get(Family family, absl::string_view key) const override;
  std::vector<absl::StatusOr<std::string>> MultiGet(
      Family family, absl::Span<const std::string> keys) const override;
  std::unique_ptr<Cursor> NewCursor(Family family) const override;
  absl::Status Write(const Batch& batch, Durability durability) override;
  absl::StatusOr<std::unique_ptr<Installation>> NewInstallation() override;
  absl::StatusOr<std::unique_ptr<ScratchFile>> NewScratchFile() override;
  absl::Status Flush(absl::Span<const Family> families) override;
  absl::Status CatchUp() override;
  WriteStalls write_stalls() const override { return stall_counter_->stalls(); }
  uint64_t ApproximateBytes(Family family) const override;
  uint64_t ApproximateBytesBetween(Family family, absl::string_view begin,
                                   absl::string_view end) const override;
  absl::StatusOr<std::vector<std::string>> Verify() const override;
  absl::Status Close() override;

  // For the folder's own code that copies a store.  Null once closed.
  rocksdb::DB* db() { return db_.get(); }

 private:
  RocksStore(Role role, absl::string_view path);

  // The calls of RocksDB that open, with the settings of `role_`.
  absl::Status OpenDatabase(rocksdb::Env* env, const StoreOptions& options, bool create);
  rocksdb::ColumnFamilyHandle* HandleOf(Family family) const {
    return handles_[static_cast<int>(family)];
  }
  absl::Status CheckWritable() const;
  absl::Status MakeDurable();
  // What must be true before tables are installed, and be done when that is in doubt.
  absl::Status RunInstallation(const RocksInstallation::Step& install);

  const Role role_;
  const std::string path_;
  const std::shared_ptr<WriteFence> fence_ = std::make_shared<WriteFence>();
  const std::shared_ptr<StallCounter> stall_counter_ = std::make_shared<StallCounter>();
  std::unique_ptr<rocksdb::Env> memory_;           // Role::kMemory only
  std::unique_ptr<RocksEnv> env_;                  // where it writes
  std::unique_ptr<BulkFolder> bulk_folder_;        // likewise
  std::unique_ptr<DirectoryLock> lock_;            // Role::kWriter only
  std::unique_ptr<TemporaryDirectory> temporary_;  // Role::kReader only
  std::string manifest_end_;                       // likewise: up to where all tables are read
  // Buffered writes that are done, and how many of them a synced write surely came after.
  std::atomic<uint64_t> buffered_writes_ = 0;
  std::atomic<uint64_t> synced_writes_ = 0;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace fasti::storage
