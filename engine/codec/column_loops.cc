#include "engine/codec/column_loops.h"

#include <algorithm>

#include "engine/base/for_each_processor.h"

namespace fasti::codec {

namespace {

// Vectors have masks, but no branches.
uint64_t MaskOfTime(uint64_t value) {
  return value == kNoTime ? 0 : ~uint64_t{0};
}

}  // namespace

FASTI_FOR_EACH_PROCESSOR
ColumnRange RangeOf(absl::Span<const uint64_t> values) {
  const uint64_t first = values.front();
  uint64_t least = first, greatest = first, differing = 0;
  for (const uint64_t value : values) {
    least = std::min(least, value);
    greatest = std::max(greatest, value);
    differing |= value ^ first;
  }
  return {.least = least, .greatest = greatest, .differing = differing};
}

FASTI_FOR_EACH_PROCESSOR
bool Ascends(absl::Span<const uint64_t> values) {
  const uint64_t* const value = values.data();
  uint64_t descents = 0;
  for (size_t i = 1; i < values.size(); ++i) descents |= value[i] <= value[i - 1];
  return descents == 0;
}

FASTI_FOR_EACH_PROCESSOR
size_t CountOthers(uint64_t common, absl::Span<const uint64_t> values) {
  size_t others = 0;
  for (const uint64_t value : values) others += value != common;
  return others;
}

FASTI_FOR_EACH_PROCESSOR
void SubtractPlaces(absl::Span<const uint64_t> values, uint64_t* out) {
  const uint64_t* const value = values.data();
  for (size_t i = 0; i < values.size(); ++i) out[i] = value[i] - i;
}

FASTI_FOR_EACH_PROCESSOR
void SubtractBase(uint64_t base, int shift, absl::Span<const uint64_t> values, uint64_t* out) {
  const uint64_t* const value = values.data();
  for (size_t i = 0; i < values.size(); ++i) out[i] = (value[i] - base) >> shift;
}

FASTI_FOR_EACH_PROCESSOR
bool DividesAll(const Divisor& divisor, absl::Span<const uint64_t> values) {
  const Divisor by = divisor;
  uint64_t greatest = 0;
  for (const uint64_t value : values) greatest = std::max(greatest, by.Quotient(value));
  return greatest <= by.quotient_max();
}

FASTI_FOR_EACH_PROCESSOR
bool DividesTimes(const Divisor& divisor, uint64_t base, absl::Span<const uint64_t> values) {
  const Divisor by = divisor;
  uint64_t greatest = 0;
  for (const uint64_t value : values) {
    greatest = std::max(greatest, by.Quotient((value - base) & MaskOfTime(value)));
  }
  return greatest <= by.quotient_max();
}

FASTI_FOR_EACH_PROCESSOR
void DivideAll(const Divisor& divisor, absl::Span<const uint64_t> values, uint64_t* out) {
  const Divisor by = divisor;
  const uint64_t* const value = values.data();
  for (size_t i = 0; i < values.size(); ++i) out[i] = by.Quotient(value[i]);
}

FASTI_FOR_EACH_PROCESSOR
uint64_t DivideTimes(const Divisor& divisor, uint64_t base, absl::Span<const uint64_t> values,
                     uint64_t* out) {
  const Divisor by = divisor;
  const uint64_t* const value = values.data();
  uint64_t greatest = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const uint64_t quotient = (by.Quotient(value[i] - base) + 1) & MaskOfTime(value[i]);
    greatest = std::max(greatest, quotient);
    out[i] = quotient;
  }
  return greatest;
}

FASTI_FOR_EACH_PROCESSOR
void JoinPairs(absl::Span<const uint64_t> values, int width, uint64_t* joined) {
  const uint64_t* const value = values.data();
  const size_t pairs = values.size() / 2;
  for (size_t i = 0; i < pairs; ++i) joined[i] = value[2 * i] | value[2 * i + 1] << width;
  if (values.size() % 2 != 0) joined[pairs] = values.back();
}

}  // namespace fasti::codec
