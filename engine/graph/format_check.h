#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/storage/store.h"
#include "fasti/options.h"
#include "fasti/period.h"

namespace fasti::graph {

// Whether a store holds a database that this program may open.  An empty store becomes one if
// `create`: its format record is written before anything else, so a store with records and without
// that one is something else.  FAILED_PRECONDITION if it is, or if a newer program or one with
// features unknown here wrote it; NOT_FOUND if it is empty and not to be created.  Nothing is
// written in these cases.
absl::Status CheckFormat(storage::Store& store, bool create, Instant now);

// The same of a database that is not open, so that one that may not be opened stays as it is to
// the last byte.  OK also if it cannot be told: opening it then says why.
absl::Status CheckFormatUnopened(absl::string_view path);

}  // namespace fasti::graph
