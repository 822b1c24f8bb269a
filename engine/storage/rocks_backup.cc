#include "engine/storage/rocks_backup.h"

#include <filesystem>
#include <memory>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/crc32c.h"
#include "engine/storage/directory.h"
#include "engine/storage/new_place.h"
#include "engine/storage/rocks_capture.h"
#include "engine/storage/rocks_closed_state.h"
#include "engine/storage/rocks_files.h"
#include "engine/storage/rocks_options.h"
#include "engine/storage/rocks_store.h"
#include "fasti/status_macros.h"
#include "rocksdb/utilities/backup_engine.h"

namespace fasti::storage {
namespace {

namespace fs = std::filesystem;

// All that there is in a folder of backups: what RocksDB puts there, our records, our lock.
constexpr absl::string_view kRecords = "checked";
constexpr absl::string_view kFolders[] = {"meta", "private", "shared_checksum", kRecords};

// For what concerns the folder of backups rather than a database.
absl::Status FolderStatus(const rocksdb::Status& status, absl::string_view folder) {
  if (status.IsCorruption() || status.IsNotFound() || status.IsPathNotFound()) {
    return absl::DataLossError(
        absl::StrCat(folder, ": ", status.ToString(), "; take another backup"));
  }
  if (status.IsNoSpace()) {
    return absl::ResourceExhaustedError(
        absl::StrCat(folder, ": ", status.ToString(), "; free some and try again"));
  }
  return ToStatus(status, folder);
}

template <typename Engine>
absl::StatusOr<std::unique_ptr<Engine>> OpenEngine(rocksdb::Env* env, const std::string& folder) {
  rocksdb::BackupEngineOptions options(folder);
  options.share_table_files = true;
  options.share_files_with_checksum = true;
  options.sync = true;
  options.backup_log_files = true;
  Engine* engine = nullptr;
  FASTI_RETURN_IF_ERROR(FolderStatus(Engine::Open(env, options, &engine), folder));
  return std::unique_ptr<Engine>(engine);
}

// Opens a copy, has it checked, and closes it.
absl::StatusOr<std::string> Inspect(rocksdb::Env* env, absl::string_view path,
                                    const InspectCopy& inspect) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<RocksStore> copy, RocksStore::OpenFrozen(env, path));
  FASTI_ASSIGN_OR_RETURN(std::string note, inspect(*copy));
  FASTI_RETURN_IF_ERROR(copy->Close());
  return note;
}

absl::StatusOr<std::string> InspectBackup(const rocksdb::BackupEngineReadOnlyBase& engine,
                                          const std::string& folder, uint32_t number,
                                          const InspectCopy& inspect) {
  rocksdb::BackupInfo info;  // keeps the environment that its database is opened with
  FASTI_RETURN_IF_ERROR(
      FolderStatus(engine.GetBackupInfo(number, &info, /*include_file_details=*/true), folder));
  return Inspect(info.env_for_open.get(), info.name_for_open, inspect);
}

absl::Status CheckNote(const BackupRecord& record, absl::string_view folder,
                       absl::string_view note) {
  if (note == record.note) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(folder, ": backup ", record.number,
                                          " holds something else than its record says; take "
                                          "another backup"));
}

// What does not count: left by processes that died before their backup did, or deleted.
absl::Status DeleteUncounted(rocksdb::BackupEngine& engine, const std::string& folder,
                             const std::vector<BackupRecord>& counted) {
  std::vector<rocksdb::BackupInfo> kept;
  engine.GetBackupInfo(&kept);
  std::vector<rocksdb::BackupID> found;
  engine.GetCorruptedBackups(&found);
  for (const rocksdb::BackupInfo& info : kept) found.push_back(info.backup_id);
  for (const rocksdb::BackupID number : found) {
    const bool counts = absl::c_any_of(
        counted, [&](const BackupRecord& record) { return record.number == number; });
    if (!counts) FASTI_RETURN_IF_ERROR(FolderStatus(engine.DeleteBackup(number), folder));
  }
  return FolderStatus(engine.GarbageCollect(), folder);
}

}  // namespace

RocksBackups::RocksBackups(rocksdb::Env* env, absl::string_view folder, const BackupWatch& watch)
    : watchman_(watch), env_(env, watchman_), folder_(ResolvePath(folder)) {}

std::string RocksBackups::RecordPath(uint32_t number) const {
  return absl::StrCat(folder_, "/", kRecords, "/", number);
}

