#include "tools/ingest/grammar/time_meaning.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

namespace fasti::ingest {
namespace {

constexpr int64_t kDayUs = 24LL * 3600 * 1'000'000;
constexpr absl::CivilDay kEpoch(1970, 1, 1);

Instant ToInstant(absl::CivilDay day) {
  return (day - kEpoch) * kDayUs;
}

absl::CivilDay ToDay(Instant instant) {
  int64_t days = instant / kDayUs;
  if (instant % kDayUs < 0) --days;
  return kEpoch + days;
}

Period DayGranule(absl::CivilDay day, Precision precision) {
  return Period::Granule(ToInstant(day), precision);
}

// Seasons are told by their months; winter belongs to the year in which it begins.
Period SeasonOf(int year, int season) {
  const absl::CivilMonth first(year, 3 * season, 1);
  return Period::Between(DayGranule(absl::CivilDay(first), Precision::kMonth),
                         DayGranule(absl::CivilDay(first + 2), Precision::kMonth));
}

// Whether `day` comes soon after `reported`, a day.
bool IsNear(const Period& day, const Period& reported) {
  constexpr int64_t kDays = 31;
  return reported.from_precision <= Precision::kDay && day.from - reported.from <= kDays * kDayUs;
}

// `count` months from the one with index `first`; a quarter, half or year is told as such.
Period Months(int first, int count);

int MonthIndex(absl::CivilDay day) {
  return static_cast<int>(day.year()) * 12 + day.month() - 1;
}
absl::CivilDay FromMonthIndex(int index) {
  return absl::CivilDay(index / 12, index % 12 + 1, 1);
}

Period Months(int first, int count) {
  constexpr std::pair<int, Precision> kWhole[] = {
      {3, Precision::kQuarter}, {6, Precision::kHalf}, {12, Precision::kYear}};
  for (const auto& [months, precision] : kWhole) {
    if (count == months && first % months == 0) {
      return DayGranule(FromMonthIndex(first), precision);
    }
  }
  return Period::Between(DayGranule(FromMonthIndex(first), Precision::kMonth),
                         DayGranule(FromMonthIndex(first + count - 1), Precision::kMonth));
}

}  // namespace

std::optional<Slot> SlotFromName(absl::string_view name) {
  constexpr std::pair<absl::string_view, Slot> kNames[] = {
      {"year", Slot::kYear},       {"half", Slot::kHalf},       {"quarter", Slot::kQuarter},
      {"month", Slot::kMonth},     {"day", Slot::kDay},         {"season", Slot::kSeason},
      {"weekday", Slot::kWeekday}, {"decade", Slot::kDecade},   {"century", Slot::kCentury},
      {"count", Slot::kCount},     {"from_day", Slot::kFromDay}};
  for (const auto& [slot_name, slot] : kNames) {
    if (slot_name == name) return slot;
  }
  return std::nullopt;
}

std::optional<TimeMeaning::Granule> TimeMeaning::GranuleFromName(absl::string_view name) {
  constexpr std::pair<absl::string_view, Granule> kNames[] = {
      {"century", Granule::kCentury}, {"decade", Granule::kDecade},   {"year", Granule::kYear},
      {"half", Granule::kHalf},       {"quarter", Granule::kQuarter}, {"season", Granule::kSeason},
      {"month", Granule::kMonth},     {"week", Granule::kWeek},       {"day", Granule::kDay},
      {"weekday", Granule::kWeekday}};
  for (const auto& [granule_name, granule] : kNames) {
    if (granule_name == name) return granule;
  }
  return std::nullopt;
}

absl::StatusOr<TimeMeaning> TimeMeaning::Parse(absl::string_view text) {
  TimeMeaning meaning;
  bool first = true;
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (word == "fiscal") {
      meaning.fiscal_ = true;
    } else if (first && word == "same") {
      meaning.same_ = true;
    } else if (first) {
      const size_t sign = word.find_first_of("+-");
      const std::optional<Granule> granule = GranuleFromName(word.substr(0, sign));
      if (!granule) return absl::InvalidArgumentError(absl::StrCat("unknown granule '", word, "'"));
      meaning.granule_ = *granule;
      if (sign != absl::string_view::npos) {
        meaning.relative_ = true;
        const absl::string_view shift = word.substr(sign + 1);
        meaning.by_count_ = shift == "count";
        meaning.shift_ = 1;
        if (!meaning.by_count_ && !absl::SimpleAtoi(shift, &meaning.shift_)) {
          return absl::InvalidArgumentError(absl::StrCat("expected a shift, found '", word, "'"));
        }
        if (word[sign] == '-') meaning.shift_ = -meaning.shift_;
      }
    } else if (word == "last" || word == "next" || word == "this") {
      meaning.pick_ = word == "last" ? Pick::kLast : word == "next" ? Pick::kNext : Pick::kThis;
    } else if (absl::ConsumePrefix(&word, "year")) {
      int shift = 0;
      if (!absl::SimpleAtoi(word, &shift)) {
        return absl::InvalidArgumentError(absl::StrCat("expected a shift, found '", word, "'"));
      }
      meaning.year_shift_ = shift;
    } else if (word == "past" || word == "coming") {
      meaning.stretch_ = word == "past" ? Stretch::kPast : Stretch::kComing;
      meaning.relative_ = true;
    } else if (word == "first") {
      meaning.stretch_ = Stretch::kFirst;
    } else if (word == "ending") {
      meaning.stretch_ = Stretch::kEnding;
    } else {
      return absl::InvalidArgumentError(absl::StrCat("unknown word '", word, "' in a meaning"));
    }
    first = false;
  }
  if (first) return absl::InvalidArgumentError("expected a meaning, found nothing");
  return meaning;
}

