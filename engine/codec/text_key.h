#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Keys of the family `text` (docs/file_format.md, "Text"): what a source said, in chunks.

namespace fasti::codec {

// A chunk holds so many bytes of the text, the last one fewer; a text whose length is a multiple
// ends in an empty chunk, as the body of a literal does.
inline constexpr size_t kTextChunkBytes = 60 * 1024;

std::string TextKey(uint64_t source, uint32_t chunk);
struct TextChunk {
  uint64_t source = 0;
  uint32_t chunk = 0;
};
absl::StatusOr<TextChunk> DecodeTextKey(absl::string_view key);  // DATA_LOSS

}  // namespace fasti::codec
