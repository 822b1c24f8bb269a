#pragma once

#include <cstdint>

#include "absl/types/span.h"
#include "engine/codec/divisor.h"

// Loops over the values of a column that is being written.  What takes `out` has room for as many
// there; it may be where the values are.

namespace fasti::codec {

struct ColumnRange {
  uint64_t least = 0;
  uint64_t greatest = 0;
  uint64_t differing = 0;  // the bits in which any two values differ
};
// REQUIRES: there are values.
ColumnRange RangeOf(absl::Span<const uint64_t> values);
bool Ascends(absl::Span<const uint64_t> values);  // strictly
size_t CountOthers(uint64_t common, absl::Span<const uint64_t> values);

void SubtractPlaces(absl::Span<const uint64_t> values, uint64_t* out);
// Each becomes (value - base) >> shift.
void SubtractBase(uint64_t base, int shift, absl::Span<const uint64_t> values, uint64_t* out);

// Divides values, or their distances from `base` but for those that are `kNoTime`.
inline constexpr uint64_t kNoTime = ~uint64_t{0};
bool DividesAll(const Divisor& divisor, absl::Span<const uint64_t> values);
bool DividesTimes(const Divisor& divisor, uint64_t base, absl::Span<const uint64_t> values);
void DivideAll(const Divisor& divisor, absl::Span<const uint64_t> values, uint64_t* out);
// Each becomes 0 if it is kNoTime, else 1 more than its quotient.  Returns the greatest.
uint64_t DivideTimes(const Divisor& divisor, uint64_t base, absl::Span<const uint64_t> values,
                     uint64_t* out);

// Makes one value of two neighbours, the second one shifted by `width` bits.  A last value that has
// no neighbour stays as it is.  `joined` has room for them.
void JoinPairs(absl::Span<const uint64_t> values, int width, uint64_t* joined);

}  // namespace fasti::codec
