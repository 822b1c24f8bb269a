#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"

// Tests in which a writer is killed.  The writer is a program of its own, which is given the path
// of a database and a file descriptor, and writes to the latter how far it has come, 8 bytes each
// time.

namespace fasti {

// Starts `program`, lets it run for `run_time` after it told its first number, kills it; returns
// the last number it told, or `before` if none.  Fails the test if the program ended by itself.
uint64_t RunAndKill(const std::string& program, const std::string& path, absl::Duration run_time,
                    uint64_t before);

}  // namespace fasti
