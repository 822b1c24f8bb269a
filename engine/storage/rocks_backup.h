#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/storage/backup.h"
#include "engine/storage/rocks_watched_env.h"
#include "rocksdb/env.h"

namespace fasti::storage {

// A folder of backups: RocksDB's BackupEngine keeps the files, our records beside them say which
// backups count.  Used by one thread.
class RocksBackups {
 public:
  // Works through `env`, which must outlive it, as must `watch`.
  RocksBackups(rocksdb::Env* env, absl::string_view folder, const BackupWatch& watch);

  // As the functions of backup.h.
  absl::StatusOr<std::vector<BackupRecord>> List();
  absl::StatusOr<BackupRecord> Create(absl::string_view database, const InspectCopy& inspect);
  absl::Status DeleteOld(uint32_t keep);
  absl::Status Verify(uint32_t number, const InspectCopy& inspect);
  absl::Status Restore(uint32_t number, absl::string_view path, const InspectCopy& inspect);

 private:
  absl::StatusOr<BackupRecord> CreateWatched(const std::string& database,
                                             const InspectCopy& inspect);
  absl::Status DeleteOldWatched(uint32_t keep);
  absl::Status VerifyWatched(uint32_t number, const InspectCopy& inspect);
  absl::Status RestoreWatched(uint32_t number, const std::string& path, const InspectCopy& inspect);

  absl::Status CheckFolder() const;
  std::string RecordPath(uint32_t number) const;
  std::string MetaPath(uint32_t number) const;
  absl::StatusOr<BackupRecord> ReadRecord(uint32_t number);
  absl::StatusOr<BackupRecord> RequireRecord(uint32_t number);
  // Of a folder that may be written.  Fails if any of them is damaged.
  absl::StatusOr<std::vector<BackupRecord>> ListSound();
  absl::Status WriteRecord(BackupRecord* record);
  absl::Status SyncFolders(uint32_t number);

  Watchman watchman_;
  WatchedEnv env_;
  const std::string folder_;
};

}  // namespace fasti::storage
