#pragma once

#include <vector>

#include "absl/strings/string_view.h"

namespace fasti {

// Words that cannot be names of variables unless they are quoted.  The word may be in any case.
bool IsReservedWord(absl::string_view word);

// Every word with a meaning in the grammar, in upper case and sorted; reserved or not.
const std::vector<absl::string_view>& AllKeywords();

}  // namespace fasti
