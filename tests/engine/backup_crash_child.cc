#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fasti/database.h"
#include "fasti/status_macros.h"
#include "tests/support/telling_child.h"

// Commits, makes a backup, restores it, and so on for ever, and tells the number of each backup
// when it was made, and again when it was restored.  BackupCrashTest kills it.

namespace fasti {
namespace {

absl::Status CommitSome(Database& database, uint64_t number) {
  FASTI_ASSIGN_OR_RETURN(const auto transaction, database.Begin());
  FASTI_ASSIGN_OR_RETURN(const RelationId key, transaction->InternAttribute("n"));
  for (int i = 0; i < 40; ++i) {
    FASTI_ASSIGN_OR_RETURN(const EntityId entity, transaction->CreateEntity());
    const FactDraft draft = {.subject = entity,
                             .relation = key,
                             .object = Value(absl::StrCat("commit ", number, " part ", i))};
    FASTI_RETURN_IF_ERROR(transaction->Assert(draft).status());
  }
  return transaction->Commit().status();
}

absl::Status CopyForEver(const std::string& path, Tell tell) {
  std::filesystem::create_directories(path);
  // Folds with every few backups, so that these have tables of their own.
  FASTI_ASSIGN_OR_RETURN(const auto database, Database::Open(path + "/db", {.fold_rows = 200}));
  while (true) {
    FASTI_RETURN_IF_ERROR(CommitSome(*database, database->GetSnapshot()->sequence()));
    FASTI_ASSIGN_OR_RETURN(const BackupInfo backup, database->Backup(path + "/backups", {}));
    FASTI_RETURN_IF_ERROR(tell(backup.number));
    const std::string restored = absl::StrCat(path, "/restored-", backup.number);
    FASTI_RETURN_IF_ERROR(RestoreBackup(path + "/backups", backup.number, restored, {}).status());
    FASTI_RETURN_IF_ERROR(tell(backup.number));
  }
}

}  // namespace
}  // namespace fasti

int main(int argc, char** argv) {
  return fasti::RunTellingChild(argc, argv, fasti::CopyForEver);
}
