#include "engine/codec/text_record.h"

#include <algorithm>

#include "engine/codec/bytes.h"

namespace fasti::codec {

std::string TextKey(uint64_t source, uint32_t chunk) {
  std::string key = TextPrefix(source);
  AppendBig32(chunk, &key);
  return key;
}

std::string TextPrefix(uint64_t source) {
  std::string key;
  AppendBig64(source, &key);
  return key;
}

void ForEachTextChunk(uint64_t source, absl::string_view text,
                      const std::function<void(absl::string_view, absl::string_view)>& visit) {
  for (uint32_t chunk = 0; !text.empty(); ++chunk) {
    visit(TextKey(source, chunk), text.substr(0, kTextChunkBytes));
    text.remove_prefix(std::min(kTextChunkBytes, text.size()));
  }
}

}  // namespace fasti::codec
