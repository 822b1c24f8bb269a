#include "engine/storage/new_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"

namespace fasti::storage {
namespace {

namespace fs = std::filesystem;

}  // namespace

std::string ResolvePath(absl::string_view path) {
  std::error_code error;
  const fs::path given = fs::absolute(std::string(path.data(), path.size()), error);
  const fs::path resolved = fs::weakly_canonical(given, error);
  std::string text = (error ? given.lexically_normal() : resolved).string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

std::string ParentOf(const std::string& path) {
  return fs::path(path).parent_path().string();
}

bool IsWithin(absl::string_view path, absl::string_view folder) {
  return path == folder || absl::StartsWith(path, absl::StrCat(folder, "/"));
}

absl::Status CheckNewPath(const std::string& path, absl::string_view make) {
  const absl::StatusOr<DirectoryState> state = InspectDirectory(path);
  if (state.ok() && (*state == DirectoryState::kAbsent || *state == DirectoryState::kEmpty)) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": there is something already; ", make, " to a new path"));
}

absl::StatusOr<std::unique_ptr<NewPlace>> NewPlace::Take(const std::string& path,
                                                         absl::string_view suffix) {
  std::unique_ptr<NewPlace> place(new NewPlace(absl::StrCat(path, suffix)));
  FASTI_RETURN_IF_ERROR(CreateDirectory(place->folder_));
  FASTI_ASSIGN_OR_RETURN(place->lock_, DirectoryLock::Acquire(place->folder_));
  FASTI_RETURN_IF_ERROR(place->Clear());
  FASTI_RETURN_IF_ERROR(CreateDirectory(place->database()));
  return place;
}

NewPlace::~NewPlace() {
  Discard().IgnoreError();  // whoever takes the place next meets what is left
}

absl::Status NewPlace::Discard() {
  if (lock_ == nullptr) return absl::OkStatus();
  std::error_code error;
  fs::remove_all(folder_, error);
  lock_.reset();
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(folder_, ": removing it: ", error.message()));
}

std::string NewPlace::File(absl::string_view name) const {
  return absl::StrCat(folder_, "/", name);
}

// All but the lock, which a process that waits for it may have open already.
absl::Status NewPlace::Clear() {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    if (entry.path().filename() == fs::path(std::string(kHolderFile))) continue;
    fs::remove_all(entry.path(), error);
    if (error) {
      return absl::UnavailableError(absl::StrCat(entry.path().string(), ": ", error.message()));
    }
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(folder_, ": ", error.message()));
}

absl::Status Publish(const NewPlace& place, const std::string& path) {
  if (::rename(place.database().c_str(), path.c_str()) != 0) {
    return absl::UnavailableError(
        absl::StrCat(path, ": renaming to it: ", std::generic_category().message(errno)));
  }
  return SyncDirectory(ParentOf(path));
}

absl::Status Exchange(const NewPlace& place, const std::string& path) {
  const std::string made = place.database();
  if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) != 0) {
    const std::string message = absl::StrCat(
        path, ": exchanging it for the new database: ", std::generic_category().message(errno));
    return errno == EINVAL || errno == ENOSYS ? absl::UnimplementedError(message)
                                              : absl::UnavailableError(message);
  }
  FASTI_RETURN_IF_ERROR(SyncDirectory(ParentOf(path)));
  return SyncDirectory(ParentOf(made));
}

absl::Status ClearLeftover(const std::string& path, absl::string_view suffix) {
  std::error_code error;
  if (!fs::exists(absl::StrCat(path, suffix), error)) return absl::OkStatus();
  const absl::StatusOr<std::unique_ptr<NewPlace>> place = NewPlace::Take(path, suffix);
  if (absl::IsUnavailable(place.status())) return absl::OkStatus();  // somebody is at work there
  FASTI_RETURN_IF_ERROR(place.status());
  return (*place)->Discard();
}

absl::Status LinkDatabase(const std::string& from, const std::string& to) {
  FASTI_RETURN_IF_ERROR(CreateDirectory(to));
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(from, error)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file(error) || name == kHolderFile) continue;
    const fs::path target = fs::path(to) / name;
    if (absl::EndsWith(name, ".sst")) {
      fs::create_hard_link(entry.path(), target, error);
      if (!error) continue;
    }
    fs::copy_file(entry.path(), target, error);
    if (error) {
      return absl::UnavailableError(absl::StrCat(target.string(), ": ", error.message()));
    }
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(from, ": ", error.message()));
}

}  // namespace fasti::storage
