#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/storage/directory.h"

namespace fasti::storage {

// Of the place in which the successor of a database is made that is purged.
inline constexpr absl::string_view kPurgingSuffix = ".purging";

// An absolute path without dots, links or a slash at its end.
std::string ResolvePath(absl::string_view path);
std::string ParentOf(const std::string& path);
// REQUIRES: both are resolved.
bool IsWithin(absl::string_view path, absl::string_view folder);

// OK if a new database may be made at `path`: nothing is there, or an empty directory.  Otherwise
// FAILED_PRECONDITION, which says to `make` it at a new path.
absl::Status CheckNewPath(const std::string& path, absl::string_view make);

// Where a database is made before it has its name: a folder beside it, with one of its own for the
// database, so that neither RocksDB nor a power cut mistakes the one for the other.  One process at
// a time has the place; what one that died left there is cleared away by the next, and what is left
// at the end by the destructor.
class NewPlace {
 public:
  // The folder `path` + `suffix`.  UNAVAILABLE if another process has it.
  static absl::StatusOr<std::unique_ptr<NewPlace>> Take(const std::string& path,
                                                        absl::string_view suffix);
  ~NewPlace();
  NewPlace(const NewPlace&) = delete;
  NewPlace& operator=(const NewPlace&) = delete;

  // An empty directory for the new database.
  std::string database() const { return File("database"); }
  // Room for something else that is needed meanwhile.
  std::string File(absl::string_view name) const;
  // What the destructor does, for those who need to know that it is done.
  absl::Status Discard();

 private:
  explicit NewPlace(std::string folder) : folder_(std::move(folder)) {}
  absl::Status Clear();

  const std::string folder_;
  std::unique_ptr<DirectoryLock> lock_;
};

// Gives the new database its name, durably.  REQUIRES: CheckNewPath is OK.
absl::Status Publish(const NewPlace& place, const std::string& path);
// Puts the new database in the place of the one at `path`, and that into the new one's, durably and
// in one step.  UNIMPLEMENTED if the file system cannot.
absl::Status Exchange(const NewPlace& place, const std::string& path);

// Deletes the folder `path` + `suffix` if nobody has that place.
absl::Status ClearLeftover(const std::string& path, absl::string_view suffix);

// Makes the directory `to` with the files of a database that nobody writes: tables as hard links
// where that is possible, since they never change, everything else as copies.
absl::Status LinkDatabase(const std::string& from, const std::string& to);

}  // namespace fasti::storage
