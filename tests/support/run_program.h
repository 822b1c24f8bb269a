#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace fasti {

struct ProgramEnd {
  std::string output;  // what it wrote to standard output
  std::string errors;  // and to standard error
  int exit_code = -1;  // -1: a signal ended it
  int signal = 0;      // that did
};

// Runs a program to its end, which is a kill -9 if it is still there after `life`.  `words` are its
// path and its arguments.
absl::StatusOr<ProgramEnd> RunProgram(std::vector<std::string> words,
                                      absl::Duration life = absl::InfiniteDuration());

}  // namespace fasti
