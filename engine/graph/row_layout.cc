#include "engine/graph/row_layout.h"

#include <algorithm>
#include <bit>

#include "engine/base/check.h"
#include "engine/codec/bytes.h"

namespace fasti::graph {

namespace {

using codec::FlipSign;
using codec::Magnitude;
using codec::Order;
using codec::UnflipSign;

constexpr uint64_t kSecond = 1'000'000;
constexpr uint64_t kDay = 86'400 * kSecond;
constexpr int kWordBits = 64;
// Rows that are packed field by field: they and their numbers stay in the nearest cache.
constexpr size_t kRowsAtOnce = 256;

// `unit`, or the next finer one of which `value` is a multiple.
uint64_t UnitFor(uint64_t value, uint64_t unit) {
  if (unit == kDay && value % kDay != 0) unit = kSecond;
  if (unit == kSecond && value % kSecond != 0) unit = 1;
  return unit;
}

// Calls `use` with a function that divides by `unit`: by a number that the compiler knows, which
// costs a tenth.
template <typename Use>
void WithDivision(uint64_t unit, Use use) {
  if (unit == kDay) {
    use([](uint64_t value) { return value / kDay; });
  } else if (unit == kSecond) {
    use([](uint64_t value) { return value / kSecond; });
  } else {
    use([](uint64_t value) { return value; });
  }
}

uint64_t MaskOf(int width) {
  return width == kWordBits ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
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

void RowRanges::Include(absl::Span<const Row> rows) {
  const auto include = [&](RowColumn column, auto value_of) {
    uint64_t least = ~uint64_t{0}, greatest = 0;
    for (const Row& row : rows) {
      const uint64_t value = value_of(row);
      least = std::min(least, value);
      greatest = std::max(greatest, value);
    }
    Include(column, least, greatest);
  };
  include(RowColumn::kSubject, [](const Row& row) { return row.subject; });
  include(RowColumn::kObject, [](const Row& row) { return row.object; });
  include(RowColumn::kVersion, [](const Row& row) { return row.version; });
  include(RowColumn::kRelation, [](const Row& row) { return row.relation; });
  include(RowColumn::kClass, [](const Row& row) { return DurationClass(row); });
  include(RowColumn::kFlags, [](const Row& row) { return row.flags; });
  include(RowColumn::kDuration, [](const Row& row) { return row.duration; });
  include(RowColumn::kKnownFrom, [](const Row& row) { return FlipSign(row.known_from); });
  include(RowColumn::kKnownTo, [](const Row& row) { return FlipSign(row.known_to); });
  uint64_t unit = unit_;
  for (const Row& row : rows) {
    unit = UnitFor(row.duration, unit);
    if (row.from == kInstantMax) continue;
    Include(RowColumn::kFrom, FlipSign(row.from), FlipSign(row.from));
    unit = UnitFor(Magnitude(row.from), unit);
  }
  unit_ = unit;
}

void RowRanges::Include(const RowRanges& other) {
  for (int c = 0; c < kRowColumns; ++c) {
    least_[c] = std::min(least_[c], other.least_[c]);
    greatest_[c] = std::max(greatest_[c], other.greatest_[c]);
  }
  unit_ = std::min(unit_, other.unit_);
}

bool RowRanges::Contain(const RowRanges& other) const {
  for (int c = 0; c < kRowColumns; ++c) {
    if (other.least_[c] < least_[c] || other.greatest_[c] > greatest_[c]) return false;
  }
  return unit_ <= other.unit_;
}

void RowRanges::Widen() {
  for (int c = 0; c < kRowColumns; ++c) {
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
  for (int c = 0; c < kRowColumns; ++c) least_[c] = ranges.least(static_cast<RowColumn>(c));
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

// Calls put(i, d) for each row, where `d` is what row `i` has in the field.
template <typename Put>
void RowLayout::PackField(const Field& field, absl::Span<const Row> rows, Put put) const {
  const uint64_t least = least_[static_cast<int>(field.column)];
  const auto each = [&](auto value_of) {
    for (size_t i = 0; i < rows.size(); ++i) put(i, value_of(rows[i]) - least);
  };
  switch (field.column) {
    case RowColumn::kSubject:
      return each([](const Row& row) { return row.subject; });
    case RowColumn::kObject:
      return each([](const Row& row) { return row.object; });
    case RowColumn::kVersion:
      return each([](const Row& row) { return row.version; });
    case RowColumn::kRelation:
      return each([](const Row& row) { return row.relation; });
    case RowColumn::kClass:
      return each([](const Row& row) { return DurationClass(row); });
    case RowColumn::kFlags:
      return each([](const Row& row) { return row.flags; });
    case RowColumn::kKnownFrom:
      return each([](const Row& row) { return FlipSign(row.known_from); });
    case RowColumn::kKnownTo:
      return each([](const Row& row) { return FlipSign(row.known_to); });
    case RowColumn::kFrom:
      return WithDivision(unit_, [&, timeless = timeless_](auto divide) {
        for (size_t i = 0; i < rows.size(); ++i) {
          const bool is_timeless = rows[i].from == kInstantMax;
          put(i, is_timeless ? timeless : divide(FlipSign(rows[i].from) - least));
        }
      });
    case RowColumn::kDuration:
      return WithDivision(unit_, [&](auto divide) {
        for (size_t i = 0; i < rows.size(); ++i) put(i, divide(rows[i].duration - least));
      });
  }
}

void RowLayout::Pack(absl::Span<const Row> rows, uint64_t* out) const {
  const size_t stride = words_;  // what is written cannot change this copy
  for (; !rows.empty(); rows.remove_prefix(std::min(rows.size(), kRowsAtOnce))) {
    const absl::Span<const Row> some = rows.subspan(0, kRowsAtOnce);
    std::fill_n(out, some.size() * stride, 0);
    for (const Field& field : fields_) {
      if (field.width == 0) continue;
      uint64_t* const words = out + field.word;
      const int room_left = field.room - field.width;
      if (room_left >= 0) {
        PackField(field, some,
                  [&](size_t i, uint64_t distance) { words[i * stride] |= distance << room_left; });
      } else {
        PackField(field, some, [&](size_t i, uint64_t distance) {
          words[i * stride] |= distance >> -room_left;
          words[i * stride + 1] |= distance << (kWordBits + room_left);
        });
      }
    }
    out += some.size() * stride;
  }
}

// Sets the column of row `i` from what get(i) finds in its field.
template <typename Get>
void RowLayout::UnpackField(const Field& field, absl::Span<Row> rows, Get get) const {
  const uint64_t least = least_[static_cast<int>(field.column)];
  const auto each = [&](auto set) {
    for (size_t i = 0; i < rows.size(); ++i) set(rows[i], get(i));
  };
  switch (field.column) {
    case RowColumn::kSubject:
      return each([least](Row& row, uint64_t d) { row.subject = least + d; });
    case RowColumn::kObject:
      return each([least](Row& row, uint64_t d) { row.object = least + d; });
    case RowColumn::kVersion:
      return each([least](Row& row, uint64_t d) {
        row.version = row.lineage = least + d;
        row.gone = 0;
      });
    case RowColumn::kRelation:
      return each(
          [least](Row& row, uint64_t d) { row.relation = static_cast<uint32_t>(least + d); });
    case RowColumn::kClass:
      return;
    case RowColumn::kFlags:
      return each([least](Row& row, uint64_t d) { row.flags = static_cast<uint16_t>(least + d); });
    case RowColumn::kKnownFrom:
      return each([least](Row& row, uint64_t d) { row.known_from = UnflipSign(least + d); });
    case RowColumn::kKnownTo:
      return each([least](Row& row, uint64_t d) { row.known_to = UnflipSign(least + d); });
    case RowColumn::kFrom:
      return each([least, unit = unit_, timeless = timeless_](Row& row, uint64_t d) {
        row.from = d == timeless ? kInstantMax : UnflipSign(least + d * unit);
      });
    case RowColumn::kDuration:
      return each([least, unit = unit_](Row& row, uint64_t d) { row.duration = least + d * unit; });
  }
}

void RowLayout::Unpack(const uint64_t* in, absl::Span<Row> rows) const {
  const size_t stride = words_;
  for (; !rows.empty(); rows.remove_prefix(std::min(rows.size(), kRowsAtOnce))) {
    const absl::Span<Row> some = rows.subspan(0, kRowsAtOnce);
    for (const Field& field : fields_) {
      if (field.width == 0) {
        UnpackField(field, some, [](size_t) { return uint64_t{0}; });
        continue;
      }
      const uint64_t* const words = in + field.word;
      const uint64_t mask = MaskOf(field.width);
      const int room_left = field.room - field.width;
      if (room_left >= 0) {
        UnpackField(field, some, [&](size_t i) { return words[i * stride] >> room_left & mask; });
      } else {
        UnpackField(field, some, [&](size_t i) {
          return (words[i * stride] << -room_left |
                  words[i * stride + 1] >> (kWordBits + room_left)) &
                 mask;
        });
      }
    }
    in += some.size() * stride;
  }
}

}  // namespace fasti::graph
