#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/storage/rocks_live_logs.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace fasti::storage {

// The file system as RocksDB sees it, without three of its habits.
//
// It writes all its options to a file, and reads them back, at every open and every new family,
// which takes longer than all the rest of opening.  Nobody here reads that file, so it is refused.
//
// It deletes the tables of an installation as soon as that fails.  But if what failed was to sync
// the MANIFEST, the record that names them may be in it all the same, and a database whose MANIFEST
// names a missing table does not open.  So while deletions are held, tables are only noted; after
// a failure in doubt they stay, and the next open deletes those that are not part of the database.
//
// And it notices no write-ahead log that is missing or too short, so those that there are can be
// listed.
class RocksFiles : public rocksdb::FileSystemWrapper {
 public:
  explicit RocksFiles(const std::shared_ptr<rocksdb::FileSystem>& files)
      : FileSystemWrapper(files) {}
  const char* Name() const override { return "RocksFiles"; }

  // From now on the write-ahead logs in `folder` are listed, where `logs` are already.  REQUIRES:
  // no log is written yet.
  void ListLogs(rocksdb::Env* env, absl::string_view folder, const std::vector<std::string>& logs) {
    live_logs_.emplace(env, folder, logs);
  }

  void HoldDeletions();
  // Deletes what was noted.
  rocksdb::IOStatus ReleaseDeletions();

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  bool IsListed(absl::string_view path) const;

  std::optional<LiveLogs> live_logs_;
  absl::Mutex mutex_;
  bool is_held_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::string> noted_ ABSL_GUARDED_BY(mutex_);
};

// An environment like `env` with these files.  `env` must outlive it.
class RocksEnv : public rocksdb::EnvWrapper {
 public:
  explicit RocksEnv(rocksdb::Env* env);
  const char* Name() const override { return "RocksEnv"; }
  RocksFiles& files() { return *files_; }

 private:
  const std::shared_ptr<RocksFiles> files_;
};

}  // namespace fasti::storage
