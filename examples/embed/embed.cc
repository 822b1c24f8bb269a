// A service that embeds Fasti: it stores what two sources say of one deal and asks what was known
// before the second one spoke.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "fasti/database.h"
#include "fasti/session.h"
#include "fasti/status_macros.h"

namespace {

using fasti::Value;

// What one newspaper says: who bought a share of whom, and for how much.
absl::StatusOr<fasti::Report> DealReport(const char* url, const char* published,
                                         double million_euros) {
  fasti::Report report;
  report.source.key = url;
  FASTI_ASSIGN_OR_RETURN(report.source.published, fasti::ParsePeriod(published));
  fasti::Statement statement;
  statement.subject = {.name = "Aurelia", .label = "Organization"};
  statement.relation = "invests_in";
  statement.object = fasti::EntityName{.name = "Borealis", .label = "Organization"};
  FASTI_ASSIGN_OR_RETURN(statement.valid, fasti::ParsePeriod("2025-03"));
  statement.qualifiers["amount"] = Value(fasti::Quantity::Exactly(million_euros * 1e6, "EUR"));
  statement.text = "Aurelia takes a share of Borealis.";
  report.statements.push_back(std::move(statement));
  return report;
}

absl::Status Print(fasti::Session& session, const std::string& statement) {
  std::printf("%s\n", statement.c_str());
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<fasti::Result> result,
                         session.Run(statement, {}, {}));
  std::vector<Value> row;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, result->Next(&row));
    if (!more) return absl::OkStatus();
    for (const Value& value : row) std::printf("  %s", fasti::FormatValue(value).c_str());
    std::printf("\n");
  }
}

absl::Status Run() {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<fasti::Database> database,
                         fasti::Database::Open(":memory:", {}));
  FASTI_ASSIGN_OR_RETURN(const fasti::Report first,
                         DealReport("https://one.example/a", "2025-03-10", 120));
  FASTI_ASSIGN_OR_RETURN(const fasti::Report second,
                         DealReport("https://two.example/b", "2025-03-14", 95));
  FASTI_RETURN_IF_ERROR(database->Report(first).status());
  FASTI_RETURN_IF_ERROR(database->Report(second).status());

  fasti::Session session(*database);
  FASTI_RETURN_IF_ERROR(Print(
      session,
      "MATCH ({name: 'Aurelia'})-[f:invests_in]->(b) AS OF @2025-03-12 RETURN b.name, f.amount"));
  FASTI_RETURN_IF_ERROR(
      Print(session, "MATCH ({name: 'Aurelia'})-[f:invests_in]->(b) RETURN b.name, f.amount"));
  return database->Close();
}

}  // namespace

int main() {
  const absl::Status status = Run();
  if (status.ok()) return 0;
  std::fprintf(stderr, "embed: %s\n", std::string(status.message()).c_str());
  return 1;
}
