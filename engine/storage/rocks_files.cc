#include "engine/storage/rocks_files.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/storage/directory.h"
#include "engine/storage/log_scan.h"
#include "engine/storage/rocks_checksum.h"
#include "engine/storage/rocks_live_logs.h"
#include "engine/storage/rocks_options.h"
#include "engine/storage/slice.h"
#include "engine/storage/store.h"
#include "fasti/status_macros.h"
#include "rocksdb/file_checksum.h"

namespace fasti::storage {
namespace {

constexpr size_t kReadBytes = size_t{1} << 20;
// For a look at a MANIFEST, of which no table is opened.
constexpr int kOpenFiles = 16;
constexpr size_t kCacheBytes = size_t{1} << 20;

absl::StatusOr<std::string> ReadWholeFile(rocksdb::Env* env, const std::string& path) {
  std::string bytes;
  FASTI_RETURN_IF_ERROR(ToStatus(rocksdb::ReadFileToString(env, path, &bytes), path));
  return bytes;
}

// CURRENT names the MANIFEST in force.
absl::StatusOr<std::string> ManifestOf(rocksdb::Env* env, absl::string_view path) {
  const std::string current = absl::StrCat(path, "/CURRENT");
  FASTI_ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(env, current));
  absl::string_view name = text;
  const bool named = absl::ConsumeSuffix(&name, "\n") && absl::StartsWith(name, "MANIFEST-");
  const std::string manifest = absl::StrCat(path, "/", name);
  if (!named || !env->FileExists(manifest).ok()) {
    return absl::DataLossError(
        absl::StrCat(current, ": expected the name of a MANIFEST; restore a backup"));
  }
  return manifest;
}

// The checksum that was recorded in the MANIFEST when the file was finished, computed again.
absl::Status CheckTable(rocksdb::Env* env, absl::string_view directory,
                        const rocksdb::LiveFileMetaData& table) {
  const std::string path = absl::StrCat(directory, "/", table.relative_filename);
  rocksdb::FileChecksumGenContext context;
  context.file_name = path;
  context.requested_checksum_func_name = table.file_checksum_func_name;
  const std::unique_ptr<rocksdb::FileChecksumGenerator> checksum =
      FileChecksums()->CreateFileChecksumGenerator(context);
  if (checksum == nullptr || table.file_checksum_func_name != checksum->Name()) {
    return absl::DataLossError(absl::StrCat(path, ": no checksum is recorded for it"));
  }
  std::unique_ptr<rocksdb::SequentialFile> file;
  FASTI_RETURN_IF_ERROR(ToStatus(env->NewSequentialFile(path, &file, rocksdb::EnvOptions()), path));
  std::string buffer(kReadBytes, '\0');
  rocksdb::Slice read;
  do {
    FASTI_RETURN_IF_ERROR(ToStatus(file->Read(kReadBytes, &read, buffer.data()), path));
    checksum->Update(read.data(), read.size());
  } while (!read.empty());
  checksum->Finalize();
  if (checksum->GetChecksum() == table.file_checksum) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(path, ": the file differs from its checksum"));
}

bool IsAmong(const std::vector<rocksdb::LiveFileMetaData>& tables,
             const rocksdb::LiveFileMetaData& table) {
  return absl::c_any_of(tables, [&](const rocksdb::LiveFileMetaData& other) {
    return other.file_number == table.file_number;
  });
}

// A reader cannot keep the writer from deleting a file that it has just replaced.
bool IsStillLive(rocksdb::Env* env, absl::string_view path,
                 const rocksdb::LiveFileMetaData& table) {
  const absl::StatusOr<std::vector<rocksdb::LiveFileMetaData>> tables = LiveTables(env, path);
  return !tables.ok() || IsAmong(*tables, table);
}

}  // namespace

absl::Status CheckFamilies(rocksdb::Env* env, absl::string_view path) {
  rocksdb::DBOptions options;
  options.env = env;
  std::vector<std::string> found;
  FASTI_RETURN_IF_ERROR(
      ToStatus(rocksdb::DB::ListColumnFamilies(options, std::string(path), &found), path));
  for (int i = 0; i < kFamilyCount; ++i) {
    const absl::string_view name = FamilyName(static_cast<Family>(i));
    if (absl::c_linear_search(found, name)) continue;
    if (!DirectoryLock::WasEverHeld(path)) {
      return absl::FailedPreconditionError(absl::StrCat(path, ": not a Fasti database"));
    }
    return absl::DataLossError(
        absl::StrCat(path, ": the family '", name, "' is missing; restore a backup"));
  }
  if (found.size() == kFamilyCount) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": written by a newer version, with families unknown to this one"));
}