std::string RocksBackups::MetaPath(uint32_t number) const {
  return absl::StrCat(folder_, "/meta/", number);
}

absl::Status RocksBackups::CheckFolder() const {
  std::error_code error;
  const fs::directory_iterator entries(folder_, error);
  if (error == std::errc::no_such_file_or_directory) {
    return absl::NotFoundError(absl::StrCat(folder_, ": no backups there"));
  }
  if (error) return absl::UnavailableError(absl::StrCat(folder_, ": ", error.message()));
  for (const fs::directory_entry& entry : entries) {
    const std::string name = entry.path().filename().string();
    if (name == kHolderFile || absl::c_linear_search(kFolders, name)) continue;
    return absl::FailedPreconditionError(absl::StrCat(folder_,
                                                      ": not a folder of backups, since it holds '",
                                                      name, "'; name a new or empty one"));
  }
  return absl::OkStatus();
}

absl::StatusOr<BackupRecord> RocksBackups::ReadRecord(uint32_t number) {
  const std::string path = RecordPath(number);
  std::string bytes, meta;
  FASTI_RETURN_IF_ERROR(ToStatus(rocksdb::ReadFileToString(&env_, path, &bytes), path));
  BackupRecord record = DecodeBackupRecord(path, number, bytes);
  if (!record.state.ok()) return record;
  const rocksdb::Status read = rocksdb::ReadFileToString(&env_, MetaPath(number), &meta);
  if (!read.ok()) {
    record.state = FolderStatus(read, MetaPath(number));
  } else if (meta.size() != record.meta_bytes || Crc32c(meta) != record.meta_crc) {
    record.state =
        absl::DataLossError(absl::StrCat(MetaPath(number), ": damaged; take another backup"));
  }
  return record;
}

absl::StatusOr<std::vector<BackupRecord>> RocksBackups::List() {
  FASTI_RETURN_IF_ERROR(CheckFolder());
  std::vector<std::string> names;
  const std::string records = absl::StrCat(folder_, "/", kRecords);
  const rocksdb::Status listed = env_.GetChildren(records, &names);
  std::vector<BackupRecord> found;
  if (listed.IsNotFound() || listed.IsPathNotFound()) return found;
  FASTI_RETURN_IF_ERROR(ToStatus(listed, records));
  for (const std::string& name : names) {
    uint32_t number = 0;
    if (!absl::SimpleAtoi(name, &number)) continue;  // a record that was never finished
    FASTI_ASSIGN_OR_RETURN(BackupRecord record, ReadRecord(number));
    found.push_back(std::move(record));
  }
  absl::c_sort(found, [](const auto& a, const auto& b) { return a.number < b.number; });
  return found;
}

absl::StatusOr<BackupRecord> RocksBackups::RequireRecord(uint32_t number) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<BackupRecord> records, List());
  for (const BackupRecord& record : records) {
    if (record.number != number) continue;
    FASTI_RETURN_IF_ERROR(record.state);
    return record;
  }
  return absl::NotFoundError(absl::StrCat(folder_, ": no backup ", number, " there"));
}

absl::StatusOr<std::vector<BackupRecord>> RocksBackups::ListSound() {
  FASTI_ASSIGN_OR_RETURN(std::vector<BackupRecord> records, List());
  for (const BackupRecord& record : records) {
    // RocksDB would clear away what it cannot read of an old backup.
    if (!record.state.ok()) {
      return absl::Status(
          record.state.code(),
          absl::StrCat(record.state.message(), "; until that is gone, back up to another folder"));
    }
  }
  return records;
}

absl::Status RocksBackups::WriteRecord(BackupRecord* record) {
  std::string meta;
  FASTI_RETURN_IF_ERROR(FolderStatus(
      rocksdb::ReadFileToString(&env_, MetaPath(record->number), &meta), MetaPath(record->number)));
  record->meta_bytes = meta.size();
  record->meta_crc = Crc32c(meta);
  const std::string path = RecordPath(record->number);
  const std::string unfinished = absl::StrCat(path, ".tmp");
  FASTI_RETURN_IF_ERROR(
      FolderStatus(rocksdb::WriteStringToFile(&env_, EncodeBackupRecord(*record), unfinished,
                                              /*should_sync=*/true),
                   unfinished));
  FASTI_RETURN_IF_ERROR(FolderStatus(env_.RenameFile(unfinished, path), path));
  return SyncNames(&env_, absl::StrCat(folder_, "/", kRecords));
}

