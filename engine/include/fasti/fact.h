#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "fasti/ids.h"
#include "fasti/period.h"
#include "fasti/value.h"

namespace fasti {

// How a source put it.  The numbers are stored; do not change them.
enum class Modality : uint8_t {
  kAsserted = 0,  // told as done or as being so
  kReported = 1,  // hearsay
  kExpected = 2,  // somebody else's forecast
  kPlanned = 3,   // the subject's own intention
  kDenied = 4,    // negated
};
absl::string_view ModalityName(Modality modality);
std::optional<Modality> ModalityFromName(absl::string_view name);

// What kind of thing a relation says, which decides how vague dates are read.
enum class RelationKind : uint8_t { kUndeclared = 0, kEvent = 1, kState = 2, kMetric = 3 };
absl::string_view RelationKindName(RelationKind kind);  // "EVENT", ...; "" for kUndeclared
Reading ReadingOf(RelationKind kind);                   // kUndeclared reads as a state

// The object of a fact in eight bytes: an entity, a small literal, or the number of a literal in
// the dictionary.  Snapshot::ValueOf turns it into a value.  The low three bits are a tag, of
// which only the entity's is public.
class Term {
 public:
  constexpr Term() = default;
  static constexpr Term FromBits(uint64_t bits) { return Term(bits); }
  static constexpr Term Entity(EntityId id) { return Term(Raw(id) << 3); }
  constexpr uint64_t bits() const { return bits_; }
  constexpr bool is_entity() const { return (bits_ & 7) == 0; }
  constexpr EntityId entity() const { return static_cast<EntityId>(bits_ >> 3); }
  friend constexpr auto operator<=>(Term, Term) = default;

 private:
  explicit constexpr Term(uint64_t bits) : bits_(bits) {}
  uint64_t bits_ = 0;
};

// One version of a fact, with its three clocks:
//   valid     when it holds in the world, as the source told it;
//   known     from the first publication that supports it until the one that denied or replaced
//             it; always, for a fact without claims;
//   recorded  from the commit `version` until the commit `gone`.
// Versions never change, except that a retraction sets `gone`.
//
// A fact that was only ever denied has one version of modality kDenied, which is known at no
// moment, so that no scan meets it; Snapshot::Denied lists them.
struct Fact {
  EntityId subject = EntityId::kNone;
  RelationId relation = RelationId::kNone;
  Term object;
  VersionId version = VersionId::kNone;
  VersionId lineage = VersionId::kNone;  // the first version of the same fact
  Period valid;
  Instant known_from = kInstantMin;
  Instant known_to = kInstantMax;
  Sequence gone = 0;  // 0: not retracted
  Modality modality = Modality::kAsserted;
  bool has_qualifiers = false;
  bool has_claims = false;
};

enum class Stance : uint8_t { kSupports = 0, kDenies = 1 };

// A place in a source: bytes [begin, end) of its text.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

// What one source says of one fact.
struct Claim {
  Sequence sequence = 0;  // where the claim entered the log: its identity
  EntityId source = EntityId::kNone;
  Period published;        // unknown ends when the source does not date itself
  Instant known_from = 0;  // first instant of `published`, or the commit for an undated source
  std::string text;        // the sentence
  Span span;               // of the sentence in the source's text
  Period valid;            // as this source told it; unknown ends if it told no time
  // Amounts, stakes, terms and other qualifiers outside the fact's key; of a METRIC also its value,
  // under the name "value".
  Map figures;
  Stance stance = Stance::kSupports;
  Modality modality = Modality::kAsserted;
  double confidence = 1.0;  // in [0, 1]
  std::string extractor;    // what read it: a rule's name, a program, a person
};

}  // namespace fasti
