// How a RocksStore comes to be: what is checked before RocksDB may touch a directory, and what a
// directory must look like for it.

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "engine/storage/new_place.h"
#include "engine/storage/rocks_bulk_load.h"
#include "engine/storage/rocks_capture.h"
#include "engine/storage/rocks_closed_state.h"
#include "engine/storage/rocks_files.h"
#include "engine/storage/rocks_store.h"
#include "fasti/status_macros.h"

namespace fasti::storage {
namespace {

constexpr absl::string_view kMemoryPath = "/memory";
constexpr size_t kMemoryCacheBytes = size_t{8} << 20;
constexpr size_t kFrozenCacheBytes = size_t{32} << 20;

// A reader opens files that the writer may just be replacing; a moment later the list is new.
constexpr int kReaderAttempts = 5;

absl::Status RequireDatabase(absl::string_view path, DirectoryState state) {
  if (state == DirectoryState::kDatabase) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(path, ": no database there"));
}

// Looks at a directory that may hold anything, without writing to it.
absl::Status CheckBeforeWriting(rocksdb::Env* env, absl::string_view path,
                                const StoreOptions& options) {
  FASTI_ASSIGN_OR_RETURN(const DirectoryState state, InspectDirectory(path));
  if (!options.create_if_missing && state != DirectoryState::kUnfinished) {
    FASTI_RETURN_IF_ERROR(RequireDatabase(path, state));
  }
  // What carries our mark is checked once it is ours alone.
  if (state != DirectoryState::kDatabase || DirectoryLock::WasEverHeld(path)) {
    return absl::OkStatus();
  }
  return CheckFamilies(env, path);
}

int PlaceOf(absl::string_view name) {
  int place = 0;
  while (place < kFamilyCount && FamilyName(static_cast<Family>(place)) != name) ++place;
  return place;
}

// Moves the families that a database yet unfinished does not have from `families` to `missing`.
absl::Status SplitMissing(rocksdb::Env* env, const std::string& path,
                          std::vector<rocksdb::ColumnFamilyDescriptor>* families,
                          std::vector<rocksdb::ColumnFamilyDescriptor>* missing) {
  std::vector<std::string> existing = {std::string(FamilyName(Family::kDefault))};
  if (env->FileExists(path + "/CURRENT").ok()) {
    rocksdb::DBOptions options;
    options.env = env;
    existing.clear();
    FASTI_RETURN_IF_ERROR(
        ToStatus(rocksdb::DB::ListColumnFamilies(options, path, &existing), path));
  }
  const auto exists = [&existing](const rocksdb::ColumnFamilyDescriptor& family) {
    return absl::c_linear_search(existing, family.name);
  };
  const auto split = std::stable_partition(families->begin(), families->end(), exists);
  missing->assign(split, families->end());
  families->erase(split, families->end());
  return absl::OkStatus();
}

}  // namespace

absl::Status RocksStore::OpenDatabase(rocksdb::Env* env, const StoreOptions& options, bool create) {
  rocksdb::DBOptions settings = DatabaseOptions(role_, env, {fence_, stall_counter_});
  settings.create_if_missing = create;
  std::vector<rocksdb::ColumnFamilyDescriptor> families =
      FamilyDescriptors(role_, options.cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> missing;
  if (create) FASTI_RETURN_IF_ERROR(SplitMissing(env, path_, &families, &missing));
  rocksdb::DB* db = nullptr;
  rocksdb::Status status;
  switch (role_) {
    case Role::kReader:
      status = rocksdb::DB::OpenAsSecondary(settings, path_, temporary_->path(), families,
                                            &handles_, &db);
      break;
    case Role::kFrozen:
      status = rocksdb::DB::OpenForReadOnly(settings, path_, families, &handles_, &db);
      break;
    case Role::kWriter:
    case Role::kMemory:
      status = rocksdb::DB::Open(settings, path_, families, &handles_, &db);
      break;
  }
  FASTI_RETURN_IF_ERROR(ToStatus(status, path_));
  db_.reset(db);
  if (missing.empty()) return absl::OkStatus();
  // In one call, since each of them writes all options to a file and reads them back.
  std::vector<rocksdb::ColumnFamilyHandle*> created;
  const rocksdb::Status creation = db_->CreateColumnFamilies(missing, &created);
  handles_.insert(handles_.end(), created.begin(), created.end());
  absl::c_sort(handles_, [](const auto* a, const auto* b) {
    return PlaceOf(a->GetName()) < PlaceOf(b->GetName());
  });
  return ToStatus(creation, path_);
}

absl::StatusOr<std::unique_ptr<Store>> RocksStore::OpenWriter(rocksdb::Env* env,
                                                              absl::string_view path,
                                                              const StoreOptions& options) {
  FASTI_RETURN_IF_ERROR(CheckBeforeWriting(env, path, options));
  FASTI_RETURN_IF_ERROR(CreateDirectory(path));
  std::unique_ptr<RocksStore> store(new RocksStore(Role::kWriter, path));
  FASTI_ASSIGN_OR_RETURN(store->lock_, DirectoryLock::Acquire(path));
  // What a purge that was killed left of the database before it.
  FASTI_RETURN_IF_ERROR(ClearLeftover(ResolvePath(path), kPurgingSuffix));
  FASTI_ASSIGN_OR_RETURN(const DirectoryState state, InspectDirectory(path));
  const bool is_new = state != DirectoryState::kDatabase;
  if (is_new) {
    FASTI_RETURN_IF_ERROR(BeginCreation(path));
  } else {
    FASTI_RETURN_IF_ERROR(CheckLogs(env, path));
    FASTI_RETURN_IF_ERROR(CheckClosedState(env, path));
    FASTI_RETURN_IF_ERROR(CheckFamilies(env, path));
    FASTI_RETURN_IF_ERROR(BulkFolder::DeleteLeftovers(env, path));
    FASTI_RETURN_IF_ERROR(Capture::DeleteLeftovers(env, path));
  }
  FASTI_RETURN_IF_ERROR(RemoveClosedState(env, path));
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> logs, LogNames(env, path));
  store->env_ = std::make_unique<RocksEnv>(env);
  store->env_->files().ListLogs(env, path, logs);
  store->bulk_folder_ = std::make_unique<BulkFolder>(store->env_.get(), path);
  FASTI_RETURN_IF_ERROR(store->OpenDatabase(store->env_.get(), options, /*create=*/is_new));
  if (is_new) FASTI_RETURN_IF_ERROR(FinishCreation(path));
  return store;
}

