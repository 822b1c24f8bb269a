#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/session.h"

namespace fasti {
namespace {

// Three sources tell that Meta invested in Scale AI: a rumour without a sum, then 14 and 15
// billion.
class EvidenceTest : public testing::Test {
 protected:
  void SetUp() override {
    auto database = Database::Open(":memory:", {});
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    Tell("rumour", "2025-06-08", Modality::kReported, {});
    Tell("agency", "2025-06-12", Modality::kAsserted,
         {{"amount", Value(Quantity::Exactly(14e9, "USD"))}});
    Tell("filing", "2025-06-13", Modality::kAsserted,
         {{"amount", Value(Quantity::Exactly(15e9, "USD"))}});
  }

  void Tell(absl::string_view key, absl::string_view published, Modality modality,
            const Map& figures) {
    Report report;
    report.source.key = std::string(key);
    report.source.published = *ParsePeriod(published);
    Statement statement;
    statement.subject.name = "Meta";
    statement.relation = "invests_in";
    statement.object = EntityName{.name = "Scale AI"};
    statement.valid = *ParsePeriod("2025-06");
    statement.qualifiers = figures;
    statement.modality = modality;
    statement.text = absl::StrCat("So says the ", key, ".");
    report.statements = {statement};
    const absl::StatusOr<ReportSummary> summary = database_->Report(report);
    ASSERT_TRUE(summary.ok()) << summary.status();
  }

  // What `MATCH ()-[f:invests_in]->() <view> RETURN <items>` yields, "1, 'a' | 2, null".
  std::string Ask(absl::string_view items, absl::string_view view = "") {
    const Session session(*database_);
    const auto result =
        session.Run(absl::StrCat("MATCH ()-[f:invests_in]->() ", view, " RETURN ", items), {}, {});
    if (!result.ok()) return std::string(result.status().message());
    std::string rows;
    std::vector<Value> row;
    while (true) {
      const absl::StatusOr<bool> more = (*result)->Next(&row);
      if (!more.ok()) return std::string(more.status().message());
      if (!*more) return rows;
      if (!rows.empty()) absl::StrAppend(&rows, " | ");
      for (size_t i = 0; i < row.size(); ++i) {
        absl::StrAppend(&rows, i == 0 ? "" : ", ", FormatValue(row[i]));
      }
    }
  }

  std::unique_ptr<Database> database_;
};

TEST_F(EvidenceTest, ClaimsTellWhoSaidWhatAndWhen) {
  EXPECT_EQ(Ask("[c IN claims(f) | toString(c.published)] AS p"),
            "['2025-06-08', '2025-06-12', '2025-06-13']");
  EXPECT_EQ(Ask("claims(f)[0].text AS t, claims(f)[0].stance AS s, claims(f)[0].modality AS m"),
            "'So says the rumour.', 'supports', 'reported'");
  EXPECT_EQ(Ask("[c IN claims(f) WHERE c.figures.amount IS NOT NULL | "
                "c.figures.amount.value / 1e9] AS sums"),
            "[14.0, 15.0]");
  EXPECT_EQ(Ask("all(c IN claims(f) WHERE c.recorded.start <= datetime()) AS recorded"), "true");
}

TEST_F(EvidenceTest, PoliciesChooseAmongTheFigures) {
  EXPECT_EQ(Ask("f.amount.value / 1e9 AS latest"), "15.0");
  EXPECT_EQ(Ask("resolve(f, 'first').amount.value / 1e9 AS a, resolve(f, 'max').amount.value / 1e9 "
                "AS b, resolve(f, 'median').amount.value / 1e9 AS c"),
            "14.0, 15.0, 14.5");
  EXPECT_EQ(Ask("resolve(f, 'range').amount.low / 1e9 AS a, resolve(f, 'range').amount.high / 1e9 "
                "AS b"),
            "14.0, 15.0");
}

TEST_F(EvidenceTest, LaterClaimsAreNotSeenAsOfADate) {
  EXPECT_EQ(Ask("modality(f) AS m, f.amount AS a, size(claims(f)) AS n", "AS OF @2025-06-09"),
            "'reported', null, 1");
  EXPECT_EQ(Ask("modality(f) AS m, f.amount.value / 1e9 AS a", "AS OF @2025-06-12"),
            "'asserted', 14.0");
  EXPECT_EQ(Ask("modality(f) AS m", "AS OF @2025-06-07"), "");
}

TEST_F(EvidenceTest, AVersionIsKnownWhileTheReportsSayTheSame) {
  // The rumour was confirmed on the 12th: since then another version is known.
  EXPECT_EQ(Ask("toString(valid(f)) AS v, known(f) AS k", "AS OF @2025-06-08"),
            "'2025-06', 2025-06-08..2025-06-11");
  EXPECT_EQ(Ask("toString(valid(f)) AS v, known(f) AS k"), "'2025-06', 2025-06-12..");
  EXPECT_EQ(Ask("withdrawn(f) AS w, conflicts(f) AS c"), "false, []");
}

}  // namespace
}  // namespace fasti
