#include "engine/model/row.h"

#include <array>
#include <bit>

#include "engine/base/check.h"
#include "engine/model/calendar.h"

namespace fasti {
namespace {

constexpr uint64_t kDay = static_cast<uint64_t>(kMicrosPerDay);
constexpr std::array<uint64_t, 14> kClassBounds = {
    1,         1'000,     1'000'000,  60'000'000,  3'600'000'000, kDay,         4 * kDay,
    16 * kDay, 64 * kDay, 256 * kDay, 1024 * kDay, 4096 * kDay,   16384 * kDay, UINT64_MAX};

// For each number of bits, the first class that holds a duration with so many.
constexpr std::array<uint8_t, 65> kClassOfBits = [] {
  std::array<uint8_t, 65> classes{};
  for (int bits = 1; bits <= 64; ++bits) {
    const uint64_t least = uint64_t{1} << (bits - 1);
    while (kClassBounds[classes[bits]] < least) ++classes[bits];
  }
  return classes;
}();

Precision StartPrecision(uint16_t flags) {
  return static_cast<Precision>(flags & 15);
}
Precision EndPrecision(uint16_t flags) {
  return static_cast<Precision>(flags >> 4 & 15);
}

}  // namespace

uint16_t MakeFlags(Precision from, Precision to, Modality modality, bool has_qualifiers,
                   bool has_claims) {
  return static_cast<uint16_t>(static_cast<unsigned>(from) | static_cast<unsigned>(to) << 4 |
                               static_cast<unsigned>(modality) << 8 |
                               (has_qualifiers ? kHasQualifiers : 0u) |
                               (has_claims ? kHasClaims : 0u));
}

Period RowValid(const Row& row, Reading reading) {
  Period valid;
  valid.from_precision = StartPrecision(row.flags);
  valid.to_precision = EndPrecision(row.flags);
  valid.reading = reading;
  if (valid.has_start()) {
    valid.from = row.from;
    // Unsigned, as a duration may exceed half of the range; the sum itself is an instant.
    if (valid.has_end()) {
      valid.to = static_cast<Instant>(static_cast<uint64_t>(row.from) + row.duration);
    }
  } else if (valid.has_end()) {
    valid.to = row.from;
  }
  return valid;
}

void SetRowValid(const Period& valid, Row* row) {
  FASTI_DCHECK(CheckPeriod(valid).ok());
  row->flags = static_cast<uint16_t>(
      (row->flags & ~0xFFu) |
      MakeFlags(valid.from_precision, valid.to_precision, Modality::kAsserted, false, false));
  row->from = valid.has_start() ? valid.from : valid.to;
  row->duration = valid.has_start() && valid.has_end()
                      ? static_cast<uint64_t>(valid.to) - static_cast<uint64_t>(valid.from)
                      : 0;
}

Row TimelessRow(EntityId subject, RelationId relation, Term object) {
  Row row{.subject = Raw(subject), .object = object.bits(), .relation = Raw(relation)};
  row.known_from = kInstantMin;
  row.known_to = kInstantMax;
  SetRowValid(Period::Always(), &row);
  return row;
}

Fact ToFact(const Row& row, Reading reading) {
  Fact fact;
  fact.subject = static_cast<EntityId>(row.subject);
  fact.relation = static_cast<RelationId>(row.relation);
  fact.object = Term::FromBits(row.object);
  fact.version = static_cast<VersionId>(row.version);
  fact.lineage = static_cast<VersionId>(row.lineage);
  fact.valid = RowValid(row, reading);
  fact.known_from = row.known_from;
  fact.known_to = row.known_to;
  fact.gone = row.gone;
  fact.modality = static_cast<Modality>(row.flags >> 8 & 7);
  fact.has_qualifiers = (row.flags & kHasQualifiers) != 0;
  fact.has_claims = (row.flags & kHasClaims) != 0;
  return fact;
}

uint8_t DurationClass(uint16_t flags, uint64_t duration) {
  if (!IsGranule(StartPrecision(flags))) return kClassNoStart;
  if (!IsGranule(EndPrecision(flags))) return kClassOpen;
  // Bounds are at least fourfold apart, so at most one lies among the durations of as many bits.
  const uint8_t first = kClassOfBits[std::bit_width(duration)];
  return kClassBounds[first] < duration ? first + 1 : first;
}

uint64_t ClassBound(uint8_t duration_class) {
  FASTI_CHECK(duration_class < kClassBounds.size());
  return kClassBounds[duration_class];
}

}  // namespace fasti
