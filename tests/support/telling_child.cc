#include "tests/support/telling_child.h"

#include <unistd.h>

#include <cstdio>

#include "absl/strings/numbers.h"

namespace fasti {

int RunTellingChild(int argc, char** argv, WriteForEver write_for_ever) {
  int pipe = -1;
  if (argc != 3 || !absl::SimpleAtoi(argv[2], &pipe)) {
    std::fprintf(stderr, "usage: %s PATH PIPE\n", argv[0]);
    return 2;
  }
  const absl::Status status = write_for_ever(argv[1], [pipe](uint64_t number) -> absl::Status {
    if (write(pipe, &number, sizeof(number)) == sizeof(number)) return absl::OkStatus();
    return absl::UnavailableError("pipe: nobody reads it");
  });
  std::fprintf(stderr, "%s: %s\n", argv[0], status.ToString().c_str());
  return 1;
}

}  // namespace fasti
