#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/backup.h"
#include "fasti/bulk_load.h"
#include "fasti/options.h"
#include "fasti/report.h"
#include "fasti/snapshot.h"
#include "fasti/transaction.h"

namespace fasti {

// A Database is a register of facts, each with the time it held, the time it was known and the
// time it was recorded, and of the claims behind them.  Start here:
//
//   FASTI_ASSIGN_OR_RETURN(auto database, fasti::Database::Open("news.db", {}));
//   FASTI_RETURN_IF_ERROR(database->Report(article).status());
//   std::unique_ptr<fasti::Snapshot> snapshot = database->GetSnapshot();
//
// One process writes a database; any number may read it.  All methods may be called from several
// threads at once.  The path ":memory:" names a new, empty database that lives in memory.
// Never fork() while a database is open.
class Database {
 public:
  // Opens the register in directory `path`.  NOT_FOUND if absent and not `create_if_missing`;
  // UNAVAILABLE if another process writes it (the message names the process);
  // FAILED_PRECONDITION if the directory holds something else or a newer format; DATA_LOSS if
  // its files are damaged.  Nothing is ever repaired or deleted by opening.
  static absl::StatusOr<std::unique_ptr<Database>> Open(absl::string_view path,
                                                        const Options& options);
  virtual ~Database() = default;  // closes, see Close

  // The state after the last commit.
  virtual std::unique_ptr<Snapshot> GetSnapshot() const = 0;
  // Waits for the writer's place.  FAILED_PRECONDITION if the database is read-only.
  virtual absl::StatusOr<std::unique_ptr<Transaction>> Begin() = 0;

  // Stores what one source says, at once: after a crash, all of it or none.
  virtual absl::StatusOr<ReportSummary> Report(const fasti::Report& report) = 0;

  // Begins to load many facts at once.  Waits for the writer's place, and folds.
  // FAILED_PRECONDITION if the database is read-only.
  virtual absl::StatusOr<std::unique_ptr<BulkLoader>> BeginBulkLoad(
      const BulkLoadOptions& options) = 0;

  // Moves the overlay into blocks now, and returns when that is durable.
  virtual absl::Status Fold() = 0;
  // For read_only: follows the writer up to its last commit.  DATA_LOSS if a file is damaged that
  // holds what is new, UNAVAILABLE if the writer is too fast; it stays where it is then.
  virtual absl::Status Refresh() = 0;
  // Every reason to think that the database is damaged, one line each; none if all is well.
  // Reads all of it; commits wait meanwhile.
  virtual absl::StatusOr<std::vector<std::string>> Check() = 0;
  // The same by the files alone, at the speed of the disk: every log is scanned, every table is
  // compared with its checksum, and the records that tell what is in force fit together.  What
  // fails here fails in Check; a fault that was there when a table was written shows only there.
  virtual absl::StatusOr<std::vector<std::string>> CheckQuickly() = 0;
  // Copies one commit, the last one or a later one, into a folder of backups, made if absent; what
  // was copied before is not copied again.  Success means that all of the backup was read back,
  // opened and checked.  Others read and write meanwhile, also where this is a reader beside a
  // writer.  FAILED_PRECONDITION if the folder holds something else, or the database is in memory;
  // INVALID_ARGUMENT if it lies within the database; UNAVAILABLE if another backup of the database,
  // or to the folder, is being made; RESOURCE_EXHAUSTED if the disk is full; DATA_LOSS if the
  // database is damaged.  Whatever fails, and if the process dies, earlier backups stay good.
  virtual absl::StatusOr<BackupInfo> Backup(absl::string_view folder,
                                            const BackupOptions& options) = 0;
  // Figures for people: rows, bytes per family, overlay size, last sequence, and what writers
  // waited for (docs/engine.md, "What writing waits for"); where read-only, those of the process
  // that wrote last, as of its last fold.
  virtual std::map<std::string, uint64_t> Statistics() const = 0;
  // Folds and closes.  Errors are told here rather than lost in the destructor.
  // FAILED_PRECONDITION while snapshots, cursors, transactions or loads are open: it stays open
  // then.
  virtual absl::Status Close() = 0;
};

}  // namespace fasti
