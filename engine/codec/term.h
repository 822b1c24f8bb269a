#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/fact.h"
#include "fasti/value.h"

// Object terms and dictionary entries (docs/file_format.md, "Terms" and "Dictionary").

namespace fasti::codec {

enum class TermTag : uint8_t {
  kEntity = 0,
  kDictionary = 1,
  kInt = 2,
  kDate = 3,
  kBool = 4,
  kDouble = 5
};
inline TermTag TagOf(Term term) {
  return static_cast<TermTag>(term.bits() & 7);
}

// The term of a node or of a literal that fits in place; nullopt if it belongs in the dictionary.
std::optional<Term> InlineTerm(const Value& value);
// REQUIRES: the tag is not kDictionary.  Null for a tag that is none, which only damaged bytes
// have.
Value InlineValue(Term term);

Term DictionaryTerm(uint64_t literal);
uint64_t LiteralOf(Term term);  // REQUIRES: the tag is kDictionary

// The canonical bytes of a literal, beginning with its type: equal for equal values of one type.
// 1 and 1.0 are equal in the language but print differently, so they are two literals.
// INVALID_ARGUMENT for what no attribute can hold: null, maps, nodes, relationships, paths, lists
// of these, and lists nested deeper than kListDepthMax.
inline constexpr int kListDepthMax = 8;
absl::StatusOr<std::string> EncodeLiteral(const Value& value);
absl::StatusOr<Value> DecodeLiteral(absl::string_view bytes);  // DATA_LOSS

// The canonical bytes of a string are this byte and its text.
inline constexpr char kStringLiteral = 1;

// Keys of the family `dict`.  A literal over 1,024 bytes is keyed by its first 64 bytes and a
// 128-bit hash of all; the body then stands in chunks under its id, and whoever finds it by its
// key compares it with what was asked.  A folded text of that length has the same rule.
inline constexpr size_t kDictWholeBytesMax = 1024;
std::string DictValueKey(absl::string_view literal_bytes);
std::string DictValuePrefix();  // of the keys of literals up to kDictWholeBytesMax, which follow it
std::string DictIdKey(uint64_t literal, uint32_t chunk);
std::string DictIdPrefix();
struct DictChunk {
  uint64_t literal = 0;
  uint32_t chunk = 0;
};
absl::StatusOr<DictChunk> DecodeDictIdKey(absl::string_view key);  // DATA_LOSS
std::string DictFoldedKey(absl::string_view folded_text, uint64_t literal);
std::string DictFoldedPrefix(absl::string_view folded_text);
inline constexpr size_t kDictChunkBytes = 60 * 1024;

}  // namespace fasti::codec
