#include "engine/codec/post_key.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/codec/bytes.h"
#include "engine/codec/term.h"
#include "fasti/relation.h"

namespace fasti::codec {

PostKey KeyOfRow(Order order, const Row& row) {
  PostKey key;
  key.order = order;
  key.version = row.version;
  if (order == Order::kId) return key;
  if (order == Order::kOut) key.anchor = row.subject;
  if (order == Order::kIn) key.anchor = row.object;
  key.relation = row.relation;
  key.duration_class = DurationClass(row);
  key.from = row.from;
  return key;
}

std::string EncodePostKey(const PostKey& key) {
  std::string bytes;
  bytes.reserve(kPostKeySize);
  bytes.push_back(static_cast<char>(key.order));
  AppendBig64(key.anchor, &bytes);
  AppendBig32(key.relation, &bytes);
  bytes.push_back(static_cast<char>(key.duration_class));
  // An order without times writes plain zeros rather than a flipped one.
  AppendBig64(key.order == Order::kId ? 0 : FlipSign(key.from), &bytes);
  AppendBig64(key.version, &bytes);
  FASTI_DCHECK(bytes.size() == kPostKeySize);
  return bytes;
}

absl::StatusOr<PostKey> DecodePostKey(absl::string_view bytes) {
  if (bytes.size() != kPostKeySize) {
    return absl::DataLossError(
        absl::StrCat("post key: expected ", kPostKeySize, " bytes, found ", bytes.size()));
  }
  ByteReader reader(bytes);
  const uint8_t order = reader.Byte();
  if (order < static_cast<uint8_t>(Order::kOut) || order > static_cast<uint8_t>(Order::kId)) {
    return absl::DataLossError(
        absl::StrCat("post key: expected an order from 1 to 4, found ", order));
  }
  PostKey key;
  key.order = static_cast<Order>(order);
  key.anchor = reader.Big64();
  key.relation = reader.Big32();
  key.duration_class = reader.Byte();
  const uint64_t from = reader.Big64();
  key.from = key.order == Order::kId ? 0 : UnflipSign(from);
  key.version = reader.Big64();
  if (key.duration_class >= kClassCount) {
    return absl::DataLossError(absl::StrCat("post key: expected a duration class below ",
                                            kClassCount, ", found ", key.duration_class));
  }
  const bool has_anchor = key.order == Order::kOut || key.order == Order::kIn;
  const bool has_times = key.order != Order::kId;
  if ((!has_anchor && key.anchor != 0) ||
      (!has_times && (key.relation != 0 || key.duration_class != 0 || from != 0))) {
    return absl::DataLossError("post key: expected zeros where its order does not sort");
  }
  return key;
}

bool OrderHolds(Order order, const Row& row) {
  if (order != Order::kIn) return true;
  return TagOf(Term::FromBits(row.object)) != TermTag::kDouble && row.relation != Raw(kExists);
}

// The greatest duration of its class stands for all of them, and one precision for all others that
// make the same class, so that these columns take few bits.
Row IdRow(const Row& row) {
  Row id = TimelessRow(static_cast<EntityId>(row.subject), static_cast<RelationId>(row.relation),
                       Term());
  id.version = id.lineage = row.version;
  id.from = row.from;
  const uint8_t duration_class = DurationClass(row);
  if (duration_class == kClassNoStart) return id;
  const bool is_open = duration_class == kClassOpen;
  id.flags =
      MakeFlags(Precision::kMicrosecond, is_open ? Precision::kOpen : Precision::kMicrosecond,
                Modality::kAsserted, false, false);
  if (!is_open) {
    id.duration = duration_class < kClassOpen - 1 ? ClassBound(duration_class)
                                                  : 4 * ClassBound(kClassOpen - 2);
  }
  return id;
}

}  // namespace fasti::codec
