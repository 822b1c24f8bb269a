#include "engine/graph/story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "engine/graph/verdict.h"

namespace fasti::graph {
namespace {

struct Telling {
  const char* published;
  const char* valid = "?..?";
  const char* object = "";  // empty: null, as for a METRIC
  Map figures = {};
  Modality modality = Modality::kAsserted;
  Stance stance = Stance::kSupports;
  const char* source = "";  // empty: a source of its own
};

ToldClaim Told(const Telling& telling, int index) {
  ToldClaim told;
  told.claim.source = static_cast<EntityId>(index + 1);
  told.claim.published = *ParsePeriod(telling.published);
  told.claim.known_from = told.claim.published.from;
  told.claim.valid = *ParsePeriod(telling.valid);
  told.claim.figures = telling.figures;
  told.claim.modality = telling.modality;
  told.claim.stance = telling.stance;
  told.source_key = *telling.source == '\0' ? absl::StrCat("source ", index) : telling.source;
  if (*telling.object != '\0') told.object = Value(telling.object);
  return told;
}

std::vector<ToldClaim> Claims(const std::vector<Telling>& tellings) {
  std::vector<ToldClaim> claims;
  for (size_t i = 0; i < tellings.size(); ++i) {
    claims.push_back(Told(tellings[i], static_cast<int>(i)));
  }
  return claims;
}

std::string Day(Instant instant) {
  return instant == kInstantMax   ? ""
         : instant == kInstantMin ? ""
                                  : FormatPeriod(Period::Granule(instant, Precision::kDay));
}

// One line per fact: its versions as "[object ]valid modality known from..to", and how many claims.
std::string Print(const std::vector<StoryFact>& facts) {
  std::vector<std::string> lines;
  for (const StoryFact& fact : facts) {
    std::vector<std::string> versions;
    for (const StoryVersion& v : fact.versions) {
      versions.push_back(absl::StrCat(v.object.is_null() ? "" : FormatValue(v.object) + " ",
                                      FormatPeriod(v.valid), " ", ModalityName(v.modality),
                                      " known ", Day(v.known_from), "..", Day(v.known_to)));
    }
    if (versions.empty()) versions.push_back(absl::StrCat("denied ", FormatPeriod(fact.valid)));
    lines.push_back(absl::StrCat(absl::StrJoin(versions, "; "), " x", fact.claims.size()));
  }
  std::sort(lines.begin(), lines.end());
  return absl::StrJoin(lines, "\n");
}

RelationInfo Relation(RelationKind kind) {
  RelationInfo relation;
  relation.kind = kind;
  return relation;
}

struct StoryCase {
  const char* law;
  RelationKind kind;
  std::vector<Telling> tellings;
  const char* expected;
};

Value Usd(double number) {
  return Value(Quantity::Exactly(number, "USD"));
}

TEST(StoryTest, ClaimsBecomeFactsAndVersions) {
  constexpr auto kEvent = RelationKind::kEvent;
  constexpr auto kState = RelationKind::kState;
  constexpr auto kMetric = RelationKind::kMetric;
  const StoryCase kCases[] = {
      {"a finer time replaces the coarser one when it becomes known",
       kEvent,
       {{"2025-01", "2025"}, {"2025-06-13", "2025-06-12"}},
       "2025 asserted known 2025-01-01..2025-06-13; "
       "2025-06-12 asserted known 2025-06-13.. x2"},
      {"a coarser time told later changes nothing",
       kEvent,
       {{"2025-06-13", "2025-06-12"}, {"2025-08", "2025"}},
       "2025-06-12 asserted known 2025-06-13.. x2"},
      {"two dates are two events, and a year that fits both a third",
       kEvent,
       {{"2025-03", "2025-02"}, {"2025-06", "2025-05"}, {"2025-08", "2025"}},
       "2025 asserted known 2025-08-01.. x1\n2025-02 asserted known 2025-03-01.. x1\n"
       "2025-05 asserted known 2025-06-01.. x1"},
      {"by the end of a year may be a day in it",
       kEvent,
       {{"2025-03", "?..2025"}, {"2025-06", "2025-05-02"}},
       "?..2025 asserted known 2025-03-01..2025-06-01; "
       "2025-05-02 asserted known 2025-06-01.. x2"},
      {"told again without time is the same fact",
       kEvent,
       {{"2025-03", "2025-02"}, {"2025-06"}, {"2025-08"}},
       "2025-02 asserted known 2025-03-01.. x3"},
      {"told again without time twice is one fact beside two dated ones",
       kEvent,
       {{"2025-03", "2025-01"}, {"2025-03", "2025-02"}, {"2025-06"}, {"2025-08"}},
       "2025-01 asserted known 2025-03-01.. x1\n2025-02 asserted known 2025-03-01.. x1\n"
       "?..? asserted known 2025-06-01.. x2"},
      {"planned, then done",
       kEvent,
       {{"2025-03", "2025", "", {}, Modality::kPlanned}, {"2025-06", "2025"}},
       "2025 planned known 2025-03-01..2025-06-01; 2025 asserted known 2025-06-01.. x2"},
      {"hearsay after the fact changes nothing",
       kEvent,
       {{"2025-03", "2025"}, {"2025-06", "2025", "", {}, Modality::kReported}},
       "2025 asserted known 2025-03-01.. x2"},
      {"a state has its start from one source and its end from another",
       kState,
       {{"2020", "2016..?"}, {"2025-07", "?..2025-06"}},
       "2016..2025-06 asserted known 2025-07-01..; 2016..? asserted known 2020-01-01..2025-07-01 "
       "x2"},
      {"an open end contradicts a told one",
       kState,
       {{"2020", "2016.."}, {"2025-07", "2016..2025"}},
       "2016.. asserted known 2020-01-01.. x1\n2016..2025 asserted known 2025-07-01.. x1"},
      {"a state that ended before another began is another",
       kState,
       {{"2020", "2010..2012"}, {"2025", "2016..?"}},
       "2010..2012 asserted known 2020-01-01.. x1\n2016..? asserted known 2025-01-01.. x1"},
      {"the number of a year is not that of its quarter",
       kMetric,
       {{"2026", "2025", "", {{"value", Usd(10)}}}, {"2026", "2025-Q2", "", {{"value", Usd(3)}}}},
       "10 USD 2025 asserted known 2026-01-01.. x1\n3 USD 2025-Q2 asserted known 2026-01-01.. x1"},
      {"a metric has the value of its latest report",
       kMetric,
       {{"2025-01", "2025", "", {{"value", Usd(65e9)}}},
        {"2025-08", "2025", "", {{"value", Usd(70e9)}}}},
       "65e9 USD 2025 asserted known 2025-01-01..2025-08-01; "
       "70e9 USD 2025 asserted known 2025-08-01.. x2"},
      {"a value without time belongs to the period that has it",
       kMetric,
       {{"2025-01", "2024", "", {{"value", Usd(65e9)}}},
        {"2025-08", "?..?", "", {{"value", Usd(65e9)}}}},
       "65e9 USD 2024 asserted known 2025-01-01.. x2"},
      {"another value without time does not",
       kMetric,
       {{"2025-01", "2024", "", {{"value", Usd(65e9)}}},
        {"2025-08", "?..?", "", {{"value", Usd(70e9)}}}},
       "65e9 USD 2024 asserted known 2025-01-01.. x1\n70e9 USD ?..? asserted known 2025-08-01.. "
       "x1"},
      {"a denial ends what was known",
       kEvent,
       {{"2025-01", "2024"}, {"2025-08", "?..?", "", {}, Modality::kDenied}},
       "2024 asserted known 2025-01-01..2025-08-01 x2"},
      {"what is told again after a denial is known again",
       kEvent,
       {{"2025-01", "2024"},
        {"2025-03", "?..?", "", {}, Modality::kAsserted, Stance::kDenies},
        {"2025-08", "2024"}},
       "2024 asserted known 2025-01-01..2025-03-01; 2024 asserted known 2025-08-01.. x3"},
      {"of one date the support stays",
       kEvent,
       {{"2025-01", "2024"}, {"2025-01", "?..?", "", {}, Modality::kDenied}},
       "2024 asserted known 2025-01-01.. x2"},
      {"a fact that is only denied was never known",
       kEvent,
       {{"2025-01", "2024", "", {}, Modality::kDenied},
        {"2025-02", "2024", "", {}, Modality::kDenied}},
       "denied 2024 x2"},
      {"a denial of a part leaves the years before",
       kState,
       {{"2025-01", "2016..?"},
        {"2025-06-13", "2025-06-12..", "", {}, Modality::kAsserted, Stance::kDenies}},
       "2016..2025-06-11 asserted known 2025-06-13..; "
       "2016..? asserted known 2025-01-01..2025-06-13 x2"},
      {"a denial of a middle part leaves two",
       kState,
       {{"2025-01", "2016..2024"},
        {"2025-06-13", "2020", "", {}, Modality::kAsserted, Stance::kDenies}},
       "2016..2019 asserted known 2025-06-13..; 2016..2024 asserted known 2025-01-01..2025-06-13; "
       "2021..2024 asserted known 2025-06-13.. x2"},
  };
  for (const StoryCase& c : kCases) {
    // Versions of one fact are printed in any order of text, for the table's sake.
    std::vector<std::string> expected = absl::StrSplit(c.expected, '\n');
    const std::string printed = Print(FactsOf(Relation(c.kind), Claims(c.tellings)));
    const auto sorted = [](const std::string& text) {
      std::vector<std::string> lines = absl::StrSplit(text, '\n');
      for (std::string& line : lines) {
        const size_t count = line.rfind(" x");
        std::vector<std::string> versions = absl::StrSplit(line.substr(0, count), "; ");
        std::sort(versions.begin(), versions.end());
        line = absl::StrJoin(versions, "; ") + line.substr(count);
      }
      std::sort(lines.begin(), lines.end());
      return absl::StrJoin(lines, "\n");
    };
    EXPECT_EQ(sorted(printed), sorted(c.expected)) << c.law;
  }
}

TEST(StoryTest, EventsWithinTheWindowAreOne) {
  RelationInfo relation = Relation(RelationKind::kEvent);
  const std::vector<ToldClaim> claims =
      Claims({{"2025-07", "2025-06-12"}, {"2025-07", "2025-06-14"}, {"2025-07", "2025-06-16"}});
  EXPECT_EQ(FactsOf(relation, claims).size(), 3);
  relation.merge_window_days = 2;
  EXPECT_EQ(Print(FactsOf(relation, claims)),
            "2025-06-12 asserted known 2025-07-01.. x2\n2025-06-16 asserted known 2025-07-01.. x1");
}

TEST(StoryTest, ALaterStartEndsAnEarlierStateOfAFunctionalRelation) {
  RelationInfo relation = Relation(RelationKind::kState);
  relation.functional = true;
  EXPECT_EQ(
      Print(FactsOf(relation, Claims({{"2018", "2016..?", "Ann"}, {"2021", "2020-03..?", "Bob"}}))),
      "'Ann' 2016..? asserted known 2018-01-01..2021-01-01; "
      "'Ann' 2016..2020-03 asserted known 2021-01-01.. x1\n"
      "'Bob' 2020-03..? asserted known 2021-01-01.. x1");
  // Open and stated ends stay; a plan ends nothing; nor does a start in the same year.
  EXPECT_EQ(Print(FactsOf(relation, Claims({{"2018", "2016..", "Ann"},
                                            {"2021", "2016..2018", "Cid"},
                                            {"2021", "2016..?", "Dan"},
                                            {"2021", "2030..?", "Eve", {}, Modality::kPlanned}}))),
            "'Ann' 2016.. asserted known 2018-01-01.. x1\n"
            "'Cid' 2016..2018 asserted known 2021-01-01.. x1\n"
            "'Dan' 2016..? asserted known 2021-01-01.. x1\n"
            "'Eve' 2030..? planned known 2021-01-01.. x1");
}

// Tellings with few different parts, so that they join, contradict and tie often.
class RandomTellings {
 public:
  explicit RandomTellings(unsigned seed) : random_(seed) {}

