#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/graph/scan_prefix.h"
#include "engine/storage/store.h"
#include "fasti/status_macros.h"

// Bytes that are stored in chunks of a size, of which the last is the one that is not full; it may
// be empty.

namespace fasti::graph {

// Calls visit(number of the chunk, chunk).
template <typename Visit>
absl::Status ForEachChunk(absl::string_view bytes, size_t chunk_bytes, Visit visit) {
  for (uint32_t chunk = 0;; ++chunk) {
    const absl::string_view part = bytes.substr(0, chunk_bytes);
    FASTI_RETURN_IF_ERROR(visit(chunk, part));
    if (part.size() < chunk_bytes) return absl::OkStatus();
    bytes.remove_prefix(part.size());
  }
}

// Puts together what ForEachChunk divided: calls visit(owner, bytes) for each owner whose chunks
// are all there.  decode(key) gives an owner, never 0, and the number of its chunk; a key that it
// refuses is passed over.
template <typename Decode, typename Visit>
absl::Status ScanChunks(const storage::Store& store, storage::Family family,
                        absl::string_view prefix, size_t chunk_bytes, Decode decode, Visit visit) {
  std::string bytes;
  uint64_t owner = 0;  // of the chunks so far; 0: none
  uint32_t next = 0;
  return ScanPrefix(store, family, prefix,
                    [&](absl::string_view key, absl::string_view value) -> absl::Status {
                      const absl::StatusOr<std::pair<uint64_t, uint32_t>> at = decode(key);
                      if (!at.ok()) return absl::OkStatus();
                      if (at->second == 0) {
                        owner = at->first;
                        next = 0;
                        bytes.clear();
                      } else if (at->first != owner || at->second != next) {
                        owner = 0;
                        return absl::OkStatus();
                      }
                      absl::StrAppend(&bytes, value);
                      ++next;
                      if (value.size() >= chunk_bytes) return absl::OkStatus();
                      return visit(std::exchange(owner, 0), absl::string_view(bytes));
                    });
}

}  // namespace fasti::graph
