#include "engine/graph/row_layout.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/for_each_processor.h"
#include "engine/codec/bytes.h"
#include "engine/codec/column_loops.h"

namespace fasti::graph {

namespace {

using codec::kNoTime;  // in kFrom: kInstantMax
using codec::Magnitude;
using codec::Order;
using codec::UnflipSign;

constexpr uint64_t kSecond = 1'000'000;
constexpr uint64_t kDay = 86'400 * kSecond;
constexpr int kWordBits = 64;
// Rows that are packed field by field: they and their numbers stay in the nearest cache.
constexpr size_t kRowsAtOnce = 256;

uint64_t MaskOf(int width) {
  return width == kWordBits ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
}

// A word of each of some rows; they stay in a near cache.
using Words = std::array<uint64_t, kRowsAtOnce>;

// Of the loops below each is over one column, and free of branches.
FASTI_FOR_EACH_PROCESSOR
void SubtractLeast(absl::Span<const uint64_t> values, uint64_t least, uint64_t* out) {
  const uint64_t* const value = values.data();
  for (size_t i = 0; i < values.size(); ++i) out[i] = value[i] - least;
}

FASTI_FOR_EACH_PROCESSOR
void OrShiftedLeft(const uint64_t* values, size_t count, int shift, uint64_t* words) {
  for (size_t i = 0; i < count; ++i) words[i] |= values[i] << shift;
}

FASTI_FOR_EACH_PROCESSOR
void OrShiftedRight(const uint64_t* values, size_t count, int shift, uint64_t* words) {
  for (size_t i = 0; i < count; ++i) words[i] |= values[i] >> shift;
}

FASTI_FOR_EACH_PROCESSOR
void TakeBits(const uint64_t* words, size_t count, int shift, uint64_t mask, uint64_t* out) {
  for (size_t i = 0; i < count; ++i) out[i] = words[i] >> shift & mask;
}

// The same of bits that begin in one word and end in the upper `below` bits of the next.
FASTI_FOR_EACH_PROCESSOR
void TakeBits(const uint64_t* words, const uint64_t* next, size_t count, int below, uint64_t mask,
              uint64_t* out) {
  for (size_t i = 0; i < count; ++i) {
    out[i] = (words[i] << below | next[i] >> (kWordBits - below)) & mask;
  }
}

// least + distance * unit of each; kNoTime for the distance `timeless`.
FASTI_FOR_EACH_PROCESSOR
void AddLeast(uint64_t least, uint64_t unit, absl::Span<uint64_t> distances) {
  for (uint64_t& value : distances) value = least + value * unit;
}

FASTI_FOR_EACH_PROCESSOR
void AddLeastTime(uint64_t least, uint64_t unit, uint64_t timeless,
                  absl::Span<uint64_t> distances) {
  for (uint64_t& value : distances) value = value == timeless ? kNoTime : least + value * unit;
}

}  // namespace

RowRanges::RowRanges() : unit_(kDay) {
  least_.fill(~uint64_t{0});
  greatest_.fill(0);
}

void RowRanges::Include(RowColumn column, uint64_t least, uint64_t greatest) {
  const int c = static_cast<int>(column);
  least_[c] = std::min(least_[c], least);
  greatest_[c] = std::max(greatest_[c], greatest);
}

void RowRanges::Include(const RowColumns& rows) {
  if (rows.empty()) return;
  for (int c = 0; c < kPackedColumns; ++c) {
    const auto column = static_cast<RowColumn>(c);
    const codec::ColumnRange range = codec::RangeOf(rows[column]);
    if (column == RowColumn::kFrom && range.greatest == kNoTime) {
      for (const uint64_t value : rows[column]) {
        if (value != kNoTime) Include(column, value, value);
      }
    } else {
      Include(column, range.least, range.greatest);
    }
  }
  const uint64_t least = codec::RangeOf(rows[RowColumn::kFrom]).least;
  const uint64_t magnitude = least == kNoTime ? 0 : Magnitude(UnflipSign(least));
  for (; unit_ > 1; unit_ = unit_ == kDay ? kSecond : 1) {
    const codec::Divisor unit(unit_);
    if (magnitude % unit_ == 0 && codec::DividesTimes(unit, least, rows[RowColumn::kFrom]) &&
        codec::DividesAll(unit, rows[RowColumn::kDuration])) {
      return;
    }
  }
}

void RowRanges::Include(const RowRanges& other) {
  for (int c = 0; c < kPackedColumns; ++c) {
    least_[c] = std::min(least_[c], other.least_[c]);
    greatest_[c] = std::max(greatest_[c], other.greatest_[c]);
  }
  unit_ = std::min(unit_, other.unit_);
}

bool RowRanges::Contain(const RowRanges& other) const {
  for (int c = 0; c < kPackedColumns; ++c) {
    if (other.least_[c] < least_[c] || other.greatest_[c] > greatest_[c]) return false;
  }
  return unit_ <= other.unit_;
}

void RowRanges::Widen() {
  for (int c = 0; c < kPackedColumns; ++c) {
    if (greatest_[c] <= least_[c]) continue;
    const int bits = std::bit_width(greatest_[c] - least_[c]) + 1;
    // No start is kInstantMax, so there is always a number for it (timeless_).
    const uint64_t last = ~uint64_t{0} - (c == static_cast<int>(RowColumn::kFrom) ? 1 : 0);
    greatest_[c] = least_[c] + std::min(MaskOf(std::min(bits, kWordBits)), last - least_[c]);
  }
}

void RowRanges::SetVersions(uint64_t least, uint64_t greatest) {
  least_[static_cast<int>(RowColumn::kVersion)] = least;
  greatest_[static_cast<int>(RowColumn::kVersion)] = greatest;
}

uint64_t RowRanges::range(RowColumn column) const {
  const int c = static_cast<int>(column);
  return least_[c] < greatest_[c] ? greatest_[c] - least_[c] : 0;
}

RowLayout::RowLayout(Order order, const RowRanges& ranges) : unit_(ranges.unit()) {
  FASTI_CHECK(order != Order::kId);
  for (int c = 0; c < kPackedColumns; ++c) least_[c] = ranges.least(static_cast<RowColumn>(c));
  timeless_ = ranges.range(RowColumn::kFrom) / unit_ + 1;
  const auto add = [&](RowColumn column) { Add(column, ranges.range(column)); };
  if (order == Order::kOut) add(RowColumn::kSubject);
  if (order == Order::kIn) add(RowColumn::kObject);
  add(RowColumn::kRelation);
  add(RowColumn::kClass);
  Add(RowColumn::kFrom, timeless_);
  add(RowColumn::kVersion);
  if (order != Order::kOut) add(RowColumn::kSubject);
  if (order != Order::kIn) add(RowColumn::kObject);
  add(RowColumn::kFlags);
  Add(RowColumn::kDuration, ranges.range(RowColumn::kDuration) / unit_);
  add(RowColumn::kKnownFrom);
  add(RowColumn::kKnownTo);
  words_ = std::max<size_t>(1, (bits_ + kWordBits - 1) / kWordBits);
}

void RowLayout::Add(RowColumn column, uint64_t distance_max) {
  const int width = static_cast<int>(std::bit_width(distance_max));
  fields_[field_count_++] = {.column = column,
                             .width = width,
                             .word = bits_ / kWordBits,
                             .room = kWordBits - static_cast<int>(bits_ % kWordBits)};
  bits_ += static_cast<size_t>(width);
}

// Every value's distance from the least one, in units.
void RowLayout::FindDistances(const Field& field, absl::Span<const uint64_t> values,
                              uint64_t* out) const {
  const uint64_t least = least_[static_cast<int>(field.column)];
  if (field.column != RowColumn::kFrom && field.column != RowColumn::kDuration) {
    return SubtractLeast(values, least, out);
  }
  const codec::Divisor unit(unit_);
  if (field.column == RowColumn::kDuration) {
    SubtractLeast(values, least, out);
    return codec::DivideAll(unit, {out, values.size()}, out);
  }
  codec::DivideTimes(unit, least, values, out);
  // There, no time is 0 and a distance one more; here, no time is the last of all.
  const uint64_t timeless = timeless_;
  for (size_t i = 0; i < values.size(); ++i) out[i] = out[i] == 0 ? timeless : out[i] - 1;
}

void RowLayout::Pack(const RowColumns& rows, uint64_t* out) const {
  std::array<Words, kWordsMax> words;
  Words distances;
  for (size_t begin = 0; begin < rows.size(); begin += kRowsAtOnce) {
    const size_t count = std::min(kRowsAtOnce, rows.size() - begin);
    for (size_t word = 0; word < words_; ++word) std::fill_n(words[word].data(), count, 0);
    for (const Field& field : fields_) {
      if (field.width == 0) continue;
      FindDistances(field, rows[field.column].subspan(begin, count), distances.data());
      uint64_t* const first = words[field.word].data();
      const int room_left = field.room - field.width;
      if (room_left >= 0) {
        OrShiftedLeft(distances.data(), count, room_left, first);
      } else {
        OrShiftedRight(distances.data(), count, -room_left, first);
        OrShiftedLeft(distances.data(), count, kWordBits + room_left, words[field.word + 1].data());
      }
    }
    for (size_t word = 0; word < words_; ++word) {
      const uint64_t* const from = words[word].data();
      for (size_t i = 0; i < count; ++i) out[i * words_ + word] = from[i];
    }
    out += count * words_;
  }
}

void RowLayout::Unpack(const uint64_t* in, RowColumns* rows) const {
  std::array<Words, kWordsMax> words;
  for (size_t begin = 0; begin < rows->size(); begin += kRowsAtOnce) {
    const size_t count = std::min(kRowsAtOnce, rows->size() - begin);
    for (size_t word = 0; word < words_; ++word) {
      uint64_t* const to = words[word].data();
      for (size_t i = 0; i < count; ++i) to[i] = in[i * words_ + word];
    }
    in += count * words_;
    for (const Field& field : fields_) {
      const absl::Span<uint64_t> values = (*rows)[field.column].subspan(begin, count);
      const uint64_t least = least_[static_cast<int>(field.column)];
      if (field.width == 0) {
        std::fill(values.begin(), values.end(), least);
        continue;
      }
      const uint64_t* const first = words[field.word].data();
      const uint64_t mask = MaskOf(field.width);
      const int room_left = field.room - field.width;
      if (room_left >= 0) {
        TakeBits(first, count, room_left, mask, values.data());
      } else {
        TakeBits(first, words[field.word + 1].data(), count, -room_left, mask, values.data());
      }
      if (field.column == RowColumn::kFrom) {
        AddLeastTime(least, unit_, timeless_, values);
      } else {
        AddLeast(least, field.column == RowColumn::kDuration ? unit_ : 1, values);
      }
    }
  }
  const absl::Span<uint64_t> gone = (*rows)[RowColumn::kGone];
  std::fill(gone.begin(), gone.end(), 0);
  const absl::Span<const uint64_t> versions = std::as_const(*rows)[RowColumn::kVersion];
  std::copy(versions.begin(), versions.end(), (*rows)[RowColumn::kLineage].begin());
}

}  // namespace fasti::graph
