#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/session.h"

namespace fasti::shell {

// A line that a program sends (json_lines.h).
struct JsonRequest {
  std::string id = "null";  // as JSON text: a number, a string or null
  bool reset = false;
  std::string statement;
  Parameters parameters;
};

// INVALID_ARGUMENT says what is wrong with the line.  Nested at most 64 levels.
absl::StatusOr<JsonRequest> ReadJsonRequest(absl::string_view line);

}  // namespace fasti::shell
