#include <memory>
#include <vector>

#include "engine/storage/directory.h"
#include "engine/storage/peek.h"
#include "engine/storage/rocks_files.h"
#include "engine/storage/rocks_options.h"
#include "engine/storage/slice.h"
#include "fasti/status_macros.h"

namespace fasti::storage {
namespace {

constexpr size_t kCacheBytes = size_t{1} << 20;
constexpr int kOpenFiles = 16;  // of one small family

}  // namespace

absl::StatusOr<std::string> PeekRecord(absl::string_view path, absl::string_view key) {
  FASTI_ASSIGN_OR_RETURN(const DirectoryState state, InspectDirectory(path));
  if (state != DirectoryState::kDatabase) return absl::NotFoundError("no database there");
  rocksdb::Env* const env = rocksdb::Env::Default();
  FASTI_RETURN_IF_ERROR(CheckLogs(env, path));
  rocksdb::DBOptions options = DatabaseOptions(Role::kFrozen, env, {});
  options.max_open_files = kOpenFiles;
  std::vector<rocksdb::ColumnFamilyDescriptor> families =
      FamilyDescriptors(Role::kFrozen, kCacheBytes);
  families.resize(1);  // kDefault; RocksDB passes the others over
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  FASTI_RETURN_IF_ERROR(ToStatus(
      rocksdb::DB::OpenForReadOnly(options, std::string(path), families, &handles, &opened), path));
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::string value;
  rocksdb::Status status = db->Get(ReadingOptions(), handles.front(), ToSlice(key), &value);
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  FASTI_RETURN_IF_ERROR(ToStatus(status, path));
  return value;
}

}  // namespace fasti::storage
