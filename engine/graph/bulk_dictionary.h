#pragma once

#include "absl/status/status.h"
#include "engine/graph/bulk_names.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// The records of family `dict` for the literals that a bulk load adds, in two parts that can be
// written at the same time.
//
// What finds a literal: its number by its value, and, if it is a name, by the folded text.
absl::Status WriteLiteralNumbers(const BulkNames& names, storage::Installation& installation);
// The value by its number.
absl::Status WriteLiteralBodies(const BulkNames& names, storage::Installation& installation);

}  // namespace fasti::graph
