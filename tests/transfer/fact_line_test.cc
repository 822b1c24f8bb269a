#include "tools/transfer/fact_line.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fasti::transfer {
namespace {

struct LineCase {
  const char* line;
  EmptyEnd empty_end;
  const char* expected;  // the fact, or why there is none
};

constexpr LineCase kLines[] = {
    {"a\tr\tb\t2014-01-01\t2014-01-02", EmptyEnd::kOpen, "a r b 2014-01-01"},
    {"a\tr\tb\t2014-01-01\t2014-03-01", EmptyEnd::kOpen, "a r b 2014-01-01..2014-02-28"},
    {"a\tr\tb\t2014-01-01\t", EmptyEnd::kOpen, "a r b 2014-01-01.."},
    {"a\tr\tb\t2014-01-01\t", EmptyEnd::kEvent, "a r b 2014-01-01"},
    {"a\tr\tb\t2014-01-01", EmptyEnd::kEvent, "a r b 2014-01-01"},
    {"a\tr\tb\t2014-01-01\t?", EmptyEnd::kEvent, "a r b 2014-01-01..?"},
    {"a\tr\tb\t2014\t2016", EmptyEnd::kOpen, "a r b 2014..2015"},
    {"a\tr\tb\t2014-02\t", EmptyEnd::kEvent, "a r b 2014-02"},
    {"a\tr\tb\t2014-02-03T14:00\t2014-02-03T14:05", EmptyEnd::kOpen,
     "a r b 2014-02-03T14:00..2014-02-03T14:04"},
    {"a\tr\tb\t?\t2016", EmptyEnd::kOpen, "a r b ?..2015"},
    {"<a b>\tr (s)\tÄ, \"q\"\t0100-01-01\t2844-01-01", EmptyEnd::kOpen,
     "<a b> r (s) Ä, \"q\" 0100-01-01..2843-12-31"},
    {"", EmptyEnd::kOpen, "expected 5 columns, found 1"},
    {"a\tr\tb", EmptyEnd::kOpen, "expected 5 columns, found 3"},
    {"a\tr\tb\t2014\t2015\tx", EmptyEnd::kOpen, "expected 5 columns, found 6"},
    {"a\tr\tb\t\t2015", EmptyEnd::kOpen, "from: expected a date, found nothing"},
    {"a\tr\tb\t2014..2015\t", EmptyEnd::kOpen, "from: expected one date, found '2014..2015'"},
    {"a\tr\tb\t?\t", EmptyEnd::kEvent, "from: expected the date of an event, found '?'"},
    {"a\tr\tb\t2014-01-02\t2014-01-02", EmptyEnd::kOpen,
     "to: expected an end after the beginning, found 2014-01-02 to 2014-01-02"},
};

TEST(FactLineReaderTest, ReadsColumnsAndDates) {
  for (const LineCase& c : kLines) {
    FactLineReader reader(c.empty_end);
    for (int again = 0; again < 2; ++again) {  // dates are remembered
      const absl::StatusOr<BulkFact> fact = reader.Read(c.line);
      EXPECT_EQ(fact.ok() ? absl::StrCat(fact->subject, " ", fact->relation, " ", fact->object, " ",
                                         FormatPeriod(fact->valid))
                          : std::string(fact.status().message()),
                c.expected)
          << c.line;
    }
  }
}

TEST(FactLineReaderTest, RefusesWhatIsNoDate) {
  FactLineReader reader(EmptyEnd::kOpen);
  for (const char* date : {"2014-02-30", "0000-01-01", "2014-1-1", "14-01-01", "2014-01-01 ", "x",
                           "2014-13-01", "-"}) {
    EXPECT_FALSE(reader.Read(absl::StrCat("a\tr\tb\t", date, "\t")).ok()) << date;
    EXPECT_FALSE(reader.Read(absl::StrCat("a\tr\tb\t2000\t", date)).ok()) << date;
  }
}

TEST(FactLineReaderTest, ManyDatesThatShareAPlaceAreTold) {
  FactLineReader reader(EmptyEnd::kEvent);
  for (int round = 0; round < 2; ++round) {
    for (int day = 0; day < 20'000; ++day) {
      const Period date = Period::Granule(day * Instant{86400} * 1'000'000, Precision::kDay);
      const std::string line = absl::StrCat("a\tr\tb\t", FormatPeriod(date), "\t");
      const absl::StatusOr<BulkFact> fact = reader.Read(line);
      ASSERT_TRUE(fact.ok()) << fact.status();
      ASSERT_EQ(fact->valid, date) << line;
    }
  }
}

}  // namespace
}  // namespace fasti::transfer
