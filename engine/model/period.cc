// The period algebra in closed form.
//
// The choices of a vague period are the spans [s, e) with s in [s0, s1], e in [e0, e1], s < e, and
// for an event e = s + 1.  Every comparison here is a conjunction of inequalities that each join
// one end of `a` with one end of `b`, which are chosen freely of each other.  So it holds for all
// choices if each inequality holds for its worst pair of ends.  Whether it holds for some choice
// is told by the best pair, with care where both ends of one period matter at once (During).

#include "fasti/period.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/model/calendar.h"

namespace fasti {
namespace {

struct Choices {
  InstantRange start;
  InstantRange end;
  bool event = false;
};

constexpr Instant kFirstInstant = kInstantMin + 1;  // of those at which something may happen
constexpr Instant kLastInstant = kInstantMax - 1;

Instant AddSaturated(Instant instant, int64_t micros) {
  Instant sum = 0;
  if (!__builtin_add_overflow(instant, micros, &sum)) return sum;
  return micros > 0 ? kInstantMax : kInstantMin;
}

Instant StartOfDay(int64_t days) {
  Instant instant = 0;
  if (!__builtin_mul_overflow(days, kMicrosPerDay, &instant)) return instant;
  return days > 0 ? kInstantMax : kInstantMin;
}

// Of the units with a fixed length; 0 for those of the calendar.
int64_t FixedMicros(Precision precision) {
  switch (precision) {
    case Precision::kMicrosecond:
      return 1;
    case Precision::kSecond:
      return kMicrosPerSecond;
    case Precision::kMinute:
      return 60 * kMicrosPerSecond;
    case Precision::kHour:
      return 3600 * kMicrosPerSecond;
    case Precision::kDay:
      return kMicrosPerDay;
    default:
      return 0;
  }
}

// Of the units that are a number of months.
int64_t Months(Precision precision) {
  switch (precision) {
    case Precision::kMonth:
      return 1;
    case Precision::kQuarter:
      return 3;
    case Precision::kHalf:
      return 6;
    case Precision::kYear:
      return 12;
    case Precision::kDecade:
      return 120;
    case Precision::kCentury:
      return 1200;
    default:
      FASTI_CHECK(!"a precision of the calendar");
      return 0;
  }
}

Instant StartOfMonth(int64_t months_since_year_zero) {
  return StartOfDay(DaysFromCivil(FloorDiv(months_since_year_zero, 12),
                                  static_cast<int>(FloorMod(months_since_year_zero, 12)) + 1, 1));
}

// The number of the granule, counted in its own unit from year 0.
int64_t MonthGranule(Instant instant, Precision precision) {
  const CivilDate date = CivilFromDays(FloorDiv(instant, kMicrosPerDay));
  return FloorDiv(date.year * 12 + date.month - 1, Months(precision));
}

InstantRange Only(Instant instant) {
  return {instant, instant};
}

Choices ChoicesOf(const Period& period) {
  Choices choices;
  choices.event = period.reading == Reading::kEvent;
  if (choices.event) {
    // `to` is an end, so the last instant lies before it.
    choices.start = {std::max(period.from, kFirstInstant),
                     std::min(period.to, kInstantMax - 1) - 1};
    choices.end = {choices.start.earliest + 1, choices.start.latest + 1};
    return choices;
  }
  const bool state = period.reading == Reading::kState;
  if (period.from_precision == Precision::kUnknown) {
    choices.start = {kFirstInstant, kLastInstant};
  } else if (state && period.has_start()) {
    choices.start = {period.from, GranuleEnd(period.from, period.from_precision) - 1};
  } else {
    choices.start = Only(period.from);
  }
  if (period.to_precision == Precision::kUnknown) {
    choices.end = {kFirstInstant, kLastInstant};
  } else if (state && period.has_end()) {
    choices.end = {GranuleStart(period.to - 1, period.to_precision) + 1, period.to};
  } else {
    choices.end = Only(period.to);
  }
  // What no choice of the other end allows is no choice.
  choices.start.latest = std::min(choices.start.latest, choices.end.latest - 1);
  choices.end.earliest = std::max(choices.end.earliest, choices.start.earliest + 1);
  return choices;
}

Truth Between(bool possible, bool sure) {
  return sure ? Truth::kTrue : possible ? Truth::kUnknown : Truth::kFalse;
}

bool SurelyLess(InstantRange a, InstantRange b) {
  return a.latest < b.earliest;
}
bool SurelyEqual(InstantRange a, InstantRange b) {
  return a.earliest == a.latest && b.earliest == b.latest && a.earliest == b.earliest;
}

bool PossiblyDuring(const Choices& a, const Choices& b) {
  if (b.event) {  // then `a` must be the same single microsecond
    const Instant first = std::max({a.start.earliest, a.end.earliest - 1, b.start.earliest});
    const Instant last = std::min({a.start.latest, a.end.latest - 1, b.start.latest});
    return first <= last;
  }
  // The widest `b`, and in it some `a`.
  const Instant start = std::max(a.start.earliest, b.start.earliest);
  const Instant end = std::min(a.end.latest, b.end.latest);
  return start <= a.start.latest && a.end.earliest <= end && start < end;
}

// How finely an end is known, the finest first: a told one, an unknown one, an open one.
int Vagueness(Precision precision) {
  if (precision == Precision::kOpen) return static_cast<int>(Precision::kUnknown) + 1;
  return static_cast<int>(precision);
}

// Whether a granule begins here.  Every fact is asked twice, and dividing by a number that the
// compiler knows costs a tenth.
bool BeginsGranule(Instant instant, Precision precision) {
  switch (precision) {
    case Precision::kMicrosecond:
      return true;
    case Precision::kSecond:
      return instant % kMicrosPerSecond == 0;
    case Precision::kDay:
      return instant % kMicrosPerDay == 0;
    default:
      return GranuleStart(instant, precision) == instant;
  }
}

absl::Status CheckEnd(absl::string_view which, Instant instant, Precision precision, Instant none) {
  if (precision == Precision::kOpen || precision == Precision::kUnknown) {
    if (instant == none) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("period: expected no instant at an open or unknown ", which));
  }
  if (!IsGranule(precision)) {
    return absl::InvalidArgumentError(
        absl::StrCat("period: unknown precision ", static_cast<int>(precision), " of the ", which));
  }
  if (instant == kInstantMin || instant == kInstantMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("period: the ", which, " lies outside the instants there are"));
  }
  if (!BeginsGranule(instant, precision)) {
    return absl::InvalidArgumentError(
        absl::StrCat("period: the ", which, " does not lie on a border of its precision"));
  }
  return absl::OkStatus();
}

}  // namespace

