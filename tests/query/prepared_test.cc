#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fasti/session.h"
#include "gtest/gtest.h"
#include "tests/query/session_harness.h"

// A prepared statement keeps its built operators for the next run.  Nobody must be able to tell.

namespace fasti {
namespace {

using test::Graph;
using Rows = Graph::Rows;

// At least one of every operator that can be kept, also those inside of others.
constexpr const char* kStatements[] = {
    "MATCH (n:P) RETURN n.name ORDER BY n.name",
    "MATCH (n {name: $name}) RETURN n.name, labels(n)",
    "MATCH (n)-[f:KNOWS]->(m) RETURN n.name, m.name ORDER BY n.name, m.name",
    "MATCH ()-[f:KNOWS]->(m) AT $day RETURN m.name AS m, count(*) AS n ORDER BY n DESC, m LIMIT 2",
    "MATCH (n:P) OPTIONAL MATCH (n)-[:LIKES]->(m) RETURN n.name, m.name ORDER BY n.name, m.name",
    "MATCH (n)-[:KNOWS*1..3]->(m) RETURN n.name, m.name, count(*) ORDER BY n.name, m.name",
    "MATCH (n:P) MATCH LAST (n)-[f:KNOWS]->(m) RETURN n.name, m.name ORDER BY n.name, m.name",
    "MATCH p = ANY SHORTEST (n)-[:KNOWS*1..3]->(m) RETURN n.name, m.name, length(p) "
    "ORDER BY n.name, m.name",
    "MATCH (n:P) WHERE EXISTS { (n)-[:LIKES]->() } RETURN n.name ORDER BY n.name",
    "MATCH (n:P) RETURN n.name, [(n)-[:KNOWS]->(m) | m.name] ORDER BY n.name",
    "MATCH (n)-[f:KNOWS]->(m) WITH n, f, m MATCH (n)-[f]->(m) RETURN n.name, m.name "
    "ORDER BY n.name, m.name",
    "UNWIND [3, 1, 2, 1] AS i WITH DISTINCT i ORDER BY i SKIP 1 RETURN i",
    "UNWIND $list AS i RETURN i, sum(i) OVER (ORDER BY i) ORDER BY i",
    "MATCH (n:P) RETURN n.name AS x UNION MATCH (n:P)-[:LIKES]->(m) RETURN m.name AS x",
    "RETURN [x IN $list WHERE x > 1 | x * 2]",
    "UNWIND $list AS i RETURN 6 / (i - 2)",  // fails
};

const Parameters kParameters = {
    {"name", Value("a")},
    {"day", Value(Date{20000})},
    {"list", Value(List{Value(3), Value(1), Value(2)})},
};

void Fill(Graph* graph) {
  for (const char* statement :
       {"CREATE (:P {name: 'a'}), (:P {name: 'b'}), (:P {name: 'c'}), (:P {name: 'd'})",
        "MATCH (a {name: 'a'}), (b {name: 'b'}), (c {name: 'c'}) CREATE (a)-[:KNOWS]->(b), "
        "(a)-[:KNOWS]->(c), (b)-[:KNOWS]->(c), (c)-[:LIKES]->(a)"}) {
    ASSERT_EQ(graph->Run(statement), Rows());
  }
}

// A random change of what the statements read.
void Change(std::mt19937_64* random, Graph* graph) {
  const auto name = [&] { return std::string(1, static_cast<char>('a' + (*random)() % 4)); };
  const char* const relation = (*random)() % 2 == 0 ? "KNOWS" : "LIKES";
  const std::string ends = absl::StrCat("MATCH (x {name: '", name(), "'}), (y {name: '", name(),
                                        "'}) WITH x, y LIMIT 1 ");
  if ((*random)() % 3 == 0) {
    graph->Run(absl::StrCat("MATCH ({name: '", name(), "'})-[f:", relation, "]->() DELETE f"));
  } else {
    graph->Run(absl::StrCat(ends, "CREATE (x)-[:", relation, "]->(y)"));
  }
  if ((*random)() % 4 == 0) {
    ASSERT_TRUE(graph->database().Fold().ok());
  }
}

// A statement that is planned anew may yield the rows in another order where none is asked for.
Rows Sorted(Rows rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

TEST(PreparedTest, ARunAnswersAsTheFirstOneWould) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  Graph graph;
  Fill(&graph);
  std::vector<std::unique_ptr<Prepared>> prepared;
  for (const char* statement : kStatements) {
    auto one = graph.session().Prepare(statement);
    ASSERT_TRUE(one.ok()) << statement << ": " << one.status();
    prepared.push_back(*std::move(one));
  }
  for (int round = 0; round < 12; ++round) {
    for (size_t i = 0; i < prepared.size(); ++i) {
      SCOPED_TRACE(kStatements[i]);
      if (random() % 3 == 0) {  // a run that is given up after a row
        const auto result = prepared[i]->Run(kParameters, {});
        ASSERT_TRUE(result.ok()) << result.status();
        std::vector<Value> row;
        (*result)->Next(&row).IgnoreError();
      }
      EXPECT_EQ(Sorted(graph.RowsOf(prepared[i]->Run(kParameters, {}))),
                Sorted(graph.Run(kStatements[i], kParameters)));
    }
    Change(&random, &graph);
  }
}

// A result reuses what the row before left, unless somebody still has it.
TEST(PreparedTest, WhatACallerKeepsOfARowStaysAsItWas) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  Graph graph;
  Fill(&graph);
  ASSERT_EQ(graph.Run("UNWIND range(1, 100) AS i MATCH (n {name: 'a'}) CREATE (n)-[:KNOWS]->(n)"),
            Rows());
  const auto result = graph.session().Run("MATCH ()-[f]->() RETURN f, f AS g", {}, {});
  ASSERT_TRUE(result.ok()) << result.status();
  std::vector<std::pair<Value, VersionId>> kept;
  std::vector<VersionId> seen;
  std::vector<Value> row;
  while (*(*result)->Next(&row)) {
    ASSERT_EQ(row.size(), 2);
    ASSERT_EQ(row[0].as_fact()->version, row[1].as_fact()->version);
    seen.push_back(row[0].as_fact()->version);
    switch (random() % 5) {
      case 0:
        kept.emplace_back(row[random() % 2], seen.back());
        break;
      case 1:
        kept.emplace_back(Value(row[0].as_fact()), seen.back());
        row.clear();
        break;
      case 2:
        std::swap(row[0], row[1]);
        break;
      case 3:
        kept.emplace_back(std::move(row[1]), seen.back());
        row[0] = Value(1);
        break;
      default:
        break;
    }
  }
  for (const auto& [value, version] : kept) EXPECT_EQ(value.as_fact()->version, version);
  EXPECT_EQ(seen.size(), 104);
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

TEST(PreparedTest, AnIdleStatementHoldsNothingOfTheDatabase) {
  for (const char* statement : kStatements) {
    SCOPED_TRACE(statement);
    Graph graph;
    Fill(&graph);
    const auto prepared = *graph.session().Prepare(statement);
    for (int rows_max = 0; rows_max < 3; ++rows_max) {
      const auto result = prepared->Run(kParameters, {});
      ASSERT_TRUE(result.ok()) << result.status();
      std::vector<Value> row;
      for (int i = 0; i < rows_max; ++i) (*result)->Next(&row).IgnoreError();
    }
    // It refuses while anybody reads.
    EXPECT_TRUE(graph.database().Close().ok());
  }
}

TEST(PreparedTest, EveryRunHasItsOwnLimits) {
  Graph graph;
  const auto prepared = *graph.session().Prepare("UNWIND range(1, 5000) AS i RETURN DISTINCT i");
  RunOptions narrow;
  narrow.limits.memory_bytes = 100'000;
  for (int run = 0; run < 3; ++run) {
    EXPECT_EQ(graph.RowsOf(prepared->Run({}, narrow)).back(), "LimitError.Memory 0:0");
    EXPECT_EQ(graph.RowsOf(prepared->Run({}, {})).size(), 5000u);
  }
}

TEST(PreparedTest, SeveralThreadsMayRunOneStatement) {
  Graph graph;
  Fill(&graph);
  const auto prepared = *graph.session().Prepare("MATCH (n:P) WHERE n.name <> $not RETURN n.name");
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&prepared, i] {
      const std::string left_out(1, static_cast<char>('a' + i % 4));
      std::vector<Value> row;
      for (int run = 0; run < 50; ++run) {
        const auto result = prepared->Run({{"not", Value(left_out)}}, {});
        ASSERT_TRUE(result.ok()) << result.status();
        int rows = 0;
        while (true) {
          const auto more = (*result)->Next(&row);
          ASSERT_TRUE(more.ok()) << more.status();
          if (!*more) break;
          EXPECT_NE(row[0].as_string(), left_out);
          ++rows;
        }
        EXPECT_EQ(rows, 3);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(PreparedTest, LimitKeepsTheFirstRowsOfTheWholeOrder) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  Graph graph;
  const std::string order = "UNWIND $list AS i RETURN i, i % 3 ORDER BY i % 3 DESC";
  const auto all = *graph.session().Prepare(order);
  const auto some = *graph.session().Prepare(order + " SKIP $skip LIMIT $limit");
  for (int round = 0; round < 100; ++round) {
    List list;
    for (uint64_t i = random() % 30; i > 0; --i) {
      list.emplace_back(static_cast<int64_t>(random() % 20));
    }
    const size_t skip = random() % 4;
    const size_t limit = random() % 12;
    Rows expected = graph.RowsOf(all->Run({{"list", Value(list)}}, {}));
    expected.erase(expected.begin(),
                   expected.begin() + static_cast<ptrdiff_t>(std::min(skip, expected.size())));
    expected.resize(std::min(limit, expected.size()));
    EXPECT_EQ(graph.RowsOf(some->Run({{"list", Value(list)},
                                      {"skip", Value(static_cast<int64_t>(skip))},
                                      {"limit", Value(static_cast<int64_t>(limit))}},
                                     {})),
              expected);
  }
}

}  // namespace
}  // namespace fasti