bool TimeMeaning::IsPartial(const Slots& slots) const {
  return !takes_inner() && !relative_ && granule_ != Granule::kDecade &&
         granule_ != Granule::kCentury && !At(slots, Slot::kYear);
}

// How finely the reporting date must be known.
Precision TimeMeaning::NeededPrecision() const {
  if (year_shift_) return Precision::kYear;
  switch (granule_) {
    case Granule::kCentury:
    case Granule::kDecade:
    case Granule::kYear:
      return Precision::kYear;
    case Granule::kHalf:
    case Granule::kQuarter:
    case Granule::kSeason:
    case Granule::kMonth:
      return Precision::kMonth;
    case Granule::kWeek:
    case Granule::kWeekday:
      return Precision::kDay;
    case Granule::kDay:
      return relative_ ? Precision::kDay : Precision::kMonth;
  }
  return Precision::kDay;
}

std::optional<TimeMeaning::Result> TimeMeaning::Evaluate(const Slots& slots,
                                                         const Reference& reference) const {
  const bool needs_date = relative_ || IsPartial(slots);
  if (!needs_date) {
    const std::optional<Period> period = Absolute(slots, At(slots, Slot::kYear).value_or(0));
    if (!period) return std::nullopt;
    return Result{period, false};
  }
  const std::optional<Period>& reported = reference.reported;
  if (!reported || !reported->has_start() || reported->from_precision > NeededPrecision()) {
    // A day that no month has is none, whatever the year.
    if (!relative_ && granule_ == Granule::kDay && !Absolute(slots, 2000)) return std::nullopt;
    return Result{std::nullopt, true};
  }
  if (relative_) return Relative(slots, reference);
  if (year_shift_) {
    const int year = static_cast<int>(ToDay(reported->from).year()) + *year_shift_;
    const std::optional<Period> period = Absolute(slots, year);
    return period ? std::optional<Result>({period, true}) : std::nullopt;
  }
  return Nearest(slots, reference);
}

TimeMeaning::Result TimeMeaning::Around(const Result& inner, const Slots& slots) const {
  if (same_ || !inner.period || !inner.period->has_end()) return inner;
  const int count = granule_ == Granule::kYear      ? 12
                    : granule_ == Granule::kQuarter ? 3
                                                    : At(slots, Slot::kCount).value_or(1);
  const int last = MonthIndex(ToDay(inner.period->to - 1));
  return {Months(last - count + 1, count), inner.from_published};
}

// The time that the slots name in `year`; nullopt if there is none.
std::optional<Period> TimeMeaning::Absolute(const Slots& slots, int year) const {
  const int month = At(slots, Slot::kMonth).value_or(1);
  if (stretch_ == Stretch::kFirst) {
    return Months(year * 12, std::min(At(slots, Slot::kCount).value_or(1), 12));
  }
  switch (granule_) {
    case Granule::kCentury:
      return DayGranule(absl::CivilDay((At(slots, Slot::kCentury).value_or(1) - 1) * 100 + 1, 1, 1),
                        Precision::kCentury);
    case Granule::kDecade:
      return DayGranule(absl::CivilDay(At(slots, Slot::kDecade).value_or(year), 1, 1),
                        Precision::kDecade);
    case Granule::kYear:
      return DayGranule(absl::CivilDay(year, 1, 1), Precision::kYear);
    case Granule::kHalf:
      return DayGranule(absl::CivilDay(year, At(slots, Slot::kHalf).value_or(1) * 6, 1),
                        Precision::kHalf);
    case Granule::kQuarter:
      return DayGranule(absl::CivilDay(year, At(slots, Slot::kQuarter).value_or(1) * 3, 1),
                        Precision::kQuarter);
    case Granule::kSeason:
      return SeasonOf(year, At(slots, Slot::kSeason).value_or(1));
    case Granule::kMonth:
      return DayGranule(absl::CivilDay(year, month, 1), Precision::kMonth);
    case Granule::kDay: {
      const int day = At(slots, Slot::kDay).value_or(1);
      const absl::CivilDay date(year, month, day);
      if (date.day() != day) return std::nullopt;
      return DayGranule(date, Precision::kDay);
    }
    case Granule::kWeek:
    case Granule::kWeekday:
      return std::nullopt;  // only ever relative
  }
  return std::nullopt;
}

