#include <charconv>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fasti/result.h"

namespace fasti {

namespace {

// A QueryError travels inside a Status as this payload: code, phase, line, column, message, with
// a line feed after each of the first four.
constexpr absl::string_view kPayload = "fasti/query_error";

bool ReadNumber(absl::string_view text, uint32_t* number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *number);
  return error == std::errc() && stop == end;
}

absl::StatusCode StatusCodeOf(absl::string_view code) {
  if (code == "Cancelled") return absl::StatusCode::kCancelled;
  if (code == "LimitError.Time") return absl::StatusCode::kDeadlineExceeded;
  if (absl::StartsWith(code, "LimitError.")) return absl::StatusCode::kResourceExhausted;
  if (code == "SyntaxError.NotSupportedYet") return absl::StatusCode::kUnimplemented;
  return absl::StatusCode::kInvalidArgument;
}

}  // namespace

absl::Status MakeQueryError(const QueryError& error) {
  std::string text;
  if (error.line != 0) text = absl::StrCat("query:", error.line, ":", error.column, ": ");
  absl::StrAppend(&text, error.message);
  absl::Status status(StatusCodeOf(error.code), text);
  status.SetPayload(kPayload,
                    absl::Cord(absl::StrCat(error.code, "\n", error.at_runtime ? 1 : 0, "\n",
                                            error.line, "\n", error.column, "\n", error.message)));
  return status;
}

std::optional<QueryError> GetQueryError(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayload);
  if (!payload.has_value()) return std::nullopt;
  const std::string text(*payload);
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('\n', 4));
  QueryError error;
  if (parts.size() != 5 || !ReadNumber(parts[2], &error.line) ||
      !ReadNumber(parts[3], &error.column)) {
    return std::nullopt;
  }
  error.code = std::string(parts[0]);
  error.at_runtime = parts[1] == "1";
  error.message = std::string(parts[4]);
  return error;
}

}  // namespace fasti
