#include "tests/support/mount.h"

#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/status_macros.h"
#include "tests/support/run_program.h"

namespace fasti {

namespace {

absl::Status Run(const std::vector<std::string>& words) {
  const absl::StatusOr<ProgramEnd> end = RunProgram(words);
  if (!end.ok()) return absl::UnimplementedError(end.status().message());
  if (end->exit_code == 0) return absl::OkStatus();
  return absl::UnimplementedError(
      absl::StrCat(absl::StrJoin(words, " "), ": ended with ", end->exit_code, "; is this root?"));
}

std::string SizeOption(uint64_t bytes) {
  return absl::StrCat("size=", bytes);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Mount>> Mount::InMemory(const std::string& at, uint64_t bytes) {
  std::filesystem::create_directory(at);
  if (::mount("tmpfs", at.c_str(), "tmpfs", 0, SizeOption(bytes).c_str()) != 0) {
    return absl::UnimplementedError(
        absl::StrCat("mounting needs the rights of root: ", std::strerror(errno)));
  }
  return std::unique_ptr<Mount>(new Mount(at));
}

absl::StatusOr<std::unique_ptr<Mount>> Mount::OfImage(const std::string& image,
                                                      const std::string& at) {
  std::filesystem::create_directory(at);
  FASTI_RETURN_IF_ERROR(Run({"/usr/bin/mount", "-o", "loop", image, at}));
  return std::unique_ptr<Mount>(new Mount(at));
}

absl::Status Mount::MakeImage(const std::string& image, uint64_t bytes) {
  std::ofstream(image).close();
  std::filesystem::resize_file(image, bytes);
  return Run({"/usr/sbin/mkfs.ext4", "-q", "-F", image});
}

Mount::~Mount() {
  Unmount().IgnoreError();
}

absl::Status Mount::Resize(uint64_t bytes) {
  if (::mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT, SizeOption(bytes).c_str()) == 0) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(errno, at_);
}

absl::Status Mount::Unmount() {
  if (!std::exchange(is_mounted_, false)) return absl::OkStatus();
  if (::umount(at_.c_str()) == 0) return absl::OkStatus();
  const int error = errno;
  // Something is open in it; it goes when that is closed.
  ::umount2(at_.c_str(), MNT_DETACH);
  return absl::ErrnoToStatus(error, at_);
}

}  // namespace fasti
