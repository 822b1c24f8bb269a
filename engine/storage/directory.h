#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// The directory of a database: what stands there before we touch it, and who holds it.

namespace fasti::storage {

enum class DirectoryState : uint8_t {
  kAbsent,
  kEmpty,
  kUnfinished,  // a database whose creation was cut short; nothing was ever committed
  kDatabase,    // holds CURRENT, so at least some RocksDB made it
};

// Only looks.  FAILED_PRECONDITION if the path holds something else than a database, DATA_LOSS if
// it holds the remains of one.
absl::StatusOr<DirectoryState> InspectDirectory(absl::string_view path);

// The file in which DirectoryLock keeps its word.
inline constexpr absl::string_view kHolderFile = "HOLDER";

// Creates the directory, for its owner alone, if it is absent.  NOT_FOUND if its parent is, too.
absl::Status CreateDirectory(absl::string_view path);

// Marks a creation as begun, durably, and as done.  In between InspectDirectory says kUnfinished.
absl::Status BeginCreation(absl::string_view path);
absl::Status FinishCreation(absl::string_view path);

// The writer's place in a directory: a lock on the file HOLDER, in which its owner writes who it
// is.  The lock, not the text, is what counts: it ends with the process, however that ends.
class DirectoryLock {
 public:
  // UNAVAILABLE, naming the holder, if another process or another store of this process has it.
  static absl::StatusOr<std::unique_ptr<DirectoryLock>> Acquire(absl::string_view path);
  // The same for a directory that is not to be changed: without writing down who the holder is.
  // REQUIRES: WasEverHeld(path).
  static absl::StatusOr<std::unique_ptr<DirectoryLock>> AcquireUnchanged(absl::string_view path);
  // Whether anybody ever wrote this directory as a database of ours.
  static bool WasEverHeld(absl::string_view path);
  ~DirectoryLock();

  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}
  static absl::StatusOr<std::unique_ptr<DirectoryLock>> Lock(absl::string_view path, int flags);
  const int fd_;
};

// A new directory of this process alone, in the place for temporary files; removed with its
// content by the destructor.
class TemporaryDirectory {
 public:
  static absl::StatusOr<std::unique_ptr<TemporaryDirectory>> Create();
  ~TemporaryDirectory();

  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}
  const std::string path_;
};

// Makes the names in a directory durable.
absl::Status SyncDirectory(absl::string_view path);

}  // namespace fasti::storage
