#pragma once

#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/torture/runner.h"

// How far the machines have come, in a file, so that a run can be stopped and go on.

namespace fasti::torture {

using ProgressByMachine = std::map<std::string, Progress, std::less<>>;

// Nothing if there is no such file.  DATA_LOSS if a line is none of SaveState's: what was found
// must not be forgotten silently.
absl::StatusOr<ProgressByMachine> LoadState(const std::string& path);
// UNAVAILABLE if the file cannot be written; it is as it was then.
absl::Status SaveState(const std::string& path, const ProgressByMachine& state);

}  // namespace fasti::torture
