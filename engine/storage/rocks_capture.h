#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/storage/directory.h"
#include "rocksdb/env.h"

namespace fasti::storage {

// One moment of a database that may be written meanwhile, by this process or another one: a
// directory with its tables as hard links, and copies of its MANIFEST and logs.  It costs the disk
// next to nothing, and the writer does not notice.
//
// The moment is a real one.  Tables, once written, never change, and logs only grow.  A commit is
// whole in the log or is cut off with its unfinished tail; a fold or bulk load, which no log tells
// of, is a record of the MANIFEST.  So the logs are copied between two looks at the MANIFEST, and
// if it changed, everything is done again.
class Capture {
 public:
  // UNAVAILABLE if the database is just being captured by somebody else, or if it changed each
  // time; DATA_LOSS if its logs are damaged.  `env` must outlive the capture.
  static absl::StatusOr<std::unique_ptr<Capture>> Take(rocksdb::Env* env,
                                                       absl::string_view database);
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  const std::string& path() const { return folder_; }

  // Deletes what a killed process left in `database`.
  static absl::Status DeleteLeftovers(rocksdb::Env* env, absl::string_view database);

 private:
  Capture(rocksdb::Env* env, absl::string_view database);
  // Whether what it took is one moment.
  absl::StatusOr<bool> TryOnce();

  rocksdb::Env* const env_;
  const std::string database_;
  const std::string folder_;
  std::unique_ptr<DirectoryLock> lock_;
};

}  // namespace fasti::storage
