#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "fasti/snapshot.h"

namespace fasti::exec {

// Whether one of an entity's labels is `name` or a subtype of it.
bool HasLabel(const Snapshot& snapshot, const std::vector<LabelId>& labels, absl::string_view name);

}  // namespace fasti::exec
