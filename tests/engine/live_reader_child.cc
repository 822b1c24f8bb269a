#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/support/telling_child.h"

// Takes steps for ever and tells their number: a step is a commit or a bulk load, and folds run
// every few commits.  LiveReaderTest follows it, and kills it.

namespace fasti {
namespace {

constexpr int kFactsEach = 3;  // in one step
constexpr uint64_t kStepsOfLoad = 25;

// The facts of a step are (an entity)-[.n]->("step <number> part <number>").
std::string PartText(uint64_t step, int part) {
  return absl::StrCat("step ", step, " part ", part);
}

// Every second commit takes its last fact back at once and tells it again, so that there are
// retractions, too.
absl::Status CommitStep(Database& database, uint64_t step) {
  FASTI_ASSIGN_OR_RETURN(const auto transaction, database.Begin());
  FASTI_ASSIGN_OR_RETURN(const RelationId key, transaction->InternAttribute("n"));
  FASTI_ASSIGN_OR_RETURN(const EntityId entity, transaction->CreateEntity());
  for (int i = 0; i < kFactsEach; ++i) {
    const FactDraft draft = {
        .subject = entity, .relation = key, .object = Value(PartText(step, i))};
    FASTI_ASSIGN_OR_RETURN(const Fact fact, transaction->Assert(draft));
    if (step % 2 == 0 || i + 1 < kFactsEach) continue;
    FASTI_RETURN_IF_ERROR(transaction->Retract(fact.version));
    FASTI_RETURN_IF_ERROR(transaction->Assert(draft).status());
  }
  return transaction->Commit().status();
}

absl::Status LoadStep(Database& database, uint64_t step) {
  FASTI_ASSIGN_OR_RETURN(const auto loader, database.BeginBulkLoad({.threads = 1}));
  std::vector<BulkRefusal> refused;
  for (int i = 0; i < kFactsEach; ++i) {
    const Value text(PartText(step, i));
    const BulkFact fact = {.subject = "loaded", .relation = "n", .value = &text};
    FASTI_RETURN_IF_ERROR(loader->Add({fact}, &refused));
  }
  if (!refused.empty()) return refused.front().reason;
  return loader->Finish().status();
}

// How many steps an earlier run left.
absl::StatusOr<uint64_t> StepsIn(const Database& database) {
  const auto snapshot = database.GetSnapshot();
  const std::optional<RelationInfo> key = snapshot->FindAttribute("n");
  if (!key.has_value()) return 0;
  FASTI_ASSIGN_OR_RETURN(const auto cursor, snapshot->Scan({.relations = {key->id}}));
  std::vector<Fact> facts(256);
  for (uint64_t count = 0;;) {
    FASTI_ASSIGN_OR_RETURN(const size_t n, cursor->Next(absl::MakeSpan(facts)));
    if (n == 0) return count / kFactsEach;
    count += n;
  }
}

absl::Status StepForEver(const std::string& path, Tell tell) {
  FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.fold_rows = 60}));
  FASTI_ASSIGN_OR_RETURN(uint64_t steps, StepsIn(*database));
  while (true) {
    FASTI_RETURN_IF_ERROR(steps % kStepsOfLoad == kStepsOfLoad - 1 ? LoadStep(*database, steps)
                                                                   : CommitStep(*database, steps));
    FASTI_RETURN_IF_ERROR(tell(++steps));
  }
}

}  // namespace
}  // namespace fasti

int main(int argc, char** argv) {
  return fasti::RunTellingChild(argc, argv, fasti::StepForEver);
}
