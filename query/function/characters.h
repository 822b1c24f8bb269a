#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/strings/string_view.h"

// Text in characters (Unicode code points), which is how the language counts, over the bytes in
// which it is kept.  REQUIRES for all: valid UTF-8.

namespace fasti::function {

size_t CharacterCount(absl::string_view text);

// At most `count` characters from character `from` on; empty past the end.
absl::string_view CharacterRange(absl::string_view text ABSL_ATTRIBUTE_LIFETIME_BOUND, size_t from,
                                 size_t count);

// Each character as a view into `text`.
std::vector<absl::string_view> Characters(absl::string_view text ABSL_ATTRIBUTE_LIFETIME_BOUND);

}  // namespace fasti::function
