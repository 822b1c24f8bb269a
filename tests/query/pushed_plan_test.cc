#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "fasti/status_macros.h"
#include "gtest/gtest.h"
#include "query/exec/execution.h"
#include "query/exec/run.h"
#include "query/parse/parser.h"
#include "query/plan/binder.h"
#include "query/plan/check_semantics.h"
#include "query/plan/optimizer.h"
#include "tests/query/session_harness.h"

// Rules that let the engine count or order facts must change nothing but the time it takes: every
// statement here is answered with them and without, on random facts told at every precision, some
// retracted, some folded and some not.

namespace fasti {
namespace {

using test::Graph;
using Rows = Graph::Rows;

absl::StatusOr<plan::Plan> MakePlan(absl::string_view text, const Database& database,
                                    plan::Rules rules) {
  FASTI_ASSIGN_OR_RETURN(const ast::Statement statement, Parse(text));
  FASTI_RETURN_IF_ERROR(plan::CheckSemantics(statement));
  FASTI_ASSIGN_OR_RETURN(plan::Plan plan, plan::Bind(std::get<ast::Query>(statement.body)));
  FASTI_RETURN_IF_ERROR(
      plan::Optimize(*database.GetSnapshot(), Interrupt(RunOptions()), &plan, rules));
  return plan;
}

// The rows in an order of their own, since none is promised.
Rows RowsBy(Graph& graph, absl::string_view text, const Parameters& parameters, plan::Rules rules) {
  absl::StatusOr<plan::Plan> plan = MakePlan(text, graph.database(), rules);
  if (!plan.ok()) return {plan.status().ToString()};
  Rows rows = graph.RowsOf(exec::RunReading(std::make_shared<exec::Executions>(*std::move(plan)),
                                            graph.database(), parameters, RunLimits(),
                                            Interrupt(RunOptions())));
  std::sort(rows.begin(), rows.end());
  return rows;
}

struct PushedCase {
  const char* statement;
  const char* shows;  // a part of its plan; empty if nothing is to be pushed down
};
constexpr PushedCase kCounts[] = {
    {"MATCH ()-[f:R]->() RETURN date.truncate('month', valid(f).start), count(*)",
     "CountByStart ()-[:R]->() by month"},
    {"MATCH ()-[f:R]->() RETURN count(*) AS n, date.truncate('YEAR', valid(f).start) AS y",
     "by year"},
    {"MATCH ()-[f:R]->() RETURN date.truncate('quarter', valid(f).start), count(f)", "by quarter"},
    {"MATCH ()-[f:R]->() RETURN date.truncate('week', valid(f).start), count(*)", "by day"},
    {"MATCH ()-[f:R]->() RETURN date.truncate('decade', valid(f).start), count(*)", "by decade"},
    {"MATCH ()-[f:R]->() RETURN date.truncate('century', valid(f).start), count(*)", "by century"},
    {"MATCH ()-[f:R]-() RETURN date.truncate('day', valid(f).start), count(*)", "by day"},
    {"MATCH ()-[f:R|S]-() RETURN valid(f).start.year, valid(f).start.month, 2 * count(*) + 1",
     "by month"},
    {"MATCH ()-[f:S]->() RETURN valid(f).start.quarter AS q, count(*) AS n ORDER BY n, q LIMIT 2",
     "by quarter"},
    {"MATCH (a)-[f]->(b) AT $t RETURN count(b)", "CountByStart ()-[]->() AT $t by century"},
    {"MATCH ()-[f]-() DURING $t RETURN count(*)", "CountByStart"},
    {"MATCH ()-[f:.x]->(v) BEFORE $t RETURN valid(f).start.year, count(v)", "CountByStart"},
    {"MATCH ()-[f:.*]->() RETURN date.truncate('year', valid(f).start), count(*)", "CountByStart"},
    {"WITH $s AS s MATCH (s)-[f]->() RETURN date.truncate('year', valid(f).start), count(*)",
     "CountByStart (#0)-[]->() by year"},
    {"WITH $s AS s MATCH (s)-[f]-() AFTER $t RETURN valid(f).start.year, count(*)", "CountByStart"},
    {"WITH $s AS s MATCH (s)<-[f:R|S]-() RETURN count(*)", "CountByStart"},
    {"WITH $s AS s, $o AS o MATCH (s)-[f]-(o) RETURN valid(f).start.year, count(*)",
     "CountByStart"},
    {"WITH $s AS s MATCH (s)-[f]-(s) RETURN valid(f).start.year, count(*)", "CountByStart"},
    {"UNWIND [$s, $o, null] AS s MATCH (s)-[f:S]-() RETURN s, valid(f).start.year, count(f)",
     "CountByStart"},
    {"WITH $s AS s MATCH (s)-[g:R]->(o) MATCH (o)-[f]-() AFTER g RETURN o, count(*)",
     "CountByStart"},
    {"MATCH (n:P) RETURN size([(n)-[f:R]->() | f]), n.name", ""},
    {"MATCH ()-[f:R]->() RETURN bucket(f, 'month'), count(*)", ""},
    {"MATCH ()-[f:R]->() RETURN valid(f).start, count(*)", ""},
    {"MATCH ()-[f:R]->() RETURN date.truncate('month', valid(f).end), count(*)", ""},
    {"MATCH ()-[f:R]->(o) RETURN o, count(*)", ""},
    {"MATCH ()-[f:R]->(o) RETURN count(DISTINCT o)", ""},
    {"MATCH ()-[f:R]->(o:P) RETURN count(*)", ""},
    {"MATCH ()-[f:R]->()-[g:R]->() RETURN count(*)", ""},
    {"MATCH ()-[f:R]->() RETURN date.truncate('month', valid(f).start, {day: 2}), count(*)", ""},
};

constexpr PushedCase kRanks[] = {
    {"MATCH FIRST ()-[f:R]->() RETURN f, valid(f), id(f)", "earliest first"},
    {"MATCH LAST 3 ()-[f:R]-(o) RETURN id(o), valid(f), id(f)", "latest first"},
    {"WITH $s AS s MATCH LAST (s)-[f:R]->(o) RETURN id(o), valid(f)", "Last 1, stops early"},
    {"WITH $s AS s MATCH FIRST 2 (s)-[f:R|S]->(o) AT $t RETURN id(o), valid(f)",
     "First 2, stops early"},
    {"WITH $s AS s MATCH LAST 4 (s)-[f]-(o) BEFORE $t RETURN id(o), valid(f)", "stops early"},
    {"WITH $s AS s MATCH FIRST (s)<-[f:S]-(o) WHERE id(o) % 2 = 0 RETURN id(o), valid(f)",
     "stops early"},
    {"WITH $s AS s MATCH LAST 2 (s)-[f:.*]->(v) WHERE v > 1 RETURN v, valid(f)", "stops early"},
    {"WITH $s AS s, $o AS o MATCH LAST 2 (s)-[f]-(o) RETURN valid(f), id(f)", "stops early"},
    {"WITH $s AS s MATCH FIRST 0 (s)-[f]-(o) RETURN f", "stops early"},
    {"UNWIND [$s, $o, null] AS s OPTIONAL MATCH LAST (s)-[f:S]-(o) RETURN s, id(f)", "stops early"},
    {"WITH $s AS s MATCH (s)-[g:R]->(o) MATCH FIRST 2 (x)-[f]->(o) AFTER g RETURN id(g), id(f)",
     "stops early"},
    {"WITH $s AS s MATCH LAST (s)-[f:R]->()-[g:R]->(o) RETURN id(f), id(g)", ""},
    {"WITH $s AS s MATCH LAST (s)-[f:R*1..2]->(o) RETURN id(o)", ""},
};

constexpr PushedCase kTops[] = {
    {"MATCH ()-[f:R]->(o) RETURN valid(f) AS t, id(o), id(f) ORDER BY t LIMIT 3", "stops early"},
    {"MATCH ()-[f:R|S]-(o) RETURN id(f) ORDER BY valid(f) DESC, id(f) LIMIT 4", "stops early"},
    {"MATCH ()-[f:S]->(o) RETURN o, id(f) AS i ORDER BY valid(f), i DESC SKIP 2 LIMIT $n",
     "stops early"},
    {"WITH $s AS s MATCH (s)-[f]->(o) AT $t WHERE id(o) % 2 = 0 RETURN valid(f) AS t, o, id(f) "
     "ORDER BY t DESC LIMIT 2",
     "latest first"},
    {"MATCH (a)-[f:.x]->(v) WITH f AS g, v ORDER BY valid(g), id(g) LIMIT 2 RETURN v, id(g)",
     "earliest first"},
    {"UNWIND [$s, $o] AS s MATCH (s)-[f]->(o) RETURN id(f) ORDER BY valid(f), id(f) LIMIT 2", ""},
    {"MATCH ()-[f:R]->(o) RETURN valid(f) AS t, id(f) ORDER BY t", ""},
    {"MATCH ()-[f:R]->(o) RETURN valid(f) AS t, id(f) AS i ORDER BY i, t LIMIT 3", ""},
    {"MATCH ()-[f:R]->(o) RETURN valid(f).start AS t, id(f) ORDER BY t LIMIT 3", ""},
    {"MATCH ()-[f:R]->(o) RETURN DISTINCT valid(f) AS t ORDER BY t LIMIT 3", ""},
    {"MATCH ()-[f:R]->(o) RETURN valid(f) AS t, count(*) ORDER BY t LIMIT 3", ""},
    {"MATCH ()-[f:R]->(o) RETURN valid(f) AS t, id(f) ORDER BY t LIMIT 100000", ""},
    {"MATCH ()-[f:R]->()-[g]->() RETURN valid(f) AS t, id(f), id(g) ORDER BY t LIMIT 3", ""},
};

constexpr PushedCase kScopes[] = {
    {"MATCH (a)-[f]->(b)-[g]->(c) WHERE g AFTER f RETURN id(f), id(g)", ") AFTER f"},
    {"WITH $s AS s MATCH (s)-[f]->(a)-[g]->(b)-[h]->(c) DURING $t WHERE g AFTER f AND h AFTER g "
     "RETURN id(f), id(g), id(h)",
     ") DURING $t AFTER f"},
    {"MATCH (a)-[f:R]-(b)-[g:R|S]-(c) AT $t WHERE valid(f) BEFORE valid(g) RETURN id(f), id(g)",
     ") AT $t AFTER valid(f)"},
    {"MATCH (a)-[f]->(b)<-[g]-(c) WHERE g BEFORE f RETURN id(f), id(g)", ") BEFORE f"},
    {"MATCH (a)-[f]->(b)<-[g]-(c) WHERE f AFTER g AND id(c) % 2 = 0 RETURN id(f), id(g)",
     ") BEFORE f"},
    {"MATCH (a)-[f:S]->(b)-[g]->(c) WHERE g DURING f RETURN id(f), id(g)", ") DURING f"},
    {"MATCH (a)-[f:S]->(b)-[g]->(c) WHERE f DURING g RETURN id(f), id(g)", ") AT f"},
    {"MATCH (a)-[f]->(b)-[g]->(c) WHERE f OVERLAPS g RETURN id(f), id(g)", ") AT f"},
    {"MATCH (a)-[f]->(b)-[g:.x]->(v) WHERE g OVERLAPS f AND g AFTER f RETURN id(f), id(g)",
     ") AT f AFTER f"},
    {"MATCH (a)-[f:R]->(b), (a)-[g:S]->(b) WHERE g DURING f RETURN id(f), id(g)", ") DURING f"},
    {"MATCH (a)-[f]->(b) MATCH (b)-[g]->(c) WHERE g AFTER f RETURN id(f), id(g)", ") AFTER f"},
    {"MATCH (a)-[f]->(b)-[g]->(c) WHERE g AFTER f RETURN c, count(*)", ") AFTER f"},
    {"MATCH (a)-[f]->(b)-[g]->(c) AS RECORDED @.. WHERE g AFTER f RETURN id(f), id(g)",
     ") AS RECORDED .. AFTER f"},
    {"MATCH (a)-[f:T]->(b)-[g]->(c)-[h]->(d) WHERE h AFTER f AND h BEFORE g RETURN id(g), id(h)",
     ") AFTER f BEFORE g"},
    {"MATCH (a)-[f]->(b)-[g]->(c) WHERE g AFTER f OR g BEFORE f RETURN id(f), id(g)", ""},
    {"MATCH (a)-[f]->(b)-[g]->(c) WHERE g AFTER f WITHIN @P30D RETURN id(f), id(g)", ""},
    {"MATCH (a)-[f]->(b)-[g]->(c) WHERE g AFTER $t RETURN id(f), id(g)", ""},
    {"MATCH (a)-[f]->(b)-[g]->(c) WHERE NOT g AFTER f RETURN id(f), id(g)", ""},
    {"MATCH (a)-[f*1..2]->(b)-[g]->(c) WHERE g AFTER f[0] RETURN id(g)", ""},
    {"OPTIONAL MATCH (a)-[f:none]->(b) MATCH (c)-[g]->(d) WHERE g AFTER f RETURN id(g)", ""},
    {"MATCH (a)-[f:R]->(b) WITH $t AS f, b MATCH (b)-[g]->(c) WHERE g AFTER f RETURN g", ""},
};

// Statements that say the same, of which the second makes the executor read whole facts and keep a
// counter for each group: what it does for the first is quicker.
struct SameCase {
  const char* statement;
  const char* slower;
};
constexpr SameCase kSame[] = {
    {"MATCH ()-[:R]->(o) RETURN o, count(*)", "MATCH ()-[f:R]->(o) RETURN o, count(f)"},
    {"MATCH ()-[:R]->(o) AT $t RETURN o, count(*) AS n ORDER BY n DESC, id(o) LIMIT 3",
     "MATCH ()-[f:R]->(o) AT $t RETURN o, count(f) AS n ORDER BY n DESC, id(o) LIMIT 3"},
    {"MATCH ()-[:R]->(o) RETURN o, count(*) AS n, count(*) + 1 ORDER BY n, id(o) SKIP 1 LIMIT 2",
     "MATCH ()-[f:R]->(o) RETURN o, count(f) AS n, count(f) + 1 ORDER BY n, id(o) SKIP 1 LIMIT 2"},
    {"MATCH (a)-[:R|S]-(b) DURING $t RETURN a, count(*)",
     "MATCH (a)-[f:R|S]-(b) DURING $t RETURN a, count(f)"},
    {"MATCH (a)<-[]-() BEFORE $t RETURN a, count(*)",
     "MATCH (a)<-[f]-() BEFORE $t RETURN a, count(f)"},
    {"MATCH ()-[:.x]->(v) AFTER $t RETURN v, count(*)",
     "MATCH ()-[f:.x]->(v) AFTER $t RETURN v, count(f)"},
    {"UNWIND [$s, null, 7] AS x MATCH ()-[:S]-() RETURN x, count(*)",
     "UNWIND [$s, null, 7] AS x MATCH ()-[f:S]-() RETURN x, count(f)"},
    {"UNWIND [$s, null, 7, $o, null] AS x RETURN x, count(*)",
     "UNWIND [$s, null, 7, $o, null] AS x RETURN x, count(coalesce(x, 1))"},
    {"MATCH ()-[:R]->(o) WITH o, count(*) AS n RETURN n, count(*)",
     "MATCH ()-[f:R]->(o) WITH o, count(f) AS n RETURN n, count(n)"},
    {"MATCH (a)-[:S]-(b) RETURN a, b", "MATCH (a)-[f:S]-(b) WHERE id(f) >= 0 RETURN a, b"},
    {"MATCH (a)-[:.*]->(v) RETURN a, v", "MATCH (a)-[f:.*]->(v) WHERE id(f) >= 0 RETURN a, v"},
    {"MATCH (a)-[:R]->(a) RETURN a", "MATCH (a)-[f:R]->(a) WHERE id(f) >= 0 RETURN a"},
};

class RandomFacts {
 public:
  explicit RandomFacts(uint64_t seed) : random_(seed) {}