absl::StatusOr<Manifest> ReadManifest(rocksdb::Env* env, absl::string_view path) {
  FASTI_ASSIGN_OR_RETURN(const std::string manifest, ManifestOf(env, path));
  FASTI_ASSIGN_OR_RETURN(std::string bytes, ReadLog(env, manifest));
  return Manifest{manifest.substr(path.size() + 1), std::move(bytes)};
}

absl::StatusOr<std::string> ManifestEnd(rocksdb::Env* env, absl::string_view path) {
  FASTI_ASSIGN_OR_RETURN(const std::string manifest, ManifestOf(env, path));
  uint64_t bytes = 0;
  FASTI_RETURN_IF_ERROR(ToStatus(env->GetFileSize(manifest, &bytes), manifest));
  return absl::StrCat(manifest, " ", bytes);
}

absl::StatusOr<std::vector<rocksdb::LiveFileMetaData>> LiveTables(rocksdb::Env* from,
                                                                  absl::string_view directory) {
  FASTI_ASSIGN_OR_RETURN(const Manifest manifest, ReadManifest(from, directory));
  const std::unique_ptr<rocksdb::Env> env(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  const std::string path = "/wreck";
  FASTI_RETURN_IF_ERROR(ToStatus(env->CreateDirIfMissing(path), path));
  for (const auto& [name, bytes] : {std::make_pair(manifest.name, manifest.bytes),
                                    {"CURRENT", absl::StrCat(manifest.name, "\n")}}) {
    FASTI_RETURN_IF_ERROR(ToStatus(
        rocksdb::WriteStringToFile(env.get(), bytes, absl::StrCat(path, "/", name)), name));
  }
  rocksdb::DBOptions options = DatabaseOptions(Role::kFrozen, env.get(), {});
  options.paranoid_checks = false;  // or else it misses the tables
  options.max_open_files = kOpenFiles;
  std::vector<std::string> found;
  FASTI_RETURN_IF_ERROR(ToStatus(rocksdb::DB::ListColumnFamilies(options, path, &found), path));
  std::vector<rocksdb::ColumnFamilyDescriptor> families =
      FamilyDescriptors(Role::kFrozen, kCacheBytes);
  families.erase(std::remove_if(families.begin(), families.end(),
                                [&](const rocksdb::ColumnFamilyDescriptor& family) {
                                  return !absl::c_linear_search(found, family.name);
                                }),
                 families.end());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  FASTI_RETURN_IF_ERROR(
      ToStatus(rocksdb::DB::OpenForReadOnly(options, path, families, &handles, &opened), path));
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::vector<rocksdb::LiveFileMetaData> tables;
  db->GetLiveFilesMetaData(&tables);
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  absl::c_sort(tables, [](const auto& a, const auto& b) { return a.file_number < b.file_number; });
  return tables;
}

absl::StatusOr<std::string> ReadLog(rocksdb::Env* env, const std::string& path) {
  FASTI_ASSIGN_OR_RETURN(std::string bytes, ReadWholeFile(env, path));
  const LogScan scan = ScanLog(bytes);
  switch (scan.verdict) {
    case LogScan::Verdict::kWhole:
      return bytes;
    case LogScan::Verdict::kTorn:
      return bytes.substr(0, scan.offset);
    case LogScan::Verdict::kDamaged:
      break;
  }
  return absl::DataLossError(absl::StrCat(path, ": damaged record at byte ", scan.offset, " (",
                                          scan.reason, "); restore a backup"));
}

absl::StatusOr<std::vector<std::string>> LogNames(rocksdb::Env* env, absl::string_view path) {
  std::vector<std::string> names;
  FASTI_RETURN_IF_ERROR(ToStatus(env->GetChildren(std::string(path), &names), path));
  names.erase(std::remove_if(names.begin(), names.end(),
                             [](const std::string& name) { return !absl::EndsWith(name, ".log"); }),
              names.end());
  // Their numbers grow, and may get more digits.
  absl::c_sort(names, [](const std::string& a, const std::string& b) {
    return std::make_pair(a.size(), absl::string_view(a)) <
           std::make_pair(b.size(), absl::string_view(b));
  });
  return names;
}

absl::Status CheckLogs(rocksdb::Env* env, absl::string_view path) {
  FASTI_ASSIGN_OR_RETURN(const std::string manifest, ManifestOf(env, path));
  FASTI_RETURN_IF_ERROR(ReadLog(env, manifest).status());
  FASTI_ASSIGN_OR_RETURN(const LogSizes sizes, ReadLiveLogs(env, path));
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> missing, MissingLogs(env, path));
  if (!missing.empty()) {
    return absl::DataLossError(
        absl::StrCat(path, "/", missing.front(), ": missing; restore a backup"));
  }
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> names, LogNames(env, path));
  std::optional<uint64_t> last;
  for (const std::string& name : names) {
    const std::string log = absl::StrCat(path, "/", name);
    FASTI_ASSIGN_OR_RETURN(const std::string bytes, ReadLog(env, log));
    const auto listed = sizes.find(name);
    if (listed != sizes.end() && listed->second.value_or(bytes.size()) != bytes.size()) {
      return absl::DataLossError(absl::StrCat(log, ": expected ", *listed->second,
                                              " bytes of records, found ", bytes.size(),
                                              "; restore a backup"));
    }
    const std::optional<uint64_t> first = FirstSequence(bytes);
    // RocksDB ends the process over changes that it meets twice.
    if (first && last && *first <= *last) {
      return absl::DataLossError(
          absl::StrCat(log, ": begins before the log before it; restore a backup"));
    }
    if (first) last = first;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> VerifyFiles(rocksdb::DB& db, absl::string_view path) {
  std::vector<std::string> damage;
  rocksdb::Env* const env = db.GetEnv();
  const absl::Status logs = CheckLogs(env, path);
  if (!logs.ok()) damage.emplace_back(logs.message());
  // Not those that the database itself tells of: a reader passes over what it cannot open.
  const absl::StatusOr<std::vector<rocksdb::LiveFileMetaData>> tables = LiveTables(env, path);
  if (!tables.ok()) {
    if (logs.ok()) damage.emplace_back(tables.status().message());
    return damage;
  }
  for (const rocksdb::LiveFileMetaData& table : *tables) {
    const absl::Status status = CheckTable(env, path, table);
    if (!status.ok() && IsStillLive(env, path, table)) damage.emplace_back(status.message());
  }
  return damage;
}

absl::Status CheckReadsAll(rocksdb::DB& db, absl::string_view path) {
  rocksdb::Env* const env = db.GetEnv();
  FASTI_ASSIGN_OR_RETURN(const std::vector<rocksdb::LiveFileMetaData> live, LiveTables(env, path));
  FASTI_RETURN_IF_ERROR(ToStatus(db.TryCatchUpWithPrimary(), path));
  std::vector<rocksdb::LiveFileMetaData> opened;
  db.GetLiveFilesMetaData(&opened);
  // One that is damaged keeps RocksDB from all that came with it.
  absl::Status status;
  for (const rocksdb::LiveFileMetaData& table : live) {
    // What the writer has replaced since nobody needs to read.
    if (IsAmong(opened, table) || !IsStillLive(env, path, table)) continue;
    const absl::Status found = CheckTable(env, path, table);
    if (!found.ok() && !IsStillLive(env, path, table)) continue;
    FASTI_RETURN_IF_ERROR(found);
    status = absl::UnavailableError(absl::StrCat(
        path, "/", table.relative_filename, ": replaced while it was about to be read; try again"));
  }
  return status;
}

absl::Status DeleteFiles(rocksdb::Env* env, absl::string_view path, absl::string_view kept) {
  std::vector<std::string> names;
  FASTI_RETURN_IF_ERROR(ToStatus(env->GetChildren(std::string(path), &names), path));
  for (const std::string& name : names) {
    const std::string file = absl::StrCat(path, "/", name);
    bool is_directory = false;
    if (name == kept || (env->IsDirectory(file, &is_directory).ok() && is_directory)) continue;
    FASTI_RETURN_IF_ERROR(ToStatus(env->DeleteFile(file), file));
  }
  return absl::OkStatus();
}

absl::Status SyncNames(rocksdb::Env* env, absl::string_view path) {
  return ToStatus(SyncNamesForRocks(env, path), path);
}

rocksdb::Status SyncNamesForRocks(rocksdb::Env* env, absl::string_view path) {
  std::unique_ptr<rocksdb::Directory> directory;
  const rocksdb::Status status = env->NewDirectory(std::string(path), &directory);
  return status.ok() ? directory->Fsync() : status;
}

}  // namespace fasti::storage
