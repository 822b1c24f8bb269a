#include "tests/torture/told_time.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace fasti::torture {

namespace {

namespace chrono = std::chrono;

constexpr Micros kSecond = 1'000'000;

Micros MicrosOf(chrono::sys_days day) {
  return Micros{day.time_since_epoch().count()} * kDayMicros;
}

chrono::year_month_day DateOf(Micros instant) {
  return chrono::year_month_day(chrono::floor<chrono::days>(
      chrono::sys_time<chrono::microseconds>(chrono::microseconds(instant))));
}

// Of the granule that begins at `from`, the first instant after it.
Micros EndOf(Micros from, Grain grain) {
  const chrono::year_month_day date = DateOf(from);
  switch (grain) {
    case Grain::kMicrosecond:
      return from + 1;
    case Grain::kSecond:
      return from + kSecond;
    case Grain::kDay:
      return from + kDayMicros;
    case Grain::kMonth:
      return MicrosOf(chrono::sys_days((date.year() / date.month() + chrono::months(1)) / 1));
    case Grain::kYear:
      return MicrosOf(chrono::sys_days((date.year() + chrono::years(1)) / 1 / 1));
    case Grain::kOpen:
    case Grain::kUnknown:
      break;
  }
  return kEnd;
}

// Of the granule that ends before `to`, the first instant.
Micros BeginOf(Micros to, Grain grain) {
  const chrono::year_month_day date = DateOf(to - 1);
  switch (grain) {
    case Grain::kMicrosecond:
      return to - 1;
    case Grain::kSecond:
      return to - kSecond;
    case Grain::kDay:
      return to - kDayMicros;
    case Grain::kMonth:
      return MicrosOf(chrono::sys_days(date.year() / date.month() / 1));
    case Grain::kYear:
      return MicrosOf(chrono::sys_days(date.year() / 1 / 1));
    case Grain::kOpen:
    case Grain::kUnknown:
      break;
  }
  return kBegin;
}

Told Granule(Micros from, Grain grain) {
  return {from, EndOf(from, grain), grain, grain};
}

std::string GranuleText(Micros from, Grain grain) {
  const chrono::year_month_day date = DateOf(from);
  const int year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month());
  const auto day = static_cast<unsigned>(date.day());
  switch (grain) {
    case Grain::kYear:
      return absl::StrFormat("%04d", year);
    case Grain::kMonth:
      return absl::StrFormat("%04d-%02d", year, month);
    case Grain::kDay:
      return absl::StrFormat("%04d-%02d-%02d", year, month, day);
    case Grain::kMicrosecond:
    case Grain::kSecond: {
      const Micros seconds = (from - MicrosOf(chrono::sys_days(date))) / kSecond;
      const std::string text = absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d", year, month, day,
                                               seconds / 3600, seconds / 60 % 60, seconds % 60);
      if (grain == Grain::kSecond) return text;
      return absl::StrFormat("%s.%06d", text, from % kSecond);
    }
    case Grain::kUnknown:
      return "?";
    case Grain::kOpen:
      break;
  }
  return "";
}

// An exact span [first, last + 1 us); `last` may be kEnd.
using Spans = std::vector<std::pair<Micros, Micros>>;
using Instants = std::vector<Micros>;

void AddNear(Micros instant, Instants* instants) {
  if (instant == kBegin || instant == kEnd) return;
  for (const Micros near : {instant - 1, instant, instant + 1}) instants->push_back(near);
}

// Instants at which a comparison with this can change: those it names, and their neighbours.
void AddEdges(const Told& told, Instants* instants) {
  AddNear(told.from, instants);
  AddNear(told.to, instants);
  if (told.from != kBegin) AddNear(EndOf(told.from, told.from_grain), instants);
  if (told.to != kEnd) AddNear(BeginOf(told.to, told.to_grain), instants);
}

