#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/env.h"

// The file LIVE_LOGS: the write-ahead logs of a database that is open for writing, or was when its
// process ended.  RocksDB replays what logs it finds; if one is missing, so are its commits,
// without a word.  A database that was closed has none; there STATE tells of the logs.

namespace fasti::storage {

class LiveLogs {
 public:
  // Of a database in `folder`, where `logs` (names) are now.  Writes nothing.
  LiveLogs(rocksdb::Env* env, absl::string_view folder, const std::vector<std::string>& logs);

  // A log that was created, before anything is written to it; one that is about to be deleted.
  // Durable once they return OK.  Thread-safe.  Cost: up to three syncs.
  rocksdb::Status Add(const std::string& name);
  rocksdb::Status Remove(const std::string& name);

 private:
  rocksdb::Status Write() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  rocksdb::Env* const env_;
  const std::string folder_;
  absl::Mutex mutex_;
  std::set<std::string> names_ ABSL_GUARDED_BY(mutex_);
};

// The logs that are listed and are not there; none if there is no list.  DATA_LOSS if it is
// damaged.  Also while somebody writes the database.
absl::StatusOr<std::vector<std::string>> MissingLogs(rocksdb::Env* env, absl::string_view folder);

// Before the logs of a closed database change.
absl::Status RemoveLiveLogs(rocksdb::Env* env, absl::string_view folder);

}  // namespace fasti::storage
