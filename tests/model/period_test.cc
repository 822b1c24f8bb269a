#include "fasti/period.h"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace fasti {

std::ostream& operator<<(std::ostream& out, const Period& period) {
  constexpr const char* kReadings[] = {"exact", "state", "event"};
  return out << FormatPeriod(period) << " " << kReadings[static_cast<int>(period.reading)];
}

namespace {

constexpr Instant kSecond = 1'000'000;
constexpr Instant kHalfSecond = kSecond / 2;

// An exact span [start, end).
struct Span {
  Instant start;
  Instant end;
};

// A small timeline: the borders that the periods below use and their neighbours.  Comparisons
// only depend on how ends are ordered, and four instants between any two borders show every order
// that the ends of two spans can have.
std::vector<Instant> Timeline() {
  std::vector<Instant> instants = {kInstantMin, kInstantMin + 1, kInstantMin + 2};
  for (const Instant border : {Instant{0}, kHalfSecond, kSecond, 2 * kSecond}) {
    for (Instant near = -2; near <= 2; ++near) instants.push_back(border + near);
  }
  for (Instant near = 3; near >= 0; --near) instants.push_back(kInstantMax - near);
  return instants;
}

// The spans a period may stand for: the definition in period.h, word by word.
std::vector<Span> SpansOf(const Period& p) {
  static const std::vector<Instant>& timeline = *new std::vector<Instant>(Timeline());
  const auto is_moment = [](Instant i) { return i != kInstantMin && i != kInstantMax; };
  std::vector<Span> spans;
  if (p.reading == Reading::kEvent) {
    for (const Instant at : timeline) {
      if (is_moment(at) && is_moment(at + 1) && p.from <= at && at < p.to) {
        spans.push_back({at, at + 1});
      }
    }
    return spans;
  }
  const bool state = p.reading == Reading::kState;
  for (const Instant start : timeline) {
    const bool starts = p.from_precision == Precision::kUnknown ? is_moment(start)
                        : state && p.has_start()
                            ? is_moment(start) && GranuleStart(start, p.from_precision) == p.from
                            : start == p.from;
    if (!starts) continue;
    for (const Instant end : timeline) {
      const bool ends = p.to_precision == Precision::kUnknown ? is_moment(end)
                        : state && p.has_end()
                            ? is_moment(end) && GranuleEnd(end - 1, p.to_precision) == p.to
                            : end == p.to;
      if (ends && start < end) spans.push_back({start, end});
    }
  }
  return spans;
}

// Every period with an end of each sort, in every reading.
std::vector<Period> Periods() {
  struct End {
    Instant instant;
    Precision precision;
  };
  const End starts[] = {{0, Precision::kSecond},
                        {kSecond, Precision::kSecond},
                        {kHalfSecond, Precision::kMicrosecond},
                        {kSecond, Precision::kMicrosecond},
                        {kInstantMin, Precision::kOpen},
                        {kInstantMin, Precision::kUnknown}};
  const End ends[] = {{kSecond, Precision::kSecond},
                      {2 * kSecond, Precision::kSecond},
                      {kHalfSecond + 1, Precision::kMicrosecond},
                      {kSecond, Precision::kMicrosecond},
                      {kInstantMax, Precision::kOpen},
                      {kInstantMax, Precision::kUnknown}};
  std::vector<Period> periods;
  for (const End& start : starts) {
    for (const End& end : ends) {
      if (start.instant >= end.instant) continue;
      for (const Reading reading : {Reading::kExact, Reading::kState, Reading::kEvent}) {
        periods.push_back({start.instant, end.instant, start.precision, end.precision, reading});
      }
    }
  }
  return periods;
}

// TRUE if `holds` for every choice, FALSE if for none, else UNKNOWN.
Truth OverChoices(const std::vector<Span>& a, const std::vector<Span>& b,
                  const std::function<bool(const Span&, const Span&)>& holds) {
  bool some = false;
  bool all = true;
  for (const Span& x : a) {
    for (const Span& y : b) {
      const bool yes = holds(x, y);
      some |= yes;
      all &= yes;
      if (some && !all) return Truth::kUnknown;
    }
  }
  return all ? Truth::kTrue : Truth::kFalse;
}

struct Comparison {
  const char* name;
  Truth (*closed_form)(const Period&, const Period&);
  bool (*on_spans)(const Span&, const Span&);
};

template <int64_t kGap>
Truth BeforeWithinGap(const Period& a, const Period& b) {
  return BeforeWithin(a, b, kGap);
}
template <int64_t kGap>
bool SpanBeforeWithin(const Span& a, const Span& b) {
  return a.end <= b.start && static_cast<__int128>(b.start) - a.end <= kGap;
}

constexpr Comparison kComparisons[] = {
    {"Overlaps", &Overlaps,
     [](const Span& a, const Span& b) { return a.start < b.end && b.start < a.end; }},
    {"During", &During,
     [](const Span& a, const Span& b) { return b.start <= a.start && a.end <= b.end; }},
    {"Before", &Before, [](const Span& a, const Span& b) { return a.end <= b.start; }},
    {"After", &After, [](const Span& a, const Span& b) { return b.end <= a.start; }},
    {"within -1", &BeforeWithinGap<-1>, &SpanBeforeWithin<-1>},
    {"within 0", &BeforeWithinGap<0>, &SpanBeforeWithin<0>},
    {"within 1", &BeforeWithinGap<1>, &SpanBeforeWithin<1>},
    {"within half a second", &BeforeWithinGap<kHalfSecond>, &SpanBeforeWithin<kHalfSecond>},
    {"within all time", &BeforeWithinGap<INT64_MAX>, &SpanBeforeWithin<INT64_MAX>},
};

class PeriodComparisonTest : public testing::Test {
 protected:
  const std::vector<Period> periods_ = Periods();
};

TEST_F(PeriodComparisonTest, AgreesWithTheDefinitionOnEveryPair) {
  std::vector<std::vector<Span>> spans;
  for (const Period& p : periods_) {
    ASSERT_TRUE(CheckPeriod(p).ok()) << p;
    spans.push_back(SpansOf(p));
    ASSERT_FALSE(spans.back().empty()) << p;
  }
  for (const Comparison& comparison : kComparisons) {
    for (size_t i = 0; i < periods_.size(); ++i) {
      for (size_t j = 0; j < periods_.size(); ++j) {
        ASSERT_EQ(comparison.closed_form(periods_[i], periods_[j]),
                  OverChoices(spans[i], spans[j], comparison.on_spans))
            << comparison.name << " of " << periods_[i] << " and " << periods_[j];
      }
    }
  }
}

TEST_F(PeriodComparisonTest, ContainsAgreesWithTheDefinition) {
  for (const Period& p : periods_) {
    for (const Instant at : Timeline()) {
      if (at == kInstantMin || at == kInstantMax) continue;
      const std::vector<Span> instant = {{at, at}};
      ASSERT_EQ(Contains(p, at), OverChoices(SpansOf(p), instant,
                                             [](const Span& span, const Span& point) {
                                               return span.start <= point.start &&
                                                      point.start < span.end;
                                             }))
          << p << " at " << at;
    }
  }
}

TEST_F(PeriodComparisonTest, RangesOfEndsAreThoseOfTheChoices) {
  for (const Period& p : periods_) {
    std::set<Instant> starts;
    std::set<Instant> ends;
    for (const Span& span : SpansOf(p)) {
      starts.insert(span.start);
      ends.insert(span.end);
    }
    EXPECT_EQ(StartRange(p).earliest, *starts.begin()) << p;
    EXPECT_EQ(StartRange(p).latest, *starts.rbegin()) << p;
    EXPECT_EQ(EndRange(p).earliest, *ends.begin()) << p;
    EXPECT_EQ(EndRange(p).latest, *ends.rbegin()) << p;
  }
}

std::string AllenOf(const Span& a, const Span& b) {
  if (a.end < b.start) return "before";
  if (b.end < a.start) return "after";
  if (a.end == b.start) return "meets";
  if (b.end == a.start) return "met-by";
  if (a.start == b.start)
    return a.end == b.end ? "equals" : a.end < b.end ? "starts" : "started-by";
  if (a.end == b.end) return a.start > b.start ? "finishes" : "finished-by";
  if (a.start > b.start && a.end < b.end) return "during";
  if (a.start < b.start && a.end > b.end) return "contains";
  return a.start < b.start ? "overlaps" : "overlapped-by";
}

TEST_F(PeriodComparisonTest, AllenRelationIsTheOneThatEveryChoiceHas) {
  for (const Period& a : periods_) {
    const std::vector<Span> spans_a = SpansOf(a);
    for (const Period& b : periods_) {
      const std::vector<Span> spans_b = SpansOf(b);
      std::set<std::string> names;
      for (size_t i = 0; i < spans_a.size() && names.size() < 2; ++i) {
        for (const Span& y : spans_b) names.insert(AllenOf(spans_a[i], y));
      }
      const std::optional<absl::string_view> found = AllenRelation(a, b);
      ASSERT_EQ(found.value_or("none"), names.size() == 1 ? *names.begin() : "none")
          << a << " and " << b;
    }
  }
}

TEST_F(PeriodComparisonTest, IntersectionOfExactPeriodsIsTheirCommonSpan) {
  for (const Period& a : periods_) {
    for (const Period& b : periods_) {
      const std::optional<Period> common = Intersection(a, b);
      ASSERT_EQ(common.has_value(), Overlaps(a, b) != Truth::kFalse) << a << " and " << b;
      if (!common) continue;
      EXPECT_TRUE(CheckPeriod(*common).ok()) << a << " and " << b;
      EXPECT_EQ(common->from, std::max(a.from, b.from)) << a << " and " << b;
      EXPECT_EQ(common->to, std::min(a.to, b.to)) << a << " and " << b;
      EXPECT_EQ(*common, *Intersection(b, a)) << a << " and " << b;
    }
  }
}

TEST_F(PeriodComparisonTest, OrderIsTotalAndSparesOnlyReadings) {
  for (const Period& a : periods_) {
    for (const Period& b : periods_) {
      EXPECT_EQ((a < b) + (b < a) + (a == b), 1) << a << " and " << b;
      for (const Period& c : periods_) {
        if (a < b && b < c) {
          EXPECT_TRUE(a < c) << a << ", " << b << ", " << c;
        }
      }
    }
  }
}

Period P(absl::string_view text, Reading reading = Reading::kExact) {
  const absl::StatusOr<Period> period = ParsePeriod(text);
  EXPECT_TRUE(period.ok()) << period.status();
  return period.ok() ? period->As(reading) : Period();
}

struct UseCase {
  Truth (*comparison)(const Period&, const Period&);
  const char* fact;
  Reading reading;
  const char* scope;
  Truth expected;
};

TEST(PeriodTest, FactsMeetQuestionsAsPeopleMeanIt) {
  const UseCase kCases[] = {
      // An event somewhere in June.
      {&Overlaps, "2025-06", Reading::kEvent, "2025", Truth::kTrue},
      {&Overlaps, "2025-06", Reading::kEvent, "2025-06-12", Truth::kUnknown},
      {&Overlaps, "2025-06", Reading::kEvent, "2025-07", Truth::kFalse},
      {&During, "2025-06", Reading::kEvent, "2025", Truth::kTrue},
      {&During, "2025", Reading::kEvent, "2025-06", Truth::kUnknown},
      {&Before, "2025-06", Reading::kEvent, "2025-07", Truth::kTrue},
      {&Before, "2025", Reading::kEvent, "2025-07", Truth::kUnknown},
      // A quarter's revenue measures the quarter.
      {&Overlaps, "2025-Q2", Reading::kExact, "2025-05-17", Truth::kTrue},
      {&During, "2025-Q2", Reading::kExact, "2025-H1", Truth::kTrue},
      {&During, "2025", Reading::kExact, "2025-H1", Truth::kFalse},
      // An office held since 2016, as far as anyone said.
      {&Overlaps, "2016..?", Reading::kState, "2016", Truth::kTrue},
      {&Overlaps, "2016..?", Reading::kState, "2025", Truth::kUnknown},
      {&Overlaps, "2016..?", Reading::kState, "2015", Truth::kFalse},
      {&Overlaps, "2016..", Reading::kState, "2025", Truth::kTrue},
      {&During, "2016..", Reading::kState, "2010..?", Truth::kFalse},
      {&During, "2016..?", Reading::kState, "2010..", Truth::kTrue},
      {&After, "2016..?", Reading::kState, "2015", Truth::kTrue},
      {&Overlaps, "?..2025", Reading::kState, "2024", Truth::kUnknown},
  };
  for (const UseCase& c : kCases) {
    EXPECT_EQ(c.comparison(P(c.fact, c.reading), P(c.scope)), c.expected)
        << P(c.fact, c.reading) << " and " << c.scope;
  }
}

TEST(PeriodTest, StartsSortByEarliestThenLatestInstant) {
  const char* kSorted[] = {
      "..",         "?..?",    "?..2025",    "19xx",    "198x..2001", "2025-01-01T00:00:00.000000",
      "2025-01-01", "2025-01", "2025-Q1",    "2025-H1", "2025..?",    "2025",
      "2025..2026", "2025..",  "2025-01-02", "2025-02"};
  std::vector<Period> sorted;
  for (const char* text : kSorted) sorted.push_back(P(text));
  std::vector<Period> shuffled = sorted;
  std::shuffle(shuffled.begin(), shuffled.end(), std::minstd_rand(1));
  std::sort(shuffled.begin(), shuffled.end());
  for (size_t i = 0; i < sorted.size(); ++i) EXPECT_EQ(shuffled[i], sorted[i]) << i;
}

TEST(PeriodTest, GranulesTileTimeAndSaturate) {
  for (int p = 0; p <= static_cast<int>(Precision::kCentury); ++p) {
    const auto precision = static_cast<Precision>(p);
    for (const char* text : {"0001-01-01", "1582-10-15", "1969-12-31", "1970-01-01", "2000-02-29",
                             "2025-06-12", "9999-12-31"}) {
      const Instant at = P(text).from + 12345;
      const Instant start = GranuleStart(at, precision);
      const Instant end = GranuleEnd(at, precision);
      EXPECT_LE(start, at);
      EXPECT_LT(at, end);
      EXPECT_EQ(GranuleStart(start, precision), start);
      EXPECT_EQ(GranuleEnd(end - 1, precision), end);
      EXPECT_EQ(GranuleEnd(start - 1, precision), start);
    }
    EXPECT_LE(GranuleStart(kInstantMin, precision), kInstantMin);
    EXPECT_EQ(GranuleEnd(kInstantMax, precision), kInstantMax);
  }
}

TEST(PeriodTest, CheckRefusesWhatNoTextSays) {
  const Period kBad[] = {
      {5, 5, Precision::kMicrosecond, Precision::kMicrosecond},
      {6, 5, Precision::kMicrosecond, Precision::kMicrosecond},
      {1, 2 * kSecond, Precision::kSecond, Precision::kSecond},
      {0, kSecond + 1, Precision::kSecond, Precision::kSecond},
      {0, kSecond, Precision::kOpen, Precision::kSecond},
      {0, kSecond, Precision::kSecond, Precision::kUnknown},
      {kInstantMin, kSecond, Precision::kSecond, Precision::kSecond},
      {0, kInstantMax, Precision::kSecond, Precision::kSecond},
      {0, kSecond, static_cast<Precision>(11), Precision::kSecond},
  };
  for (const Period& p : kBad) {
    EXPECT_EQ(CheckPeriod(p).code(), absl::StatusCode::kInvalidArgument)
        << p.from << " to " << p.to;
  }
}

}  // namespace
}  // namespace fasti
