#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/fact.h"
#include "fasti/value.h"
#include "query/function/context.h"

// Nodes and relationships as the language sees them, in the view of the context.  A node or
// relationship that the statement has deleted is EntityNotFound.DeletedEntityAccess.

namespace fasti::function {

// n.key: null if there is none.
absl::StatusOr<Value> NodeProperty(EntityId node, absl::string_view key, const Context& context);
absl::StatusOr<Map> NodeProperties(EntityId node, const Context& context);
absl::StatusOr<std::vector<std::string>> NodeLabels(EntityId node, const Context& context);

// f.key: the qualifier of that name, else the figure among the claims in view.
absl::StatusOr<Value> FactProperty(const Fact& fact, absl::string_view key, const Context& context);
absl::StatusOr<Map> FactProperties(const Fact& fact, const Context& context);

// valid(f): as its source told it, read as the kind of its relation says.
Period ValidOf(const Fact& fact, const Context& context);

}  // namespace fasti::function
