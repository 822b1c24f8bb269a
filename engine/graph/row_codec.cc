#include "engine/graph/row_codec.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/check.h"
#include "engine/codec/bytes.h"

namespace fasti::graph {

namespace {

constexpr uint64_t kSecond = 1'000'000;
constexpr uint64_t kDay = 86'400 * kSecond;

// Timeless rows begin at the greatest instant, which must not make a column wide: it is kept as
// one more than the greatest distance of the others.
constexpr uint64_t kTimeless = ~uint64_t{0};

// Division by a variable costs ten times that by a constant.
uint64_t Divide(uint64_t value, uint64_t unit) {
  if (unit == kDay) return value / kDay;
  return unit == kSecond ? value / kSecond : value;
}

// `unit`, or the next finer one of which `value` is a multiple.
uint64_t UnitFor(uint64_t value, uint64_t unit) {
  if (unit == kDay && value % kDay != 0) unit = kSecond;
  if (unit == kSecond && value % kSecond != 0) unit = 1;
  return unit;
}

// Signed numbers in the order of unsigned ones.
RowCodec::Values ValuesOf(const Row& row) {
  return {row.subject,
          row.object,
          row.version,
          row.relation,
          row.flags,
          codec::FlipSign(row.from),
          row.duration,
          codec::FlipSign(row.known_from),
          codec::FlipSign(row.known_to)};
}

}  // namespace

RowCodec::RowCodec(absl::Span<const Row> rows) {
  Values most{};
  base_.fill(~uint64_t{0});
  for (const Row& row : rows) {
    const Values values = ValuesOf(row);
    for (int c = 0; c < kColumns; ++c) {
      if (c == kFrom && values[c] == kTimeless) continue;
      base_[c] = std::min(base_[c], values[c]);
      most[c] = std::max(most[c], values[c]);
    }
  }
  base_[kDuration] = 0;
  unit_ = kDay;
  for (size_t i = 0; i < rows.size() && unit_ > 1; ++i) {
    const uint64_t from = codec::FlipSign(rows[i].from);
    unit_ = UnitFor(rows[i].duration, unit_);
    if (from != kTimeless) unit_ = UnitFor(from - base_[kFrom], unit_);
  }
  for (int c = 0; c < kColumns; ++c) {
    uint64_t range = most[c] < base_[c] ? 0 : most[c] - base_[c];
    if (c == kFrom || c == kDuration) range = Divide(range, unit_);
    distance_max_[c] = c == kFrom ? range + 1 : range;
    bytes_[c] = static_cast<uint8_t>((std::bit_width(distance_max_[c]) + 7) / 8);
    mask_[c] = bytes_[c] == 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * bytes_[c])) - 1;
    row_bytes_ += bytes_[c];
  }
}

uint64_t RowCodec::FromDistance(uint64_t from) const {
  return from == kTimeless ? distance_max_[kFrom] : Divide(from - base_[kFrom], unit_);
}

uint64_t RowCodec::Distance(Column column, const Row& row) const {
  switch (column) {
    case kSubject:
      return row.subject - base_[kSubject];
    case kObject:
      return row.object - base_[kObject];
    case kVersion:
      return row.version - base_[kVersion];
    case kRelation:
      return row.relation - base_[kRelation];
    case kFlags:
      return row.flags - base_[kFlags];
    case kFrom:
      return FromDistance(codec::FlipSign(row.from));
    case kDuration:
      return Divide(row.duration, unit_);
    case kKnownFrom:
      return codec::FlipSign(row.known_from) - base_[kKnownFrom];
    case kKnownTo:
      return codec::FlipSign(row.known_to) - base_[kKnownTo];
    case kColumns:
      break;
  }
  FASTI_CHECK(false);
}

void RowCodec::Encode(const Row& row, char* out) const {
  for (int c = 0; c < kColumns; ++c) {
    if (bytes_[c] == 0) continue;
    const uint64_t distance = Distance(static_cast<Column>(c), row);
    std::memcpy(out, &distance, sizeof(distance));
    out += bytes_[c];
  }
}

Row RowCodec::Decode(const char* in) const {
  Values values;
  for (int c = 0; c < kColumns; ++c) {
    std::memcpy(&values[c], in, sizeof(uint64_t));
    values[c] &= mask_[c];
    in += bytes_[c];
  }
  const bool is_timeless = values[kFrom] == distance_max_[kFrom];
  values[kFrom] *= unit_;
  values[kDuration] *= unit_;
  for (int c = 0; c < kColumns; ++c) values[c] += base_[c];
  Row row;
  row.subject = values[kSubject];
  row.object = values[kObject];
  row.version = row.lineage = values[kVersion];
  row.relation = static_cast<uint32_t>(values[kRelation]);
  row.flags = static_cast<uint16_t>(values[kFlags]);
  row.from = is_timeless ? kInstantMax : codec::UnflipSign(values[kFrom]);
  row.duration = values[kDuration];
  row.known_from = codec::UnflipSign(values[kKnownFrom]);
  row.known_to = codec::UnflipSign(values[kKnownTo]);
  return row;
}

}  // namespace fasti::graph
