#include "tests/query/logic_file.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "fasti/database.h"
#include "fasti/session.h"
#include "fasti/status_macros.h"
#include "gtest/gtest.h"

namespace fasti::test {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::vector<std::string> SplitCells(absl::string_view line) {
  std::vector<std::string> cells;
  for (absl::string_view cell : absl::StrSplit(line, '|')) {
    cells.emplace_back(absl::StripAsciiWhitespace(cell));
  }
  return cells;
}

// Adds one line below `----`.
void AddExpected(absl::string_view line, LogicStep* step) {
  if (step->kind == LogicStep::Kind::kPlan) {
    step->expected.push_back({std::string(absl::StripAsciiWhitespace(line))});
  } else if (step->columns.empty()) {
    step->columns = SplitCells(line);
  } else {
    step->expected.push_back(SplitCells(line));
  }
}

std::optional<LogicStep> StepFromHeader(absl::string_view line, int number) {
  LogicStep step;
  step.line = number;
  if (line == "run") {
    step.kind = LogicStep::Kind::kRun;
  } else if (line == "query") {
    step.kind = LogicStep::Kind::kRows;
  } else if (line == "query ordered") {
    step.kind = LogicStep::Kind::kOrdered;
  } else if (line == "plan") {
    step.kind = LogicStep::Kind::kPlan;
  } else if (line == "reset") {
    step.kind = LogicStep::Kind::kReset;
  } else if (absl::StartsWith(line, "error ")) {
    step.kind = LogicStep::Kind::kError;
    step.code = std::string(line.substr(6));
  } else {
    return std::nullopt;
  }
  return step;
}

// A database that lives as long as the steps between two resets.
class LogicDatabase {
 public:
  LogicDatabase() {
    constexpr Instant kStart = Instant{1767225600} * 1'000'000;  // 2026-01-01T00:00:00Z
    Options options;
    options.clock = [now = kStart]() mutable { return now += 1'000'000; };
    absl::StatusOr<std::unique_ptr<Database>> opened = Database::Open(":memory:", options);
    if (!opened.ok()) {
      ADD_FAILURE() << opened.status();
      return;
    }
    database_ = *std::move(opened);
    session_ = std::make_unique<Session>(*database_);
  }

  // Runs all statements; the columns and printed rows of the last one.
  absl::StatusOr<std::pair<std::vector<std::string>, Rows>> Run(absl::string_view script) const {
    std::pair<std::vector<std::string>, Rows> last;
    FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> statements, Session::Split(script));
    for (const std::string& statement : statements) {
      FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Result> result,
                             session_->Run(statement, {}, {}));
      last = {result->columns(), {}};
      std::vector<Value> row;
      while (true) {
        FASTI_ASSIGN_OR_RETURN(const bool more, result->Next(&row));
        if (!more) break;
        std::vector<std::string>& cells = last.second.emplace_back();
        for (const Value& value : row) cells.push_back(FormatValue(value));
      }
    }
    return last;
  }

 private:
  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
};

std::string Print(const Rows& rows) {
  return absl::StrJoin(rows, "\n", [](std::string* out, const std::vector<std::string>& row) {
    absl::StrAppend(out, absl::StrJoin(row, " | "));
  });
}

void ExpectRows(const LogicStep& step, const std::vector<std::string>& columns, Rows rows) {
  Rows expected = step.expected;
  if (step.kind == LogicStep::Kind::kRows) {
    std::sort(rows.begin(), rows.end());
    std::sort(expected.begin(), expected.end());
  }
  EXPECT_EQ(absl::StrJoin(columns, " | "), absl::StrJoin(step.columns, " | "));
  EXPECT_EQ(Print(rows), Print(expected));
}

// Every expected line is part of a line of the plan, in the same order.
void ExpectPlan(const LogicStep& step, const Rows& plan) {
  size_t at = 0;
  for (const std::vector<std::string>& wanted : step.expected) {
    while (at < plan.size() && !absl::StrContains(plan[at][0], wanted[0])) ++at;
    if (at == plan.size()) {
      ADD_FAILURE() << "the plan lacks '" << wanted[0] << "' at its place:\n" << Print(plan);
      return;
    }
    ++at;
  }
}

void RunStep(const LogicStep& step, const LogicDatabase& database) {
  const bool is_plan = step.kind == LogicStep::Kind::kPlan;
  const auto outcome = database.Run(is_plan ? absl::StrCat("EXPLAIN ", step.script) : step.script);
  if (step.kind == LogicStep::Kind::kError) {
    const std::optional<QueryError> error = GetQueryError(outcome.status());
    EXPECT_EQ(error.has_value() ? error->code : outcome.status().ToString(), step.code);
    return;
  }
  if (!outcome.ok()) {
    ADD_FAILURE() << outcome.status();
  } else if (is_plan) {
    ExpectPlan(step, outcome->second);
  } else if (step.kind != LogicStep::Kind::kRun) {
    ExpectRows(step, outcome->first, outcome->second);
  }
}

}  // namespace

std::vector<LogicStep> ParseLogicFile(absl::string_view text) {
  std::vector<LogicStep> steps;
  int number = 0;
  bool in_step = false, in_expected = false;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (absl::StartsWith(line, "#")) continue;
    if (absl::StripAsciiWhitespace(line).empty()) {
      in_step = in_expected = false;
    } else if (!in_step) {
      std::optional<LogicStep> step = StepFromHeader(line, number);
      if (!step.has_value()) {
        ADD_FAILURE() << "line " << number << ": no step begins with '" << line << "'";
        return {};
      }
      steps.push_back(*std::move(step));
      in_step = true;
    } else if (line == "----") {
      in_expected = true;
    } else if (in_expected) {
      AddExpected(line, &steps.back());
    } else {
      absl::StrAppend(&steps.back().script, line, "\n");
    }
  }
  return steps;
}

std::vector<LogicStep> ParseLogicDocument(absl::string_view text) {
  std::vector<LogicStep> steps;
  std::string block;  // the language of the block we are in; empty outside
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (absl::StartsWith(line, "```")) {
      const bool opens = block.empty();
      block = opens ? std::string(line.substr(3)) : "";
      if (opens && block.empty()) block = "text";
      if (block == "fql") steps.push_back({.line = number});
      if (block == "rows") steps.back().kind = LogicStep::Kind::kRows;
      if (block == "error") steps.back().kind = LogicStep::Kind::kError;
    } else if (block == "fql") {
      absl::StrAppend(&steps.back().script, line, "\n");
    } else if (block == "rows") {
      AddExpected(line, &steps.back());
    } else if (block == "error") {
      steps.back().code = std::string(absl::StripAsciiWhitespace(line));
    }
  }
  return steps;
}

void RunLogicSteps(const std::vector<LogicStep>& steps, const std::string& file) {
  auto database = std::make_unique<LogicDatabase>();
  for (const LogicStep& step : steps) {
    SCOPED_TRACE(absl::StrCat(file, ":", step.line, "\n", step.script));
    if (step.kind == LogicStep::Kind::kReset) {
      database = std::make_unique<LogicDatabase>();
    } else {
      RunStep(step, *database);
    }
  }
}

}  // namespace fasti::test
