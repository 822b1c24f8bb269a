#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "tests/support/writer_process.h"

// A WriterProcess that fails the test when anything goes wrong with it.

namespace fasti {

class KilledChild {
 public:
  // As WriterProcess::Start.
  KilledChild(const std::string& program, const std::string& path, uint64_t before);

  // The last number that it told.
  uint64_t Told();
  // Kills it; returns the last number that it told.
  uint64_t Kill();

 private:
  std::unique_ptr<WriterProcess> process_;  // null if it did not start
  uint64_t told_;
};

// Lets `program` run for `run_time` after it told its first number, and on until it has told
// `steps_min` more than `before`, and kills it.
uint64_t RunAndKill(const std::string& program, const std::string& path, absl::Duration run_time,
                    uint64_t before, uint64_t steps_min = 1);

}  // namespace fasti
