#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "fasti/database.h"

// The engine's own calls, without the query language: commits, folds, and the shapes of reads that
// design questions turn on.  Facts are synthetic: power-law subjects and objects, seven in ten
// last a day, the rest log-normal about a year, a fifth of those without end, over twenty years.

namespace fasti {
namespace {

constexpr uint64_t kFacts = 1'000'000;
constexpr uint64_t kEntities = kFacts / 10;
constexpr int kRelations = 64;
constexpr int kDays = 20 * 365;
constexpr Instant kDay = Instant{86400} * 1'000'000;
constexpr int kFactsEach = 1000;  // in one commit of the loading

class Draws {
 public:
  explicit Draws(uint64_t seed) : random_(seed) {}

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  uint64_t Skewed(uint64_t bound, double power) {
    const double u = std::uniform_real_distribution<double>()(random_);
    return static_cast<uint64_t>(static_cast<double>(bound) * std::pow(u, 1 / (1 - power)));
  }
  Period Valid() {
    Period valid = Period::Granule(static_cast<Instant>(Below(kDays)) * kDay, Precision::kDay);
    if (Below(10) < 7) return valid;
    if (Below(5) == 0) {
      valid.to = kInstantMax;
      valid.to_precision = Precision::kOpen;
      return valid;
    }
    const double days = std::lognormal_distribution<double>(std::log(365), 1)(random_);
    valid.to += static_cast<Instant>(days) * kDay;
    return valid;
  }

 private:
  std::mt19937_64 random_;
};

// A folder with a million facts, made once per run of the program.
class Loaded {
 public:
  Loaded() : path_(std::filesystem::temp_directory_path() / "fasti_engine_benchmark") {
    std::filesystem::remove_all(path_);
    auto database = Database::Open((path_ / "db").string(), {.durability = Durability::kBuffered});
    std::filesystem::create_directories(path_);
    if (!database.ok()) database = Database::Open((path_ / "db").string(), {});
    FASTI_CHECK(database.ok());
    database_ = *std::move(database);
    Load();
    FASTI_CHECK(database_->Fold().ok());
  }
  ~Loaded() {
    database_.reset();
    std::filesystem::remove_all(path_);
  }

  Database& database() { return *database_; }
  EntityId Entity(uint64_t i) const { return static_cast<EntityId>(i + 1); }
  RelationId Relation(uint64_t i) const { return relations_[i]; }

 private:
  void Load() {
    Draws draws(1);
    {
      const auto t = *database_->Begin();
      for (uint64_t i = 0; i < kEntities; ++i) FASTI_CHECK(t->CreateEntity().ok());
      for (int i = 0; i < kRelations; ++i) {
        relations_.push_back(*t->InternRelation("r" + std::to_string(i)));
      }
      FASTI_CHECK(t->Commit().ok());
    }
    for (uint64_t done = 0; done < kFacts; done += kFactsEach) {
      const auto t = *database_->Begin();
      for (int i = 0; i < kFactsEach; ++i) {
        FactDraft draft{.subject = Entity(draws.Skewed(kEntities, 0.75)),
                        .relation = relations_[draws.Skewed(kRelations, 0.9)],
                        .object = Value(Entity(draws.Skewed(kEntities, 0.85))),
                        .valid = draws.Valid()};
        FASTI_CHECK(t->Assert(draft).ok());
      }
      FASTI_CHECK(t->Commit().ok());
    }
  }