  std::vector<ToldClaim> Next(bool metric) {
    static constexpr const char* kPublished[] = {"2024", "2025-01", "2025-01-15", "2025-06",
                                                 "2025-08-20"};
    static constexpr const char* kValid[] = {"?..?",          "2024",       "2024-H1",   "2024-03",
                                             "2024-03-05",    "2024-05-06", "2020..?",   "?..2024",
                                             "2020..2024-03", "2022..",     "2023-05..?"};
    std::vector<ToldClaim> claims;
    const int count = 1 + Pick(7);
    for (int i = 0; i < count; ++i) {
      Telling telling;
      telling.published = kPublished[Pick(5)];
      telling.valid = kValid[Pick(11)];
      if (metric) {
        telling.figures["value"] = Value(Quantity::Range(Pick(3), 3, "USD"));
      } else {
        telling.object = Pick(2) == 0 ? "Ann" : "Bob";
      }
      telling.modality = static_cast<Modality>(Pick(5) == 4 ? 4 : Pick(4));
      telling.stance = Pick(8) == 0 ? Stance::kDenies : Stance::kSupports;
      claims.push_back(Told(telling, Pick(4)));
    }
    return claims;
  }

  RelationInfo NextRelation() {
    RelationInfo relation;
    relation.kind = static_cast<RelationKind>(Pick(4));
    relation.functional = Pick(2) == 0;
    relation.merge_window_days = Pick(2) == 0 ? 0 : 80;
    relation.policy = static_cast<Policy>(Pick(8));
    return relation;
  }