// A time without its year: the last one that has begun, or the next one if the sentence looks
// ahead.
std::optional<TimeMeaning::Result> TimeMeaning::Nearest(const Slots& slots,
                                                        const Reference& reference) const {
  const Period& reported = *reference.reported;
  const absl::CivilDay today = ToDay(reported.from);
  Result result;
  result.from_published = true;
  if (granule_ == Granule::kWeekday) {
    const int wanted = At(slots, Slot::kWeekday).value_or(1) - 1;  // Monday is 0
    const int now = static_cast<int>(absl::GetWeekday(today));
    const bool ahead = pick_ == Pick::kNext || (pick_ == Pick::kNearest && reference.future);
    int64_t by = wanted - now;
    if (ahead) {
      if (by < 0 || (by == 0 && pick_ == Pick::kNext)) by += 7;
    } else if (pick_ != Pick::kThis && (by > 0 || (by == 0 && pick_ == Pick::kLast))) {
      by -= 7;
    }
    result.period = DayGranule(today + by, Precision::kDay);
    return result;
  }
  const int year = static_cast<int>(today.year());
  std::optional<Period> best;
  for (int candidate = year - 1; candidate <= year + 1; ++candidate) {
    const std::optional<Period> period = Absolute(slots, candidate);
    if (!period) continue;  // 29 February
    const bool over = period->to <= reported.from;
    const bool begun = period->from < reported.to;
    switch (pick_) {
      case Pick::kThis:
        if (candidate == year) best = period;
        break;
      case Pick::kLast:
        if (over) best = period;
        break;
      case Pick::kNext:
        if (!begun && !best) best = period;
        break;
      case Pick::kNearest:
        // A day that is only weeks ahead is not meant to be a year ago.
        if (reference.future ? !over && !best
                             : begun || (granule_ == Granule::kDay && IsNear(*period, reported)))
          best = period;
        break;
    }
  }
  if (!best) return std::nullopt;
  result.period = best;
  return result;
}

TimeMeaning::Result TimeMeaning::Relative(const Slots& slots, const Reference& reference) const {
  const Instant now = reference.reported->from;
  const int count = At(slots, Slot::kCount).value_or(1);
  Result result;
  result.from_published = true;
  switch (stretch_) {
    case Stretch::kNone:
      result.period = Shifted(now, by_count_ ? int64_t{shift_} * count : shift_);
      break;
    case Stretch::kFirst:   // told by Absolute
    case Stretch::kEnding:  // told by Around
      break;
    case Stretch::kPast:
      result.period = Period::Between(Shifted(now, -count), Shifted(now, 0));
      break;
    case Stretch::kComing:
      result.period = Period::Between(Shifted(now, 0), Shifted(now, count));
      break;
  }
  return result;
}

// The granule `by` steps after the one that contains `from`.
Period TimeMeaning::Shifted(Instant from, int64_t by) const {
  const absl::CivilDay day = ToDay(from);
  const auto months = [&](int step, Precision precision) {
    const int index = MonthIndex(day) + static_cast<int>(by) * step;
    return DayGranule(FromMonthIndex(index), precision);
  };
  switch (granule_) {
    case Granule::kCentury:
      return months(1200, Precision::kCentury);
    case Granule::kDecade:
      return months(120, Precision::kDecade);
    case Granule::kYear:
      return months(12, Precision::kYear);
    case Granule::kHalf:
      return months(6, Precision::kHalf);
    case Granule::kQuarter:
    case Granule::kSeason:
      return months(3, Precision::kQuarter);
    case Granule::kMonth:
      return months(1, Precision::kMonth);
    case Granule::kWeek: {
      const absl::CivilDay monday = day - static_cast<int>(absl::GetWeekday(day)) + 7 * by;
      return Period::Between(DayGranule(monday, Precision::kDay),
                             DayGranule(monday + 6, Precision::kDay));
    }
    case Granule::kDay:
    case Granule::kWeekday:
      return DayGranule(day + by, Precision::kDay);
  }
  return DayGranule(day, Precision::kDay);
}

}  // namespace fasti::ingest
