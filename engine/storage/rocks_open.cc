// How a RocksStore comes to be: what is checked before RocksDB may touch a directory, and what a
// directory must look like for it.

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/storage/rocks_bulk_load.h"
#include "engine/storage/rocks_files.h"
#include "engine/storage/rocks_store.h"
#include "fasti/status_macros.h"

namespace fasti::storage {
namespace {

constexpr absl::string_view kMemoryPath = "/memory";
constexpr size_t kMemoryCacheBytes = size_t{8} << 20;

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

}  // namespace

absl::Status RocksStore::OpenDatabase(rocksdb::Env* env, const StoreOptions& options, bool create) {
  rocksdb::DBOptions settings = DatabaseOptions(role_, env, fence_);
  settings.create_if_missing = create;
  settings.create_missing_column_families = create;
  const std::vector<rocksdb::ColumnFamilyDescriptor> families =
      FamilyDescriptors(role_, options.cache_bytes);
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      role_ == Role::kReader ? rocksdb::DB::OpenAsSecondary(settings, path_, temporary_->path(),
                                                            families, &handles_, &db)
                             : rocksdb::DB::Open(settings, path_, families, &handles_, &db);
  FASTI_RETURN_IF_ERROR(ToStatus(status, path_));
  db_.reset(db);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Store>> RocksStore::OpenWriter(rocksdb::Env* env,
                                                              absl::string_view path,
                                                              const StoreOptions& options) {
  FASTI_RETURN_IF_ERROR(CheckBeforeWriting(env, path, options));
  FASTI_RETURN_IF_ERROR(CreateDirectory(path));
  std::unique_ptr<RocksStore> store(new RocksStore(Role::kWriter, path));
  FASTI_ASSIGN_OR_RETURN(store->lock_, DirectoryLock::Acquire(path));
  FASTI_ASSIGN_OR_RETURN(const DirectoryState state, InspectDirectory(path));
  const bool is_new = state != DirectoryState::kDatabase;
  if (is_new) {
    FASTI_RETURN_IF_ERROR(BeginCreation(path));
  } else {
    FASTI_RETURN_IF_ERROR(CheckLogs(env, path));
    FASTI_RETURN_IF_ERROR(CheckFamilies(env, path));
    FASTI_RETURN_IF_ERROR(RocksBulkLoad::DeleteLeftovers(env, path));
  }
  FASTI_RETURN_IF_ERROR(store->OpenDatabase(env, options, /*create=*/is_new));
  if (is_new) FASTI_RETURN_IF_ERROR(FinishCreation(path));
  return store;
}

absl::StatusOr<std::unique_ptr<Store>> RocksStore::OpenReader(rocksdb::Env* env,
                                                              absl::string_view path,
                                                              const StoreOptions& options) {
  FASTI_ASSIGN_OR_RETURN(const DirectoryState state, InspectDirectory(path));
  FASTI_RETURN_IF_ERROR(RequireDatabase(path, state));
  std::unique_ptr<RocksStore> store(new RocksStore(Role::kReader, path));
  FASTI_ASSIGN_OR_RETURN(store->temporary_, TemporaryDirectory::Create());
  absl::Status status;
  for (int attempt = 0; attempt < kReaderAttempts; ++attempt) {
    status = CheckLogs(env, path);
    if (status.ok()) status = CheckFamilies(env, path);
    if (status.ok()) status = store->OpenDatabase(env, options, /*create=*/false);
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
  FASTI_RETURN_IF_ERROR(store->OpenDatabase(store->memory_.get(), options, /*create=*/true));
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
