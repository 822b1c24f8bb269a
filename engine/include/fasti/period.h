#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Time as sources tell it.  "June 2025" is neither 1 June nor all of June: it is some instant, or
// some span, that nobody told more finely.  A Period keeps what was told, and every comparison of
// periods answers TRUE, FALSE or UNKNOWN by one rule:
//
//   A vague period is the set of all exact spans it may stand for.  A comparison is TRUE if it
//   holds for every choice from the sets, FALSE if for none, otherwise UNKNOWN.

namespace fasti {

// The outcome of a comparison on imprecise values; NULL in the query language is kUnknown.
enum class Truth : uint8_t { kFalse, kTrue, kUnknown };

constexpr Truth And(Truth a, Truth b) {
  if (a == Truth::kFalse || b == Truth::kFalse) return Truth::kFalse;
  return a == Truth::kTrue && b == Truth::kTrue ? Truth::kTrue : Truth::kUnknown;
}
constexpr Truth Or(Truth a, Truth b) {
  if (a == Truth::kTrue || b == Truth::kTrue) return Truth::kTrue;
  return a == Truth::kFalse && b == Truth::kFalse ? Truth::kFalse : Truth::kUnknown;
}
constexpr Truth Not(Truth a) {
  return a == Truth::kUnknown ? a : a == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}
constexpr Truth ToTruth(bool value) {
  return value ? Truth::kTrue : Truth::kFalse;
}

// Microseconds since 1970-01-01T00:00:00 UTC, proleptic Gregorian, without leap seconds.
using Instant = int64_t;
inline constexpr Instant kInstantMin = INT64_MIN;  // before everything
inline constexpr Instant kInstantMax = INT64_MAX;  // after everything

// How finely an end of a period was told.
// The numbers are stored; do not change them.
enum class Precision : uint8_t {
  kMicrosecond = 0,
  kSecond = 1,
  kMinute = 2,
  kHour = 3,
  kDay = 4,
  kMonth = 5,
  kQuarter = 6,
  kHalf = 7,
  kYear = 8,
  kDecade = 9,
  kCentury = 10,
  kOpen = 14,     // there is no end: prints nothing, as in "2025.."
  kUnknown = 15,  // there is an end that nobody told: prints "?", as in "2025..?"
};

// True for kMicrosecond to kCentury.
constexpr bool IsGranule(Precision precision) {
  return precision <= Precision::kCentury;
}

// The first instant of the granule of `precision` that contains `instant`, and of the next one.
// Both saturate at kInstantMin and kInstantMax.  REQUIRES: IsGranule(precision).
Instant GranuleStart(Instant instant, Precision precision);
Instant GranuleEnd(Instant instant, Precision precision);

// What the ends of a period mean when they are coarser than the question: which exact spans
// [start, end) of whole microseconds it may stand for.
enum class Reading : uint8_t {
  kExact,  // only [from, to): literals, parameters, and metrics, which measure a span
  kState,  // it first held at some instant of its first granule and last at some of its last, so
           // its end is one microsecond to the right of an instant of that granule
  kEvent,  // it happened at some instant of [from, to): a span of one microsecond
};
// In each reading an open start is kInstantMin, and an open end is kInstantMax and never comes
// (an event happens once, so its open ends are read as unknown).  An unknown end is any instant
// after the start, but comes; an unknown start is any instant before the end, but was.

// A half-open span of time [from, to).  Values are plain and cheap to copy.
//
//   `from` is the first instant of the granule in which it begins; kInstantMin if open or unknown.
//   `to` is the first instant after the granule in which it ends; kInstantMax if open or unknown.
//
// So "2025-06" is [2025-06-01, 2025-07-01) with kMonth at both ends, and "2025-06-12.." has
// kDay and kOpen.
struct Period {
  Instant from = kInstantMin;
  Instant to = kInstantMax;
  Precision from_precision = Precision::kOpen;
  Precision to_precision = Precision::kOpen;
  Reading reading = Reading::kExact;

