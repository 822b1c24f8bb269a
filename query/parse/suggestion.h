#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace fasti {

// The one of `candidates` that `word` is most likely a slip of ("MTCH": "MATCH"), case left aside;
// empty if none is near or if it is one of them.
absl::string_view NearestWord(absl::string_view word,
                              const std::vector<absl::string_view>& candidates);

// "; did you mean MATCH?", or nothing if `word` is empty: the end of an error message.
std::string DidYouMean(absl::string_view word);

}  // namespace fasti
