#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace fasti {

// The Castagnoli checksum of `bytes`, or, given the checksum of what stands before them, of both
// together: Crc32c("ab") == Crc32c("b", Crc32c("a")).
uint32_t Crc32c(absl::string_view bytes, uint32_t before = 0);

}  // namespace fasti