  // Sameness of what was told: both ends and both precisions.  The reading does not count.
  friend bool operator==(const Period& a, const Period& b) {
    return a.from == b.from && a.to == b.to && a.from_precision == b.from_precision &&
           a.to_precision == b.to_precision;
  }

  // By the start as it was told, then by the end, each by its earliest possible instant and then
  // by its latest.  So an open or unknown start comes first, a finer granule before the coarser
  // one that begins with it, an unknown end before every told one, and an open end last.
  friend bool operator<(const Period& a, const Period& b);

  template <typename H>
  friend H AbslHashValue(H h, const Period& p) {
    return H::combine(std::move(h), p.from, p.to, p.from_precision, p.to_precision);
  }

  // The granule of `precision` that contains `instant`, at both ends.
  static Period Granule(Instant instant, Precision precision);
  static Period Always() { return Period(); }
  static Period Unknown() {
    return {kInstantMin, kInstantMax, Precision::kUnknown, Precision::kUnknown, Reading::kExact};
  }
  // From the granule of `first` to the granule of `last`, both included.
  static Period Between(const Period& first, const Period& last);

  bool has_start() const { return IsGranule(from_precision); }
  bool has_end() const { return IsGranule(to_precision); }

  Period As(Reading other) const {
    Period copy = *this;
    copy.reading = other;
    return copy;
  }
};

// The earliest and the latest instant at which a vague start or end may lie, by its reading.  An
// unknown end ranges over everything the other end allows.
struct InstantRange {
  Instant earliest;
  Instant latest;  // included
};
InstantRange StartRange(const Period& period);
InstantRange EndRange(const Period& period);  // of the first instant after it

// Checks a period that comes from outside: from < to, ends on granule borders.
// INVALID_ARGUMENT says what is wrong.
absl::Status CheckPeriod(const Period& period);

// Comparisons, each by the rule at the top of this file.
Truth Overlaps(const Period& a, const Period& b);  // a and b share an instant
Truth During(const Period& a, const Period& b);    // a lies within b
Truth Before(const Period& a, const Period& b);    // a ends before b starts, or where it starts
Truth After(const Period& a, const Period& b);     // Before(b, a)
Truth Contains(const Period& period, Instant instant);
// Before(a, b), and the gap between them is at most `gap_us` microseconds.
Truth BeforeWithin(const Period& a, const Period& b, int64_t gap_us);

// Whether a fact with `valid` passes AT scope: it may hold at some instant of it.
inline bool MayOverlap(const Period& valid, const Period& scope) {
  return Overlaps(valid, scope) != Truth::kFalse;
}

// Which of Allen's thirteen relations surely holds ("before", "meets", "overlaps", "starts",
// "during", "finishes", "equals", and "after", "met-by", "overlapped-by", "started-by",
// "contains", "finished-by"); nullopt when the precision leaves more than one.
// Source: J. F. Allen, Maintaining Knowledge about Temporal Intervals, CACM 26 (1983).
std::optional<absl::string_view> AllenRelation(const Period& a, const Period& b);

// The common part, or nullopt if there surely is none.  Each end is the finer-known of the two.
std::optional<Period> Intersection(const Period& a, const Period& b);

// The text form: "2025", "2025-H1", "2025-Q2", "2025-06", "2025-06-12", "2025-06-12T14:00",
// "2025-06-12T14:00:05", "...05.000001" (UTC, so no offset), "198x" (decade), "19xx" (century);
// ranges "a..b", "a..", "..b", ".."; an unknown end is "?", as in "?..2025".
std::string FormatPeriod(const Period& period);

// Reads the same forms, without '@'; an offset ("Z", "+02:00") is applied.  INVALID_ARGUMENT on
// 30 February, year 0, leap seconds, an end before its start, or a time outside int64
// microseconds; never clamps.
absl::StatusOr<Period> ParsePeriod(absl::string_view text);

}  // namespace fasti
