#include "query/exec/labels.h"

namespace fasti::exec {

bool HasLabel(const Snapshot& snapshot, const std::vector<LabelId>& labels,
              absl::string_view name) {
  const std::optional<LabelInfo> wanted = snapshot.FindLabel(name);
  if (!wanted.has_value()) return false;
  for (LabelId label : labels) {
    // Labels form a forest, so the climb ends.
    while (label != LabelId::kNone) {
      if (label == wanted->id) return true;
      label = snapshot.GetLabel(label).parent;
    }
  }
  return false;
}

}  // namespace fasti::exec
