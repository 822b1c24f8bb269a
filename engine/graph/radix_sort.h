#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

// Sorting numbers of several 64-bit words, the highest word first: dealt into buckets by their
// highest bits, each bucket by its next ones and so on, until few are left, which std::sort sorts.
// So most of the work is done within a cache, and no two numbers are compared that differ early.

namespace fasti::graph {

template <size_t kWords>
class RadixSort {
 public:
  using Number = std::array<uint64_t, kWords>;

  // Sorts [from, from + count) into [to, to + count), and spoils `from`.  All numbers agree in the
  // first `bit` bits and in those from `bits` on.
  static void Move(Number* from, Number* to, size_t count, size_t bit, size_t bits) {
    if (count <= kFew || bit >= bits) {
      std::copy_n(from, count, to);
      std::sort(to, to + count);
      return;
    }
    const Digit digit(count, bit);
    Deal(from, to, count, digit, [&](size_t begin, size_t size) {
      InPlace(to + begin, from + begin, size, bit + digit.width, bits);
    });
  }

  // The same with the result where the numbers were.  `other` has room for them.
  static void InPlace(Number* numbers, Number* other, size_t count, size_t bit, size_t bits) {
    if (count <= kFew || bit >= bits) {
      std::sort(numbers, numbers + count);
      return;
    }
    const Digit digit(count, bit);
    Deal(numbers, other, count, digit, [&](size_t begin, size_t size) {
      Move(other + begin, numbers + begin, size, bit + digit.width, bits);
    });
  }

 private:
  static constexpr size_t kFew = 48;
  static constexpr size_t kPerBucket = 8;  // numbers that a bucket should be left with
  static constexpr size_t kDigitBitsMax = 10;
  static constexpr size_t kWordBits = 64;

  // Bits of one word.
  struct Digit {
    Digit(size_t count, size_t bit)
        : width(std::min({kDigitBitsMax, static_cast<size_t>(std::bit_width(count / kPerBucket)),
                          kWordBits - bit % kWordBits})),
          word(bit / kWordBits),
          shift(kWordBits - bit % kWordBits - width) {}
    size_t Of(const Number& number) const {
      return number[word] >> shift & ((size_t{1} << width) - 1);
    }
    size_t width;
    size_t word;
    size_t shift;
  };

  // Moves numbers into buckets, and calls `sort` with the place and size of each.
  template <typename Sort>
  static void Deal(const Number* from, Number* to, size_t count, const Digit& digit, Sort sort) {
    const size_t buckets = size_t{1} << digit.width;
    std::array<size_t, (size_t{1} << kDigitBitsMax) + 1> ends;
    std::fill_n(ends.begin(), buckets + 1, 0);
    for (size_t i = 0; i < count; ++i) ++ends[digit.Of(from[i]) + 1];
    for (size_t b = 1; b < buckets; ++b) ends[b] += ends[b - 1];
    // Each begins where the one before ends, and ends where the next one begins.
    for (size_t i = 0; i < count; ++i) to[ends[digit.Of(from[i])]++] = from[i];
    size_t begin = 0;
    for (size_t b = 0; b < buckets; ++b) {
      if (ends[b] != begin) sort(begin, ends[b] - begin);
      begin = ends[b];
    }
  }
};

}  // namespace fasti::graph
