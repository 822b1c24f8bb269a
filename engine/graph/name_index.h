#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace fasti::graph {

// The attributes whose values are looked up in folded form (Snapshot::EntitiesNamed).
inline constexpr absl::string_view kNameKeys[] = {"name", "alias"};

bool IsNameKey(absl::string_view attribute);

// The form under which a name is found; nullopt for text that is not valid, empty, or longer than
// a name may be, which is stored like any other text and not indexed.
std::optional<std::string> FoldedName(absl::string_view name);
// Whether there is such a form, which costs less to tell.
bool IsName(absl::string_view text);

}  // namespace fasti::graph
