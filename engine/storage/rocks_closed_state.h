#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/env.h"

// The file STATE: what the logs of a database were when it was closed.  It exists only while
// nobody writes the database, so nothing it names may have changed.  This catches what no scan of
// a log can: a tail cut off between two records, a log that vanished or came back from elsewhere.
// A database that was not closed has none, and is not checked by it.

namespace fasti::storage {

// Removes logs that hold nothing, except the newest: RocksDB leaves one behind each time a database
// is opened and closed without a write, and reads them all when it opens it again.
// REQUIRES: the database in `path` was flushed and is closed.
absl::Status RemoveEmptyLogs(rocksdb::Env* env, absl::string_view path);

// Durably, or not at all.  REQUIRES: the database in `path` is closed.
absl::Status WriteClosedState(rocksdb::Env* env, absl::string_view path);

// OK if there is no such file; DATA_LOSS names the file that differs from what it says.
absl::Status CheckClosedState(rocksdb::Env* env, absl::string_view path);

// Before the first change to a file that it names.
absl::Status RemoveClosedState(rocksdb::Env* env, absl::string_view path);

}  // namespace fasti::storage
