#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/ingest/text/resources.h"

namespace fasti::ingest {

// The language of `text`, as the resources name it.  A hint ("it", "IT", "en-GB") is believed;
// without one the language is detected.  INVALID_ARGUMENT if it cannot be told, or if there are no
// resources for it; the message names the languages there are.
absl::StatusOr<std::string> ChooseLanguage(absl::string_view text, absl::string_view hint,
                                           const Resources& resources);

}  // namespace fasti::ingest
