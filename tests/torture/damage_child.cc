#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/damage_plan.h"
#include "tests/torture/digest.h"

// DamageMachine's hands: damages copies of a database and reads them.  A process of its own, since
// RocksDB may end it.

namespace fasti::torture {
namespace {

constexpr unsigned kSecondsMax = 60;  // then it hangs, and the signal ends it

absl::StatusOr<uint64_t> Read(const std::string& path) {
  FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.create_if_missing = false,
                                                                    .background_fold = false}));
  return DigestOf(*database->GetSnapshot());
}

// A line for each: its number before it is tried, then its digest or error.
void Try(const std::string& folder, uint64_t first, uint64_t stride) {
  const DamagePlan plan(folder);
  for (uint64_t number = first; number < plan.size(); number += stride) {
    alarm(kSecondsMax);
    std::printf("%s", absl::StrCat(number).c_str());
    std::fflush(stdout);
    const TemporaryFolder scratch;
    const std::string copy = scratch.File("db");
    CopyFolder(folder, copy);
    plan.Apply(number, copy);
    const absl::StatusOr<uint64_t> digest = Read(copy);
    const std::string told =
        digest.ok() ? absl::StrCat("= ", *digest)
                    : absl::StrCat("! ", absl::StatusCodeToString(digest.status().code()));
    std::printf(" %s\n", told.c_str());
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace fasti::torture

// Damage number FIRST of FOLDER, and every STRIDEth after it.
int main(int argc, char** argv) {
  uint64_t first = 0, stride = 0;
  if (argc != 4 || !absl::SimpleAtoi(argv[2], &first) || !absl::SimpleAtoi(argv[3], &stride) ||
      stride == 0) {
    std::fprintf(stderr, "usage: %s FOLDER FIRST STRIDE\n", argv[0]);
    return 2;
  }
  fasti::torture::Try(argv[1], first, stride);
}
