#include "engine/codec/term.h"

#include "absl/numeric/int128.h"
#include "engine/base/check.h"
#include "engine/base/fnv128.h"
#include "engine/codec/bytes.h"

namespace fasti::codec {
namespace {

constexpr int kTagBits = 3;
constexpr uint64_t kTagMask = (uint64_t{1} << kTagBits) - 1;
constexpr uint64_t kPayloadMax = UINT64_MAX >> kTagBits;

// The first byte of a key of `dict`.  The long forms have their own, so that no short text can
// take the key of a long one.
constexpr char kValuePrefix = 1;
constexpr char kIdPrefix = 2;
constexpr char kFoldedPrefix = 3;
constexpr char kLongValuePrefix = 4;
constexpr char kLongFoldedPrefix = 5;

constexpr size_t kLongHeadBytes = 64;

std::optional<Term> WithPayload(uint64_t payload, TermTag tag) {
  if (payload > kPayloadMax) return std::nullopt;
  return Term::FromBits(payload << kTagBits | static_cast<uint64_t>(tag));
}

// The head of a long text, by which it still sorts near its like, and a hash of all of it.
void AppendLong(absl::string_view bytes, std::string* out) {
  out->append(bytes.data(), kLongHeadBytes);
  const absl::uint128 hash = Fnv128(bytes);
  AppendBig64(absl::Uint128High64(hash), out);
  AppendBig64(absl::Uint128Low64(hash), out);
}

}  // namespace

std::optional<Term> InlineTerm(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kNode:
      return WithPayload(Raw(value.as_node()), TermTag::kEntity);
    case Value::Kind::kInt:
      return WithPayload(ZigZag(value.as_int()), TermTag::kInt);
    case Value::Kind::kDate:
      return WithPayload(ZigZag(value.as_date().days), TermTag::kDate);
    case Value::Kind::kBool:
      return WithPayload(value.as_bool() ? 1 : 0, TermTag::kBool);
    case Value::Kind::kDouble: {
      const uint64_t bits = DoubleToBits(value.as_double());
      if ((bits & kTagMask) != 0) return std::nullopt;
      return Term::FromBits(bits | static_cast<uint64_t>(TermTag::kDouble));
    }
    default:
      return std::nullopt;
  }
}

Value InlineValue(Term term) {
  const uint64_t payload = term.bits() >> kTagBits;
  switch (TagOf(term)) {
    case TermTag::kEntity:
      return Value(term.entity());
    case TermTag::kInt:
      return Value(UnZigZag(payload));
    case TermTag::kDate:
      return Value(Date{UnZigZag(payload)});
    case TermTag::kBool:
      return Value(payload != 0);
    case TermTag::kDouble:
      return Value(BitsToDouble(term.bits() & ~kTagMask));
    case TermTag::kDictionary:
      FASTI_CHECK(false);
  }
  return Value();
}

Term DictionaryTerm(uint64_t literal) {
  FASTI_CHECK(literal <= kPayloadMax);
  return Term::FromBits(literal << kTagBits | static_cast<uint64_t>(TermTag::kDictionary));
}

uint64_t LiteralOf(Term term) {
  FASTI_CHECK(TagOf(term) == TermTag::kDictionary);
  return term.bits() >> kTagBits;
}

std::string DictValueKey(absl::string_view literal_bytes) {
  std::string key;
  if (literal_bytes.size() <= kDictWholeBytesMax) {
    key.push_back(kValuePrefix);
    key.append(literal_bytes.data(), literal_bytes.size());
  } else {
    key.push_back(kLongValuePrefix);
    AppendLong(literal_bytes, &key);
  }
  return key;
}

std::string DictIdKey(uint64_t literal, uint32_t chunk) {
  std::string key(1, kIdPrefix);
  AppendBig64(literal, &key);
  AppendBig32(chunk, &key);
  return key;
}

std::string DictValuePrefix() {
  return std::string(1, kValuePrefix);
}

std::string DictIdPrefix() {
  return std::string(1, kIdPrefix);
}

absl::StatusOr<DictChunk> DecodeDictIdKey(absl::string_view key) {
  ByteReader reader(key);
  const char prefix = static_cast<char>(reader.Byte());
  DictChunk chunk;
  chunk.literal = reader.Big64();
  chunk.chunk = reader.Big32();
  if (prefix == kIdPrefix && reader.done()) return chunk;
  return absl::DataLossError(
      absl::StrCat("dict key: ", key.size(), " bytes are no key of a literal's body"));
}

std::string DictFoldedPrefix(absl::string_view folded_text) {
  std::string key;
  if (folded_text.size() <= kDictWholeBytesMax) {
    key.push_back(kFoldedPrefix);
    key.append(folded_text.data(), folded_text.size());
    key.push_back('\0');  // so that "Ford" does not find "Fordham"; text holds no NUL
  } else {
    key.push_back(kLongFoldedPrefix);
    AppendLong(folded_text, &key);
  }
  return key;
}

std::string DictFoldedKey(absl::string_view folded_text, uint64_t literal) {
  std::string key = DictFoldedPrefix(folded_text);
  AppendBig64(literal, &key);
  return key;
}

}  // namespace fasti::codec
