#include "engine/backup.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/codec/catalog_record.h"
#include "engine/graph/consistency.h"
#include "engine/graph/format_check.h"
#include "engine/graph/recovery.h"
#include "engine/storage/backup.h"
#include "fasti/status_macros.h"

namespace fasti {

namespace {

// What a backup holds, in lines that go into its record (docs/file_format.md, "Folder of backups").
struct Note {
  std::string database;  // its own id, as hex digits
  Sequence sequence = 0;
  Instant committed = 0;
};

std::string EncodeNote(const Note& note) {
  return absl::StrCat("database ", note.database, "\nsequence ", note.sequence, "\ncommitted ",
                      note.committed);
}

absl::StatusOr<Note> DecodeNote(absl::string_view text) {
  Note note;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits(' ', 1));
    if (parts.first == "database") note.database = std::string(parts.second);
    if (parts.first == "sequence" && !absl::SimpleAtoi(parts.second, &note.sequence)) {
      return absl::DataLossError(absl::StrCat("expected a sequence, found '", parts.second, "'"));
    }
    if (parts.first == "committed" && !absl::SimpleAtoi(parts.second, &note.committed)) {
      return absl::DataLossError(absl::StrCat("expected a time, found '", parts.second, "'"));
    }
  }
  return note;
}

absl::StatusOr<std::string> DatabaseId(const storage::Store& store) {
  FASTI_ASSIGN_OR_RETURN(const std::string bytes,
                         store.Get(storage::Family::kDefault, codec::FormatKey()));
  FASTI_ASSIGN_OR_RETURN(const codec::FormatRecord format, codec::DecodeFormat(bytes));
  return absl::BytesToHexString(format.database_id);
}

// A copy counts only if it is a database that this program opens and finds no fault with.
absl::StatusOr<std::string> CheckAndDescribe(storage::Store& copy) {
  FASTI_RETURN_IF_ERROR(graph::CheckFormat(copy, /*create=*/false, /*now=*/0));
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> problems, graph::CheckStore(copy));
  if (!problems.empty()) {
    return absl::DataLossError(absl::StrCat("the copy is not whole, with ", problems.size(),
                                            " signs of damage, the first: ", problems.front(),
                                            "; run 'fasti check --deep' on the database"));
  }
  FASTI_ASSIGN_OR_RETURN(const graph::Recovered state, graph::Recover(copy));
  Note note;
  FASTI_ASSIGN_OR_RETURN(note.database, DatabaseId(copy));
  note.sequence = state.sequence;
  note.committed = state.head.time;
  return EncodeNote(note);
}

storage::BackupWatch WatchOf(const BackupOptions& options) {
  storage::BackupWatch watch{.progress = nullptr, .should_stop = options.should_stop};
  if (options.progress) {
    watch.progress = [&options](absl::string_view doing, uint64_t bytes) {
      options.progress({.doing = doing, .bytes = bytes});
    };
  }
  return watch;
}

BackupInfo InfoOf(const storage::BackupRecord& record) {
  BackupInfo info;
  info.number = record.number;
  info.created = absl::ToUnixMicros(record.created);
  info.bytes = record.bytes;
  absl::Status state = record.state;
  if (const absl::StatusOr<Note> note = DecodeNote(record.note); note.ok()) {
    info.sequence = note->sequence;
    info.committed = note->committed;
  } else {
    state.Update(note.status());
  }
  info.damage = std::string(state.message());
  return info;
}

// That of `number`, or the newest.
absl::StatusOr<BackupInfo> FindBackup(absl::string_view folder, uint32_t number) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<BackupInfo> backups, ListBackups(folder));
  if (backups.empty()) return absl::NotFoundError(absl::StrCat(folder, ": no backups there"));
  if (number == 0) return backups.back();
  for (const BackupInfo& backup : backups) {
    if (backup.number == number) return backup;
  }
  return absl::NotFoundError(absl::StrCat(folder, ": no backup ", number, " there; the newest is ",
                                          backups.back().number));
}

// Backups of two databases in one folder would be taken for states of one.
absl::Status CheckOwner(const storage::Store& store, absl::string_view folder) {
  const absl::StatusOr<std::vector<storage::BackupRecord>> records = storage::ListBackups(folder);
  if (absl::IsNotFound(records.status())) return absl::OkStatus();
  FASTI_RETURN_IF_ERROR(records.status());
  FASTI_ASSIGN_OR_RETURN(const std::string id, DatabaseId(store));
  for (const storage::BackupRecord& record : *records) {
    const absl::StatusOr<Note> note = DecodeNote(record.note);
    if (!record.state.ok() || !note.ok() || note->database == id) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(folder, ": holds backups of another database; name a folder of its own"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BackupInfo> BackUpStore(const storage::Store& store, absl::string_view path,
                                       absl::string_view folder, const BackupOptions& options) {
  FASTI_RETURN_IF_ERROR(CheckOwner(store, folder));
  FASTI_ASSIGN_OR_RETURN(const storage::BackupRecord record,
                         storage::CreateBackup(path, folder, CheckAndDescribe, WatchOf(options)));
  if (options.keep > 0) {
    const absl::Status deleted = storage::DeleteOldBackups(folder, options.keep, WatchOf(options));
    if (!deleted.ok()) {
      return absl::Status(
          deleted.code(),
          absl::StrCat("backup ", record.number, " is made and good, but older ones",
                       " were not all deleted: ", deleted.message()));
    }
  }
  return InfoOf(record);
}

absl::StatusOr<std::vector<BackupInfo>> ListBackups(absl::string_view folder) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<storage::BackupRecord> records,
                         storage::ListBackups(folder));
  std::vector<BackupInfo> backups;
  for (const storage::BackupRecord& record : records) backups.push_back(InfoOf(record));
  return backups;
}

absl::StatusOr<BackupInfo> VerifyBackup(absl::string_view folder, uint32_t number,
                                        const BackupOptions& options) {
  FASTI_ASSIGN_OR_RETURN(const BackupInfo backup, FindBackup(folder, number));
  FASTI_RETURN_IF_ERROR(
      storage::VerifyBackup(folder, backup.number, CheckAndDescribe, WatchOf(options)));
  return backup;
}

absl::StatusOr<BackupInfo> RestoreBackup(absl::string_view folder, uint32_t number,
                                         absl::string_view path, const BackupOptions& options) {
  FASTI_ASSIGN_OR_RETURN(const BackupInfo backup, FindBackup(folder, number));
  FASTI_RETURN_IF_ERROR(
      storage::RestoreBackup(folder, backup.number, path, CheckAndDescribe, WatchOf(options)));
  return backup;
}

}  // namespace fasti
