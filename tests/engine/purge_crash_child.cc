#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/purge.h"
#include "fasti/status_macros.h"
#include "tests/support/telling_child.h"

// Stores an entity and erases the one before it, and so on for ever, and tells the number of each
// that was erased.  PurgeCrashTest kills it.

namespace fasti {
namespace {

std::string NameOf(uint64_t number) {
  return absl::StrCat("erasable ", number, ".");
}

absl::Status Store(const std::string& path, uint64_t number) {
  FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.background_fold = false}));
  FASTI_ASSIGN_OR_RETURN(const auto transaction, database->Begin());
  FASTI_ASSIGN_OR_RETURN(const RelationId name, transaction->InternAttribute("name"));
  FASTI_ASSIGN_OR_RETURN(const EntityId entity, transaction->CreateEntity());
  FASTI_RETURN_IF_ERROR(transaction->SetAttribute(entity, name, Value(NameOf(number))));
  FASTI_RETURN_IF_ERROR(transaction->Commit().status());
  return database->Close();
}

// Where the one before left off: the names that are there follow each other.
absl::StatusOr<uint64_t> FindNext(const std::string& path, uint64_t from) {
  FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.background_fold = false}));
  uint64_t next = from;
  for (uint64_t number = from; number < from + 4; ++number) {
    FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> found,
                           database->GetSnapshot()->EntitiesNamed(NameOf(number)));
    if (!found.empty()) next = number + 1;
  }
  return next;
}

absl::Status EraseForEver(const std::string& path, Tell tell) {
  uint64_t number = 1;
  {
    FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path, {.background_fold = false}));
    number = database->Statistics()["purges"] + 1;
  }
  FASTI_ASSIGN_OR_RETURN(uint64_t next, FindNext(path, number));
  for (;; ++number) {
    for (; next <= number; ++next) FASTI_RETURN_IF_ERROR(Store(path, next));
    FASTI_RETURN_IF_ERROR(Purge(path, {.entity_names = {NameOf(number)}}, {}).status());
    FASTI_RETURN_IF_ERROR(tell(number));
  }
}

}  // namespace
}  // namespace fasti

int main(int argc, char** argv) {
  return fasti::RunTellingChild(argc, argv, fasti::EraseForEver);
}
