#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"

// Checks of the files of a database, before RocksDB opens them and while it has them open.

namespace fasti::storage {

// The directory holds CURRENT.  FAILED_PRECONDITION unless RocksDB made it for us; DATA_LOSS if a
// family of ours is gone.  Writes nothing.
absl::Status CheckFamilies(rocksdb::Env* env, absl::string_view path);

// The MANIFEST in force.
struct Manifest {
  std::string name;
  std::string bytes;  // but for an unfinished tail
};
// DATA_LOSS if it is damaged, or not where CURRENT says.
absl::StatusOr<Manifest> ReadManifest(rocksdb::Env* env, absl::string_view path);

// The tables that are in force, as the MANIFEST tells, by ascending number; whether they are there,
// or sound, is another question.  RocksDB reads it in a place in memory where nothing else is:
// damaged tables cannot hinder it there, and it replays no log, at which it may end the process if
// one is missing.
absl::StatusOr<std::vector<rocksdb::LiveFileMetaData>> LiveTables(rocksdb::Env* from,
                                                                  absl::string_view directory);

// Name and size of the MANIFEST in force: it grows whenever tables come or go.
absl::StatusOr<std::string> ManifestEnd(rocksdb::Env* env, absl::string_view path);

// OK if a reader reads all tables that are in force.  RocksDB opens a reader at an earlier state,
// and leaves an open one there, without a word, if a table of the last state cannot be opened.
// DATA_LOSS if that is so, UNAVAILABLE if the writer is just replacing one.
absl::Status CheckReadsAll(rocksdb::DB& db, absl::string_view path);

// A log but for an unfinished tail.  DATA_LOSS with file and offset of what is damaged.
absl::StatusOr<std::string> ReadLog(rocksdb::Env* env, const std::string& path);

// The names of the write-ahead logs in a directory, in the order in which they were written.
absl::StatusOr<std::vector<std::string>> LogNames(rocksdb::Env* env, absl::string_view path);

// Scans the MANIFEST and every write-ahead log.  DATA_LOSS with file and offset of what is damaged,
// or the name of a log that is missing or holds what was written to another.
absl::Status CheckLogs(rocksdb::Env* env, absl::string_view path);

// Reads every file of an open database; one line for each that is damaged.
absl::StatusOr<std::vector<std::string>> VerifyFiles(rocksdb::DB& db, absl::string_view path);

// Deletes what is in a directory, but for the file `kept` and other directories.
absl::Status DeleteFiles(rocksdb::Env* env, absl::string_view path, absl::string_view kept = "");

// Makes the names in a directory durable.
absl::Status SyncNames(rocksdb::Env* env, absl::string_view path);
// The same for those who answer to RocksDB.
rocksdb::Status SyncNamesForRocks(rocksdb::Env* env, absl::string_view path);

}  // namespace fasti::storage