Instant GranuleStart(Instant instant, Precision precision) {
  FASTI_CHECK(IsGranule(precision));
  const int64_t unit = FixedMicros(precision);
  if (unit == 0) return StartOfMonth(MonthGranule(instant, precision) * Months(precision));
  const int64_t past = FloorMod(instant, unit);
  return AddSaturated(instant, -past);
}

Instant GranuleEnd(Instant instant, Precision precision) {
  FASTI_CHECK(IsGranule(precision));
  const int64_t unit = FixedMicros(precision);
  if (unit == 0) return StartOfMonth((MonthGranule(instant, precision) + 1) * Months(precision));
  return AddSaturated(instant, unit - FloorMod(instant, unit));
}

Period Period::Granule(Instant instant, Precision precision) {
  return {GranuleStart(instant, precision), GranuleEnd(instant, precision), precision, precision,
          Reading::kExact};
}

Period Period::Between(const Period& first, const Period& last) {
  return {first.from, last.to, first.from_precision, last.to_precision, first.reading};
}

bool operator<(const Period& a, const Period& b) {
  const auto start = [](const Period& p) {
    const Instant latest = p.from_precision == Precision::kOpen ? kInstantMin
                           : p.has_start() ? GranuleEnd(p.from, p.from_precision)
                                           : kInstantMax;
    return std::make_tuple(p.from, latest, p.from_precision);
  };
  const auto end = [](const Period& p) {
    const Instant earliest = p.to_precision == Precision::kUnknown ? kInstantMin
                             : p.has_end() ? GranuleStart(p.to - 1, p.to_precision)
                                           : kInstantMax;
    return std::make_tuple(earliest, p.to, p.to_precision);
  };
  return std::make_pair(start(a), end(a)) < std::make_pair(start(b), end(b));
}

