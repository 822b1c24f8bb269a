#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/torture/machine.h"

namespace fasti::torture {

struct Failure {
  uint64_t number;  // of the case
  std::string what;
};

// How far a machine has come.
struct Progress {
  double scale = 1;    // of a whole run
  uint64_t cases = 0;  // of this run
  uint64_t done = 0;
  absl::Duration spent;
  Counts counts;
  std::vector<Failure> failures;  // broken promises
};

struct RunnerOptions {
  double scale = 1;
  int jobs = 1;
  // A run of a machine ends when so many cases have failed.
  size_t failures_max = 10;
  // Called now and then while nothing is running, and at the end; false: stop.
  std::function<bool(const Progress&)> report;
};

// Runs `machine` from where `progress` stands.  A run of less than whole takes cases that are
// evenly spread over all.  An error means that the machine cannot work here; broken promises are in
// `progress`.
absl::Status RunMachine(Machine& machine, const RunnerOptions& options, Progress* progress);

}  // namespace fasti::torture
