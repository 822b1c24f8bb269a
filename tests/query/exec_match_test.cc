#include <map>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "session_harness.h"

namespace fasti {
namespace {

using ::testing::ElementsAre;

// A graph of which everything is known, small enough to try every assignment.
struct Model {
  struct Edge {
    int from, to;
    char type;
  };
  std::vector<char> labels;
  std::vector<Edge> edges;
};

// (v0:A)-[:R]->(v1)...: a chain whose nodes may be the same variable.
struct Chain {
  struct Step {
    char direction;  // '>', '<' or '-'
    char type;       // ' ' for any
    bool walk;       // *1..2
  };
  std::vector<int> variables;  // per position
  std::vector<char> labels;    // per position, ' ' for any
  std::vector<Step> steps;

  std::string Text() const {
    std::string text;
    for (size_t i = 0; i < variables.size(); ++i) {
      if (i > 0) {
        const Step& step = steps[i - 1];
        const std::string type = step.type == ' ' ? "" : std::string(":") + step.type;
        absl::StrAppend(&text, step.direction == '<' ? "<-[" : "-[", type, step.walk ? "*1..2" : "",
                        step.direction == '>' ? "]->" : "]-");
      }
      absl::StrAppend(&text, "(v", variables[i],
                      labels[i] == ' ' ? "" : std::string(":") + labels[i], ")");
    }
    return text;
  }
};

// Counts the assignments by trying all of them.
class NaiveCount {
 public:
  NaiveCount(const Model& model, const Chain& chain)
      : model_(model), chain_(chain), used_(model.edges.size()) {}

  int Run() {
    int count = 0;
    for (size_t node = 0; node < model_.labels.size(); ++node) {
      count += AtNode(0, static_cast<int>(node));
    }
    return count;
  }

 private:
  int AtNode(size_t position, int node) {
    if (chain_.labels[position] != ' ' && chain_.labels[position] != model_.labels[node]) return 0;
    const int variable = chain_.variables[position];
    const auto known = bound_.find(variable);
    if (known != bound_.end() && known->second != node) return 0;
    const bool is_new = known == bound_.end();
    if (is_new) bound_[variable] = node;
    int count = position + 1 == chain_.variables.size() ? 1 : Follow(position, node, 1);
    if (is_new) bound_.erase(variable);
    return count;
  }

  int Follow(size_t position, int node, int hop) {
    const Chain::Step& step = chain_.steps[position];
    int count = 0;
    for (size_t e = 0; e < model_.edges.size(); ++e) {
      const Model::Edge& edge = model_.edges[e];
      if (used_[e] || (step.type != ' ' && step.type != edge.type)) continue;
      const bool is_loop = edge.from == edge.to;
      for (bool forward : {true, false}) {
        if (forward ? step.direction == '<' : step.direction == '>') continue;
        if ((forward ? edge.from : edge.to) != node) continue;
        if (!forward && is_loop && step.direction == '-') continue;  // the same match again
        const int next = forward ? edge.to : edge.from;
        used_[e] = true;
        count += AtNode(position + 1, next);
        if (step.walk && hop < 2) count += Follow(position, next, hop + 1);
        used_[e] = false;
      }
    }
    return count;
  }

  const Model& model_;
  const Chain& chain_;
  std::vector<bool> used_;
  std::map<int, int> bound_;
};

TEST(ExecMatchTest, RandomPatternsFindWhatTryingEverythingFinds) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 6; ++round) {
    Model model;
    test::Graph graph;
    std::string create;
    for (int i = 0; i < 6; ++i) {
      model.labels.push_back("AB"[below(2)]);
      absl::StrAppend(&create, i == 0 ? "CREATE " : ", ", "(n", i, ":",
                      std::string(1, model.labels[i]), ")");
    }
    for (int i = 0; i < 10; ++i) {
      model.edges.push_back({below(6), below(6), "RS"[below(2)]});
      const Model::Edge& edge = model.edges.back();
      absl::StrAppend(&create, ", (n", edge.from, ")-[:", std::string(1, edge.type), "]->(n",
                      edge.to, ")");
    }
    graph.Run(create);
    for (int query = 0; query < 15; ++query) {
      Chain chain;
      const int length = 1 + below(4);
      for (int i = 0; i < length; ++i) {
        chain.variables.push_back(below(4) == 0 ? below(i + 1) : i);
        chain.labels.push_back(" AB "[below(4)]);
        if (i > 0) chain.steps.push_back({"><-"[below(3)], " RS"[below(3)], below(4) == 0});
      }
      const std::string text = absl::StrCat("MATCH ", chain.Text(), " RETURN count(*)");
      EXPECT_THAT(graph.Run(text), ElementsAre(absl::StrCat(NaiveCount(model, chain).Run())))
          << text << "\n"
          << create;
    }
  }
}

