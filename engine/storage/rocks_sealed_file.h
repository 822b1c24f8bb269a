#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rocksdb/env.h"

// A small text file of ours in the directory of a database.  Its last line tells size and checksum
// of the lines before it, so that no change to it goes unnoticed:
//
//   000012.log
//   STATE 11 01234567

namespace fasti::storage {

// "NAME SIZE CRC32C\n" (decimal bytes, eight hex digits)
std::string SealLine(absl::string_view name, absl::string_view bytes);

// Writes `lines`, each ended by a newline, and the last one, as the file `name` in `folder`;
// durable once it returns, and before that the file is as it was.
rocksdb::Status WriteSealedFile(rocksdb::Env* env, absl::string_view folder, absl::string_view name,
                                absl::string_view lines);

// The lines; nullopt if there is no such file.  DATA_LOSS, naming the file, if they have changed.
absl::StatusOr<std::optional<std::string>> ReadSealedFile(rocksdb::Env* env,
                                                          absl::string_view folder,
                                                          absl::string_view name);

// Durably.  OK if there is none.
absl::Status RemoveSealedFile(rocksdb::Env* env, absl::string_view folder, absl::string_view name);

}  // namespace fasti::storage