absl::Status RocksBackups::SyncFolders(uint32_t number) {
  for (const absl::string_view name : kFolders) {
    FASTI_RETURN_IF_ERROR(SyncNames(&env_, absl::StrCat(folder_, "/", name)));
  }
  FASTI_RETURN_IF_ERROR(SyncNames(&env_, absl::StrCat(folder_, "/private/", number)));
  FASTI_RETURN_IF_ERROR(SyncNames(&env_, folder_));
  return SyncNames(&env_, ParentOf(folder_));
}

absl::StatusOr<BackupRecord> RocksBackups::Create(absl::string_view database,
                                                  const InspectCopy& inspect) {
  absl::StatusOr<BackupRecord> record = CreateWatched(ResolvePath(database), inspect);
  if (record.ok()) return record;
  return watchman_.Judge(record.status());
}

absl::StatusOr<BackupRecord> RocksBackups::CreateWatched(const std::string& database,
                                                         const InspectCopy& inspect) {
  if (IsWithin(folder_, database) || IsWithin(database, folder_)) {
    return absl::InvalidArgumentError(
        absl::StrCat(folder_,
                     ": a backup and its database may not lie within each other; name a folder "
                     "elsewhere"));
  }
  const absl::Status usable = CheckFolder();
  if (!usable.ok() && !absl::IsNotFound(usable)) return usable;
  FASTI_RETURN_IF_ERROR(CreateDirectory(folder_));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<DirectoryLock> lock,
                         DirectoryLock::Acquire(folder_));
  FASTI_RETURN_IF_ERROR(CreateDirectory(absl::StrCat(folder_, "/", kRecords)));
  FASTI_ASSIGN_OR_RETURN(const std::vector<BackupRecord> counted, ListSound());
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<rocksdb::BackupEngine> engine,
                         OpenEngine<rocksdb::BackupEngine>(&env_, folder_));
  FASTI_RETURN_IF_ERROR(DeleteUncounted(*engine, folder_, counted));

  watchman_.Begin("copying");
  BackupRecord record;
  {
    FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Capture> capture, Capture::Take(&env_, database));
    FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<RocksStore> source,
                           RocksStore::OpenFrozen(&env_, capture->path()));
    FASTI_RETURN_IF_ERROR(FolderStatus(
        engine->CreateNewBackup(rocksdb::CreateBackupOptions(), source->db(), &record.number),
        folder_));
  }
  // From here on it must be deleted if it does not come to count.
  const auto finish = [&]() -> absl::Status {
    watchman_.Begin("verifying");
    FASTI_RETURN_IF_ERROR(
        FolderStatus(engine->VerifyBackup(record.number, /*verify_with_checksum=*/true), folder_));
    watchman_.Begin("checking");
    FASTI_ASSIGN_OR_RETURN(record.note, InspectBackup(*engine, folder_, record.number, inspect));
    rocksdb::BackupInfo info;
    FASTI_RETURN_IF_ERROR(FolderStatus(engine->GetBackupInfo(record.number, &info), folder_));
    record.bytes = info.size;
    record.created = absl::Now();
    FASTI_RETURN_IF_ERROR(SyncFolders(record.number));
    return WriteRecord(&record);
  };
  const absl::Status finished = finish();
  if (finished.ok()) return record;
  // If that fails, too, the next backup does it.
  env_.DeleteFile(RecordPath(record.number)).PermitUncheckedError();
  engine->DeleteBackup(record.number).PermitUncheckedError();
  return finished;
}

absl::Status RocksBackups::DeleteOld(uint32_t keep) {
  return watchman_.Judge(DeleteOldWatched(keep));
}

// They cease to count first, and that is durable before any of their files is touched: who dies in
// between leaves what the next backup clears away.
absl::Status RocksBackups::DeleteOldWatched(uint32_t keep) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<DirectoryLock> lock,
                         DirectoryLock::Acquire(folder_));
  FASTI_ASSIGN_OR_RETURN(std::vector<BackupRecord> counted, ListSound());
  if (counted.size() <= keep) return absl::OkStatus();
  watchman_.Begin("deleting");
  const auto newest = counted.end() - static_cast<std::ptrdiff_t>(keep);
  for (auto old = counted.begin(); old != newest; ++old) {
    const std::string path = RecordPath(old->number);
    FASTI_RETURN_IF_ERROR(FolderStatus(env_.DeleteFile(path), path));
  }
  FASTI_RETURN_IF_ERROR(SyncNames(&env_, absl::StrCat(folder_, "/", kRecords)));
  counted.erase(counted.begin(), newest);
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<rocksdb::BackupEngine> engine,
                         OpenEngine<rocksdb::BackupEngine>(&env_, folder_));
  return DeleteUncounted(*engine, folder_, counted);
}

