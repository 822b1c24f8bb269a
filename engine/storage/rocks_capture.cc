#include "engine/storage/rocks_capture.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/storage/rocks_files.h"
#include "engine/storage/rocks_options.h"
#include "fasti/status_macros.h"

namespace fasti::storage {
namespace {

// An attempt takes some milliseconds, and the MANIFEST of a busy writer grows a few times a second;
// but where many want the processor an attempt may take as long as that.
constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr absl::Duration kPause = absl::Milliseconds(10);

std::string FolderOf(absl::string_view database) {
  return absl::StrCat(database, "/capture");
}

bool IsGone(const rocksdb::Status& status) {
  return status.IsNotFound() || status.IsPathNotFound();
}

absl::Status WriteCopy(rocksdb::Env* env, absl::string_view bytes, const std::string& path) {
  return ToStatus(rocksdb::WriteStringToFile(env, rocksdb::Slice(bytes.data(), bytes.size()), path),
                  path);
}

}  // namespace

Capture::Capture(rocksdb::Env* env, absl::string_view database)
    : env_(env), database_(database), folder_(FolderOf(database)) {}

Capture::~Capture() {
  if (lock_ != nullptr) DeleteFiles(env_, folder_, kHolderFile).IgnoreError();
}

absl::StatusOr<std::unique_ptr<Capture>> Capture::Take(rocksdb::Env* env,
                                                       absl::string_view database) {
  std::unique_ptr<Capture> capture(new Capture(env, database));
  FASTI_RETURN_IF_ERROR(CreateDirectory(capture->folder_));
  FASTI_ASSIGN_OR_RETURN(capture->lock_, DirectoryLock::Acquire(capture->folder_));
  absl::Status last;
  const absl::Time deadline = absl::Now() + kPatience;
  while (true) {
    FASTI_RETURN_IF_ERROR(DeleteFiles(env, capture->folder_, kHolderFile));
    const absl::StatusOr<bool> whole = capture->TryOnce();
    if (whole.ok() && *whole) return capture;
    last = whole.status();
    // A MANIFEST may go between its name and its bytes; anything else stays as it is.
    if (!whole.ok() && !absl::IsNotFound(last) && !absl::IsDataLoss(last)) break;
    if (absl::Now() > deadline) break;
    absl::SleepFor(kPause);
  }
  if (!last.ok()) return last;
  return absl::UnavailableError(
      absl::StrCat(database, ": changed all the time while it was to be captured; try again"));
}

absl::StatusOr<bool> Capture::TryOnce() {
  FASTI_ASSIGN_OR_RETURN(const Manifest before, ReadManifest(env_, database_));
  std::vector<std::string> names;
  FASTI_RETURN_IF_ERROR(ToStatus(env_->GetChildren(database_, &names), database_));
  for (const std::string& name : names) {
    if (!absl::EndsWith(name, ".sst")) continue;
    const std::string from = absl::StrCat(database_, "/", name);
    const rocksdb::Status linked = env_->LinkFile(from, absl::StrCat(folder_, "/", name));
    if (IsGone(linked)) return false;
    FASTI_RETURN_IF_ERROR(ToStatus(linked, from));
  }
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> logs, LogNames(env_, database_));
  for (const std::string& name : logs) {
    const std::string from = absl::StrCat(database_, "/", name);
    const absl::StatusOr<std::string> log = ReadLog(env_, from);
    if (!log.ok() && IsGone(env_->FileExists(from))) return false;
    FASTI_RETURN_IF_ERROR(log.status());
    FASTI_RETURN_IF_ERROR(WriteCopy(env_, *log, absl::StrCat(folder_, "/", name)));
  }
  FASTI_RETURN_IF_ERROR(WriteCopy(env_, before.bytes, absl::StrCat(folder_, "/", before.name)));
  FASTI_RETURN_IF_ERROR(
      WriteCopy(env_, absl::StrCat(before.name, "\n"), absl::StrCat(folder_, "/CURRENT")));
  FASTI_ASSIGN_OR_RETURN(const Manifest after, ReadManifest(env_, database_));
  return before.name == after.name && before.bytes == after.bytes;
}

absl::Status Capture::DeleteLeftovers(rocksdb::Env* env, absl::string_view database) {
  const std::string folder = FolderOf(database);
  if (IsGone(env->FileExists(folder))) return absl::OkStatus();
  const absl::StatusOr<std::unique_ptr<DirectoryLock>> lock = DirectoryLock::Acquire(folder);
  if (absl::IsUnavailable(lock.status())) return absl::OkStatus();  // they are no leftovers
  FASTI_RETURN_IF_ERROR(lock.status());
  return DeleteFiles(env, folder, kHolderFile);
}

}  // namespace fasti::storage
