#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "fasti/fact.h"
#include "tools/ingest/grammar/quantities.h"
#include "tools/ingest/grammar/times.h"
#include "tools/ingest/names/entity.h"
#include "tools/ingest/names/lexicon.h"
#include "tools/ingest/names/recognizer.h"
#include "tools/ingest/text/document.h"

// A sentence as frames see it: a row of units, each a word, a verb with its auxiliaries, something
// that stands for an entity, a figure, a time, or a mark that separates.

namespace fasti::ingest {

// How the main verb of a group is used; a group may admit several ("acquired" is active in "Alvena
// acquired X" and bare in "X, acquired by Alvena").
using Voices = uint8_t;
inline constexpr Voices kActive = 1;
inline constexpr Voices kPassive = 2;  // be + participle
inline constexpr Voices kBare = 4;     // a participle on its own

// A verb with its auxiliaries, modals, adverbs and negation: "non ha ancora acquisito",
// "is expected to acquire", "prévoit de racheter".
struct VerbGroup {
  VerbForm form = VerbForm::kNotVerb;  // of its first verb
  bool finite = false;
  bool negated = false;
  bool reflexive = false;
  // Its subject is a noun that stands for no entity: "Der Umbau kostet ...".  Only told of
  // languages whose clauses are put in order.
  bool noun_subject = false;
  Modality modality = Modality::kAsserted;  // by tense, modal and governing verb
};

// What a noun phrase says of the entity it stands for.
enum class Reference : uint8_t {
  kName,        // "Boreal AI"
  kDefinite,    // "l'azienda"
  kPlural,      // "le due aziende"
  kIndefinite,  // "un'azienda": only ever an apposition
  kPronoun,     // "she"
  kGeneric,     // "data center": a kind of thing, named in the language files
};

struct Unit {
  enum class Kind : uint8_t {
    kWord,
    kVerb,
    kReference,
    kFigure,
    kTime,
    kComma,
    kOpen,
    kClose,
    kBreak
  };
  Kind kind = Kind::kWord;
  TokenRange tokens;
  // kWord: its classes.  kVerb: the classes of the main verb, with the form of the main verb.
  Senses senses;
  VerbGroup verb;                          // kVerb
  Voices voices = 0;                       // kVerb: what the senses admit together
  Reference reference = Reference::kName;  // kReference
  EntityType type = EntityType::kUnknown;  // kReference other than kName: what the noun names
  // kReference: what it stands for; empty while unresolved.
  std::vector<uint32_t> entities;
  double certainty = 1.0;    // kReference: of the resolution
  bool from_before = false;  // kReference other than kName: of whom the sentences before speak
  bool contested = false;    // kReference: it tells which one it means, which nothing proves
  bool modifier = false;     // kReference: "Carrow" in "the Carrow-backed Alvena"
  bool quoted = false;       // part of what somebody is quoted to have said
  bool attribute = false;    // "2009", "gegründete" in "das 2009 gegründete Unternehmen"
  const QuantitySpan* figure = nullptr;  // kFigure
  const TimeSpan* time = nullptr;        // kTime

  bool Is(ClassId id) const;
  bool is_reference() const { return kind == Kind::kReference; }
};

// One sentence, cut into units.
struct Clauses {
  uint32_t sentence = 0;
  std::vector<Unit> units;
  std::vector<size_t> list_starts;  // by unit: the first of the list it is coordinated in
};

// Everything known of an article before frames are read.
struct Analysis {
  const Document* document = nullptr;
  SenseTable senses;
  Names names;
  std::vector<TimeSpan> times;
  std::vector<QuantitySpan> quantities;
  // The entities of `names` that stand for kinds of things ("data center"), by canonical word.
  absl::flat_hash_map<int32_t, uint32_t> generics;
};

}  // namespace fasti::ingest
