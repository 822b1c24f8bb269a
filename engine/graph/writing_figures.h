#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/graph/commit_queue.h"
#include "engine/storage/store.h"

// What a process wrote since it opened the database, and what its writers waited for.  It knows
// this itself; each fold leaves it in the store for the others.

namespace fasti::graph {

// Under the names that Database::Statistics gives them.
using WritingFigures = std::map<std::string, uint64_t>;

WritingFigures WritingFiguresOf(const CommitQueue::Figures& figures, storage::WriteStalls stalls);

// Not synced: a crash may leave those of the fold before.
absl::Status SaveWritingFigures(storage::Store& store, const CommitQueue::Figures& figures);
// Of the process that wrote last, as of its last fold; empty if there was none.  DATA_LOSS.
absl::StatusOr<WritingFigures> LoadWritingFigures(const storage::Store& store);

}  // namespace fasti::graph
