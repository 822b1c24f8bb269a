#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace fasti::fuzz {

// Choices drawn from the bytes of an input, so that a fuzzer which changes bytes changes choices.
// Behind the last byte there are zeros.
class Draw {
 public:
  explicit Draw(absl::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }

  uint8_t Byte() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  // REQUIRES: 0 < bound <= 256.
  size_t Below(size_t bound) { return Byte() % bound; }
  bool OneIn(size_t n) { return Below(n) == n - 1; }

  // Any 64 bits, the small and the greatest numbers in few bytes.
  uint64_t Number() {
    const uint8_t form = Byte();
    uint64_t number = 0;
    for (int i = 0; i < form % 9; ++i) number = number << 8 | Byte();
    return form < 128 ? number : ~number;
  }

  // At most 255 bytes.
  absl::string_view Text() {
    const size_t size = Byte();
    const absl::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(text.size());
    return text;
  }
  absl::string_view Rest() { return rest_; }

 private:
  absl::string_view rest_;
};

}  // namespace fasti::fuzz
