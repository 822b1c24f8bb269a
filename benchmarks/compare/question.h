#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "benchmarks/compare/data.h"

namespace fasti::bench {

// The questions of the comparison.  [from, to) is a window of days, a moment is the day `from`; a
// fact "holds in" a window if the two overlap.  What is listed behind the arrow is an answer's row.
enum class Kind : uint8_t {
  kAt,       // Q1: facts of (subject, relation) that hold on a day       -> fact
  kHub,      // H:  the same for the pair with the most facts             -> fact
  kEntity,   // Q2: facts from or to an entity that hold in 90 days       -> fact
  kTop,      // Q3: of a relation in a month, the 10 commonest objects    -> object, facts
  kMonths,   // Q4: facts of a relation by the month of their start       -> month, facts
  kTwoHops,  // Q5: two different facts in a row that hold on a day       -> both objects
  kPaths,    // Q6: three facts in a row within a window, each beginning
             //     when the one before has ended, or later               -> the three objects
  kLast,     // Q7: facts of (subject, relation) that ended by a day and
             //     of these began last                                   -> fact
};
inline constexpr std::array<Kind, 8> kKinds = {Kind::kAt,    Kind::kHub,    Kind::kEntity,
                                               Kind::kTop,   Kind::kMonths, Kind::kTwoHops,
                                               Kind::kPaths, Kind::kLast};
absl::string_view KindCode(Kind kind);  // "Q1", "H", ...

struct Question {
  Kind kind = Kind::kAt;
  uint32_t subject = 0;
  uint32_t relation = 0;
  Day from = 0;
  Day to = 0;
};

// Draws questions that have answers: each is made around a fact of the data set.  `paths_days` is
// the window of Q6.
std::vector<Question> DrawQuestions(const Facts& facts, uint64_t seed, int paths_days);
absl::Status WriteQuestions(const std::vector<Question>& questions, const std::string& path);
absl::StatusOr<std::vector<Question>> ReadQuestions(const std::string& path);

// Months since 1970-01, and the first day of one.
int32_t MonthOf(Day day);
Day FirstDayOf(int32_t month);

}  // namespace fasti::bench
