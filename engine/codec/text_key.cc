#include "engine/codec/text_key.h"

#include "absl/strings/str_cat.h"
#include "engine/codec/bytes.h"

namespace fasti::codec {

std::string TextKey(uint64_t source, uint32_t chunk) {
  std::string key;
  AppendBig64(source, &key);
  AppendBig32(chunk, &key);
  return key;
}

absl::StatusOr<TextChunk> DecodeTextKey(absl::string_view key) {
  ByteReader reader(key);
  TextChunk chunk;
  chunk.source = reader.Big64();
  chunk.chunk = reader.Big32();
  if (reader.done()) return chunk;
  return absl::DataLossError(absl::StrCat("text key: expected 12 bytes, found ", key.size()));
}

}  // namespace fasti::codec