  uint64_t Draw(uint64_t bound) { return random_() % bound; }

  Period DrawPeriod() {
    constexpr Precision kPrecisions[] = {
        Precision::kMicrosecond, Precision::kSecond,  Precision::kDay,    Precision::kDay,
        Precision::kMonth,       Precision::kQuarter, Precision::kYear,   Precision::kDecade,
        Precision::kCentury,     Precision::kOpen,    Precision::kUnknown};
    const auto end = [&](Instant instant) {
      const Precision precision = kPrecisions[Draw(std::size(kPrecisions))];
      if (precision == Precision::kOpen) return Period::Always();
      if (precision == Precision::kUnknown) return Period::Unknown();
      return Period::Granule(instant, precision);
    };
    // Few days, so that many starts tie.
    const Instant start = (static_cast<Instant>(Draw(40)) * 97 - 1200) * kDay;
    const Period period =
        Period::Between(end(start), end(start + static_cast<Instant>(Draw(30)) * Draw(30) * kDay));
    return CheckPeriod(period).ok() ? period : Period::Granule(start, Precision::kDay);
  }

  // An event has no open ends.
  static void CloseEnds(Period* period) {
    for (Precision* precision : {&period->from_precision, &period->to_precision}) {
      if (*precision == Precision::kOpen) *precision = Precision::kUnknown;
    }
  }

