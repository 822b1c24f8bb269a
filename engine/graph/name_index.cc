#include "engine/graph/name_index.h"

#include "absl/algorithm/container.h"
#include "engine/base/text.h"

namespace fasti::graph {

namespace {
constexpr size_t kNameBytesMax = 1024;
}

bool IsNameKey(absl::string_view attribute) {
  return absl::c_linear_search(kNameKeys, attribute);
}

std::optional<std::string> FoldedName(absl::string_view name) {
  if (name.size() > kNameBytesMax || FindInvalidUtf8(name).has_value()) return std::nullopt;
  std::string folded = FoldName(name);
  if (folded.empty() || folded.size() > kNameBytesMax) return std::nullopt;
  return folded;
}

}  // namespace fasti::graph
