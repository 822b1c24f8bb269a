#include "engine/codec/text_key.h"

#include "engine/codec/bytes.h"

namespace fasti::codec {

std::string TextKey(uint64_t source, uint32_t chunk) {
  std::string key;
  AppendBig64(source, &key);
  AppendBig32(chunk, &key);
  return key;
}

}  // namespace fasti::codec
