#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/model/row.h"

// Keys of the family `post` (docs/file_format.md, "Post keys").

namespace fasti::codec {

enum class Order : uint8_t { kOut = 1, kIn = 2, kRel = 3, kId = 4 };

// The sort columns of a row in one order.  Fields that an order does not sort by are zero.
struct PostKey {
  Order order = Order::kOut;
  uint64_t anchor = 0;  // subject (OUT), object term (IN), 0 (REL, ID)
  uint32_t relation = 0;
  uint8_t duration_class = 0;
  int64_t from = 0;
  uint64_t version = 0;

  friend auto operator<=>(const PostKey&, const PostKey&) = default;
};

inline constexpr size_t kPostKeySize = 30;

PostKey KeyOfRow(Order order, const Row& row);
// Byte order of the encodings is the order of the keys.
std::string EncodePostKey(const PostKey& key);
absl::StatusOr<PostKey> DecodePostKey(absl::string_view bytes);  // DATA_LOSS

// Which rows an order holds: IN leaves out doubles kept in place, which nobody looks up one by
// one, and the reserved relation `exists`; the other orders hold every row.
bool OrderHolds(Order order, const Row& row);

// What the order ID keeps of a row: enough for its key in OUT, where the rest is.
Row IdRow(const Row& row);

}  // namespace fasti::codec
