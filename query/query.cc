#include <memory>
#include <utility>
#include <variant>

#include "fasti/session.h"
#include "fasti/status_macros.h"
#include "query/base/interrupt.h"
#include "query/exec/run.h"
#include "query/exec/run_context.h"
#include "query/function/registry.h"
#include "query/parse/keywords.h"
#include "query/parse/parser.h"
#include "query/parse/printer.h"
#include "query/plan/binder.h"
#include "query/plan/check_semantics.h"
#include "query/plan/optimizer.h"
#include "query/schema_statements.h"

// The path of a query: text → tree → checked tree → bound plan → optimized plan → operators → rows.

namespace fasti {

namespace {

absl::StatusOr<plan::Plan> MakePlan(const ast::Query& query, const Database& database,
                                    const Interrupt& interrupt) {
  FASTI_ASSIGN_OR_RETURN(plan::Plan plan, plan::Bind(query));
  FASTI_RETURN_IF_ERROR(interrupt.Check());
  FASTI_RETURN_IF_ERROR(plan::Optimize(*database.GetSnapshot(), interrupt, &plan));
  return plan;
}

// Errors of the engine get a code here, so that every error of a Session has one.
absl::StatusOr<std::unique_ptr<Result>> Coded(absl::StatusOr<std::unique_ptr<Result>> result) {
  if (!result.ok()) return exec::Located(std::move(result).status(), {});
  return result;
}

// A statement that can also be run in what is left of the time that preparing it began.
class PreparedStatement : public Prepared {
 public:
  absl::StatusOr<std::unique_ptr<Result>> Run(const Parameters& parameters,
                                              const RunOptions& options) const final {
    return RunWithin(parameters, options.limits, Interrupt(options));
  }
  virtual absl::StatusOr<std::unique_ptr<Result>> RunWithin(const Parameters& parameters,
                                                            const RunLimits& limits,
                                                            const Interrupt& interrupt) const = 0;
};

class PreparedReading : public PreparedStatement {
 public:
  PreparedReading(Database& database, plan::Plan plan)
      : database_(database), executions_(std::make_shared<exec::Executions>(std::move(plan))) {}

  absl::StatusOr<std::unique_ptr<Result>> RunWithin(const Parameters& parameters,
                                                    const RunLimits& limits,
                                                    const Interrupt& interrupt) const override {
    return Coded(exec::RunReading(executions_, database_, parameters, limits, interrupt));
  }
  bool writes() const override { return false; }

 private:
  Database& database_;
  const std::shared_ptr<exec::Executions> executions_;  // lives as long as a Result that reads
};

class PreparedWriting : public PreparedStatement {
 public:
  PreparedWriting(Database& database, plan::Plan plan)
      : database_(database), plan_(std::move(plan)) {}

  absl::StatusOr<std::unique_ptr<Result>> RunWithin(const Parameters& parameters,
                                                    const RunLimits& limits,
                                                    const Interrupt& interrupt) const override {
    return Coded(exec::RunWriting(plan_, database_, parameters, limits, interrupt));
  }
  bool writes() const override { return true; }

 private:
  Database& database_;
  const plan::Plan plan_;
};

class PreparedExplain : public PreparedStatement {
 public:
  PreparedExplain(Database& database, const plan::Plan& plan)
      : database_(database), lines_(plan::FormatPlan(plan)) {}

  absl::StatusOr<std::unique_ptr<Result>> RunWithin(const Parameters&, const RunLimits&,
                                                    const Interrupt&) const override {
    std::vector<std::vector<Value>> rows;
    for (const std::string& line : lines_) rows.push_back({Value(line)});
    return exec::MakeResult({"plan"}, std::move(rows), database_.GetSnapshot());
  }
  bool writes() const override { return false; }

 private:
  Database& database_;
  const std::vector<std::string> lines_;
};

// CREATE TYPE, CREATE RELATION and SHOW need no plan.
class PreparedCommand : public PreparedStatement {
 public:
  PreparedCommand(Database& database, ast::Statement statement)
      : database_(database), statement_(std::move(statement)) {}

  absl::StatusOr<std::unique_ptr<Result>> RunWithin(const Parameters&, const RunLimits&,
                                                    const Interrupt&) const override {
    if (const auto* type = std::get_if<ast::CreateType>(&statement_.body)) {
      return Coded(query::Declare(*type, database_));
    }
    if (const auto* relation = std::get_if<ast::CreateRelation>(&statement_.body)) {
      return Coded(query::Declare(*relation, database_));
    }
    return Coded(query::Show(std::get<ast::Show>(statement_.body), database_));
  }
  bool writes() const override { return !std::holds_alternative<ast::Show>(statement_.body); }

 private:
  Database& database_;
  const ast::Statement statement_;
};

absl::StatusOr<std::unique_ptr<PreparedStatement>> PrepareWithin(absl::string_view text,
                                                                 Database& database,
                                                                 const Interrupt& interrupt) {
  FASTI_ASSIGN_OR_RETURN(ast::Statement statement, Parse(text));
  FASTI_RETURN_IF_ERROR(interrupt.Check());  // the text may be long
  FASTI_RETURN_IF_ERROR(plan::CheckSemantics(statement));
  FASTI_RETURN_IF_ERROR(interrupt.Check());
  const auto* query = std::get_if<ast::Query>(&statement.body);
  if (query == nullptr) return std::make_unique<PreparedCommand>(database, std::move(statement));
  if (statement.mode == ast::StatementMode::kProfile) {
    return MakeQueryError({.code = "SyntaxError.NotSupportedYet",
                           .message = "PROFILE is not supported yet: EXPLAIN shows the plan",
                           .line = statement.position.line,
                           .column = statement.position.column});
  }
  FASTI_ASSIGN_OR_RETURN(plan::Plan plan, MakePlan(*query, database, interrupt));
  if (statement.mode == ast::StatementMode::kExplain) {
    return std::make_unique<PreparedExplain>(database, plan);
  }
  if (plan.writes) return std::make_unique<PreparedWriting>(database, std::move(plan));
  return std::make_unique<PreparedReading>(database, std::move(plan));
}

}  // namespace

Session::Session(Database& database) : database_(database) {}
Session::~Session() = default;

absl::StatusOr<std::unique_ptr<Prepared>> Session::Prepare(absl::string_view text,
                                                           const RunOptions& options) const {
  return PrepareWithin(text, database_, Interrupt(options));
}

absl::StatusOr<std::unique_ptr<Result>> Session::Run(absl::string_view statement,
                                                     const Parameters& parameters,
                                                     const RunOptions& options) const {
  const Interrupt interrupt(options);
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<PreparedStatement> prepared,
                         PrepareWithin(statement, database_, interrupt));
  return prepared->RunWithin(parameters, options.limits, interrupt);
}

absl::StatusOr<std::vector<std::string>> Session::Split(absl::string_view script) {
  return SplitScript(script);
}

absl::StatusOr<std::string> Session::FormatTree(absl::string_view statement) {
  FASTI_ASSIGN_OR_RETURN(const ast::Statement tree, Parse(statement));
  return fasti::FormatTree(tree);
}

std::vector<std::string> Session::Keywords() {
  return {AllKeywords().begin(), AllKeywords().end()};
}

std::vector<std::string> Session::Functions() {
  std::vector<std::string> names;
  for (const function::Function* function : function::AllFunctions()) {
    names.emplace_back(function->name);
  }
  return names;
}

}  // namespace fasti