InstantRange StartRange(const Period& period) {
  return ChoicesOf(period).start;
}
InstantRange EndRange(const Period& period) {
  return ChoicesOf(period).end;
}

absl::Status CheckPeriod(const Period& period) {
  absl::Status status = CheckEnd("start", period.from, period.from_precision, kInstantMin);
  if (status.ok()) status = CheckEnd("end", period.to, period.to_precision, kInstantMax);
  if (!status.ok()) return status;
  if (period.from >= period.to) {
    return absl::InvalidArgumentError("period: the end does not come after the start");
  }
  return absl::OkStatus();
}

Truth Before(const Period& a, const Period& b) {
  const InstantRange end = EndRange(a);
  const InstantRange start = StartRange(b);
  return Between(end.earliest <= start.latest, end.latest <= start.earliest);
}

Truth After(const Period& a, const Period& b) {
  return Before(b, a);
}

Truth Overlaps(const Period& a, const Period& b) {
  const Choices x = ChoicesOf(a);
  const Choices y = ChoicesOf(b);
  return Between(x.start.earliest < y.end.latest && y.start.earliest < x.end.latest,
                 SurelyLess(x.start, y.end) && SurelyLess(y.start, x.end));
}

Truth During(const Period& a, const Period& b) {
  const Choices x = ChoicesOf(a);
  const Choices y = ChoicesOf(b);
  return Between(PossiblyDuring(x, y),
                 y.start.latest <= x.start.earliest && x.end.latest <= y.end.earliest);
}

Truth Contains(const Period& period, Instant instant) {
  const Choices x = ChoicesOf(period);
  return Between(x.start.earliest <= instant && instant < x.end.latest,
                 x.start.latest <= instant && instant < x.end.earliest);
}

Truth BeforeWithin(const Period& a, const Period& b, int64_t gap_us) {
  using Wide = __int128;
  const InstantRange end = EndRange(a);
  const InstantRange start = StartRange(b);
  // Every gap between the least and the greatest is that of some choice.
  const Wide least = Wide{start.earliest} - end.latest;
  const Wide greatest = Wide{start.latest} - end.earliest;
  return Between(gap_us >= 0 && greatest >= 0 && least <= gap_us, least >= 0 && greatest <= gap_us);
}

std::optional<absl::string_view> AllenRelation(const Period& a, const Period& b) {
  const Choices x = ChoicesOf(a);
  const Choices y = ChoicesOf(b);
  const auto relation =
      [](const Choices& p,
         const Choices& q) -> std::optional<std::pair<absl::string_view, absl::string_view>> {
    using Names = std::pair<absl::string_view, absl::string_view>;
    const bool same_start = SurelyEqual(p.start, q.start);
    const bool same_end = SurelyEqual(p.end, q.end);
    const bool ends_first = SurelyLess(p.end, q.end);
    if (SurelyLess(p.end, q.start)) return Names{"before", "after"};
    if (SurelyEqual(p.end, q.start)) return Names{"meets", "met-by"};
    if (same_start && same_end) return Names{"equals", "equals"};
    if (same_start && ends_first) return Names{"starts", "started-by"};
    if (SurelyLess(q.start, p.start) && same_end) return Names{"finishes", "finished-by"};
    if (SurelyLess(q.start, p.start) && ends_first) return Names{"during", "contains"};
    if (SurelyLess(p.start, q.start) && SurelyLess(q.start, p.end) && ends_first) {
      return Names{"overlaps", "overlapped-by"};
    }
    return std::nullopt;
  };
  if (const auto names = relation(x, y)) return names->first;
  if (const auto names = relation(y, x)) return names->second;
  return std::nullopt;
}

std::optional<Period> Intersection(const Period& a, const Period& b) {
  if (Overlaps(a, b) == Truth::kFalse) return std::nullopt;
  const auto by_start = [](const Period& p) {
    return std::make_pair(p.from, -Vagueness(p.from_precision));
  };
  const auto by_end = [](const Period& p) {
    return std::make_pair(p.to, Vagueness(p.to_precision));
  };
  Period common = Period::Between(by_start(a) < by_start(b) ? b : a, by_end(b) < by_end(a) ? b : a);
  common.reading = std::max(a.reading, b.reading);  // the vaguer one
  return common;
}

}  // namespace fasti
