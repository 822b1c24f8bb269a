#pragma once

#include <cstdint>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"

namespace fasti {

// FNV-1a in its width of 128 bits: simple, and the same on every machine for ever.  It tells texts
// apart that nobody chose in order to collide; who must be sure compares the texts.
inline absl::uint128 Fnv128(absl::string_view bytes) {
  const absl::uint128 prime = absl::MakeUint128(0x0000000001000000, 0x000000000000013b);
  absl::uint128 hash = absl::MakeUint128(0x6c62272e07bb0142, 0x62b821756295c58d);
  for (const char c : bytes) {
    hash ^= static_cast<uint8_t>(c);
    hash *= prime;
  }
  return hash;
}

}  // namespace fasti