  std::filesystem::path path_;
  std::unique_ptr<Database> database_;
  std::vector<RelationId> relations_;
};

Loaded& TheFacts() {
  static Loaded loaded;  // as long as the program, like the benchmarks that share it
  return loaded;
}

uint64_t CountFacts(const Snapshot& snapshot, const Pattern& pattern, std::vector<Fact>& facts) {
  const auto cursor = *snapshot.Scan(pattern);
  uint64_t count = 0;
  while (const size_t n = *cursor->Next(absl::MakeSpan(facts))) count += n;
  return count;
}

ValidTest AtDay(uint64_t day) {
  return {ValidTest::Kind::kAt, Period::Granule(static_cast<Instant>(day) * kDay, Precision::kDay)};
}

void ReadPattern(benchmark::State& state, const std::function<Pattern(Draws&, Loaded&)>& make) {
  Loaded& loaded = TheFacts();
  const auto snapshot = loaded.database().GetSnapshot();
  Draws draws(2);
  std::vector<Fact> facts(1024);
  uint64_t hits = 0;
  for (auto _ : state) hits += CountFacts(*snapshot, make(draws, loaded), facts);
  state.counters["hits"] =
      benchmark::Counter(static_cast<double>(hits), benchmark::Counter::kAvgIterations);
}

void BM_FactsOfSubjectAndRelationAtADay(benchmark::State& state) {
  ReadPattern(state, [](Draws& draws, Loaded& loaded) {
    Pattern pattern{.subject = loaded.Entity(draws.Skewed(kEntities, 0.75)),
                    .relations = {loaded.Relation(draws.Skewed(kRelations, 0.9))}};
    pattern.view.valid = {AtDay(draws.Below(kDays))};
    return pattern;
  });
}
BENCHMARK(BM_FactsOfSubjectAndRelationAtADay);

void BM_FactsOfEntityInAQuarterOut(benchmark::State& state) {
  ReadPattern(state, [](Draws& draws, Loaded& loaded) {
    Pattern pattern{.subject = loaded.Entity(draws.Skewed(kEntities, 0.75))};
    ValidTest test = AtDay(draws.Below(kDays));
    test.scope.to += 90 * kDay;
    pattern.view.valid = {test};
    return pattern;
  });
}
BENCHMARK(BM_FactsOfEntityInAQuarterOut);

void BM_FactsOfRelationInAMonth(benchmark::State& state) {
  ReadPattern(state, [](Draws& draws, Loaded& loaded) {
    Pattern pattern{.relations = {loaded.Relation(draws.Skewed(kRelations, 0.9))}};
    ValidTest test = AtDay(draws.Below(kDays));
    test.scope.to += 30 * kDay;
    pattern.view.valid = {test};
    return pattern;
  });
}
BENCHMARK(BM_FactsOfRelationInAMonth);

void BM_AllFactsOfRelation(benchmark::State& state) {
  ReadPattern(state,
              [](Draws&, Loaded& loaded) { return Pattern{.relations = {loaded.Relation(0)}}; });
}
BENCHMARK(BM_AllFactsOfRelation)->Unit(benchmark::kMicrosecond);

void BM_GetSnapshot(benchmark::State& state) {
  Loaded& loaded = TheFacts();
  for (auto _ : state) benchmark::DoNotOptimize(loaded.database().GetSnapshot());
}
BENCHMARK(BM_GetSnapshot);

void BM_OpenInMemory(benchmark::State& state) {
  for (auto _ : state) FASTI_CHECK(Database::Open(":memory:", {}).ok());
}
BENCHMARK(BM_OpenInMemory)->Unit(benchmark::kMillisecond);

// One synced commit of `range` facts; the folds they cause run beside it.
void BM_DurableCommit(benchmark::State& state) {
  Loaded& loaded = TheFacts();
  Draws draws(3);
  for (auto _ : state) {
    const auto t = *loaded.database().Begin();
    for (int64_t i = 0; i < state.range(0); ++i) {
      FASTI_CHECK(t->Assert({.subject = loaded.Entity(draws.Skewed(kEntities, 0.75)),
                             .relation = loaded.Relation(draws.Skewed(kRelations, 0.9)),
                             .object = Value(loaded.Entity(draws.Skewed(kEntities, 0.85))),
                             .valid = draws.Valid()})
                      .ok());
    }
    FASTI_CHECK(t->Commit().ok());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_DurableCommit)->Arg(1)->Arg(100)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace fasti
