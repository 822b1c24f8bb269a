#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/storage/store.h"
#include "fasti/database.h"

namespace fasti {

// Database::Open over a store that is open already; tests bring one whose files can fail.
// `path` is where it is, or ":memory:".
absl::StatusOr<std::unique_ptr<Database>> OpenOnStore(std::unique_ptr<storage::Store> store,
                                                      absl::string_view path,
                                                      const Options& options);

}  // namespace fasti
