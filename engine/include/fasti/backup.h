#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/ids.h"
#include "fasti/period.h"

// Backups: copies of a database, made while it is written (Database::Backup), that stay when the
// database goes.  A folder of backups belongs to one database.  Each backup in it is one commit,
// whole by itself; what several of them have in common is stored once.  docs/operations.md says how
// to live with them.

namespace fasti {

struct BackupInfo {
  uint32_t number = 0;    // within its folder, from 1 on
  Sequence sequence = 0;  // the commit that it is
  Instant committed = 0;  // when that was recorded; kInstantMin if the database was empty
  Instant created = 0;    // when the backup was made, by the clock of the system
  uint64_t bytes = 0;     // of its files, also of those it shares with other backups
  // Why it cannot be restored, as far as its own record tells; empty: no reason.
  std::string damage;
};

struct BackupProgress {
  absl::string_view doing;  // "copying", "verifying", "checking", "deleting"
  uint64_t bytes = 0;       // that were read or written since that was begun
};

struct BackupOptions {
  // Once a new backup counts, only so many of its folder stay, the newest; 0: all.  What an older
  // one shares with those that stay stays, too.
  uint32_t keep = 0;
  // Called often, by one thread at a time.
  std::function<void(const BackupProgress&)> progress;
  // Asked often, by any thread; true ends the work with CANCELLED, and nothing has changed.
  std::function<bool()> should_stop;
};

// The backups in a folder, by number.  Reads little more than their names.  NOT_FOUND if there is
// no such folder, FAILED_PRECONDITION if it holds something else.
absl::StatusOr<std::vector<BackupInfo>> ListBackups(absl::string_view folder);

// Reads all of a backup and checks it as Database::Check does.  DATA_LOSS if anything in it changed
// since it was made.  `number` 0 means the newest, here and below.
absl::StatusOr<BackupInfo> VerifyBackup(absl::string_view folder, uint32_t number,
                                        const BackupOptions& options);

// Makes a database of a backup, in the directory `path`, which appears when all of it is durable
// and was checked.  FAILED_PRECONDITION if there is something at `path`, or if a newer version made
// the backup; DATA_LOSS if that changed since it was made; NOT_FOUND if there is none.
absl::StatusOr<BackupInfo> RestoreBackup(absl::string_view folder, uint32_t number,
                                         absl::string_view path, const BackupOptions& options);

}  // namespace fasti
