#include "tools/ingest/review/store.h"

#include <memory>

#include "fasti/status_macros.h"
#include "tools/ingest/review/candidates.h"

namespace fasti::ingest {

absl::StatusOr<StoredArticle> StoreArticle(absl::string_view name, double gate,
                                           Extraction* extraction, Database* database) {
  StoredArticle stored;
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Transaction> transaction, database->Begin());
  FASTI_ASSIGN_OR_RETURN(stored.others, Corroborate(gate, extraction, transaction.get()));
  FASTI_ASSIGN_OR_RETURN(stored.summary, transaction->Report(extraction->report));
  FASTI_ASSIGN_OR_RETURN(
      stored.waiting, KeepCandidates(name, *extraction, gate, stored.summary, transaction.get()));
  FASTI_RETURN_IF_ERROR(transaction->Commit().status());
  return stored;
}

}  // namespace fasti::ingest
