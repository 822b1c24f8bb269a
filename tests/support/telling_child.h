#pragma once

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace fasti {

// What a writer that is to be killed does: writes to the database at `path` for ever, and calls
// `tell` with its number as each step is acknowledged.
using Tell = absl::FunctionRef<absl::Status(uint64_t number)>;
using WriteForEver = absl::FunctionRef<absl::Status(const std::string& path, Tell tell)>;

// The main of such a program, PROGRAM PATH PIPE: numbers go to the file descriptor PIPE, 8 bytes
// each.  Returns only if the writing failed.
int RunTellingChild(int argc, char** argv, WriteForEver write);

}  // namespace fasti
