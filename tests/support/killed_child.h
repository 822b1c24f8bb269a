#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "absl/time/time.h"

// Tests in which a writer is killed.  The writer is a program of its own (telling_child.h) that
// tells how far it has come.

namespace fasti {

// A program that runs beside the test.
class KilledChild {
 public:
  // Starts `program` on the database at `path`, and waits for the first number it tells; until
  // then, and if it never tells one, it has told `before`.
  KilledChild(const std::string& program, const std::string& path, uint64_t before);
  ~KilledChild();
  KilledChild(const KilledChild&) = delete;
  KilledChild& operator=(const KilledChild&) = delete;

  // The last number that it told.  Fails the test if it ended by itself.
  uint64_t Told();
  // Kills it; returns the last number that it told.  Fails the test if it ended by itself.
  uint64_t Kill();

 private:
  pid_t child_ = -1;  // -1: killed
  int pipe_ = -1;
  uint64_t told_;
};

// Lets `program` run for `run_time` after it told its first number, and on until it has told
// `steps_min` more than `before`, and kills it.
uint64_t RunAndKill(const std::string& program, const std::string& path, absl::Duration run_time,
                    uint64_t before, uint64_t steps_min = 1);

}  // namespace fasti
