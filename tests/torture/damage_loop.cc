#include "tests/torture/damage_loop.h"

#include <unistd.h>

#include <cstdint>
#include <cstdio>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"
#include "tests/torture/damage_plan.h"

namespace fasti::torture {

namespace {

constexpr unsigned kSecondsMax = 60;  // then it hangs, and the signal ends it

}  // namespace

int DamageLoop(int argc, char** argv,
               const std::function<std::string(const std::string& copy)>& read) {
  uint64_t first = 0, stride = 0;
  if (argc != 4 || !absl::SimpleAtoi(argv[2], &first) || !absl::SimpleAtoi(argv[3], &stride) ||
      stride == 0) {
    std::fprintf(stderr, "usage: %s FOLDER FIRST STRIDE\n", argv[0]);
    return 2;
  }
  const std::string folder = argv[1];
  const DamagePlan plan(folder);
  if (first >= plan.size()) {
    std::fprintf(stderr, "%s: FIRST: expected less than %s, found %s\n", argv[0],
                 absl::StrCat(plan.size()).c_str(), argv[2]);
    return 2;
  }
  for (uint64_t number = first; number < plan.size(); number += stride) {
    alarm(kSecondsMax);
    std::printf("%s", absl::StrCat(number).c_str());
    std::fflush(stdout);
    const TemporaryFolder scratch;
    const std::string copy = scratch.File("db");
    CopyFolder(folder, copy);
    plan.Apply(number, copy);
    std::printf(" %s\n", read(copy).c_str());
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace fasti::torture
