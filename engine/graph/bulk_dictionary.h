#pragma once

#include "absl/status/status.h"
#include "engine/graph/bulk_names.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// The records of family `dict` for the literals that a bulk load adds, each group as a run of its
// own, so that they can be written at the same time.
absl::Status WriteLiteralNumbers(const BulkNames& names, storage::Installation& installation);
absl::Status WriteLiteralBodies(const BulkNames& names, storage::Installation& installation);
absl::Status WriteFoldedNames(const BulkNames& names, storage::Installation& installation);

}  // namespace fasti::graph
