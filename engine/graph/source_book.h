#pragma once

#include "absl/status/statusor.h"
#include "engine/graph/transaction_impl.h"
#include "fasti/ids.h"
#include "fasti/report.h"

namespace fasti::graph {

// The entity that stands for a source: the one with its key (url, else hash of its text), or a new
// one with what the source says of itself.  A key "hash:" with the hash of its text means the same
// as that text, for who has only what the database keeps.  What is known of an old one is only
// completed, never changed.  INVALID_ARGUMENT if there is neither key nor text, or the text is not
// valid.
absl::StatusOr<EntityId> InternSource(const Source& source, TransactionImpl* transaction);

}  // namespace fasti::graph
