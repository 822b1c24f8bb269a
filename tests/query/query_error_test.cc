#include "absl/status/status.h"
#include "fasti/result.h"
#include "gtest/gtest.h"

namespace fasti {
namespace {

TEST(QueryErrorTest, AnErrorTravelsInAStatusUnchanged) {
  const QueryError error{.code = "SyntaxError.UndefinedVariable",
                         .at_runtime = true,
                         .message = "variable `x` is not defined\nin this clause",
                         .line = 3,
                         .column = 17};
  const absl::Status status = MakeQueryError(error);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "query:3:17: variable `x` is not defined\nin this clause");
  const std::optional<QueryError> read = GetQueryError(status);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->code, error.code);
  EXPECT_EQ(read->at_runtime, error.at_runtime);
  EXPECT_EQ(read->message, error.message);
  EXPECT_EQ(read->line, error.line);
  EXPECT_EQ(read->column, error.column);
}

TEST(QueryErrorTest, LimitsAndCancellationHaveStatusCodesOfTheirOwn) {
  const auto code_of = [](const char* code) {
    QueryError error;
    error.code = code;
    return MakeQueryError(error).code();
  };
  EXPECT_EQ(code_of("Cancelled"), absl::StatusCode::kCancelled);
  EXPECT_EQ(code_of("LimitError.Time"), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(code_of("LimitError.Rows"), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code_of("LimitError.Memory"), absl::StatusCode::kResourceExhausted);
}

TEST(QueryErrorTest, OtherStatusesCarryNone) {
  EXPECT_FALSE(GetQueryError(absl::DataLossError("bad block")).has_value());
  EXPECT_FALSE(GetQueryError(absl::OkStatus()).has_value());
}

}  // namespace
}  // namespace fasti
