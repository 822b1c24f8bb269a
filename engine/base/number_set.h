#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"

namespace fasti {

// A set of numbers, a bit each where they are dense.  It grows with the numbers that are in it, not
// with the greatest of them, so that a damaged one costs no more than any other.
class NumberSet {
 public:
  void Insert(uint64_t number) {
    uint64_t& word = pages_[number / kPageBits][WordOf(number)];
    const uint64_t bit = uint64_t{1} << number % kWordBits;
    if ((word & bit) == 0) ++size_;
    word |= bit;
  }
  bool Contains(uint64_t number) const {
    const auto page = pages_.find(number / kPageBits);
    return page != pages_.end() && (page->second[WordOf(number)] >> number % kWordBits & 1) != 0;
  }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // In no order.  Ends with the first status that is not OK, and returns it.
  template <typename Visit>
  auto ForEach(Visit visit) const -> decltype(visit(uint64_t{})) {
    for (const auto& [number, page] : pages_) {
      for (size_t i = 0; i < page.size(); ++i) {
        for (uint64_t word = page[i]; word != 0; word &= word - 1) {
          const auto bit = static_cast<uint64_t>(std::countr_zero(word));
          auto status = visit(number * kPageBits + i * kWordBits + bit);
          if (!status.ok()) return status;
        }
      }
    }
    return {};
  }

  // How many numbers of `other` are not in this set.
  size_t CountMissing(const NumberSet& other) const {
    size_t missing = 0;
    for (const auto& [number, page] : other.pages_) {
      const auto own = pages_.find(number);
      for (size_t i = 0; i < page.size(); ++i) {
        const uint64_t here = own == pages_.end() ? 0 : own->second[i];
        missing += static_cast<size_t>(std::popcount(page[i] & ~here));
      }
    }
    return missing;
  }

 private:
  static constexpr uint64_t kWordBits = 64;
  static constexpr uint64_t kPageBits = 4096;
  static size_t WordOf(uint64_t number) { return number % kPageBits / kWordBits; }

  absl::flat_hash_map<uint64_t, std::array<uint64_t, kPageBits / kWordBits>> pages_;
  size_t size_ = 0;
};

}  // namespace fasti