struct Case {
  const char* text;
  std::vector<std::string> rows;
};

// Within one MATCH no relationship stands for two, also where both were found before.
TEST(ExecMatchTest, RelationshipsThatAreBoundAlreadyDifferFromEachOther) {
  test::Graph graph;
  graph.Run("CREATE (:A)-[:R]->(:B)-[:R]->(:C)");
  const Case cases[] = {
      {"MATCH ()-[f]->() MATCH ()-[g]->() MATCH ()-[f]->(), ()-[g]->() RETURN count(*)", {"2"}},
      {"MATCH ()-[f]->() MATCH ()-[g]->() MATCH ()-[f]->() MATCH ()-[g]->() RETURN count(*)",
       {"4"}},
      {"MATCH ()-[fs*2]->() MATCH ()-[g]->() MATCH ()-[fs*2]->(), ()-[g]->() RETURN count(*)",
       {"0"}},
      {"MATCH ()-[f]->() MATCH ()-[fs*1..2]->() MATCH ()-[f]->(), ()-[fs*1..2]->() "
       "RETURN count(*)",
       {"2"}},
      {"MATCH (:A)-[f]->() MATCH ()-[f]->()-[g]->(c) RETURN labels(c)", {"['C']"}},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(graph.Run(c.text), ::testing::ElementsAreArray(c.rows)) << c.text;
  }
}

TEST(ExecMatchTest, FunctionsOverRowsFollowSql) {
  test::Graph graph;
  const Case cases[] = {
      {"UNWIND [3, 1, 2] AS x RETURN x, row_number() OVER (ORDER BY x) AS n ORDER BY x",
       {"1 | 1", "2 | 2", "3 | 3"}},
      {"UNWIND [1, 2, 4] AS x RETURN x - lag(x) OVER (ORDER BY x) AS d ORDER BY x",
       {"null", "1", "2"}},
      {"UNWIND [1, 2, 3, 4] AS x RETURN sum(x) OVER (ORDER BY x ROWS 1 PRECEDING) AS s ORDER BY x",
       {"1", "3", "5", "7"}},
      {"UNWIND [1, 2, 2, 3] AS x RETURN sum(x) OVER (ORDER BY x) AS s ORDER BY x",
       {"1", "5", "5", "8"}},
      {"UNWIND [1, 2, 3, 4] AS x RETURN x % 2 AS p, max(x) OVER (PARTITION BY x % 2) AS m "
       "ORDER BY p, x",
       {"0 | 4", "0 | 4", "1 | 3", "1 | 3"}},
      {"UNWIND [1, 1, 2] AS x RETURN x, count(*) AS c, sum(count(*)) OVER () AS t ORDER BY x",
       {"1 | 2 | 3", "2 | 1 | 3"}},
      {"UNWIND [@2025-01-01, @2025-01-20, @2025-02-15] AS d "
       "RETURN count(d) OVER (ORDER BY d RANGE @P30D PRECEDING) AS c ORDER BY d",
       {"1", "2", "2"}},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(graph.Run(c.text), ::testing::ElementsAreArray(c.rows)) << c.text;
  }
}

TEST(ExecMatchTest, SortKeepsOnlyWhatALimitLetsThrough) {
  test::Graph graph;
  EXPECT_THAT(
      graph.Run("UNWIND range(1, 20000) AS x WITH x ORDER BY x % 7919, x DESC SKIP 1 LIMIT 3 "
                "RETURN x"),
      ElementsAre("7919", "15839", "7920"));
}

}  // namespace
}  // namespace fasti
