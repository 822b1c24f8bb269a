#include "tools/transfer/content_hash.h"

#define XXH_STATIC_LINKING_ONLY  // for the size of a state
#include <xxhash.h>

namespace fasti::transfer {

struct ContentHash::State {
  XXH3_state_t xxh;
};

ContentHash::ContentHash() : state_(std::make_unique<State>()) {
  XXH3_128bits_reset(&state_->xxh);
}

ContentHash::~ContentHash() = default;

void ContentHash::Add(absl::string_view bytes) {
  XXH3_128bits_update(&state_->xxh, bytes.data(), bytes.size());  // fails for null states only
}

absl::uint128 ContentHash::Value() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(&state_->xxh);
  const absl::uint128 value = absl::MakeUint128(hash.high64, hash.low64);
  return value == 0 ? 1 : value;
}

}  // namespace fasti::transfer
