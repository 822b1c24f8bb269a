#pragma once

#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/storage/backup.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace fasti::storage {

// A BackupWatch at work.
class Watchman {
 public:
  explicit Watchman(const BackupWatch& watch) : watch_(watch) {}

  void Begin(absl::string_view doing);  // a static text; before it, nothing is told
  // Bytes that were read or written.  Aborted if there should be no more.
  rocksdb::IOStatus Pass(uint64_t bytes);
  // CANCELLED instead of a failure that comes of having stopped.
  absl::Status Judge(const absl::Status& status) const;

 private:
  const BackupWatch& watch_;
  mutable absl::Mutex mutex_;
  absl::string_view doing_ ABSL_GUARDED_BY(mutex_);
  uint64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool is_stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

// The files of an environment, with a watchman who sees every byte that is read or written.  Long
// calls of RocksDB, that cannot be asked how far they are and cannot be ended, so can be both.
class WatchedFiles : public rocksdb::FileSystemWrapper {
 public:
  WatchedFiles(const std::shared_ptr<rocksdb::FileSystem>& files, Watchman& watchman)
      : FileSystemWrapper(files), watchman_(watchman) {}
  const char* Name() const override { return "WatchedFiles"; }

  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;

 private:
  Watchman& watchman_;
};

// An environment like `env` with these files.  `env` and `watchman` must outlive it.
class WatchedEnv : public rocksdb::EnvWrapper {
 public:
  WatchedEnv(rocksdb::Env* env, Watchman& watchman);
  const char* Name() const override { return "WatchedEnv"; }
};

}  // namespace fasti::storage
