#include "engine/codec/bytes.h"

#include <bit>
#include <cmath>
#include <limits>

namespace fasti::codec {

void AppendBig32(uint32_t value, std::string* out) {
  for (int shift = 24; shift >= 0; shift -= 8) out->push_back(static_cast<char>(value >> shift));
}

void AppendBig64(uint64_t value, std::string* out) {
  for (int shift = 56; shift >= 0; shift -= 8) out->push_back(static_cast<char>(value >> shift));
}

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

uint64_t DoubleToBits(double value) {
  if (value == 0) value = 0;  // -0.0, too
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<uint64_t>(value);
}

double BitsToDouble(uint64_t bits) {
  return std::bit_cast<double>(bits);
}

void ByteReader::Fail() {
  ok_ = false;
  rest_ = absl::string_view();
}

absl::string_view ByteReader::Bytes(size_t size) {
  if (size > rest_.size()) {
    Fail();
    return absl::string_view();
  }
  const absl::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

absl::string_view ByteReader::Rest() {
  return Bytes(rest_.size());
}

uint8_t ByteReader::Byte() {
  const absl::string_view bytes = Bytes(1);
  return bytes.empty() ? 0 : static_cast<uint8_t>(bytes[0]);
}

uint32_t ByteReader::Big32() {
  uint32_t value = 0;
  for (char c : Bytes(sizeof(value))) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

uint64_t ByteReader::Big64() {
  uint64_t value = 0;
  for (char c : Bytes(sizeof(value))) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

uint64_t ByteReader::Varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const uint8_t byte = Byte();
    const uint64_t bits = byte & 0x7f;
    if (shift == 63 && bits > 1) break;  // beyond 64 bits
    value |= bits << shift;
    if ((byte & 0x80) == 0) return value;
  }
  Fail();
  return 0;
}

uint64_t ByteReader::VarintUpTo(uint64_t max) {
  const uint64_t value = Varint();
  if (value <= max) return value;
  Fail();
  return 0;
}

}  // namespace fasti::codec
