#pragma once

#include <cstdint>

#include "fasti/fact.h"
#include "fasti/ids.h"

namespace fasti {

// A version of a fact as the engine stores and scans it: every number of docs/file_format.md,
// "Block", and nothing else.
//
//   start unknown or open: `from` holds `to` (kInstantMax if that is missing, too)
//   duration 0: no known end
struct Row {
  uint64_t subject = 0;
  uint64_t object = 0;  // Term::bits()
  uint64_t version = 0;
  uint32_t relation = 0;
  uint16_t flags = 0;  // docs/file_format.md, "Flags"
  int64_t from = 0;
  uint64_t duration = 0;  // microseconds
  int64_t known_from = 0;
  int64_t known_to = 0;
  uint64_t gone = 0;
  uint64_t lineage = 0;

  friend bool operator==(const Row&, const Row&) = default;
};

// Flags: bits 0-3 precision of the start, 4-7 of the end, 8-10 modality, 11 has qualifiers,
// 12 has claims.
inline constexpr uint16_t kHasQualifiers = 1 << 11;
inline constexpr uint16_t kHasClaims = 1 << 12;
uint16_t MakeFlags(Precision from, Precision to, Modality modality, bool has_qualifiers,
                   bool has_claims);

// The valid period of a row, read as `reading`.
Period RowValid(const Row& row, Reading reading);
// Sets from, duration and the precisions in flags.  REQUIRES: CheckPeriod(valid).ok().
void SetRowValid(const Period& valid, Row* row);

// A row without version that holds and is known always.
Row TimelessRow(EntityId subject, RelationId relation, Term object);

// True if the row belongs to the state at `sequence`.
inline bool VisibleAt(const Row& row, Sequence sequence) {
  return row.version <= sequence && (row.gone == 0 || row.gone > sequence);
}

Fact ToFact(const Row& row, Reading reading);

// Duration classes (docs/file_format.md, "Duration classes"): 0 to 13 by length, each four to
// a thousand times the one before; 14 no known end; 15 no known start.
inline constexpr uint8_t kClassOpen = 14;
inline constexpr uint8_t kClassNoStart = 15;
inline constexpr int kClassCount = 16;
uint8_t DurationClass(uint16_t flags, uint64_t duration);
inline uint8_t DurationClass(const Row& row) {
  return DurationClass(row.flags, row.duration);
}
// The greatest duration of class 0 to 13, in microseconds.
uint64_t ClassBound(uint8_t duration_class);

}  // namespace fasti
