#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/support/telling_child.h"

// Loads facts for ever, with a commit between two loads, and tells the number of loads.
// BulkLoadCrashTest kills it.

namespace fasti {
namespace {

constexpr uint64_t kFactsEach = 700;  // in one load

// Tells of the entities "hub" and "spoke <load>.<number>".
absl::Status Load(Database& database, uint64_t load) {
  // Little memory, so that there are files of every kind to be killed over.
  FASTI_ASSIGN_OR_RETURN(const auto loader,
                         database.BeginBulkLoad({.memory_bytes = 1, .threads = 2}));
  std::vector<BulkRefusal> refused;
  for (uint64_t i = 0; i < kFactsEach; ++i) {
    const std::string object = absl::StrCat("spoke ", load, ".", i);
    const BulkFact fact = {.subject = "hub", .relation = "knows", .object = object};
    FASTI_RETURN_IF_ERROR(loader->Add({fact}, &refused));
  }
  if (!refused.empty()) return refused.front().reason;
  return loader->Finish().status();
}

absl::Status CommitOneEntity(Database& database) {
  FASTI_ASSIGN_OR_RETURN(const auto transaction, database.Begin());
  FASTI_RETURN_IF_ERROR(transaction->CreateEntity().status());
  return transaction->Commit().status();
}

// How many loads an earlier run left.
absl::StatusOr<uint64_t> LoadsIn(const Database& database) {
  const auto snapshot = database.GetSnapshot();
  for (uint64_t load = 0;; ++load) {
    FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> entities,
                           snapshot->EntitiesNamed(absl::StrCat("spoke ", load, ".0")));
    if (entities.empty()) return load;
  }
}

absl::Status LoadForEver(const std::string& path, Tell tell) {
  FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.background_fold = false}));
  FASTI_ASSIGN_OR_RETURN(uint64_t loads, LoadsIn(*database));
  while (true) {
    FASTI_RETURN_IF_ERROR(CommitOneEntity(*database));
    FASTI_RETURN_IF_ERROR(Load(*database, loads));
    FASTI_RETURN_IF_ERROR(tell(++loads));
  }
}

}  // namespace
}  // namespace fasti

int main(int argc, char** argv) {
  return fasti::RunTellingChild(argc, argv, fasti::LoadForEver);
}
