#include "engine/storage/store.h"

#include <utility>

#include "engine/base/check.h"

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

}  // namespace fasti::storage
