#include "benchmarks/compare/question.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "engine/model/calendar.h"
#include "fasti/status_macros.h"

namespace fasti::bench {

namespace {

constexpr Day kEntityDays = 90;
constexpr uint64_t kAfterMax = 60;    // how long after a fact's end its "last" is asked
constexpr uint64_t kWithinMax = 365;  // how long after its start a fact without end is asked
constexpr uint64_t kBusyMax = 1000;   // facts of an entity from which walks may begin

class QuestionDraw {
 public:
  QuestionDraw(const Facts& facts, uint64_t seed, int paths_days)
      : facts_(facts), paths_days_(paths_days), random_(seed), out_degree_(facts.entities.size()) {
    absl::flat_hash_map<std::pair<uint32_t, uint32_t>, uint64_t> pairs;
    for (const FactRow& row : facts.rows) {
      ++out_degree_[row.subject];
      const uint64_t count = ++pairs[{row.subject, row.relation}];
      if (count > hub_count_) {
        hub_count_ = count;
        hub_ = {row.subject, row.relation};
      }
    }
    for (const FactRow& row : facts.rows) {
      if (std::make_pair(row.subject, row.relation) == hub_) hub_rows_.push_back(&row);
    }
  }

  Question Draw(Kind kind) {
    const FactRow& row = kind == Kind::kHub ? *hub_rows_[Below(hub_rows_.size())] : AnyRow(kind);
    Question question{.kind = kind, .subject = row.subject, .relation = row.relation};
    switch (kind) {
      case Kind::kAt:
      case Kind::kHub:
      case Kind::kTwoHops:
        question.from = DayWithin(row);
        question.to = question.from + 1;
        break;
      case Kind::kEntity:
        question.from = DayWithin(row) - static_cast<Day>(Below(kEntityDays));
        question.to = question.from + kEntityDays;
        break;
      case Kind::kTop:
        question.from = FirstDayOf(MonthOf(row.from));
        question.to = FirstDayOf(MonthOf(row.from) + 1);
        break;
      case Kind::kMonths:
        break;
      case Kind::kPaths:
        question.from = row.from;
        question.to = row.from + paths_days_;
        break;
      case Kind::kLast:
        question.from = row.to + static_cast<Day>(Below(kAfterMax));
        question.to = question.from + 1;
        break;
    }
    return question;
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }

  const FactRow& AnyRow(Kind kind) {
    while (true) {
      const FactRow& row = facts_.rows[Below(facts_.rows.size())];
      if (kind == Kind::kLast && row.to == kNoEnd) continue;
      if ((kind == Kind::kTwoHops || kind == Kind::kPaths) && out_degree_[row.subject] > kBusyMax) {
        continue;
      }
      return row;
    }
  }

  Day DayWithin(const FactRow& row) {
    const uint64_t days = row.to == kNoEnd
                              ? kWithinMax
                              : static_cast<uint64_t>(row.to) - static_cast<uint64_t>(row.from);
    return row.from + static_cast<Day>(Below(days));
  }

  const Facts& facts_;
  const int paths_days_;
  std::mt19937_64 random_;
  std::vector<uint64_t> out_degree_;
  std::pair<uint32_t, uint32_t> hub_;
  uint64_t hub_count_ = 0;
  std::vector<const FactRow*> hub_rows_;
};

// How many of each: enough for a p99 of the cheap ones, a few seconds for the dear ones.
size_t CountOf(Kind kind) {
  switch (kind) {
    case Kind::kAt:
    case Kind::kLast:
      return 4000;
    case Kind::kEntity:
      return 1000;
    case Kind::kTwoHops:
    case Kind::kPaths:
      return 500;
    case Kind::kTop:
      return 200;
    case Kind::kHub:
      return 200;
    case Kind::kMonths:
      return 20;
  }
  return 0;
}

}  // namespace

absl::string_view KindCode(Kind kind) {
  switch (kind) {
    case Kind::kAt:
      return "Q1";
    case Kind::kHub:
      return "H";
    case Kind::kEntity:
      return "Q2";
    case Kind::kTop:
      return "Q3";
    case Kind::kMonths:
      return "Q4";
    case Kind::kTwoHops:
      return "Q5";
    case Kind::kPaths:
      return "Q6";
    case Kind::kLast:
      return "Q7";
  }
  return "";
}

int32_t MonthOf(Day day) {
  const CivilDate date = CivilFromDays(day);
  return static_cast<int32_t>((date.year - 1970) * 12 + date.month - 1);
}

Day FirstDayOf(int32_t month) {
  return static_cast<Day>(
      DaysFromCivil(1970 + FloorDiv(month, 12), static_cast<int>(FloorMod(month, 12)) + 1, 1));
}

std::vector<Question> DrawQuestions(const Facts& facts, uint64_t seed, int paths_days) {
  QuestionDraw draw(facts, seed, paths_days);
  std::vector<Question> questions;
  for (const Kind kind : kKinds) {
    for (size_t i = 0; i < CountOf(kind); ++i) questions.push_back(draw.Draw(kind));
  }
  return questions;
}

absl::Status WriteQuestions(const std::vector<Question>& questions, const std::string& path) {
  std::ofstream file(path);
  for (const Question& q : questions) {
    file << static_cast<int>(q.kind) << ' ' << q.subject << ' ' << q.relation << ' ' << q.from
         << ' ' << q.to << '\n';
  }
  file.close();
  if (!file) return absl::UnavailableError(absl::StrCat(path, ": cannot be written"));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Question>> ReadQuestions(const std::string& path) {
  std::ifstream file(path);
  std::vector<Question> questions;
  int kind = 0;
  for (Question q; file >> kind >> q.subject >> q.relation >> q.from >> q.to;) {
    q.kind = static_cast<Kind>(kind);
    questions.push_back(q);
  }
  if (questions.empty() || !file.eof()) {
    return absl::DataLossError(absl::StrCat(path, ": expected questions, five numbers a line"));
  }
  return questions;
}

}  // namespace fasti::bench
