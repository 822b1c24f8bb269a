#include "engine/new_database.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/graph/consistency.h"
#include "engine/storage/store.h"
#include "fasti/status_macros.h"

namespace fasti {

absl::Status CheckNewDatabase(absl::string_view path) {
  FASTI_ASSIGN_OR_RETURN(
      const std::unique_ptr<storage::Store> store,
      storage::OpenRocksStore(path, {.create_if_missing = false, .read_only = true}));
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> problems, graph::CheckStore(*store));
  FASTI_RETURN_IF_ERROR(store->Close());
  if (problems.empty()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("what was made is not whole, with ", problems.size(),
                                          " faults, the first: ", problems.front()));
}

}  // namespace fasti
