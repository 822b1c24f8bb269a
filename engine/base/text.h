#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace fasti {

// The offset of the first byte that is not valid UTF-8 text (NUL and surrogates included);
// nullopt if all is well.
std::optional<size_t> FindInvalidUtf8(absl::string_view text);

// The form under which a name is looked up: NFC, case folded, accents removed, runs of white
// space as one space with none at the ends, typographic apostrophes and hyphens as the plain
// ones.  "São  Paulo" and "sao paulo" are one.  REQUIRES: valid UTF-8.
std::string FoldName(absl::string_view text);

// REQUIRES for each: valid UTF-8.
std::string NormalizeNfc(absl::string_view text);
std::string ToLower(absl::string_view text);
std::string ToUpper(absl::string_view text);

// Text cut to `max` bytes at a character border, with control characters and stray bytes escaped,
// for messages.  A cut shows as "...", which comes on top of `max`.
std::string Excerpt(absl::string_view text, size_t max = 60);

// A number as the language writes a FLOAT, in the fewest digits that read back as the same
// number: "1.0", "0.25", "1e+21", "NaN", "Infinity".
std::string FormatDouble(double number);

}  // namespace fasti