absl::StatusOr<std::unique_ptr<Store>> RocksStore::OpenReader(rocksdb::Env* env,
                                                              absl::string_view path,
                                                              const StoreOptions& options) {
  FASTI_ASSIGN_OR_RETURN(const DirectoryState state, InspectDirectory(path));
  FASTI_RETURN_IF_ERROR(RequireDatabase(path, state));
  absl::Status status;
  for (int attempt = 0; attempt < kReaderAttempts; ++attempt) {
    std::unique_ptr<RocksStore> store(new RocksStore(Role::kReader, path));
    FASTI_ASSIGN_OR_RETURN(store->temporary_, TemporaryDirectory::Create());
    status = CheckLogs(env, path);
    if (status.ok()) status = CheckClosedState(env, path);
    if (status.ok()) status = CheckFamilies(env, path);
    if (status.ok()) status = store->OpenDatabase(env, options, /*create=*/false);
    if (status.ok()) status = CheckReadsAll(*store->db_, path);
    if (status.ok()) return store;
    if (absl::IsFailedPrecondition(status)) break;
  }
  return status;
}

absl::StatusOr<std::unique_ptr<Store>> RocksStore::OpenMemory() {
  std::unique_ptr<RocksStore> store(new RocksStore(Role::kMemory, kMemoryPath));
  store->memory_.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  StoreOptions options;
  options.cache_bytes = kMemoryCacheBytes;
  store->env_ = std::make_unique<RocksEnv>(store->memory_.get());
  store->bulk_folder_ = std::make_unique<BulkFolder>(store->env_.get(), kMemoryPath);
  FASTI_RETURN_IF_ERROR(store->OpenDatabase(store->env_.get(), options, /*create=*/true));
  return store;
}

absl::StatusOr<std::unique_ptr<RocksStore>> RocksStore::OpenFrozen(rocksdb::Env* env,
                                                                   absl::string_view path) {
  FASTI_RETURN_IF_ERROR(CheckLogs(env, path));
  FASTI_RETURN_IF_ERROR(CheckFamilies(env, path));
  std::unique_ptr<RocksStore> store(new RocksStore(Role::kFrozen, path));
  StoreOptions options;
  options.cache_bytes = kFrozenCacheBytes;
  FASTI_RETURN_IF_ERROR(store->OpenDatabase(env, options, /*create=*/false));
  return store;
}

absl::StatusOr<std::unique_ptr<Store>> OpenRocksStore(absl::string_view path,
                                                      const StoreOptions& options) {
  rocksdb::Env* const env = rocksdb::Env::Default();
  return options.read_only ? RocksStore::OpenReader(env, path, options)
                           : RocksStore::OpenWriter(env, path, options);
}

absl::StatusOr<std::unique_ptr<Store>> OpenMemoryStore() {
  return RocksStore::OpenMemory();
}

}  // namespace fasti::storage
