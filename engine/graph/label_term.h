#pragma once

#include "absl/status/statusor.h"
#include "fasti/fact.h"
#include "fasti/ids.h"

namespace fasti::graph {

// A label as the object of a `label` row: an integer term, so that the list of a label's entities
// is one run of the IN order.
Term LabelTerm(LabelId label);
absl::StatusOr<LabelId> LabelOf(Term term);  // DATA_LOSS if it is no such term

}  // namespace fasti::graph
