#include <compare>
#include <cstdint>
#include <string>

#include "engine/codec/bytes.h"
#include "engine/codec/extra_record.h"
#include "engine/codec/log_record.h"
#include "engine/codec/post_key.h"
#include "engine/codec/term.h"
#include "fasti/status_macros.h"
#include "tests/fuzz/draw.h"
#include "tests/fuzz/target.h"

// Keys and the numbers they are made of (docs/file_format.md, "Numbers"): they come back as they
// were, and their bytes sort as what they stand for.

namespace fasti::fuzz {
namespace {

// `encode` keeps order and sameness, and what it gives is read back by `decode`.
template <typename Key, typename Encode, typename Decode>
absl::Status CheckPair(absl::string_view what, const Key& a, const Key& b, Encode encode,
                       Decode decode) {
  const std::string a_bytes = encode(a), b_bytes = encode(b);
  FASTI_ASSIGN_OR_RETURN(const Key a_again, decode(a_bytes));
  if (a_again != a) return Broken(what, " comes back as another");
  const auto sign = [](int order) { return (order > 0) - (order < 0); };
  const int order = a < b ? -1 : b < a ? 1 : 0;
  if (sign(a_bytes.compare(b_bytes)) == order) return absl::OkStatus();
  return Broken("the bytes of two of ", what, " do not sort as these");
}

// Bytes are refused as damaged, or are the only ones that stand for what they are read as.
template <typename Encode, typename Decode>
absl::Status CheckBytes(absl::string_view what, absl::string_view bytes, Encode encode,
                        Decode decode) {
  const auto key = decode(bytes);
  if (absl::IsDataLoss(key.status())) return absl::OkStatus();
  if (!key.ok()) return Broken(what, " is refused as ", key.status().ToString());
  if (encode(*key) == bytes) return absl::OkStatus();
  return Broken(what, " is read from bytes that are not its own");
}

codec::PostKey DrawPostKey(Draw* draw) {
  codec::PostKey key;
  key.order = static_cast<codec::Order>(1 + draw->Below(4));
  key.version = draw->Number();
  if (key.order == codec::Order::kId) return key;
  if (key.order != codec::Order::kRel) key.anchor = draw->Number();
  key.relation = static_cast<uint32_t>(draw->Number());
  key.duration_class = static_cast<uint8_t>(draw->Below(kClassCount));
  key.from = static_cast<int64_t>(draw->Number());
  return key;
}

absl::Status CheckNumbers(Draw draw) {
  const uint64_t number = draw.Number();
  const auto value = static_cast<int64_t>(number);
  std::string bytes;
  codec::AppendVarint(number, &bytes);
  if (bytes.size() > 10) return Broken("a varint of ", bytes.size(), " bytes");
  codec::AppendBig32(static_cast<uint32_t>(number), &bytes);
  codec::AppendVarint(codec::ZigZag(value), &bytes);
  codec::ByteReader reader(bytes);
  if (reader.Varint() != number || reader.Big32() != static_cast<uint32_t>(number) ||
      codec::UnZigZag(reader.Varint()) != value || !reader.done()) {
    return Broken(number, " comes back as another number");
  }
  codec::ByteReader any(draw.Rest());
  while (any.ok() && !any.done()) any.Varint();
  return absl::OkStatus();
}

// Values that fit a term come back from it, of the same kind.
absl::Status CheckTerm(Draw draw) {
  const uint64_t bits = draw.Number();
  const Value values[] = {Value(static_cast<int64_t>(bits)), Value(codec::BitsToDouble(bits)),
                          Value(Date{static_cast<int64_t>(bits)}), Value((bits & 1) != 0)};
  for (const Value& value : values) {
    const std::optional<Term> term = codec::InlineTerm(value);
    if (!term.has_value()) continue;
    const Value again = codec::InlineValue(*term);
    if (again.kind() != value.kind() || !SameValue(again, value)) {
      return Broken(FormatValue(value), " comes back as ", FormatValue(again));
    }
  }
  const Term term = Term::FromBits(bits);
  if (codec::TagOf(term) != codec::TermTag::kDictionary) {
    const Value value = codec::InlineValue(term);
    const std::optional<Term> again = codec::InlineTerm(value);
    if (!value.is_null() && !again.has_value()) {
      return Broken(FormatValue(value), " stands in a term that it does not fit");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<codec::SourceClaim> DecodeSourceClaim(absl::string_view bytes) {
  return codec::DecodeSourceClaimKey(bytes);
}
std::string EncodeSourceClaim(const codec::SourceClaim& claim) {
  return codec::SourceClaimKey(claim.source, claim.lineage, claim.sequence);
}

}  // namespace

absl::Status FuzzKey(absl::string_view input) {
  Draw draw(input);
  switch (draw.Below(8)) {
    case 0: {
      const codec::PostKey a = DrawPostKey(&draw), b = DrawPostKey(&draw);
      return CheckPair("post key", a, b, codec::EncodePostKey, codec::DecodePostKey);
    }
    case 1:
      return CheckBytes("post key", draw.Rest(), codec::EncodePostKey, codec::DecodePostKey);
    case 2: {
      const uint64_t a = draw.Number(), b = draw.Number();
      return CheckPair("sequence key", a, b, codec::SequenceKey, codec::DecodeSequenceKey);
    }
    case 3: {
      const auto a = static_cast<int64_t>(draw.Number()), b = static_cast<int64_t>(draw.Number());
      return CheckPair("time", a, b, codec::EncodeTime, codec::DecodeTime);
    }
    case 4:
      FASTI_RETURN_IF_ERROR(
          CheckBytes("sequence key", draw.Rest(), codec::SequenceKey, codec::DecodeSequenceKey));
      return CheckBytes("time", draw.Rest(), codec::EncodeTime, codec::DecodeTime);
    case 5:
      return CheckBytes("claim of a source", draw.Rest(), EncodeSourceClaim, DecodeSourceClaim);
    case 6:
      return CheckNumbers(draw);
    default:
      return CheckTerm(draw);
  }
}

}  // namespace fasti::fuzz
