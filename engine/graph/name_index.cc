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

// Of ASCII everything remains but spaces at the ends.
bool IsName(absl::string_view text) {
  bool is_ascii = true;
  bool any = false;
  for (const char c : text) {
    is_ascii &= c > 0;
    any |= c != ' ' && (c < '\t' || c > '\r');
  }
  return is_ascii ? any && text.size() <= kNameBytesMax : FoldedName(text).has_value();
}

}  // namespace fasti::graph
