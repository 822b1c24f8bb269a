#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "engine/base/check.h"
#include "fasti/database.h"
#include "fasti/session.h"

// What the query language adds to the engine's own calls: the same questions asked both ways, of
// the same facts in memory.  "Fql" rows run a prepared statement, "Call" rows what a program would
// write in its place; both give the same number of rows, which is checked.

namespace fasti {
namespace {

constexpr uint64_t kFacts = 100'000;
constexpr uint64_t kEntities = 10'000;
constexpr uint64_t kRelations = 16;
constexpr uint64_t kDays = 10 * 365;
constexpr Instant kDay = Instant{86400} * 1'000'000;
constexpr size_t kQuestions = 512;
constexpr size_t kReadAtOnce = 256;

struct Question {
  EntityId subject = EntityId::kNone;
  uint64_t relation = 0;
  Instant day = 0;
};

Period Days(Instant from, Instant days) {
  return {.from = from,
          .to = from + days * kDay,
          .from_precision = Precision::kDay,
          .to_precision = Precision::kDay};
}

class World {
 public:
  World() : session_(Load()) {}

  const Database& database() const { return *database_; }
  const std::vector<Question>& questions() const { return questions_; }
  RelationId relation(uint64_t number) const { return relations_[number]; }

  // The statement for each relation, which stands where REL is written.
  std::vector<std::unique_ptr<Prepared>> Prepare(absl::string_view text) const {
    std::vector<std::unique_ptr<Prepared>> prepared;
    for (uint64_t i = 0; i < kRelations; ++i) {
      prepared.push_back(
          *session_.Prepare(absl::StrReplaceAll(text, {{"REL", absl::StrCat("R", i)}})));
    }
    return prepared;
  }

 private:
  Database& Load() {
    database_ = *Database::Open(":memory:", {});
    std::mt19937_64 random(1);
    const auto skewed = [&random](uint64_t bound) {
      const double u = std::uniform_real_distribution<double>()(random);
      return static_cast<uint64_t>(static_cast<double>(bound) * u * u * u);
    };
    const auto transaction = *database_->Begin();
    const RelationId name = *transaction->InternAttribute("name");
    std::vector<EntityId> entities;
    for (uint64_t i = 0; i < kEntities; ++i) {
      entities.push_back(*transaction->CreateEntity());
      FASTI_CHECK(transaction
                      ->Assert({.subject = entities.back(),
                                .relation = name,
                                .object = Value(absl::StrCat("entity ", i))})
                      .ok());
    }
    for (uint64_t i = 0; i < kRelations; ++i) {
      relations_.push_back(*transaction->InternRelation(absl::StrCat("R", i)));
    }
    for (uint64_t i = 0; i < kFacts; ++i) {
      const Question question{.subject = entities[skewed(kEntities)],
                              .relation = skewed(kRelations),
                              .day = static_cast<Instant>(random() % kDays) * kDay};
      const Instant days = random() % 10 < 7 ? 1 : static_cast<Instant>(random() % 700) + 1;
      FASTI_CHECK(transaction
                      ->Assert({.subject = question.subject,
                                .relation = relations_[question.relation],
                                .object = Value(entities[skewed(kEntities)]),
                                .valid = Days(question.day, days)})
                      .ok());
      if (i % (kFacts / kQuestions) == 0) questions_.push_back(question);
    }
    FASTI_CHECK(transaction->Commit().ok());
    FASTI_CHECK(database_->Fold().ok());
    return *database_;
  }

