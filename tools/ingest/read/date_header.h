#pragma once

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "fasti/period.h"

namespace fasti::ingest {

// A date by which the text dates itself before its body begins: "date 2025-06 ...",
// "Date: 2025-06-12".  The word is any single one in front of the date, so that no language is
// presumed.
struct DateHeader {
  Period published;
  uint32_t end = 0;  // where the body begins
};

std::optional<DateHeader> FindDateHeader(absl::string_view text);

}  // namespace fasti::ingest
