#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tools/ingest/text/phrases.h"
#include "tools/ingest/text/resources.h"

// The words of one language, as the cascade needs them: every word belongs to named classes
// ("deal", "with", "acquire"), and frames speak of classes only, so that one frame serves all
// languages.  A class of verbs lists lemmas with a paradigm, and every form of them is known with
// its tense, since tense and voice decide who did what and whether it has happened yet.

namespace fasti::ingest {

// A class of words.  Classes of one lexicon are numbered from 0.
using ClassId = uint16_t;
inline constexpr ClassId kNoClass = UINT16_MAX;

enum class VerbForm : uint8_t {
  kNotVerb,
  kPresent,
  kPast,
  kFuture,
  kConditional,
  kParticiple,
  kGerund,
  kInfinitive,
};
constexpr bool IsFinite(VerbForm form) {
  return form >= VerbForm::kPresent && form <= VerbForm::kConditional;
}

// One reading of one or more tokens.
struct Sense {
  ClassId word_class = kNoClass;
  VerbForm form = VerbForm::kNotVerb;
  uint8_t length = 1;  // tokens
  // The value under which frames report the word ("ceo" for "amministratore delegato"): an index
  // for Lexicon::Canonical, or -1.
  int32_t canonical = -1;
};

// The readings at one place: rarely more than four.
using Senses = absl::InlinedVector<Sense, 4>;

template <typename Predicate>
void EraseSenses(Senses& senses, const Predicate& predicate) {
  senses.erase(std::remove_if(senses.begin(), senses.end(), predicate), senses.end());
}

// Immutable after Create; may be used from several threads.
class Lexicon {
 public:
  // Reads the records of words.txt and verbs.txt of `language`:
  //
  //   word deal: accord{o,i}, intes{a,e}         a class and its words
  //   word role.ceo: amministratore delegato     words with a canonical value
  //   paradigm are                               endings by form
  //     present: a, ano
  //   verb invest: invest+are, present:punta su  stem+paradigm, or form:words
  //
  // For languages that put verbs and nouns together:
  //
  //   word head.org: -konzern                    the noun, and every compound that ends with it
  //   inflection: s, es, en                      endings that such nouns may take
  //   participle: ge~t                           in a paradigm: "~" is the stem
  //   verb launch: vor|stell+en                  a particle that may stand apart: "stellt vor",
  //                                              "vorstellt", "vorgestellt"
  //   infix: zu                                  between particle and infinitive: "vorzustellen"
  //   attributive: e, en, er                     endings of participles that are adjectives
  //
  // INVALID_ARGUMENT names the line: an unknown paradigm or form, unbalanced braces.
  static absl::StatusOr<std::unique_ptr<Lexicon>> Create(const Resources& resources,
                                                         absl::string_view language);

  // Every reading of the tokens that begins with the first of them, longest first.
  Senses Find(absl::Span<const Token> tokens) const;
  // The same of folded words.
  Senses Find(absl::Span<const absl::string_view> words) const;

  // The readings of a compound noun in lower case: those of the longest noun that it ends with, in
  // any of its inflections.  `whole` tells that the noun is all of the word.
  struct Compound {
    Senses senses;
    bool whole = false;
  };
  Compound FindCompound(absl::string_view word) const;

  // kNoClass if no entry has that class.
  ClassId ClassOf(absl::string_view name) const;
  absl::string_view ClassName(ClassId id) const ABSL_ATTRIBUTE_LIFETIME_BOUND {
    return class_names_[id];
  }
  size_t class_count() const { return class_names_.size(); }
  // True if the class holds verbs.
  bool IsVerbClass(ClassId id) const { return class_is_verb_[id]; }
  absl::string_view Canonical(int32_t index) const ABSL_ATTRIBUTE_LIFETIME_BOUND {
    return canonicals_[index];
  }

 private:
  class Builder;
  Lexicon() = default;

  template <typename Word>
  Senses FindIn(absl::Span<const Word> words) const;

  PhraseTable phrases_;  // -> readings_
  std::vector<Senses> readings_;
  absl::flat_hash_map<std::string, Senses> compound_ends_;
  std::vector<std::string> inflections_;
  std::vector<std::string> class_names_;
  std::vector<bool> class_is_verb_;
  absl::flat_hash_map<std::string, ClassId> classes_;
  std::vector<std::string> canonicals_;
};

// Spells out braces: "accord{o,i}" is "accordo" and "accordi".  INVALID_ARGUMENT if unbalanced.
absl::StatusOr<std::vector<std::string>> ExpandBraces(absl::string_view text);

}  // namespace fasti::ingest
