#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

// The file LIVE_LOGS: the write-ahead logs of a database that is open for writing, or was when its
// process ended.  RocksDB replays what logs it finds, as far as they go; if one is missing, or ends
// too early, so do its commits, without a word.  A database that was closed has no such file; there
// STATE tells of the logs.

namespace fasti::storage {

// By name: the size in bytes of a log that is finished, nullopt for one that may still grow.
using LogSizes = std::map<std::string, std::optional<uint64_t>>;

class LiveLogs {
 public:
  // Of a database in `folder`, where `logs` (names) are now.  Writes nothing.
  LiveLogs(rocksdb::Env* env, absl::string_view folder, const std::vector<std::string>& logs);

  // A log that was just created as `file`, which is wrapped.  The one before it, to which nobody
  // writes any more, is synced and listed with its size.  Durable once it returns OK.  Cost: up to
  // four syncs.
  rocksdb::IOStatus Begin(const std::string& name, std::unique_ptr<rocksdb::FSWritableFile>* file);
  // Before a log is deleted.  Durable once it returns OK.  Cost: two syncs.
  rocksdb::IOStatus Remove(const std::string& name);

 private:
  class File;

  rocksdb::IOStatus Write() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Syncs the log that grows and notes its size.
  rocksdb::IOStatus FinishLast() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(const File* file);

  rocksdb::Env* const env_;
  const std::string folder_;
  absl::Mutex mutex_;
  LogSizes sizes_ ABSL_GUARDED_BY(mutex_);
  File* last_ ABSL_GUARDED_BY(mutex_) = nullptr;  // the log that grows, while RocksDB has it open
};

// What LIVE_LOGS lists; nothing if there is no such file.  DATA_LOSS if it is damaged.
absl::StatusOr<LogSizes> ReadLiveLogs(rocksdb::Env* env, absl::string_view folder);

// The logs that are listed and are not there.  DATA_LOSS if the list is damaged.  Also while
// somebody writes the database.
absl::StatusOr<std::vector<std::string>> MissingLogs(rocksdb::Env* env, absl::string_view folder);

// Before the logs of a closed database change.
absl::Status RemoveLiveLogs(rocksdb::Env* env, absl::string_view folder);

}  // namespace fasti::storage