  std::unique_ptr<Database> database_;
  std::vector<RelationId> relations_;
  std::vector<Question> questions_;
  Session session_;
};

const World& TheWorld() {
  static const World world;  // as long as the program, like the benchmarks that share it
  return world;
}

// A question of the comparison with other engines (docs/benchmarks.md), or a part of it.
struct Workload {
  const char* name;
  const char* statement;
  Instant days;  // of the window $t
  ValidTest::Kind scope;
  bool by_subject;
  bool by_relation;
  uint64_t (*count)(const Snapshot& snapshot, const Pattern& pattern, std::vector<Fact>& facts);
};

template <typename Visit>
void ForEach(const Snapshot& snapshot, const Pattern& pattern, std::vector<Fact>& facts,
             Visit visit) {
  const auto cursor = *snapshot.Scan(pattern);
  while (const size_t count = *cursor->Next(absl::MakeSpan(facts))) {
    for (size_t i = 0; i < count; ++i) visit(facts[i]);
  }
}

uint64_t CountFacts(const Snapshot& snapshot, const Pattern& pattern, std::vector<Fact>& facts) {
  uint64_t count = 0;
  ForEach(snapshot, pattern, facts, [&](const Fact&) { ++count; });
  return count;
}

uint64_t CountBothWays(const Snapshot& snapshot, const Pattern& pattern, std::vector<Fact>& facts) {
  uint64_t count = CountFacts(snapshot, pattern, facts);
  Pattern turned{.object = Term::Entity(*pattern.subject), .view = pattern.view};
  ForEach(snapshot, turned, facts,
          [&](const Fact& fact) { count += fact.subject == *pattern.subject ? 0 : 1; });
  return count;
}

uint64_t CountTop(const Snapshot& snapshot, const Pattern& pattern, std::vector<Fact>& facts) {
  absl::flat_hash_map<uint64_t, uint64_t> counts;
  ForEach(snapshot, pattern, facts, [&](const Fact& fact) { ++counts[fact.object.bits()]; });
  std::vector<std::pair<uint64_t, uint64_t>> top;
  for (const auto& [object, count] : counts) top.emplace_back(count, object);
  const size_t kept = std::min<size_t>(top.size(), 10);
  std::partial_sort(top.begin(), top.begin() + static_cast<ptrdiff_t>(kept), top.end(),
                    std::greater<>());
  return kept;
}

uint64_t CountMonths(const Snapshot& snapshot, const Pattern& pattern, std::vector<Fact>& facts) {
  absl::flat_hash_map<Instant, uint64_t> days;
  ForEach(snapshot, pattern, facts, [&](const Fact& fact) { ++days[fact.valid.from / kDay]; });
  std::map<std::pair<int64_t, int>, uint64_t> months;
  for (const auto& [day, count] : days) {
    const absl::CivilMonth month(absl::CivilDay(1970, 1, 1) + day);
    months[{month.year(), month.month()}] += count;
  }
  return months.size();
}

uint64_t CountTwoHops(const Snapshot& snapshot, const Pattern& pattern, std::vector<Fact>& facts) {
  std::vector<Fact> first;
  ForEach(snapshot, pattern, facts, [&](const Fact& fact) { first.push_back(fact); });
  uint64_t count = 0;
  for (const Fact& fact : first) {
    Pattern next{.subject = fact.object.entity(), .view = pattern.view};
    ForEach(snapshot, next, facts,
            [&](const Fact& other) { count += other.lineage == fact.lineage ? 0 : 1; });
  }
  return count;
}

uint64_t CountLast(const Snapshot& snapshot, const Pattern& pattern, std::vector<Fact>& facts) {
  Instant last = kInstantMin;
  uint64_t count = 0;
  ForEach(snapshot, pattern, facts, [&](const Fact& fact) {
    if (fact.valid.from > last) count = 0;
    last = std::max(last, fact.valid.from);
    count += fact.valid.from == last ? 1 : 0;
  });
  return count;
}

// What every run of a statement begins with.
uint64_t TakeSnapshot(const Snapshot&, const Pattern&, std::vector<Fact>&) {
  return TheWorld().database().GetSnapshot()->sequence() > 0 ? 1 : 0;
}

constexpr ValidTest::Kind kAt = ValidTest::Kind::kAt;
constexpr Workload kWorkloads[] = {
    {"Nothing", "RETURN 1", 1, kAt, false, false, TakeSnapshot},
    {"Q1", "WITH $s AS s MATCH (s)-[f:REL]->(o) AT $t RETURN f", 1, kAt, true, true, CountFacts},
    {"Q1Names", "WITH $s AS s MATCH (s)-[:REL]->(o) AT $t RETURN o.name", 1, kAt, true, true,
     CountFacts},
    {"Q2", "WITH $s AS s MATCH (s)-[f]-(o) AT $t RETURN f", 90, kAt, true, false, CountBothWays},
    {"Q3", "MATCH ()-[f:REL]->(o) AT $t RETURN o, count(*) AS n ORDER BY n DESC, id(o) LIMIT 10",
     30, kAt, false, true, CountTop},
    {"Q4", "MATCH ()-[f:REL]->() RETURN date.truncate('month', valid(f).start) AS m, count(*) AS n",
     0, kAt, false, true, CountMonths},
    {"Q5", "WITH $s AS s MATCH (s)-->(a)-->(b) AT $t RETURN a, b", 1, kAt, true, false,
     CountTwoHops},
    {"Q7", "WITH $s AS s MATCH LAST (s)-[f:REL]->(o) BEFORE $t RETURN f", 1,
     ValidTest::Kind::kBefore, true, true, CountLast},
};

Pattern PatternOf(const World& world, const Workload& workload, const Question& question) {
  Pattern pattern;
  if (workload.by_subject) pattern.subject = question.subject;
  if (workload.by_relation) pattern.relations = {world.relation(question.relation)};
  if (workload.days > 0) {
    pattern.view.valid = {{workload.scope, Days(question.day, workload.days)}};
  }
  return pattern;
}

uint64_t RunStatement(const Prepared& prepared, const Workload& workload, const Question& question,
                      std::vector<Value>& row) {
  static Parameters parameters;  // kept, as a program would that asks often
  parameters["s"] = Value(question.subject);
  parameters["t"] = Value(Days(question.day, workload.days));
  const auto result = *prepared.Run(parameters, {});
  uint64_t rows = 0;
  while (*result->Next(&row)) ++rows;
  return rows;
}

void AskByCall(benchmark::State& state, const Workload& workload) {
  const World& world = TheWorld();
  const auto snapshot = world.database().GetSnapshot();
  std::vector<Fact> facts(kReadAtOnce);
  uint64_t rows = 0;
  size_t i = 0;
  for (auto _ : state) {
    const Question& question = world.questions()[i++ % kQuestions];
    rows += workload.count(*snapshot, PatternOf(world, workload, question), facts);
  }
  state.counters["rows"] =
      benchmark::Counter(static_cast<double>(rows), benchmark::Counter::kAvgIterations);
}

void AskByStatement(benchmark::State& state, const Workload& workload) {
  const World& world = TheWorld();
  const auto statements = world.Prepare(workload.statement);
  std::vector<Value> row;
  std::vector<Fact> facts(kReadAtOnce);
  const auto snapshot = world.database().GetSnapshot();
  for (const Question& question : world.questions()) {
    FASTI_CHECK(RunStatement(*statements[question.relation], workload, question, row) ==
                workload.count(*snapshot, PatternOf(world, workload, question), facts));
  }
  uint64_t rows = 0;
  size_t i = 0;
  for (auto _ : state) {
    const Question& question = world.questions()[i++ % kQuestions];
    rows += RunStatement(*statements[question.relation], workload, question, row);
  }
  state.counters["rows"] =
      benchmark::Counter(static_cast<double>(rows), benchmark::Counter::kAvgIterations);
}

const bool registered = [] {
  // Debian's Abseil is built to look for deadlocks at every lock.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  for (const Workload& workload : kWorkloads) {
    benchmark::RegisterBenchmark(absl::StrCat("Call/", workload.name).c_str(), AskByCall, workload);
    benchmark::RegisterBenchmark(absl::StrCat("Fql/", workload.name).c_str(), AskByStatement,
                                 workload);
  }
  return true;
}();

}  // namespace
}  // namespace fasti
