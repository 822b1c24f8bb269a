#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/storage/store.h"
#include "fasti/period.h"

namespace fasti::graph {

// That something was erased, and how much, never what: a record for each purge, in numbers by name.
using PurgeFigures = std::map<std::string, uint64_t>;

absl::Status LogPurge(storage::Store& store, Instant when, const PurgeFigures& figures);
// The figures of all purges added up, as "purged_" and their names, with "purges" and, if there was
// one, "purge_last".
absl::StatusOr<PurgeFigures> SumOfPurges(const storage::Store& store);

}  // namespace fasti::graph
