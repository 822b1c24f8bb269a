#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/support/telling_child.h"

// Commits for ever and tells the number of commits.  CrashTest kills it.

namespace fasti {
namespace {

constexpr int kFactsEach = 3;  // in one commit

// Fact `n` is (counter)-[.n]->("commit <number> part <number>").
absl::Status Append(Database& database, uint64_t commit) {
  FASTI_ASSIGN_OR_RETURN(const auto transaction, database.Begin());
  FASTI_ASSIGN_OR_RETURN(const RelationId key, transaction->InternAttribute("n"));
  FASTI_ASSIGN_OR_RETURN(const EntityId entity, transaction->CreateEntity());
  for (int i = 0; i < kFactsEach; ++i) {
    const FactDraft draft = {.subject = entity,
                             .relation = key,
                             .object = Value(absl::StrCat("commit ", commit, " part ", i))};
    FASTI_RETURN_IF_ERROR(transaction->Assert(draft).status());
  }
  return transaction->Commit().status();
}

// How many commits an earlier run left.
absl::StatusOr<uint64_t> CommitsIn(const Database& database) {
  const auto snapshot = database.GetSnapshot();
  const std::optional<RelationInfo> key = snapshot->FindAttribute("n");
  if (!key.has_value()) return 0;
  FASTI_ASSIGN_OR_RETURN(const StartCounts counts,
                         snapshot->CountByStart({.relations = {key->id}}, Precision::kYear, {}));
  return counts.without_start / kFactsEach;
}

absl::Status CommitForEver(const std::string& path, Tell tell) {
  // Folds every few commits, so that kills fall into all of their steps.
  FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.fold_rows = 60}));
  FASTI_ASSIGN_OR_RETURN(uint64_t commits, CommitsIn(*database));
  while (true) {
    FASTI_RETURN_IF_ERROR(Append(*database, commits));
    FASTI_RETURN_IF_ERROR(tell(++commits));
  }
}

}  // namespace
}  // namespace fasti

int main(int argc, char** argv) {
  return fasti::RunTellingChild(argc, argv, fasti::CommitForEver);
}
