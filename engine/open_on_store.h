#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "engine/storage/store.h"
#include "fasti/database.h"

namespace fasti {

// Database::Open over a store that is open already; tests bring one whose files can fail.
// `in_memory`: nothing will be left of it, so closing need not fold.
absl::StatusOr<std::unique_ptr<Database>> OpenOnStore(std::unique_ptr<storage::Store> store,
                                                      bool in_memory, const Options& options);

}  // namespace fasti