  void Shuffle(std::vector<ToldClaim>* claims) {
    std::shuffle(claims->begin(), claims->end(), random_);
  }

 private:
  int Pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  std::mt19937 random_;
};

TEST(StoryTest, OrderOfLoadingNeverCounts) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  RandomTellings random(seed);
  for (int i = 0; i < 5'000; ++i) {
    const RelationInfo relation = random.NextRelation();
    std::vector<ToldClaim> claims = random.Next(relation.kind == RelationKind::kMetric);
    const std::string expected = Print(FactsOf(relation, claims));
    random.Shuffle(&claims);
    ASSERT_EQ(Print(FactsOf(relation, claims)), expected) << "case " << i;
  }
}

// What is told at one moment, by the versions that are known then.
std::string At(const StoryFact& fact, Instant instant) {
  StoryFact then = fact;
  then.claims.clear();
  then.versions.clear();
  for (StoryVersion version : fact.versions) {
    if (version.known_from > instant || version.known_to <= instant) continue;
    version.known_from = kInstantMin;
    version.known_to = kInstantMax;
    then.versions.push_back(version);
  }
  return then.versions.empty() ? "nothing" : Print({then});
}

TEST(StoryTest, AFactAtAMomentIsWhatItsClaimsSaidByThen) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  RandomTellings random(seed);
  int compared = 0;
  for (int i = 0; i < 5'000; ++i) {
    RelationInfo relation = random.NextRelation();
    relation.functional = false;  // the facts of other objects would take part
    const std::vector<ToldClaim> claims = random.Next(relation.kind == RelationKind::kMetric);
    for (const StoryFact& fact : FactsOf(relation, claims)) {
      std::vector<ToldClaim> known;
      for (const size_t index : fact.claims) {
        known.push_back(claims[index]);
        const Instant now = claims[index].claim.known_from;
        const bool last_of_instant = index == fact.claims.back() ||
                                     claims[fact.claims[known.size()]].claim.known_from != now;
        if (!last_of_instant) continue;
        const std::vector<StoryFact> then = FactsOf(relation, known);
        if (then.size() != 1) continue;  // only later claims showed that these belong together
        ++compared;
        ASSERT_EQ(At(fact, now), At(then[0], kInstantMax - 1)) << "case " << i;
      }
    }
  }
  EXPECT_GT(compared, 5'000);
}

struct VerdictCase {
  Verdict expected;
  RelationKind kind;
  std::vector<Telling> tellings;  // the last one is judged
};

TEST(VerdictTest, AClaimIsMeasuredAgainstTheStoryBeforeIt) {
  constexpr auto kEvent = RelationKind::kEvent;
  constexpr auto kMetric = RelationKind::kMetric;
  const auto value = [](Value figure) { return Map{{"value", std::move(figure)}}; };
  const Value over_2 = Value(Quantity::Range(2e9, std::nullopt, "USD"));
  const VerdictCase kCases[] = {
      {Verdict::kNew, kEvent, {{"2025"}}},
      {Verdict::kSame, kEvent, {{"2025-01"}, {"2025-06"}}},
      {Verdict::kDenied, kEvent, {{"2025-01"}, {"2025-06", "?..?", "", {}, Modality::kDenied}}},
      {Verdict::kConflict, kEvent, {{"2025-01", "?..?", "", {}, Modality::kDenied}, {"2025-06"}}},
      {Verdict::kRefined, kEvent, {{"2025-01", "2024"}, {"2025-06", "2024-03"}}},
      {Verdict::kSame, kEvent, {{"2025-01", "2024-03"}, {"2025-06", "2024"}}},
      {Verdict::kRefined, kEvent, {{"2025-06"}, {"2025-06", "2016"}}},
      {Verdict::kConfirmed,
       kEvent,
       {{"2025-06", "?..?", "", {}, Modality::kReported}, {"2025-06"}}},
      {Verdict::kSame, kEvent, {{"2025-06"}, {"2025-06", "?..?", "", {}, Modality::kReported}}},
      // Figures.
      {Verdict::kRefined, kEvent, {{"2025-06"}, {"2025-06", "?..?", "", {{"amount", Usd(1)}}}}},
      {Verdict::kRefined,
       kEvent,
       {{"2025-06", "?..?", "", {{"term", Value("several years")}}},
        {"2025-06", "?..?", "", {{"term", Value(Quantity::Exactly(6, "year"))}}}}},
      {Verdict::kSame,
       kEvent,
       {{"2025-06", "?..?", "", {{"term", Value(Quantity::Exactly(6, "year"))}}},
        {"2025-06", "?..?", "", {{"term", Value("several years")}}}}},
      {Verdict::kSuperseded,
       kEvent,
       {{"2025-06", "?..?", "", {{"amount", Usd(14.8e9)}}, Modality::kPlanned},
        {"2025-06", "?..?", "", {{"amount", Usd(14.3e9)}}}}},
      // Values of a METRIC.
      {Verdict::kConflict,
       kMetric,
       {{"2025-06", "?..?", "", value(Usd(28e9))}, {"2025-06", "?..?", "", value(Usd(29e9))}}},
      {Verdict::kSuperseded,
       kMetric,
       {{"2025-01", "2025", "", value(Usd(65e9))}, {"2025-08", "2025", "", value(Usd(70e9))}}},
      {Verdict::kSuperseded,
       kMetric,
       {{"2025-01", "2025", "", value(Usd(65e9))},
        {"2025-08", "2025", "", value(Usd(70e9))},
        {"2025-08", "2025", "", value(Usd(70e9))}}},
      {Verdict::kSame,
       kMetric,
       {{"2025-01", "2025", "", value(Usd(65e9))},
        {"2025-08", "2025", "", value(Usd(70e9))},
        {"2025-09", "2025", "", value(Usd(70e9))}}},
      {Verdict::kSuperseded,
       kMetric,  // it arrives late: the story has gone on
       {{"2025-08", "2025", "", value(Usd(70e9))}, {"2025-01", "2025", "", value(Usd(65e9))}}},
      {Verdict::kCompatible,
       kMetric,
       {{"2025-06", "2025", "", value(over_2)}, {"2025-06", "2025", "", value(Usd(2e9))}}},
      {Verdict::kRefined,
       kMetric,
       {{"2025-06", "2025", "", value(over_2)}, {"2025-06", "2025", "", value(Usd(2.3e9))}}},
      {Verdict::kRefined,
       kMetric,
       {{"2025-06", "2025", "", value(Value(Quantity::Range(66e9, 72e9, "USD")))},
        {"2025-08", "2025", "", value(Value(Quantity::Range(68e9, 72e9, "USD")))}}},
  };
  for (const VerdictCase& c : kCases) {
    const std::vector<ToldClaim> claims = Claims(c.tellings);
    std::vector<const ToldClaim*> others;
    for (size_t i = 0; i + 1 < claims.size(); ++i) others.push_back(&claims[i]);
    EXPECT_EQ(VerdictName(VerdictOf(Relation(c.kind), others, claims.back())),
              VerdictName(c.expected))
        << "case " << &c - kCases;
  }
}

TEST(VerdictTest, ObjectsOfAFunctionalRelationReplaceOrContradictEachOther) {
  RelationInfo relation = Relation(RelationKind::kState);
  relation.functional = true;
  struct Case {
    const char* ann;
    const char* bob;  // told later
    Verdict expected;
  };
  const Case kCases[] = {
      {"2016..?", "2020..?", Verdict::kSuperseded}, {"2016..2020", "2020..?", Verdict::kNew},
      {"2016..", "2020..?", Verdict::kConflict},    {"2016..2022", "2020..?", Verdict::kConflict},
      {"?..?", "?..?", Verdict::kConflict},         {"2016..2018", "2020..?", Verdict::kNew},
  };
  for (const Case& c : kCases) {
    const std::vector<ToldClaim> claims = Claims({{"2018", c.ann, "Ann"}, {"2021", c.bob, "Bob"}});
    const std::vector<StoryFact> facts = FactsOf(relation, claims);
    ASSERT_EQ(facts.size(), 2);
    const size_t bob = FormatValue(facts[0].object) == "'Bob'" ? 0 : 1;
    EXPECT_EQ(AmongObjects(relation, facts, bob, Verdict::kNew), c.expected)
        << c.ann << ", then " << c.bob;
  }
}

}  // namespace
}  // namespace fasti::graph
