#include "tests/support/temporary_folder.h"

#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"

namespace fasti {

namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kRoomBytes = uintmax_t{1} << 30;

// Memory if there is room, since syncing to a disk is most of the time that storage tests take.
fs::path ParentFolder() {
  const fs::path memory = "/dev/shm";
  std::error_code error;
  if (::getenv("TMPDIR") == nullptr && fs::space(memory, error).available >= kRoomBytes && !error) {
    return memory;
  }
  return fs::temp_directory_path();
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  path_ = (ParentFolder() / "fasti-test-XXXXXX").string();
  FASTI_CHECK(::mkdtemp(path_.data()) != nullptr);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string TemporaryFolder::File(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

}  // namespace fasti
