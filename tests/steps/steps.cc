#include "tests/steps/steps.h"

#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "fasti/status_macros.h"

namespace fasti::steps {

namespace {

constexpr absl::string_view kKey = "n";
constexpr uint64_t kStepsPerLoad = 25;
constexpr uint64_t kStepsPerReport = 4;

std::string PartText(uint64_t step, int part) {
  return absl::StrCat("step ", step, " part ", part);
}

absl::Status Commit(Database& database, uint64_t step) {
  FASTI_ASSIGN_OR_RETURN(const auto transaction, database.Begin());
  FASTI_ASSIGN_OR_RETURN(const RelationId key, transaction->InternAttribute(kKey));
  FASTI_ASSIGN_OR_RETURN(const EntityId entity, transaction->CreateEntity());
  for (int part = 0; part < kFactsEach; ++part) {
    const FactDraft draft = {
        .subject = entity, .relation = key, .object = Value(PartText(step, part))};
    FASTI_ASSIGN_OR_RETURN(const Fact fact, transaction->Assert(draft));
    if (part + 1 < kFactsEach) continue;
    FASTI_RETURN_IF_ERROR(transaction->Retract(fact.version));
    FASTI_RETURN_IF_ERROR(transaction->Assert(draft).status());
  }
  return transaction->Commit().status();
}

absl::Status TellReport(Database& database, uint64_t step) {
  Report report;
  report.source.key = absl::StrCat("https://steps.example/", step);
  report.source.published = Period::Granule(0, Precision::kDay);
  for (int part = 0; part < kFactsEach; ++part) {
    Statement statement;
    statement.subject.name = PartText(step, part);
    statement.relation = std::string(kKey);
    statement.object = Value(PartText(step, part));
    statement.text = absl::StrCat("It says: ", PartText(step, part));
    report.statements.push_back(std::move(statement));
  }
  return database.Report(report).status();
}

absl::Status Load(Database& database, uint64_t step) {
  FASTI_ASSIGN_OR_RETURN(const auto loader, database.BeginBulkLoad({.threads = 1}));
  std::vector<BulkRefusal> refused;
  for (int part = 0; part < kFactsEach; ++part) {
    const Value text(PartText(step, part));
    const BulkFact fact = {.subject = "loaded", .relation = kKey, .value = &text};
    FASTI_RETURN_IF_ERROR(loader->Add({fact}, &refused));
  }
  if (!refused.empty()) return refused.front().reason;
  return loader->Finish().status();
}

// The parts that `snapshot` shows of each step.
absl::StatusOr<std::vector<int>> PartsOf(const Snapshot& snapshot) {
  std::vector<int> parts;
  const std::optional<RelationInfo> key = snapshot.FindAttribute(kKey);
  if (!key.has_value()) return parts;
  Pattern pattern = {.relations = {key->id}};
  pattern.view.as_of = Period::Always();
  FASTI_ASSIGN_OR_RETURN(const auto cursor, snapshot.Scan(pattern));
  std::vector<Fact> facts(256);
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const size_t n, cursor->Next(absl::MakeSpan(facts)));
    if (n == 0) return parts;
    for (size_t i = 0; i < n; ++i) {
      FASTI_ASSIGN_OR_RETURN(const Value value, snapshot.ValueOf(facts[i].object));
      const std::vector<absl::string_view> words = absl::StrSplit(value.as_string(), ' ');
      uint64_t step = 0;
      if (words.size() != 4 || !absl::SimpleAtoi(words[1], &step)) {
        return absl::DataLossError(absl::StrCat("a fact that nobody wrote: ", value.as_string()));
      }
      if (step >= parts.size()) parts.resize(step + 1, 0);
      ++parts[step];
    }
  }
}

}  // namespace

Kind KindOf(uint64_t step) {
  if (step % kStepsPerLoad == kStepsPerLoad - 1) return Kind::kLoad;
  return step % kStepsPerReport == 1 ? Kind::kReport : Kind::kCommit;
}

absl::Status Take(Database& database, uint64_t step, Kind kind) {
  switch (kind) {
    case Kind::kCommit:
      return Commit(database, step);
    case Kind::kReport:
      return TellReport(database, step);
    case Kind::kLoad:
      break;
  }
  return Load(database, step);
}

absl::StatusOr<uint64_t> CountWhole(const Snapshot& snapshot) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<int> parts, PartsOf(snapshot));
  for (size_t step = 0; step < parts.size(); ++step) {
    if (parts[step] == kFactsEach) continue;
    return absl::DataLossError(absl::StrCat("of step ", step, " (of ", parts.size(), ") there are ",
                                            parts[step], " facts instead of ", kFactsEach));
  }
  return parts.size();
}

absl::StatusOr<uint64_t> Verify(Database& database, uint64_t acknowledged, uint64_t begun) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> problems, database.Check());
  if (!problems.empty()) {
    return absl::DataLossError(absl::StrCat("check: ", absl::StrJoin(problems, "; ")));
  }
  FASTI_ASSIGN_OR_RETURN(const uint64_t steps, CountWhole(*database.GetSnapshot()));
  if (acknowledged <= steps && steps <= begun) return steps;
  return absl::DataLossError(absl::StrCat("there are ", steps, " steps; ", acknowledged,
                                          " were acknowledged and ", begun, " begun"));
}

}  // namespace fasti::steps
