#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

// The numbers of which keys and records are made (docs/file_format.md, "Numbers").

namespace fasti::codec {

void AppendBig32(uint32_t value, std::string* out);
void AppendBig64(uint64_t value, std::string* out);
// Seven bits a byte, low ones first, the high bit set on all but the last; at most 10 bytes.
void AppendVarint(uint64_t value, std::string* out);

// Small numbers of either sign as small unsigned ones: 0, -1, 1, -2, 2 ...
constexpr uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
constexpr int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

// The distance from zero, also of the least number there is.
constexpr uint64_t Magnitude(int64_t value) {
  return value < 0 ? ~static_cast<uint64_t>(value) + 1 : static_cast<uint64_t>(value);
}

// Signed numbers whose order is that of their big endian bytes.
constexpr uint64_t FlipSign(int64_t value) {
  return static_cast<uint64_t>(value) ^ (uint64_t{1} << 63);
}
constexpr int64_t UnflipSign(uint64_t value) {
  return static_cast<int64_t>(value ^ (uint64_t{1} << 63));
}

// The bits of a double as they are stored: one zero and one not-a-number, so that equal doubles
// have equal bits.
uint64_t DoubleToBits(double value);
double BitsToDouble(uint64_t bits);

// Reads numbers from the front of bytes that may be damaged.  After a failure ok() stays false and
// every read gives zero, so that a decoder may read a whole record and ask once.
class ByteReader {
 public:
  explicit ByteReader(absl::string_view bytes) : rest_(bytes) {}

  uint8_t Byte();
  uint32_t Big32();
  uint64_t Big64();
  uint64_t Varint();
  // At most `max`, or it is a failure.
  uint64_t VarintUpTo(uint64_t max);
  absl::string_view Bytes(size_t size);
  absl::string_view Rest();

  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }
  size_t left() const { return rest_.size(); }

 private:
  void Fail();

  absl::string_view rest_;
  bool ok_ = true;
};

}  // namespace fasti::codec
