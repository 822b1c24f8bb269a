#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

// Keys of the family `text` (docs/file_format.md, "Text"): what a source said, in chunks.

namespace fasti::codec {

// A chunk holds so many bytes of the text, the last one fewer; a text whose length is a multiple
// ends in an empty chunk, as the body of a literal does.
inline constexpr size_t kTextChunkBytes = 60 * 1024;

std::string TextKey(uint64_t source, uint32_t chunk);

}  // namespace fasti::codec
