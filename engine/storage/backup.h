#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/storage/backup_record.h"
#include "engine/storage/store.h"

// Copies of a database that stay when the database goes.
//
// A folder of backups holds any number of them, of one database; a table that several of them have
// in common is there once.  A backup counts from the moment when its record (backup_record.h) is
// written, and that happens last: after every byte of it was read back, and it was opened and
// checked.  What a killed process leaves has no record, and the next backup clears it away.

namespace fasti::storage {

struct BackupWatch {
  // What is being done, in a word, and the bytes that went by since that was begun.  Called often,
  // by one thread at a time.
  std::function<void(absl::string_view doing, uint64_t bytes)> progress;
  std::function<bool()> should_stop;  // asked often, by any thread
};

// Checks an opened copy of a database and says what it holds.  Equal states have equal notes.
using InspectCopy = std::function<absl::StatusOr<std::string>(Store& copy)>;

// The backups that count, by number; each with its `state`.  NOT_FOUND if there is no such folder,
// FAILED_PRECONDITION if it holds something else.
absl::StatusOr<std::vector<BackupRecord>> ListBackups(absl::string_view folder);

// All of these: CANCELLED if they should stop, RESOURCE_EXHAUSTED if the disk is full.  Whatever
// fails, and whenever the process dies, the backups that counted before are as they were.

// Copies the database in directory `database`, which may be written meanwhile, by this process or
// another one: what is copied is one moment of it, not before the call.  INVALID_ARGUMENT if one
// folder is within the other, FAILED_PRECONDITION if `folder` holds something else than backups,
// UNAVAILABLE if somebody else is backing up from or to there, DATA_LOSS if the database, or what
// the folder holds already, is damaged.
absl::StatusOr<BackupRecord> CreateBackup(absl::string_view database, absl::string_view folder,
                                          const InspectCopy& inspect, const BackupWatch& watch);

// Deletes all backups but the newest `keep`, which must be at least 1, and every file that none of
// those refers to.  Errors as of CreateBackup; some of the old ones may be gone then.
absl::Status DeleteOldBackups(absl::string_view folder, uint32_t keep, const BackupWatch& watch);

// Reads all of a backup.  DATA_LOSS if anything in it changed, NOT_FOUND if there is none of that
// number.
absl::Status VerifyBackup(absl::string_view folder, uint32_t number, const InspectCopy& inspect,
                          const BackupWatch& watch);

// Makes a database of a backup, in the new directory `path`, which appears when it is whole,
// checked and durable.  FAILED_PRECONDITION if something is there already; DATA_LOSS and NOT_FOUND
// as above.
absl::Status RestoreBackup(absl::string_view folder, uint32_t number, absl::string_view path,
                           const InspectCopy& inspect, const BackupWatch& watch);

}  // namespace fasti::storage
