#pragma once

#include <memory>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"

namespace fasti::transfer {

// A hash of bytes that come in pieces, wherever they are cut: XXH3 in its width of 128 bits, which
// is the same on every machine for ever, as it must be, since databases keep it.  It costs next to
// nothing beside reading the bytes.  Contents that nobody made for the purpose do not meet; who
// wants two that meet can make them.
class ContentHash {
 public:
  ContentHash();
  ~ContentHash();
  ContentHash(const ContentHash&) = delete;
  ContentHash& operator=(const ContentHash&) = delete;

  void Add(absl::string_view bytes);
  // Of all that was added; never 0.
  absl::uint128 Value() const;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace fasti::transfer
