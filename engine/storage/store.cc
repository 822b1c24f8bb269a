#include "engine/storage/store.h"

#include <utility>

#include "engine/base/check.h"
#include "fasti/status_macros.h"

namespace fasti::storage {

absl::string_view FamilyName(Family family) {
  switch (family) {
    case Family::kDefault:
      return "default";
    case Family::kPost:
      return "post";
    case Family::kLog:
      return "log";
    case Family::kExtra:
      return "extra";
    case Family::kDict:
      return "dict";
    case Family::kTime:
      return "time";
    case Family::kText:
      return "text";
    case Family::kFold:
      return "fold";
  }
  FASTI_CHECK(false);
}

void Batch::Put(Family family, absl::string_view key, absl::string_view value) {
  operations_.push_back({family, /*is_delete=*/false, std::string(key), std::string(value)});
  bytes_ += key.size() + value.size();
}

void Batch::Delete(Family family, absl::string_view key) {
  operations_.push_back({family, /*is_delete=*/true, std::string(key), std::string()});
  bytes_ += key.size();
}

void Batch::Clear() {
  operations_.clear();
  bytes_ = 0;
}

absl::Status Store::BulkLoad(std::vector<SortedRun> runs) {
  FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<Installation> installation, NewInstallation());
  for (const SortedRun& run : runs) {
    FASTI_ASSIGN_OR_RETURN(const std::unique_ptr<RunWriter> writer,
                           installation->NewRun(run.family));
    for (Entry entry;;) {
      FASTI_ASSIGN_OR_RETURN(const bool more, run.next(&entry));
      if (!more) break;
      FASTI_RETURN_IF_ERROR(writer->Add(entry.key, entry.value));
    }
    FASTI_RETURN_IF_ERROR(writer->Finish());
  }
  return installation->Install();
}

}  // namespace fasti::storage
