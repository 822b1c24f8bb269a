#pragma once

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

// Targets of the fuzzer (docs/reliability.md, "Fuzzing"): each takes bytes that may be anything,
// does with them what the engine does with such bytes, and holds the outcome to laws.  A law that
// is broken comes back as an error; whatever else is wrong, a sanitizer or a check tells.
//
// A target has no memory: the same bytes have the same outcome in any order of inputs.  What costs
// too much to build for each input is built once and never changed.

namespace fasti::fuzz {

absl::Status FuzzBlock(absl::string_view input);
absl::Status FuzzKey(absl::string_view input);
absl::Status FuzzRecord(absl::string_view input);
absl::Status FuzzLog(absl::string_view input);
absl::Status FuzzClosedState(absl::string_view input);
absl::Status FuzzTime(absl::string_view input);
absl::Status FuzzText(absl::string_view input);
absl::Status FuzzStatement(absl::string_view input);
absl::Status FuzzPredicate(absl::string_view input);
absl::Status FuzzQuestion(absl::string_view input);
absl::Status FuzzFactFile(absl::string_view input);
absl::Status FuzzArticle(absl::string_view input);

// A broken law, told by what it says.
template <typename... Parts>
absl::Status Broken(const Parts&... parts) {
  return absl::InternalError(absl::StrCat(parts...));
}

}  // namespace fasti::fuzz
