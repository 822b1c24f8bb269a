#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// The record of a backup, the file checked/NUMBER in its folder: what makes it count
// (docs/file_format.md, "Folder of backups").

namespace fasti::storage {

struct BackupRecord {
  uint32_t number = 0;  // from 1 on
  absl::Time created;
  uint64_t bytes = 0;       // of all its files, also of those it shares with others
  uint64_t meta_bytes = 0;  // of the file meta/NUMBER, which lists its files and their checksums
  uint32_t meta_crc = 0;    // crc32c of it
  std::string note;         // what InspectCopy said of it
  absl::Status state;       // of a record read back: DATA_LOSS if it is damaged
};

std::string EncodeBackupRecord(const BackupRecord& record);
// Into the `state` of a record goes what is wrong with it; `place` comes first there.
BackupRecord DecodeBackupRecord(absl::string_view place, uint32_t number, absl::string_view bytes);

}  // namespace fasti::storage
