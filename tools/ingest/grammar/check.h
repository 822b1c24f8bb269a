#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/ingest/text/resources.h"

namespace fasti::ingest {

// Runs every example (`yes: text => meaning`) and counter-example (`no: text`) of the grammar files
// of a language.  INVALID_ARGUMENT names the first ones that fail, with file and line.
absl::Status CheckLanguage(const Resources& resources, absl::string_view language);

}  // namespace fasti::ingest
