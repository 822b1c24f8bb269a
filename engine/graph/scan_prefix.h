#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "engine/storage/store.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

// Calls visit(key, value) for every key of `family` that begins with `prefix`, in order; ends
// with the first status that is not OK.
template <typename Visit>
absl::Status ScanPrefix(const storage::Store& store, storage::Family family,
                        absl::string_view prefix, Visit visit) {
  const std::unique_ptr<storage::Cursor> cursor = store.NewCursor(family);
  for (cursor->Seek(prefix); cursor->Valid() && absl::StartsWith(cursor->key(), prefix);
       cursor->Next()) {
    FASTI_RETURN_IF_ERROR(visit(cursor->key(), cursor->value()));
  }
  return cursor->status();
}

}  // namespace fasti::graph
