#include "engine/graph/purge_log.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/codec/catalog_record.h"
#include "engine/graph/scan_prefix.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

using storage::Family;

absl::Status LogPurge(storage::Store& store, Instant when, const PurgeFigures& figures) {
  storage::Batch batch;
  batch.Put(Family::kDefault, codec::PurgeKey(when), codec::EncodeFigures(figures));
  return store.Write(batch, storage::Durability::kSync);
}

absl::StatusOr<PurgeFigures> SumOfPurges(const storage::Store& store) {
  PurgeFigures sum = {{"purges", 0}};
  FASTI_RETURN_IF_ERROR(
      ScanPrefix(store, Family::kDefault, codec::PurgePrefix(),
                 [&sum](absl::string_view key, absl::string_view value) -> absl::Status {
                   FASTI_ASSIGN_OR_RETURN(const Instant when, codec::DecodePurgeKey(key));
                   FASTI_ASSIGN_OR_RETURN(const PurgeFigures figures, codec::DecodeFigures(value));
                   ++sum["purges"];
                   sum["purge_last"] = static_cast<uint64_t>(when);
                   for (const auto& [name, number] : figures) {
                     sum[absl::StrCat("purged_", name)] += number;
                   }
                   return absl::OkStatus();
                 }));
  return sum;
}

}  // namespace fasti::graph