  // Commits some facts and retracts some.
  void Change(Graph* graph) {
    const auto transaction = *graph->database().Begin();
    if (entities_.empty()) {
      for (int i = 0; i < 6; ++i) entities_.push_back(*transaction->CreateEntity());
      const LabelId label = *transaction->InternLabel("P");
      ASSERT_TRUE(transaction->AddLabel(entities_[0], label).ok());
      for (const char* name : {"R", "S", "T"}) {
        relations_.push_back(*transaction->InternRelation(name));
      }
      relations_.push_back(*transaction->InternAttribute("x"));
    }
    for (uint64_t i = Draw(30); i > 0; --i) {
      const uint64_t relation = Draw(relations_.size());
      FactDraft draft{.subject = DrawEntity(), .relation = relations_[relation]};
      draft.object = relation == 3 ? Value(static_cast<int64_t>(Draw(4))) : Value(DrawEntity());
      draft.valid = DrawPeriod();
      if (relation == 1) CloseEnds(&draft.valid);
      const auto fact = transaction->Assert(draft);
      ASSERT_TRUE(fact.ok()) << fact.status();
      versions_.push_back(fact->version);
    }
    for (uint64_t i = Draw(4); i > 0 && !versions_.empty(); --i) {
      ASSERT_TRUE(transaction->Retract(versions_[Draw(versions_.size())]).ok());
    }
    ASSERT_TRUE(transaction->Commit().ok());
    if (Draw(2) == 0) {
      ASSERT_TRUE(graph->database().Fold().ok());
    }
  }

