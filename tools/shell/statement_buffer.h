#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fasti::shell {

// True if `text` ends a statement: its last character that is neither white space nor comment
// is a ';' outside of strings, quoted names and comments.
bool EndsStatement(absl::string_view text);

}  // namespace fasti::shell
