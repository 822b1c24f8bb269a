#include "benchmarks/compare/generator.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "benchmarks/compare/data.h"
#include "fasti/status_macros.h"

namespace fasti::bench {

namespace {

constexpr Day kFirstDay = 12784;  // 2005-01-01
constexpr int kDays = 20 * 365;
constexpr uint32_t kRelations = 64;
constexpr size_t kRecent = size_t{1} << 16;

// Numbers that do not depend on the standard library's distributions.
class Draws {
 public:
  explicit Draws(uint64_t seed) : random_(seed) {}

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  double Unit() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  // The density falls with x^-power, so that low numbers are drawn most.
  uint32_t Skewed(uint32_t bound, double power) {
    return static_cast<uint32_t>(bound * std::pow(Unit(), 1 / (1 - power)));
  }
  double LogNormal(double median, double sigma) {
    const double normal =
        std::sqrt(-2 * std::log(1 - Unit())) * std::cos(2 * 3.14159265358979 * Unit());
    return median * std::exp(sigma * normal);
  }

 private:
  std::mt19937_64 random_;
};

std::string EntityName(uint32_t number) {
  static constexpr const char* kSyllables[] = {"ka", "ro", "min", "tal", "ve", "sor", "lu", "ben",
                                               "da", "fi", "gar", "hel", "jo", "pra", "ux", "zen"};
  uint64_t bits = (number + 1) * 0x9e3779b97f4a7c15;
  std::string name;
  for (int i = 0; i < 4; ++i, bits /= 16) {
    absl::StrAppend(&name, kSyllables[bits % 16]);
    if (i == 1) name.push_back('_');
  }
  return absl::StrCat(name, "_", number);
}

class Generator {
 public:
  Generator(uint64_t facts, uint64_t seed)
      : draws_(seed),
        facts_(facts),
        entities_(static_cast<uint32_t>(std::max<uint64_t>(facts / 10, 100))),
        weights_(DayWeights(&draws_)),
        weights_sum_(std::accumulate(weights_.begin(), weights_.end(), 0.0)) {}

  absl::Status Run(const std::string& path) {
    FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<FactWriter> writer, FactWriter::Create(path));
    uint64_t written = 0;
    double weight = 0;
    for (int i = 0; i < kDays; ++i) {
      weight += weights_[static_cast<size_t>(i)];
      const auto due = static_cast<uint64_t>(static_cast<double>(facts_) * weight / weights_sum_);
      if (i + 1 == kDays) {
        written += WriteDay(kFirstDay + i, facts_ - written, *writer);
      } else if (due > written) {
        written += WriteDay(kFirstDay + i, due - written, *writer);
      }
    }
    return writer->Close();
  }

 private:
  static std::vector<double> DayWeights(Draws* draws) {
    std::vector<double> weights(kDays);
    for (int i = 0; i < kDays; ++i) {
      const int weekday = (kFirstDay + i + 3) % 7;  // 0 is Monday
      double weight = 1 + 3.0 * i / kDays;
      if (weekday >= 5) weight /= 2;
      if (weekday < 5 && draws->Below(50) == 0) weight *= 5;
      weights[static_cast<size_t>(i)] = weight;
    }
    return weights;
  }

  // All facts that begin on a day.  A short list of days needs no memory of other days to keep
  // facts distinct.
  uint64_t WriteDay(Day day, uint64_t count, FactWriter& writer) {
    absl::flat_hash_set<std::tuple<uint32_t, uint32_t, uint32_t>> seen;
    uint64_t written = 0;
    while (written < count) {
      const FactRow row = DrawFact(day);
      if (!seen.emplace(row.subject, row.relation, row.object).second) continue;
      const std::string subject = EntityName(row.subject), object = EntityName(row.object);
      const std::string relation = absl::StrCat("relation_", row.relation);
      writer.Write({subject, relation, object, row.from, row.to});
      ++written;
    }
    return written;
  }

  FactRow DrawFact(Day day) {
    FactRow row;
    if (draws_.Below(3) == 0 && !recent_.empty()) {
      row = recent_[draws_.Below(recent_.size())];
    } else {
      if (draws_.Below(67) == 0) {  // of two thirds: a hundredth of all
        row.subject = entities_ / 2;
        row.relation = kRelations / 4;
      } else {
        row.subject = draws_.Skewed(entities_, 0.6);
        row.relation = draws_.Skewed(kRelations, 0.5);
      }
      do {
        row.object = draws_.Skewed(entities_, 0.7);
      } while (row.object == row.subject);
      Remember(row);
    }
    row.from = day;
    row.to = day + 1;
    if (draws_.Below(10) < 3) {
      row.to = draws_.Below(4) == 0
                   ? kNoEnd
                   : day + 1 + static_cast<Day>(std::min(draws_.LogNormal(365, 1), 36500.0));
    }
    return row;
  }

  void Remember(const FactRow& row) {
    if (recent_.size() < kRecent) {
      recent_.push_back(row);
    } else {
      recent_[draws_.Below(kRecent)] = row;
    }
  }

  Draws draws_;
  const uint64_t facts_;
  const uint32_t entities_;
  const std::vector<double> weights_;
  const double weights_sum_;
  std::vector<FactRow> recent_;
};

}  // namespace

absl::Status GenerateFacts(uint64_t facts, uint64_t seed, const std::string& path) {
  return Generator(facts, seed).Run(path);
}

absl::Status JoinFactFiles(const std::vector<std::string>& inputs, const std::string& path) {
  Facts facts;
  for (const std::string& input : inputs) {
    const size_t first = facts.rows.size();
    FASTI_RETURN_IF_ERROR(ReadFactFile(input, EmptyTo::kOpen, [&](const FactLine& line) {
      facts.rows.push_back(Intern(line, &facts.entities, &facts.relations));
      return absl::OkStatus();
    }));
    const auto begin = facts.rows.begin() + static_cast<ptrdiff_t>(first);
    if (std::all_of(begin, facts.rows.end(), [](const FactRow& r) { return r.to == kNoEnd; })) {
      std::for_each(begin, facts.rows.end(), [](FactRow& row) { row.to = row.from + 1; });
    }
  }
  const auto key = [](const FactRow& row) {
    return std::tie(row.from, row.subject, row.relation, row.object, row.to);
  };
  std::sort(facts.rows.begin(), facts.rows.end(),
            [&](const FactRow& a, const FactRow& b) { return key(a) < key(b); });
  facts.rows.erase(std::unique(facts.rows.begin(), facts.rows.end()), facts.rows.end());
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<FactWriter> writer, FactWriter::Create(path));
  for (const FactRow& row : facts.rows) {
    writer->Write({facts.entities[row.subject], facts.relations[row.relation],
                   facts.entities[row.object], row.from, row.to});
  }
  return writer->Close();
}

}  // namespace fasti::bench
