#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/session.h"

namespace fasti {
namespace {

// The rows of a statement over an empty database, "1, 'a' | 2, null", or the code of its error.
std::string Rows(absl::string_view statement) {
  auto database = Database::Open(":memory:", {});
  if (!database.ok()) return std::string(database.status().message());
  const Session session(**database);
  const auto code = [](const absl::Status& status) {
    const std::optional<QueryError> error = GetQueryError(status);
    return error.has_value() ? error->code : absl::StrCat("no code: ", status.message());
  };
  const auto result = session.Run(statement, {}, {});
  if (!result.ok()) return code(result.status());
  std::string rows;
  std::vector<Value> row;
  while (true) {
    const absl::StatusOr<bool> more = (*result)->Next(&row);
    if (!more.ok()) return code(more.status());
    if (!*more) return rows;
    if (!rows.empty()) absl::StrAppend(&rows, " | ");
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppend(&rows, i == 0 ? "" : ", ", FormatValue(row[i]));
    }
  }
}

TEST(OverTest, NeighboursAreTakenInTheOrderOfTheWindow) {
  EXPECT_EQ(Rows("UNWIND [3, 1, 2] AS x RETURN x, lag(x) OVER (ORDER BY x) AS before, "
                 "lead(x, 1, 0) OVER (ORDER BY x) AS after ORDER BY x"),
            "1, null, 2 | 2, 1, 3 | 3, 2, 0");
  EXPECT_EQ(Rows("UNWIND [3, 1, 2] AS x RETURN x, lag(x) OVER (ORDER BY x DESC) AS y ORDER BY x"),
            "1, 2 | 2, 3 | 3, null");
}

TEST(OverTest, PartitionsDoNotSeeEachOther) {
  EXPECT_EQ(Rows("UNWIND [['a', 1], ['b', 5], ['a', 2]] AS r "
                 "RETURN r[0] AS k, r[1] AS v, sum(r[1]) OVER (PARTITION BY r[0]) AS all, "
                 "row_number() OVER (PARTITION BY r[0] ORDER BY r[1]) AS n ORDER BY k, v"),
            "'a', 1, 3, 1 | 'a', 2, 3, 2 | 'b', 5, 5, 1");
}

TEST(OverTest, WithoutAFrameTiesAreSummedTogether) {
  EXPECT_EQ(Rows("UNWIND [1, 2, 2, 3] AS x RETURN x, sum(x) OVER (ORDER BY x) AS running, "
                 "rank() OVER (ORDER BY x) AS r ORDER BY x"),
            "1, 1, 1 | 2, 5, 2 | 2, 5, 2 | 3, 8, 4");
}

TEST(OverTest, RowsAreCountedBack) {
  EXPECT_EQ(Rows("UNWIND range(1, 5) AS x "
                 "RETURN x, avg(x) OVER (ORDER BY x ROWS 2 PRECEDING) AS ma, "
                 "first_value(x) OVER (ORDER BY x ROWS 1 PRECEDING) AS f ORDER BY x"),
            "1, 1.0, 1 | 2, 1.5, 1 | 3, 2.0, 2 | 4, 3.0, 3 | 5, 4.0, 4");
}

TEST(OverTest, RangesMeasureTimeOrNumbers) {
  EXPECT_EQ(Rows("UNWIND ['2025-01-01', '2025-01-20', '2025-02-15', '2025-02-15'] AS d "
                 "WITH date(d) AS d RETURN toString(d) AS t, "
                 "count(*) OVER (ORDER BY d RANGE @P30D PRECEDING) AS n ORDER BY t"),
            "'2025-01-01', 1 | '2025-01-20', 2 | '2025-02-15', 3 | '2025-02-15', 3");
  EXPECT_EQ(Rows("UNWIND [1, 4, 6, 20] AS x "
                 "RETURN x, collect(x) OVER (ORDER BY x DESC RANGE 3 PRECEDING) AS near "
                 "ORDER BY x"),
            "1, [4, 1] | 4, [6, 4] | 6, [6] | 20, [20]");
  EXPECT_EQ(Rows("UNWIND [1, 2] AS x RETURN sum(x) OVER (ORDER BY x RANGE @P1D PRECEDING) AS s"),
            "TypeError.InvalidArgumentType");
}

TEST(OverTest, WindowsSeeTheGroups) {
  EXPECT_EQ(Rows("UNWIND ['a', 'b', 'a', 'c', 'a', 'b'] AS k "
                 "RETURN k, count(*) AS n, rank() OVER (ORDER BY count(*) DESC) AS r, "
                 "count(*) * 1.0 / sum(count(*)) OVER () AS share ORDER BY k"),
            "'a', 3, 1, 0.5 | 'b', 2, 2, 0.3333333333333333 | 'c', 1, 3, 0.16666666666666666");
  EXPECT_EQ(Rows("UNWIND ['a', 'b', 'a'] AS k "
                 "RETURN k, count(*) AS n, row_number() OVER (ORDER BY k DESC) AS i ORDER BY k"),
            "'a', 2, 2 | 'b', 1, 1");
}

TEST(OverTest, WindowsArePartsOfExpressionsAndFeedLaterClauses) {
  EXPECT_EQ(Rows("UNWIND [10, 20, 40] AS v "
                 "WITH v, v / lag(v) OVER (ORDER BY v) - 1 AS growth WHERE growth IS NOT NULL "
                 "RETURN v, growth ORDER BY v"),
            "20, 1 | 40, 1");
  EXPECT_EQ(Rows("UNWIND [1, 1, 2] AS v RETURN DISTINCT v, count(v) OVER (PARTITION BY v) AS n "
                 "ORDER BY v"),
            "1, 2 | 2, 1");
}

TEST(OverTest, NothingComesOfNoRows) {
  EXPECT_EQ(Rows("UNWIND [] AS x RETURN lag(x) OVER (ORDER BY x) AS y"), "");
}

TEST(OverTest, WindowsElsewhereAreRefused) {
  EXPECT_EQ(Rows("UNWIND [1] AS x WITH x WHERE rank() OVER (ORDER BY x) = 1 RETURN x"),
            "SyntaxError.InvalidWindow");
  EXPECT_EQ(Rows("UNWIND [1] AS x RETURN lag(x) AS y"), "SyntaxError.InvalidWindow");
  EXPECT_EQ(Rows("UNWIND [1] AS x RETURN abs(x) OVER () AS y"), "SyntaxError.InvalidWindow");
  EXPECT_EQ(Rows("UNWIND [1] AS x RETURN sum(rank() OVER (ORDER BY x)) AS y"),
            "SyntaxError.InvalidWindow");
}

}  // namespace
}  // namespace fasti
