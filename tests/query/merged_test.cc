#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/database.h"
#include "fasti/session.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What a query sees of entities that were merged, on each way by which it may get to them.

namespace fasti {
namespace {

constexpr Instant kDay = Instant{86'400} * 1'000'000;

class MergedQueryTest : public ::testing::Test {
 protected:
  MergedQueryTest() {
    Options options;
    options.clock = [this] { return now_; };
    database_ = *Database::Open(":memory:", options);
    session_ = std::make_unique<Session>(*database_);
    Run("CREATE (f:Company {name: 'Facebook'}), (m:Company:Public {name: 'Meta'}), "
        "(i:App {name: 'Instagram'}), (s:Company {name: 'Scale'}), (z:Person {name: 'Mark'}), "
        "(f)-[:OWNS]->(i), (m)-[:OWNS]->(s), (z)-[:LEADS]->(f), (z)-[:FOUNDED]->(f), "
        "(m)-[:RENAMED]->(f), (s)-[:SUES]->(m)");
    now_ += kDay;
    before_ = now_;
    now_ += kDay;
    auto transaction = *database_->Begin();
    const auto number = [&](const char* name) {
      return transaction->view().EntitiesNamed(name)->front();
    };
    const auto merge =
        transaction->Merge(number("Meta"), number("Facebook"), 10'000 * kDay, kInstantMax, "");
    EXPECT_TRUE(merge.ok()) << merge.status();
    if (merge.ok()) merge_ = merge->version;
    EXPECT_TRUE(transaction->Commit().ok());
    now_ += kDay;
  }

  // Rows as text, in their order: "a, b; c, d".
  std::string Run(const std::string& statement) {
    auto result = session_->Run(statement, {}, {});
    EXPECT_TRUE(result.ok()) << statement << ": " << result.status();
    if (!result.ok()) return "";
    std::vector<std::string> rows;
    std::vector<Value> row;
    while (true) {
      const absl::StatusOr<bool> more = (*result)->Next(&row);
      EXPECT_TRUE(more.ok()) << statement << ": " << more.status();
      if (!more.ok() || !*more) break;
      rows.push_back(absl::StrJoin(row, ", ", [](std::string* out, const Value& value) {
        absl::StrAppend(out, FormatValue(value));
      }));
    }
    return absl::StrJoin(rows, "; ");
  }

  Instant now_ = 20'000 * kDay;
  Instant before_ = 0;
  VersionId merge_ = VersionId::kNone;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
};

struct Case {
  const char* statement;
  const char* rows;
};

constexpr Case kCases[] = {
    {"MATCH (n:Company) RETURN count(n)", "2"},
    {"MATCH (n) RETURN count(n)", "4"},
    {"MATCH (n:Public) RETURN size(labels(n)), 'Company' IN labels(n)", "2, true"},
    // By the value of either in the map of a pattern, by any name with entity().
    {"MATCH (n {name: 'Facebook'})-[:OWNS]->(o) RETURN o.name ORDER BY o.name",
     "'Instagram'; 'Scale'"},
    {"MATCH (n:Company {name: 'Meta'})-[:OWNS]->(o) RETURN o.name ORDER BY o.name",
     "'Instagram'; 'Scale'"},
    {"RETURN entity('facebook') = entity('meta')", "true"},
    {"MATCH (n:Company) WHERE n.name = 'Meta' RETURN size(merged(n))", "2"},
    {"MATCH (n:App) RETURN merged(n)", "[]"},
    // From a relation, from either end, both ways, with both ends bound.
    {"MATCH (n)-[:OWNS]->() RETURN count(DISTINCT n), count(*)", "1, 2"},
    {"MATCH (:App)<-[:OWNS]-(n)-[:OWNS]->(s:Company) RETURN s.name", "'Scale'"},
    {"MATCH (n {name: 'Meta'})--(o) RETURN count(*)", "6"},
    {"MATCH (n)-[r:RENAMED]->(n) RETURN count(*)", "1"},
    {"MATCH (n {name: 'Meta'})-[r:RENAMED]-(n) RETURN count(*)", "1"},
    {"MATCH (s {name: 'Scale'}), (m {name: 'Facebook'}) MATCH (s)-[r]-(m) RETURN count(r)", "2"},
    {"MATCH ()-[r:SUES]->() MATCH (a)-[r]->(b) RETURN a.name, b = entity('Facebook')",
     "'Scale', true"},
    {"MATCH (a)-[r:SUES]->(b) RETURN startNode(r) = a, endNode(r) = b", "true, true"},
    // Paths.
    {"MATCH (z:Person)-[:LEADS]->()-[:OWNS]->(s {name: 'Scale'}) RETURN z.name", "'Mark'"},
    {"MATCH p = (z:Person)-[*1..3]->(s {name: 'Scale'}) RETURN count(p)", "4"},
    {"MATCH p = ANY SHORTEST (z:Person)-[*1..4]->(s {name: 'Scale'}) RETURN length(p)", "2"},
    {"MATCH (a {name: 'Meta'})-[:OWNS*1..2]->(b) RETURN count(b)", "2"},
    // Groups.
    {"MATCH (n)-[:OWNS]->(o) RETURN id(n) = id(entity('Meta')), count(o)", "true, 2"},
    {"MATCH ()-[r]->(o) WITH o, count(r) AS c WHERE c > 2 RETURN o = entity('Meta'), c", "true, 4"},
    {"MATCH (n:Company) WHERE EXISTS { (n)-[:OWNS]->(:App) } RETURN count(n)", "1"},
    // Before anybody knew.
    {"MATCH (n:Company) AS OF @1990 RETURN count(n)", "3"},
    {"MATCH (n {name: 'Facebook'})-[:OWNS]->(o) AS OF @1990 RETURN o.name", "'Instagram'"},
    {"MATCH (n {name: 'Meta'}) AS OF @1990 RETURN size(labels(n)), size(merged(n))", "2, 0"},
    {"MATCH (n:Public) AS OF @1990 MATCH (n)-[:OWNS]->(o) RETURN count(o)", "2"},
    {"MATCH (n:Public) AS OF @1990 MATCH (z:Person)-[:LEADS]->(n) RETURN z.name", "'Mark'"},
    {"MATCH (n:Public) AS OF @1990 MATCH (z:Person)-[*2..2]->(n) RETURN count(*)", "2"},
    {"MATCH (n)-[:OWNS]->(o) AS OF @1990 WHERE n = entity('Meta') RETURN o.name", "'Scale'"},
    // What was bound in one view is taken for what it is in another.
    {"MATCH (n:Public) AS OF @1990 MATCH p = (n)-[:OWNS]->(:App) RETURN [x IN nodes(p) | x.name]",
     "['Meta', 'Instagram']"},
    {"MATCH (n:Public) AS OF @1990 MATCH p = (:Person)-[:LEADS]->(n) "
     "RETURN [x IN nodes(p) | x.name]",
     "['Mark', 'Meta']"},
    {"MATCH (n:Public) AS OF @1990 MATCH p = (n)-[:OWNS*1..2]->(:App) RETURN id(nodes(p)[0]) = "
     "id(startNode(relationships(p)[0]))",
     "true"},
    {"MATCH ({name: 'Meta'})-[r:OWNS]->(:App) MATCH (a)-[r]->() AS OF @1990 RETURN a.name",
     "'Facebook'"},
    {"MATCH (n {name: 'Meta'})-[r:OWNS]->(:Company) MATCH (n)-[r]->(b) AS OF @1990 RETURN b.name",
     ""},
    {"MATCH (n:Public)-[r:OWNS]->() AS OF @1990 MATCH (n)-[r]->(b) RETURN b.name", "'Scale'"},
    {"MATCH (z:Person)-[r:LEADS]->() MATCH (n:Public) AS OF @1990 MATCH (z)-[r]->(n) "
     "RETURN z.name",
     "'Mark'"},
};

TEST_F(MergedQueryTest, TheyAreOneNodeOnEveryWayToThem) {
  for (const Case& each : kCases) EXPECT_EQ(Run(each.statement), each.rows) << each.statement;
}

TEST_F(MergedQueryTest, BeforeTheMergeWasRecordedThereWereTwo) {
  const std::string then = absl::StrCat(
      " AS RECORDED @", FormatValue(Value(Period::Granule(before_, Precision::kDay))), " ");
  EXPECT_EQ(Run(absl::StrCat("MATCH (n:Company)", then, "RETURN count(n)")), "3");
  EXPECT_EQ(Run(absl::StrCat("MATCH (n {name: 'Meta'})-[:OWNS]->(o)", then, "RETURN o.name")),
            "'Scale'");
}

TEST_F(MergedQueryTest, AFactThatWasReadWhileTheyWereOneIsWrittenWhereItIsStored) {
  const std::string then = absl::StrCat(
      " AS RECORDED @", FormatValue(Value(Period::Granule(now_, Precision::kDay))), " ");
  now_ += 2 * kDay;
  auto transaction = *database_->Begin();
  ASSERT_TRUE(transaction->Retract(merge_).ok());
  ASSERT_TRUE(transaction->Commit().ok());
  now_ += 2 * kDay;
  EXPECT_EQ(Run("MATCH (n:Company) RETURN count(n)"), "3");
  Run(absl::StrCat("MATCH ({name: 'Facebook'})-[r:OWNS]->(:Company)", then, "SET r.since = 2021"));
  EXPECT_EQ(Run("MATCH (n)-[r:OWNS {since: 2021}]->(o) RETURN n.name, o.name"), "'Meta', 'Scale'");
}

TEST_F(MergedQueryTest, WhatIsWrittenToTheNodeIsWrittenToAllThatItIs) {
  EXPECT_EQ(Run("MERGE (n:Company {name: 'Facebook'}) SET n:Listed RETURN size(merged(n))"), "2");
  EXPECT_EQ(Run("MATCH (n:Listed) RETURN count(n)"), "1");
  Run("MATCH (n {name: 'Facebook'}) SET n.name = 'Meta Platforms' REMOVE n:Public");
  EXPECT_EQ(Run("MATCH (n:Company)-[:OWNS]->() RETURN DISTINCT n.name, 'Public' IN labels(n)"),
            "'Meta Platforms', false");
  EXPECT_EQ(Run("MATCH (n {name: 'Facebook'}) RETURN count(n)"), "0");
  Run("MATCH (:Company {name: 'Scale'})-[r:SUES]->() DELETE r");
  EXPECT_EQ(Run("MATCH ()-[r:SUES]->() RETURN count(r)"), "0");
  Run("MATCH (n {name: 'Meta Platforms'})-[r:OWNS]->(:Company) SET r.since = 2021");
  EXPECT_EQ(Run("MATCH ()-[r:OWNS]->(:Company) RETURN r.since, id(startNode(r)) = "
                "id(entity('Meta Platforms'))"),
            "2021, true");
  Run("MATCH (n {name: 'Meta Platforms'}) DETACH DELETE n");
  EXPECT_EQ(Run("MATCH (n) RETURN count(n)"), "3");
  EXPECT_EQ(Run("MATCH ()-[r]->() RETURN count(r)"), "0");
}

}  // namespace
}  // namespace fasti