  EntityId DrawEntity() { return entities_[Draw(entities_.size())]; }

  Parameters DrawParameters() {
    return {{"s", Value(DrawEntity())},
            {"o", Value(DrawEntity())},
            {"t", Value(DrawPeriod())},
            {"n", Value(static_cast<int64_t>(Draw(5)))}};
  }

 private:
  static constexpr Instant kDay = Instant{86400} * 1'000'000;

  std::mt19937_64 random_;
  std::vector<EntityId> entities_;
  std::vector<RelationId> relations_;
  std::vector<VersionId> versions_;
};

// Calls compare(graph, parameters) in some states of some graphs.
template <typename Compare>
void ForRandomGraphs(Compare compare) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  for (int world = 0; world < 8; ++world) {
    Graph graph;
    RandomFacts drawn(seed + static_cast<uint64_t>(world));
    // One relation matches both ways, and what is told of it happened at an instant.
    graph.Run("CREATE RELATION S (P) -> (P) EVENT SYMMETRIC");
    for (int change = 0; change < 4; ++change) {
      drawn.Change(&graph);
      const Parameters parameters = drawn.DrawParameters();
      SCOPED_TRACE(FormatValue(parameters.at("t")));
      compare(graph, parameters);
    }
  }
}

void ExpectSameAnswers(absl::Span<const PushedCase> cases) {
  ForRandomGraphs([&](Graph& graph, const Parameters& parameters) {
    for (const PushedCase& each : cases) {
      EXPECT_EQ(RowsBy(graph, each.statement, parameters, plan::Rules()),
                RowsBy(graph, each.statement, parameters, plan::Rules::None()))
          << each.statement;
    }
  });
}

void ExpectPlans(absl::Span<const PushedCase> cases) {
  Graph graph;
  for (const PushedCase& each : cases) {
    SCOPED_TRACE(each.statement);
    const auto plan = MakePlan(each.statement, graph.database(), plan::Rules());
    ASSERT_TRUE(plan.ok()) << plan.status();
    const std::string text = absl::StrJoin(plan::FormatPlan(*plan), "\n");
    if (each.shows[0] != '\0') {
      EXPECT_TRUE(absl::StrContains(text, each.shows)) << text;
      continue;
    }
    EXPECT_FALSE(absl::StrContains(text, "CountByStart")) << text;
    EXPECT_FALSE(absl::StrContains(text, "stops early")) << text;
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      if (!absl::StrContains(line, "Expand")) continue;
      for (const char* scope : {" AFTER ", " BEFORE ", " DURING ", " AT "}) {
        EXPECT_FALSE(absl::StrContains(line, scope)) << text;
      }
    }
  }
}

