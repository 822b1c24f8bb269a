#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

// What those who write and who read blocks agree on (docs/file_format.md, "Block").

namespace fasti::codec {

// The first eight columns have a value for each row; then come three pairs of row index and value,
// for the few rows that need them.
enum BlockColumn {
  kSubject,
  kObject,
  kVersion,
  kRelation,
  kFrom,
  kDuration,
  kFlags,
  kKnown,
  kGoneRow,
  kGone,
  kEndedRow,
  kEnded,
  kMovedRow,
  kLineage,
  kBlockColumns
};

inline constexpr uint8_t kBlockFormat = 2;
inline constexpr size_t kChecksumBytes = 4;
inline constexpr size_t kPaddingBytes = 8;     // so that the last value can be read as eight bytes
inline constexpr int kPackedWidthMax = 56;     // a wider value and its shift would not fit those
inline constexpr int kTableWidthMax = 4;       // of the indexes into a table of values
inline constexpr uint8_t kTableMark = 1 << 7;  // in the form of a column: it has a table
inline constexpr uint8_t kRareForm = kTableMark | 1 << 6 | 1;  // most rows have its first entry
inline constexpr int kObjectShiftMax = 3;  // objects of one kind differ above their tags only
inline constexpr uint8_t kAscendingMark = 1 << 7;  // beside the shift: see kVersion

static_assert(std::endian::native == std::endian::little, "columns are read in place");

inline size_t PackedBytes(size_t count, int width) {
  return (count * static_cast<size_t>(width) + 7) / 8;
}

// Units of time that have a number; 0 is for all others, which are written out.
inline constexpr uint64_t kUnits[] = {
    0, 1, 1'000, 1'000'000, 60'000'000, 3'600'000'000, 86'400'000'000};

// Value i of those packed in `width` bits each.  REQUIRES: 0 < width <= kPackedWidthMax or 64.
inline uint64_t Unpack(const char* bits, int width, size_t i) {
  const size_t bit = i * static_cast<size_t>(width);
  uint64_t word;
  std::memcpy(&word, bits + bit / 8, sizeof(word));
  if (width == 64) return word;
  return word >> (bit % 8) & ((uint64_t{1} << width) - 1);
}

// How many of the first `i` bits are set.  Reads whole words.
inline size_t OnesBefore(const char* bits, size_t i) {
  size_t ones = 0;
  for (; i >= 64; i -= 64, bits += sizeof(uint64_t)) ones += std::popcount(Unpack(bits, 64, 0));
  return i == 0 ? ones : ones + std::popcount(Unpack(bits, 64, 0) << (64 - i));
}

}  // namespace fasti::codec
