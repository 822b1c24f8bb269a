#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace fasti {

// The offset of the first byte that is not valid UTF-8 text (NUL and surrogates included);
// nullopt if all is well.
std::optional<size_t> FindInvalidUtf8(absl::string_view text);

// The form under which a name is looked up: NFC, case folded, accents removed, runs of white
// space as one space.  "São  Paulo" and "sao paulo" are one.  REQUIRES: valid UTF-8.
std::string FoldName(absl::string_view text);

std::string NormalizeNfc(absl::string_view text);
std::string ToLower(absl::string_view text);
std::string ToUpper(absl::string_view text);
// Text cut to `max` bytes at a character border, with control characters escaped, for messages.
std::string Excerpt(absl::string_view text, size_t max = 60);

}  // namespace fasti
