#include "engine/storage/rocks_sealed_file.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/crc32c.h"
#include "engine/storage/rocks_files.h"
#include "engine/storage/rocks_options.h"
#include "fasti/status_macros.h"

namespace fasti::storage {
namespace {

std::string PathOf(absl::string_view folder, absl::string_view name) {
  return absl::StrCat(folder, "/", name);
}

}  // namespace

std::string SealLine(absl::string_view name, absl::string_view bytes) {
  return absl::StrFormat("%s %d %08x\n", name, bytes.size(), Crc32c(bytes));
}

rocksdb::Status WriteSealedFile(rocksdb::Env* env, absl::string_view folder, absl::string_view name,
                                absl::string_view lines) {
  const std::string path = PathOf(folder, name);
  const std::string unfinished = absl::StrCat(path, ".tmp");
  rocksdb::Status status = rocksdb::WriteStringToFile(
      env, absl::StrCat(lines, SealLine(name, lines)), unfinished, /*should_sync=*/true);
  if (status.ok()) status = env->RenameFile(unfinished, path);
  if (status.ok()) status = SyncNamesForRocks(env, folder);
  return status;
}

absl::StatusOr<std::optional<std::string>> ReadSealedFile(rocksdb::Env* env,
                                                          absl::string_view folder,
                                                          absl::string_view name) {
  const std::string path = PathOf(folder, name);
  if (env->FileExists(path).IsNotFound()) return std::nullopt;
  std::string bytes;
  FASTI_RETURN_IF_ERROR(ToStatus(rocksdb::ReadFileToString(env, path, &bytes), path));
  const size_t last_line = bytes.rfind(absl::StrCat(name, " "));
  std::string lines = bytes.substr(0, last_line);
  if (last_line == std::string::npos || bytes.substr(last_line) != SealLine(name, lines)) {
    return absl::DataLossError(absl::StrCat(path, ": damaged; restore a backup"));
  }
  return lines;
}

absl::Status RemoveSealedFile(rocksdb::Env* env, absl::string_view folder, absl::string_view name) {
  const std::string path = PathOf(folder, name);
  if (env->FileExists(path).IsNotFound()) return absl::OkStatus();
  FASTI_RETURN_IF_ERROR(ToStatus(env->DeleteFile(path), path));
  return SyncNames(env, folder);
}

}  // namespace fasti::storage