// The spans [start, end) that `told` may stand for, with ends among `instants`.
Spans SpansOf(const Told& told, Dating dating, const Instants& instants) {
  Spans spans;
  if (dating == Dating::kEvent) {
    for (const Micros instant : instants) {
      if (told.from <= instant && instant < told.to) spans.push_back({instant, instant + 1});
    }
    return spans;
  }
  Instants starts, ends;
  const bool is_exact = dating == Dating::kExact;
  if (told.from_grain == Grain::kOpen || (is_exact && told.from != kBegin)) {
    starts.push_back(told.from);
  } else {
    const Micros last =
        told.from_grain == Grain::kUnknown ? kEnd - 1 : EndOf(told.from, told.from_grain) - 1;
    const Micros first = told.from_grain == Grain::kUnknown ? kBegin + 1 : told.from;
    for (const Micros i : instants) {
      if (first <= i && i <= last) starts.push_back(i);
    }
  }
  if (told.to_grain == Grain::kOpen || (is_exact && told.to != kEnd)) {
    ends.push_back(told.to);
  } else {
    const Micros first =
        told.to_grain == Grain::kUnknown ? kBegin + 1 : BeginOf(told.to, told.to_grain) + 1;
    const Micros last = told.to_grain == Grain::kUnknown ? kEnd - 1 : told.to;
    for (const Micros i : instants) {
      if (first <= i && i <= last) ends.push_back(i);
    }
  }
  for (const Micros start : starts) {
    for (const Micros end : ends) {
      if (start < end) spans.push_back({start, end});
    }
  }
  return spans;
}

bool Holds(Relate relate, std::pair<Micros, Micros> a, std::pair<Micros, Micros> b,
           std::optional<Micros> gap) {
  switch (relate) {
    case Relate::kOverlaps:
      return std::max(a.first, b.first) < std::min(a.second, b.second);
    case Relate::kDuring:
      return b.first <= a.first && a.second <= b.second;
    case Relate::kAfter:
      std::swap(a, b);
      break;
    case Relate::kBefore:
      break;
  }
  // What never ends is before nothing.
  if (a.second == kEnd || b.first == kBegin || a.second > b.first) return false;
  return !gap.has_value() || b.first - a.second <= *gap;
}

}  // namespace

Told ToldYear(int year) {
  return Granule(MicrosOf(chrono::sys_days(chrono::year(year) / 1 / 1)), Grain::kYear);
}

Told ToldMonth(int year, int month) {
  return Granule(MicrosOf(chrono::sys_days(chrono::year(year) / month / 1)), Grain::kMonth);
}

Told ToldDay(int year, int month, int day) {
  return Granule(MicrosOf(chrono::sys_days(chrono::year(year) / month / day)), Grain::kDay);
}

Told ToldMicrosecond(Micros instant) {
  return Granule(instant, Grain::kMicrosecond);
}

Told ToldSecond(Micros instant) {
  return Granule(instant, Grain::kSecond);
}

Told ToldRange(const Told& a, const Told& b) {
  return {a.from, b.to, a.from_grain, b.to_grain};
}

std::string TextOf(const Told& told) {
  const std::string from = GranuleText(told.from, told.from_grain);
  const Micros last = told.to == kEnd ? kEnd : BeginOf(told.to, told.to_grain);
  const std::string to = GranuleText(last, told.to_grain);
  const bool is_granule = told.from != kBegin && told.to != kEnd && from == to;
  return is_granule ? from : absl::StrCat(from, "..", to);
}

std::optional<bool> Related(Relate relate, const Told& a, Dating a_dating, const Told& b,
                            Dating b_dating, std::optional<Micros> gap) {
  Instants instants;
  AddEdges(a, &instants);
  AddEdges(b, &instants);
  // Where nothing bounds an end there is always an instant further out.
  constexpr Micros kFar = 1000 * 366 * kDayMicros;
  const auto [least, greatest] = std::minmax_element(instants.begin(), instants.end());
  const Micros first = instants.empty() ? 0 : *least;
  const Micros last = instants.empty() ? 0 : *greatest;
  AddNear(first - kFar, &instants);
  AddNear(last + kFar, &instants);
  if (gap.has_value()) {
    for (const Micros edge : Instants(instants)) {
      for (const Micros shifted : {edge - *gap, edge + *gap}) AddNear(shifted, &instants);
    }
  }
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  const Spans b_spans = SpansOf(b, b_dating, instants);
  bool some = false, all = true;
  for (const auto& a_span : SpansOf(a, a_dating, instants)) {
    for (const auto& b_span : b_spans) {
      const bool holds = Holds(relate, a_span, b_span, gap);
      some |= holds;
      all &= holds;
      if (some && !all) return std::nullopt;
    }
  }
  return some;
}

std::pair<Micros, Micros> StartOrderOf(const Told& told) {
  if (told.from == kBegin) {
    return {kBegin, told.from_grain == Grain::kUnknown ? kEnd : kBegin};
  }
  return {told.from, EndOf(told.from, told.from_grain) - 1};
}

}  // namespace fasti::torture