absl::Status RocksBackups::Verify(uint32_t number, const InspectCopy& inspect) {
  return watchman_.Judge(VerifyWatched(number, inspect));
}

absl::Status RocksBackups::VerifyWatched(uint32_t number, const InspectCopy& inspect) {
  FASTI_ASSIGN_OR_RETURN(const BackupRecord record, RequireRecord(number));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine,
                         OpenEngine<rocksdb::BackupEngineReadOnly>(&env_, folder_));
  watchman_.Begin("verifying");
  FASTI_RETURN_IF_ERROR(
      FolderStatus(engine->VerifyBackup(number, /*verify_with_checksum=*/true), folder_));
  watchman_.Begin("checking");
  FASTI_ASSIGN_OR_RETURN(const std::string note, InspectBackup(*engine, folder_, number, inspect));
  return CheckNote(record, folder_, note);
}

absl::Status RocksBackups::Restore(uint32_t number, absl::string_view path,
                                   const InspectCopy& inspect) {
  return watchman_.Judge(RestoreWatched(number, ResolvePath(path), inspect));
}

absl::Status RocksBackups::RestoreWatched(uint32_t number, const std::string& path,
                                          const InspectCopy& inspect) {
  FASTI_ASSIGN_OR_RETURN(const BackupRecord record, RequireRecord(number));
  FASTI_RETURN_IF_ERROR(CheckNewPath(path, "restore"));
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<NewPlace> place, NewPlace::Take(path, ".restoring"));
  FASTI_RETURN_IF_ERROR(CheckNewPath(path, "restore"));  // while nobody else restores to it
  const std::string database = place->database();
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine,
                         OpenEngine<rocksdb::BackupEngineReadOnly>(&env_, folder_));
  watchman_.Begin("copying");
  rocksdb::Status copied = engine->RestoreDBFromBackup(number, database, database);
  if (copied.IsCorruption()) {
    // Which does not say of what, but this does.
    const rocksdb::Status verified = engine->VerifyBackup(number, /*verify_with_checksum=*/true);
    if (!verified.ok()) copied = verified;
  }
  FASTI_RETURN_IF_ERROR(FolderStatus(copied, folder_));
  watchman_.Begin("checking");
  FASTI_ASSIGN_OR_RETURN(const std::string note, Inspect(&env_, database, inspect));
  FASTI_RETURN_IF_ERROR(CheckNote(record, folder_, note));
  // The files that are ours: the mark of a database, and the state of its logs.
  FASTI_RETURN_IF_ERROR(DirectoryLock::Acquire(database).status());
  FASTI_RETURN_IF_ERROR(WriteClosedState(&env_, database));
  FASTI_RETURN_IF_ERROR(ToStatus(env_.RenameFile(database, path), path));
  return SyncNames(&env_, ParentOf(path));
}

absl::StatusOr<std::vector<BackupRecord>> ListBackups(absl::string_view folder) {
  const BackupWatch nobody = {};
  return RocksBackups(rocksdb::Env::Default(), folder, nobody).List();
}

absl::StatusOr<BackupRecord> CreateBackup(absl::string_view database, absl::string_view folder,
                                          const InspectCopy& inspect, const BackupWatch& watch) {
  return RocksBackups(rocksdb::Env::Default(), folder, watch).Create(database, inspect);
}

absl::Status DeleteOldBackups(absl::string_view folder, uint32_t keep, const BackupWatch& watch) {
  return RocksBackups(rocksdb::Env::Default(), folder, watch).DeleteOld(keep);
}

absl::Status VerifyBackup(absl::string_view folder, uint32_t number, const InspectCopy& inspect,
                          const BackupWatch& watch) {
  return RocksBackups(rocksdb::Env::Default(), folder, watch).Verify(number, inspect);
}

absl::Status RestoreBackup(absl::string_view folder, uint32_t number, absl::string_view path,
                           const InspectCopy& inspect, const BackupWatch& watch) {
  return RocksBackups(rocksdb::Env::Default(), folder, watch).Restore(number, path, inspect);
}

}  // namespace fasti::storage
