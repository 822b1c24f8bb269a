#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/storage/directory.h"
#include "engine/storage/store.h"

// What is left of a database whose files are damaged or missing.
//
// It is never opened as a database, and not a byte of it changes.  Each table is read by itself,
// which needs neither CURRENT nor MANIFEST, since a table says of which family it is; each log is
// taken apart record by record.  RocksDB's own RepairDB was not taken: it works in place, gives up
// a whole table for one damaged block, all of a log behind a damaged record, and what the logs hold
// of a family that has no table.
//
// Where the MANIFEST can be read, it tells which tables count and which of them are missing.  Where
// it cannot, every table there is read, which is right for all that the engine stores: a record
// either never changes or, for blocks and names, an older one is as good as none (graph/rewrite.h).

namespace fasti::storage {

class Wreck {
 public:
  // FAILED_PRECONDITION if the directory holds no database of ours, UNAVAILABLE if a process writes
  // it.
  static absl::StatusOr<std::unique_ptr<Wreck>> Open(absl::string_view path);

  // Something that cannot be read.
  struct Loss {
    std::string file;
    std::string family;               // empty: not known, or of several
    std::string first_key, last_key;  // between which all of it lies; empty: not known
    std::string what;                 // "missing", "damaged at byte 4096"
  };
  const std::vector<Loss>& losses() const { return losses_; }

  using Visit = absl::FunctionRef<absl::Status(Family family, absl::string_view key,
                                               absl::string_view value)>;
  // Visits every record of some families that can be read: tables from the oldest to the newest,
  // then logs, so that of two records with one key the later one holds.  Deletions are not told.
  // The losses of these families are added to losses().
  absl::Status ReadTables(absl::FunctionRef<bool(Family)> is_wanted, Visit visit);
  absl::Status ReadLogs(Visit visit);

 private:
  struct Table {
    std::string name;
    uint64_t age = 0;  // the newer what is in it, the greater
    // As the MANIFEST tells; or else empty.
    std::string family, first_key, last_key;
  };

  explicit Wreck(absl::string_view path) : path_(path) {}
  void ListTables();
  bool ListLiveTables();  // false if the MANIFEST cannot be read
  void AddLoss(absl::string_view file, absl::string_view what);  // of whatever families
  absl::Status ReadTable(const Table& table, absl::FunctionRef<bool(Family)> is_wanted,
                         Visit visit);

  const std::string path_;
  std::unique_ptr<DirectoryLock> lock_;  // null if nobody ever had one
  std::vector<std::string> names_;       // of all files
  std::vector<Table> tables_;
  std::vector<Loss> losses_;
};

}  // namespace fasti::storage
