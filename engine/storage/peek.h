#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fasti::storage {

// Reads one record of the family `default` of a database that is not open, and changes nothing, not
// even the name of its holder.  For deciding whether to open it at all: an error means that it
// cannot be told, not why.
absl::StatusOr<std::string> PeekRecord(absl::string_view path, absl::string_view key);

}  // namespace fasti::storage
