#pragma once

#include <bit>
#include <cstdint>

#include "engine/base/check.h"

namespace fasti::codec {

// Divides without a division: a number is its power of two times an odd one, and every odd number
// has an inverse modulo 2^64 (Warren, Hacker's Delight, 2nd ed., 10-16 and 10-17).
class Divisor {
 public:
  explicit Divisor(uint64_t value)
      : value_(value), shift_(std::countr_zero(value)), quotient_max_(UINT64_MAX / value) {
    const uint64_t odd = value >> shift_;
    // Newton's iteration.  An odd number is its own inverse in the three lowest bits, and each step
    // doubles the number of bits that are right.
    inverse_ = odd;
    for (int step = 0; step < 5; ++step) inverse_ *= 2 - odd * inverse_;
    FASTI_DCHECK(odd * inverse_ == 1);
  }
  uint64_t value() const { return value_; }
  // The quotient of a value that it divides, and more than quotient_max() of any other.
  uint64_t Quotient(uint64_t value) const { return std::rotr(value * inverse_, shift_); }
  uint64_t quotient_max() const { return quotient_max_; }
  // REQUIRES: it divides.
  uint64_t SignedQuotient(int64_t value) const {
    return static_cast<uint64_t>(value >> shift_) * inverse_;
  }

 private:
  uint64_t value_;
  int shift_;
  uint64_t quotient_max_;
  uint64_t inverse_;
};

}  // namespace fasti::codec
