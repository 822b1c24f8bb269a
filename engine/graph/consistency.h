#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// Holds the records of a store to the laws of docs/file_format.md, beyond what checksums tell:
// blocks are sorted and lie below their key, the four orders hold the same rows, every row is
// below the watermark and names entities, relations, literals and qualifiers that exist, and
// commit times ascend.  Returns one line per broken law (at most a hundred), none if all hold.
// Reads everything; the store must not be written meanwhile.  A status means that it could not
// read on.
absl::StatusOr<std::vector<std::string>> CheckConsistency(const storage::Store& store);

// All of the above, behind what Store::Verify finds in the files.
absl::StatusOr<std::vector<std::string>> CheckStore(const storage::Store& store);

// What Store::Verify finds in the files, and whether the records that every opening reads (fold,
// log, catalog, the last time) fit together: as much as can be told without decoding blocks.
absl::StatusOr<std::vector<std::string>> CheckStoreQuickly(const storage::Store& store);

}  // namespace fasti::graph
