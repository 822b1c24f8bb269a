#include "tests/fuzz/small_world.h"

#include <cstdio>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"

namespace fasti::fuzz {
namespace {

constexpr int kEntities = 40;

struct World {
  std::unique_ptr<Database> database;
  std::unique_ptr<Session> session;

  void Do(const std::string& statement) const {
    const absl::Status status = session->Run(statement, {}, {}).status();
    if (!status.ok())
      std::fprintf(stderr, "%s: %s\n", statement.c_str(), status.ToString().c_str());
    FASTI_CHECK(status.ok());
  }
};

const World* MakeWorld() {
  auto world = std::make_unique<World>();
  Options options;
  options.background_fold = false;
  options.clock = [] { return int64_t{1'717'243'200} * 1'000'000; };  // 2024-06-01T12:00:00Z
  absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(":memory:", options);
  FASTI_CHECK(database.ok());
  world->database = *std::move(database);
  world->session = std::make_unique<Session>(*world->database);
  for (const char* declaration :
       {"CREATE TYPE A", "CREATE TYPE B IS A", "CREATE RELATION knows (A) -> (A) SYMMETRIC",
        "CREATE RELATION met (A) -> (A) EVENT",
        "CREATE RELATION leads (A) -> (A) STATE FUNCTIONAL INVERSE led_by",
        "CREATE RELATION .size (A) -> (Integer) METRIC UNIT 'count'"}) {
    world->Do(declaration);
  }
  world->Do(absl::StrCat("UNWIND range(0, ", kEntities - 1,
                         ") AS i CREATE (n:A {name: 'e' + toString(i), size: i % 7, "
                         "tag: ['x', 'y', 'z'][i % 3]})"));
  world->Do(
      "MATCH (n:A) WHERE n.size = 3 SET n:B, n.amount = qty(1e3, 2e3, 'USD'), "
      "n.tag = [1, 'two', 3.0], n.born = date('1990-02-28'), "
      "n.seen = datetime('2020-02-29T12:00:00+01:00'), n.waits = duration('P1M2DT3S')");
  // Each pair of numbers makes another fact; times are vague, open, unknown and exact by turns.
  constexpr const char* kTimes[] = {"@2020",   "@2021-06",         "@2021-06-12..",
                                    "@..2022", "@2020..2023",      "@2023-06-12T14:00:05Z",
                                    "@..",     "period('2021..?')"};
  constexpr const char* kRelations[] = {"knows", "met", "leads"};
  for (size_t t = 0; t < std::size(kTimes); ++t) {
    for (size_t r = 0; r < std::size(kRelations); ++r) {
      if (r == 1 && (t == 2 || t == 3 || t == 6)) continue;  // no event has an open end
      world->Do(absl::StrCat("UNWIND range(0, ", kEntities - 1, ") AS i MATCH (a {name: 'e' + ",
                             "toString(i)}), (b {name: 'e' + toString((i * 7 + ", t * 3 + r, ") % ",
                             kEntities, ")}) CREATE (a)-[:", kRelations[r], " {k: i % ", t + 2,
                             "}]->(b) VALID ", kTimes[t]));
    }
  }
  world->Do("MATCH (a:B)-[f:knows]->(b) DELETE f VALID @2021");
  world->Do("MATCH (a {name: 'e1'})-[f:met]->(b) SET f.k = 99");
  world->Do(
      "MATCH (a {name: 'e2'}), (b {name: 'e3'}) CREATE (a)-[:met {k: 7}]->(b) VALID @2022-03 "
      "CLAIM {source: 'https://a.example/1', published: @2022-04-01, text: 'They met.', "
      "confidence: 0.5, figures: {cost: qty(5, 'USD')}}");
  world->Do(
      "MATCH (a {name: 'e2'}), (b {name: 'e3'}) MERGE (a)-[:met {k: 7}]->(b) VALID @2022-03 "
      "CLAIM {source: 'https://a.example/2', published: @2022-05, text: 'So it is said.', "
      "modality: 'reported'}");
  FASTI_CHECK(world->database->Fold().ok());
  // Some that no fold has moved into blocks.
  world->Do("MATCH (a {name: 'e5'})-[f:knows]->(b) DELETE f");
  world->Do("MATCH (a {name: 'e6'}) SET a.size = 12 VALID @2024");
  return world.release();
}

}  // namespace

const Session& SmallWorld() {
  static const World* const world = MakeWorld();
  return *world->session;
}

RunOptions SmallLimits() {
  RunOptions options;
  options.limits.time = absl::Seconds(2);
  options.limits.rows = 1000;
  options.limits.memory_bytes = size_t{4} << 20;
  return options;
}

absl::StatusOr<int64_t> CountOf(const std::string& statement) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Result> result,
                         SmallWorld().Run(statement, {}, SmallLimits()));
  std::vector<Value> row;
  FASTI_ASSIGN_OR_RETURN(const bool has_row, result->Next(&row));
  if (!has_row || row.size() != 1 || !row[0].is(Value::Kind::kInt)) {
    return absl::FailedPreconditionError("no count");
  }
  const int64_t count = row[0].as_int();
  FASTI_ASSIGN_OR_RETURN(const bool has_more, result->Next(&row));
  return has_more ? absl::StatusOr<int64_t>(absl::FailedPreconditionError("two rows")) : count;
}

}  // namespace fasti::fuzz
