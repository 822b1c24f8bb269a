#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "tests/engine/canonical_dump.h"

namespace fasti {
namespace {

using testing::Dump;

// One relation of each sort.
std::vector<RelationInfo> Vocabulary() {
  std::vector<RelationInfo> relations(6);
  relations[0].name = "buys";
  relations[0].kind = RelationKind::kEvent;
  relations[0].merge_window_days = 3;
  relations[1].name = "partners";
  relations[1].kind = RelationKind::kEvent;
  relations[1].symmetric = true;
  relations[1].policy = Policy::kMajority;
  relations[2].name = "chief";
  relations[2].kind = RelationKind::kState;
  relations[2].functional = true;
  relations[3].name = "works_at";
  relations[3].kind = RelationKind::kState;
  relations[3].inverse = "employs";
  relations[3].key_qualifiers = {"role"};
  relations[4].name = "revenue";
  relations[4].is_attribute = true;
  relations[4].kind = RelationKind::kMetric;
  relations[5].name = "staff";
  relations[5].is_attribute = true;
  relations[5].kind = RelationKind::kMetric;
  relations[5].policy = Policy::kMedian;
  return relations;
}

std::unique_ptr<Database> NewDatabase() {
  Options options;
  options.background_fold = false;
  options.clock = [] { return int64_t{1'800'000'000'000'000}; };  // 2027
  absl::StatusOr<std::unique_ptr<Database>> database = Database::Open(":memory:", options);
  EXPECT_TRUE(database.ok()) << database.status();
  absl::StatusOr<std::unique_ptr<Transaction>> transaction = (*database)->Begin();
  EXPECT_TRUE(transaction.ok()) << transaction.status();
  for (const RelationInfo& relation : Vocabulary()) {
    const absl::Status status = (*transaction)->DeclareRelation(relation);
    EXPECT_TRUE(status.ok()) << status;
  }
  EXPECT_TRUE((*transaction)->Commit().ok());
  return *std::move(database);
}

// Reports over few entities, times and figures, so that they join, contradict and tie often.
class RandomReports {
 public:
  explicit RandomReports(unsigned seed) : random_(seed) {}

  std::vector<Report> Next(int count) {
    std::vector<Report> reports;
    for (int i = 0; i < count; ++i) reports.push_back(NextReport(i));
    return reports;
  }

  template <typename T>
  void Shuffle(std::vector<T>* values) {
    std::shuffle(values->begin(), values->end(), random_);
  }

  int Pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

 private:
  Report NextReport(int number) {
    static constexpr const char* kDates[] = {"2024", "2025-01", "2025-01-15", "2025-06",
                                             "2025-08-20"};
    Report report;
    report.source.key = absl::StrCat("https://news.example/", number);
    (Pick(2) == 0 ? report.source.published : report.source.report_date) =
        *ParsePeriod(kDates[Pick(5)]);
    for (int i = 1 + Pick(4); i > 0; --i) report.statements.push_back(NextStatement());
    return report;
  }

  Statement NextStatement() {
    static constexpr const char* kTimes[] = {"2024",       "2024-H1", "2024-03-05", "2024-03-07",
                                             "2024-05-06", "2020..?", "?..2024",    "2023-05..?"};
    static constexpr const char* kRelations[] = {"buys",    "partners", "chief", "works_at",
                                                 "employs", "revenue",  "staff"};
    static constexpr const char* kNames[] = {"Ann", "Bòb", "bob", "Cid"};
    Statement statement;
    statement.relation = kRelations[Pick(7)];
    statement.subject.name = kNames[Pick(4)];
    if (statement.relation == "revenue" || statement.relation == "staff") {
      statement.object = Value(Quantity::Range(1 + Pick(3), 4, "USD"));
    } else {
      statement.object = EntityName{kNames[Pick(4)], "", {}};
    }
    if (Pick(3) != 0) statement.valid = *ParsePeriod(kTimes[Pick(8)]);
    if (Pick(2) == 0) statement.qualifiers["role"] = Value(Pick(2) == 0 ? "head" : "analyst");
    if (Pick(2) == 0) {
      statement.qualifiers["amount"] = Value(Quantity::Exactly(1 + Pick(2), "USD"));
    }
    statement.modality = static_cast<Modality>(Pick(6) == 0 ? 4 : Pick(4));
    statement.stance = Pick(8) == 0 ? Stance::kDenies : Stance::kSupports;
    statement.confidence = Pick(2) == 0 ? 0.5 : 1.0;
    statement.text = absl::StrCat("sentence ", Pick(3));
    return statement;
  }

  std::mt19937 random_;
};

absl::Status Load(const std::vector<Report>& reports, Database* database) {
  for (const Report& report : reports) {
    const absl::StatusOr<ReportSummary> summary = database->Report(report);
    if (!summary.ok()) return summary.status();
    if (!summary->ambiguous.empty()) return absl::InternalError("an ambiguous name");
  }
  return absl::OkStatus();
}

class ReportOrderTest : public ::testing::Test {
 protected:
  ReportOrderTest() : seed_(std::random_device()()), random_(seed_) {}

  const unsigned seed_;
  RandomReports random_;
};

TEST_F(ReportOrderTest, AnyOrderOfLoadingGivesTheSameFacts) {
  SCOPED_TRACE(::testing::Message() << "seed " << seed_);
  for (int i = 0; i < 15; ++i) {
    std::vector<Report> reports = random_.Next(12);
    const std::unique_ptr<Database> first = NewDatabase();
    ASSERT_EQ(Load(reports, first.get()), absl::OkStatus());
    const std::string expected = Dump(*first->GetSnapshot());
    ASSERT_FALSE(expected.empty());

    random_.Shuffle(&reports);
    for (Report& report : reports) random_.Shuffle(&report.statements);
    const std::unique_ptr<Database> second = NewDatabase();
    ASSERT_EQ(Load(reports, second.get()), absl::OkStatus());
    ASSERT_EQ(Dump(*second->GetSnapshot()), expected) << "case " << i;
  }
}

TEST_F(ReportOrderTest, ReportingAgainAddsNothing) {
  SCOPED_TRACE(::testing::Message() << "seed " << seed_);
  for (int i = 0; i < 5; ++i) {
    const std::vector<Report> reports = random_.Next(12);
    const std::unique_ptr<Database> database = NewDatabase();
    ASSERT_EQ(Load(reports, database.get()), absl::OkStatus());
    const std::string expected = Dump(*database->GetSnapshot());
    const uint64_t rows = database->Statistics().at("rows");
    for (const Report& report : reports) {
      const absl::StatusOr<ReportSummary> summary = database->Report(report);
      ASSERT_TRUE(summary.ok()) << summary.status();
      EXPECT_EQ(summary->claims_added, 0);
      EXPECT_EQ(summary->entities_created, 0);
      for (const StatementOutcome& outcome : summary->outcomes) EXPECT_TRUE(outcome.repeated);
    }
    EXPECT_EQ(Dump(*database->GetSnapshot()), expected);
    EXPECT_EQ(database->Statistics().at("rows"), rows);
  }
}

TEST_F(ReportOrderTest, RetractingASourceIsNeverHavingHeardIt) {
  SCOPED_TRACE(::testing::Message() << "seed " << seed_);
  for (int i = 0; i < 10; ++i) {
    std::vector<Report> reports = random_.Next(10);
    const std::unique_ptr<Database> all = NewDatabase();
    std::vector<EntityId> sources;
    for (const Report& report : reports) {
      const absl::StatusOr<ReportSummary> summary = all->Report(report);
      ASSERT_TRUE(summary.ok()) << summary.status();
      sources.push_back(summary->source);
    }
    std::string before = Dump(*all->GetSnapshot());
    const std::unique_ptr<Snapshot> old = all->GetSnapshot();
    // Half of the sources go, one after the other.
    for (int gone = 0; gone < 5; ++gone) {
      const auto index =
          static_cast<std::ptrdiff_t>(random_.Pick(static_cast<int>(reports.size())));
      const std::unique_ptr<Transaction> transaction = *all->Begin();
      ASSERT_EQ(transaction->RetractSource(sources[static_cast<size_t>(index)]), absl::OkStatus());
      ASSERT_TRUE(transaction->Commit().ok());
      reports.erase(reports.begin() + index);
      sources.erase(sources.begin() + index);
    }
    const std::unique_ptr<Database> rest = NewDatabase();
    ASSERT_EQ(Load(reports, rest.get()), absl::OkStatus());
    ASSERT_EQ(Dump(*all->GetSnapshot()), Dump(*rest->GetSnapshot())) << "case " << i;
    ASSERT_EQ(Dump(*old), before) << "an earlier state has changed";
  }
}

TEST_F(ReportOrderTest, FoldingChangesNothing) {
  SCOPED_TRACE(::testing::Message() << "seed " << seed_);
  const std::vector<Report> reports = random_.Next(30);
  const std::unique_ptr<Database> folded = NewDatabase();
  const std::unique_ptr<Database> plain = NewDatabase();
  for (const Report& report : reports) {
    ASSERT_EQ(Load({report}, folded.get()), absl::OkStatus());
    ASSERT_EQ(Load({report}, plain.get()), absl::OkStatus());
    if (random_.Pick(3) == 0) {
      ASSERT_EQ(folded->Fold(), absl::OkStatus());
    }
  }
  EXPECT_EQ(Dump(*folded->GetSnapshot()), Dump(*plain->GetSnapshot()));
}

}  // namespace
}  // namespace fasti