TEST(PushedPlanTest, CountsByStartAreThoseOfTheFacts) {
  ExpectSameAnswers(kCounts);
}
TEST(PushedPlanTest, FactsReadByStartRankAsAllOfThem) {
  ExpectSameAnswers(kRanks);
}
TEST(PushedPlanTest, TopListsReadByStartAreThoseOfAllFacts) {
  ExpectSameAnswers(kTops);
}
TEST(PushedPlanTest, FactsTestedAsTheyAreReadAreThoseOfTheConditions) {
  ExpectSameAnswers(kScopes);
}
TEST(PushedPlanTest, CountedNodesAreThoseOfTheFacts) {
  ForRandomGraphs([](Graph& graph, const Parameters& parameters) {
    for (const SameCase& each : kSame) {
      EXPECT_EQ(RowsBy(graph, each.statement, parameters, plan::Rules()),
                RowsBy(graph, each.slower, parameters, plan::Rules::None()))
          << each.statement;
    }
  });
}
TEST(PushedPlanTest, APlanShowsWhatTheEngineCounts) {
  ExpectPlans(kCounts);
}
TEST(PushedPlanTest, APlanShowsWhatIsReadByStart) {
  ExpectPlans(kRanks);
}
TEST(PushedPlanTest, APlanShowsWhichTopListIsReadByStart) {
  ExpectPlans(kTops);
}
TEST(PushedPlanTest, APlanShowsWhatIsTestedAsItIsRead) {
  ExpectPlans(kScopes);
}

// A statement that writes shows facts as it has changed them, which the engine does not count.
TEST(PushedPlanTest, AStatementThatWritesReadsEveryFact) {
  Graph graph;
  graph.Run("CREATE (:P)-[:R]->(:P)");
  const auto plan = MakePlan(
      "MATCH (a:P) SET a.x = 1 WITH count(*) AS n MATCH ()-[f:R]->() "
      "RETURN count(*)",
      graph.database(), plan::Rules());
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_FALSE(absl::StrContains(absl::StrJoin(plan::FormatPlan(*plan), "\n"), "CountByStart"));
}

}  // namespace
}  // namespace fasti
