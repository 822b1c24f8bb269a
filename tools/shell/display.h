#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// Text on a terminal: how wide it is, where it may break, and what must not reach the terminal.

namespace fasti::shell {

// Columns that `text` takes: wide characters count two, combining ones none.
size_t DisplayWidth(absl::string_view text);

// The text with control characters, escape sequences and bidirectional overrides written out
// (\n, \x1b, \u202e), so that text from an article can neither move the cursor nor reorder a line.
std::string EscapeControls(absl::string_view text);

// The lines into which `text` breaks at spaces so that none is wider than `width`; a word that is
// wider is cut.  At least one line.  REQUIRES: width >= 2.
std::vector<std::string> WrapText(absl::string_view text, size_t width);

// `text` filled with spaces up to `width` columns, at its right or, for numbers, at its left.
std::string Pad(absl::string_view text, size_t width, bool align_right);

}  // namespace fasti::shell
