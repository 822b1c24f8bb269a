#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace fasti {

struct ProgramEnd {
  std::string output;  // what it wrote to standard output
  int exit_code = -1;  // -1: a signal ended it
  int signal = 0;      // that did
};

// Runs a program to its end.  `words` are its path and its arguments; what it says to standard
// error is dropped.
absl::StatusOr<ProgramEnd> RunProgram(std::vector<std::string> words);

}  // namespace fasti
