#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace fasti::storage {

// Keeps the tables of an installation until its outcome is known.
//
// RocksDB deletes them as soon as the installation fails.  But if what failed was to sync the
// MANIFEST, the record that names them may be in it all the same, and a database whose MANIFEST
// names a missing table does not open.  So while deletions are held, tables are only noted; after
// a failure in doubt they stay, and the next open deletes those that are not part of the database.
class HeldDeletions : public rocksdb::FileSystemWrapper {
 public:
  explicit HeldDeletions(const std::shared_ptr<rocksdb::FileSystem>& files)
      : FileSystemWrapper(files) {}
  const char* Name() const override { return "HeldDeletions"; }

  void Hold();
  // Deletes what was noted.
  rocksdb::IOStatus Release();

  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  absl::Mutex mutex_;
  bool is_held_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::string> noted_ ABSL_GUARDED_BY(mutex_);
};

// An environment like `env` whose deletions can be held.  `env` must outlive it.
class RocksEnv : public rocksdb::EnvWrapper {
 public:
  explicit RocksEnv(rocksdb::Env* env);
  const char* Name() const override { return "RocksEnv"; }
  HeldDeletions& deletions() { return *deletions_; }

 private:
  const std::shared_ptr<HeldDeletions> deletions_;
};

}  // namespace fasti::storage
