#include "engine/storage/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "fasti/status_macros.h"

namespace fasti::storage {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kCreatingFile = "CREATING";

fs::path PathOf(absl::string_view path, absl::string_view file = "") {
  const fs::path directory(std::string(path.data(), path.size()));
  return file.empty() ? directory : directory / std::string(file.data(), file.size());
}

absl::Status SystemStatus(int error, absl::string_view path, absl::string_view what) {
  const std::string message =
      absl::StrCat(path, ": ", what, ": ", std::generic_category().message(error));
  switch (error) {
    case ENOENT:
      return absl::NotFoundError(message);
    case ENOSPC:
    case EDQUOT:
      return absl::ResourceExhaustedError(message);
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(message);
    default:
      return absl::UnavailableError(message);
  }
}

// Who we are, for the process that finds the directory taken.
std::string DescribeHolder() {
  return absl::StrCat("process ", ::getpid(), " (", ::program_invocation_short_name, ") since ",
                      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::Now(), absl::UTCTimeZone()),
                      "\n");
}

std::string ReadHolder(int fd) {
  char text[256];
  const ssize_t size = ::pread(fd, text, sizeof(text), 0);
  if (size <= 0) return "another process";
  const absl::string_view line = absl::StripAsciiWhitespace(absl::string_view(text, size));
  return line.empty() ? "another process" : absl::StrReplaceAll(line, {{"\n", " "}});
}

bool LooksLikeDatabaseFile(absl::string_view name) {
  return absl::StartsWith(name, "MANIFEST-") || absl::EndsWith(name, ".sst");
}

}  // namespace

absl::StatusOr<DirectoryState> InspectDirectory(absl::string_view path) {
  std::error_code error;
  const fs::file_status status = fs::status(PathOf(path), error);
  if (status.type() == fs::file_type::not_found) return DirectoryState::kAbsent;
  if (error) return SystemStatus(error.value(), path, "looking at it");
  if (status.type() != fs::file_type::directory) {
    return absl::FailedPreconditionError(absl::StrCat(path, ": not a directory"));
  }
  bool empty = true, has_current = false, was_database = false, was_held = false;
  fs::directory_iterator entries(PathOf(path), error);
  if (error) return SystemStatus(error.value(), path, "listing it");
  for (; entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (name == kCreatingFile) return DirectoryState::kUnfinished;
    if (name == kHolderFile) {
      was_held = true;
      continue;
    }
    empty = false;
    has_current |= name == "CURRENT";
    was_database |= LooksLikeDatabaseFile(name);
  }
  if (error) return SystemStatus(error.value(), path, "listing it");
  if (empty) return DirectoryState::kEmpty;
  if (has_current) return DirectoryState::kDatabase;
  if (was_database || was_held) {
    return absl::DataLossError(absl::StrCat(path, "/CURRENT: missing; restore a backup"));
  }
  return absl::FailedPreconditionError(absl::StrCat(path, ": not a Fasti database"));
}

absl::Status CreateDirectory(absl::string_view path) {
  if (::mkdir(PathOf(path).c_str(), 0700) == 0 || errno == EEXIST) return absl::OkStatus();
  return SystemStatus(errno, path, "creating the directory");
}

absl::Status SyncDirectory(absl::string_view path) {
  const int fd = ::open(PathOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return SystemStatus(errno, path, "opening the directory");
  const int error = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  return error == 0 ? absl::OkStatus() : SystemStatus(error, path, "syncing the directory");
}

absl::Status BeginCreation(absl::string_view path) {
  const fs::path marker = PathOf(path, kCreatingFile);
  const int fd = ::open(marker.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return SystemStatus(errno, marker.string(), "creating it");
  ::close(fd);
  return SyncDirectory(path);
}

absl::Status FinishCreation(absl::string_view path) {
  const fs::path marker = PathOf(path, kCreatingFile);
  if (::unlink(marker.c_str()) != 0) return SystemStatus(errno, marker.string(), "removing it");
  return SyncDirectory(path);
}

absl::StatusOr<std::unique_ptr<DirectoryLock>> DirectoryLock::Lock(absl::string_view path,
                                                                   int flags) {
  const fs::path file = PathOf(path, kHolderFile);
  const int fd = ::open(file.c_str(), flags | O_CLOEXEC, 0600);
  if (fd < 0) return SystemStatus(errno, file.string(), "opening it");
  std::unique_ptr<DirectoryLock> lock(new DirectoryLock(fd));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return SystemStatus(errno, file.string(), "locking it");
    return absl::UnavailableError(
        absl::StrCat(path, ": being written by ", ReadHolder(fd), "; open it read-only, or wait"));
  }
  return lock;
}

absl::StatusOr<std::unique_ptr<DirectoryLock>> DirectoryLock::Acquire(absl::string_view path) {
  FASTI_ASSIGN_OR_RETURN(std::unique_ptr<DirectoryLock> lock, Lock(path, O_RDWR | O_CREAT));
  const std::string holder = DescribeHolder();
  const int fd = lock->fd_;
  if (::ftruncate(fd, 0) != 0 ||
      ::pwrite(fd, holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size())) {
    return SystemStatus(errno, PathOf(path, kHolderFile).string(), "writing it");
  }
  return lock;
}

absl::StatusOr<std::unique_ptr<DirectoryLock>> DirectoryLock::AcquireUnchanged(
    absl::string_view path) {
  return Lock(path, O_RDONLY);
}

bool DirectoryLock::WasEverHeld(absl::string_view path) {
  std::error_code error;
  return fs::exists(PathOf(path, kHolderFile), error);
}

// Closing the file ends the lock.
DirectoryLock::~DirectoryLock() {
  ::close(fd_);
}

absl::StatusOr<std::unique_ptr<TemporaryDirectory>> TemporaryDirectory::Create() {
  std::error_code error;
  const fs::path parent = fs::temp_directory_path(error);
  if (error) return SystemStatus(error.value(), "temporary directory", "finding it");
  std::string path = (parent / "fasti-reader-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) return SystemStatus(errno, path, "creating it");
  return std::unique_ptr<TemporaryDirectory>(new TemporaryDirectory(std::move(path)));
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;  // what stays behind is empty but for a log of messages
  fs::remove_all(path_, ignored);
}

}  // namespace fasti::storage
