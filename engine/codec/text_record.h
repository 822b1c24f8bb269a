#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"

// Records of the family `text` (docs/file_format.md, "Text"): what a source wrote, in chunks.

namespace fasti::codec {

inline constexpr size_t kTextChunkBytes = 60 * 1024;

std::string TextKey(uint64_t source, uint32_t chunk);
// All chunks of a source, in order, have keys that begin with this.
std::string TextPrefix(uint64_t source);

// Calls visit(key, chunk) for each chunk of a text; none for an empty one.
void ForEachTextChunk(
    uint64_t source, absl::string_view text,
    const std::function<void(absl::string_view key, absl::string_view chunk)>& visit);

}  // namespace fasti::codec
