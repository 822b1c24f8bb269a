#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/storage/store.h"
#include "fasti/backup.h"

namespace fasti {

// Database::Backup of the database in directory `path`, which is open as `store`.
absl::StatusOr<BackupInfo> BackUpStore(const storage::Store& store, absl::string_view path,
                                       absl::string_view folder, const BackupOptions& options);

}  // namespace fasti
