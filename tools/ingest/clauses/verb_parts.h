#pragma once

#include <optional>
#include <vector>

#include "tools/ingest/clauses/chunker.h"

// The parts of verbs that stand apart in a clause: "hat ... übernommen", "stellt ... vor".

namespace fasti::ingest {

// Whether a verb may have a form that fits.
bool HasForm(const Unit& unit, bool (*fits)(VerbForm));
// A form that needs a finite verb elsewhere: a participle or an infinitive.
bool IsOpenForm(VerbForm form);

// The verbs among the units of one sentence, in each of which stands one verb form.  Refers to what
// it is made of.
class VerbParts {
 public:
  VerbParts(const Analysis& analysis, const Lexicon& lexicon, const CoreClasses& classes,
            const std::vector<Unit>& units)
      : analysis_(analysis),
        lexicon_(lexicon),
        classes_(classes),
        units_(units),
        particle_(lexicon.ClassOf("particle")),
        passive_(lexicon.ClassOf("passive")) {}

  bool IsAuxiliary(const Unit& unit) const;

  // "vor" in "stellt ... vor", where `finite` is "stellt": the last word before `end`, or before
  // what trails it.
  std::optional<size_t> FindParticle(size_t finite, size_t end) const;

  // Makes of `verb`, which stands for units[finite], the verb that it is with units[particle].
  void TakeParticle(size_t finite, size_t particle, Unit& verb) const;

  // One unit for the verbs `group` of the clause [begin, end), of which `finite` tells the tense.
  // REQUIRES: `group` is not empty.
  Unit Combine(const std::vector<size_t>& group, size_t finite, size_t begin, size_t end) const;

 private:
  // The verbs that "stellt" and "vor" are together.
  Senses SensesWith(size_t verb, size_t particle) const;
  // "nicht", "keine"; but not "nicht 5, sondern 6 Prozent".
  bool IsHearsay(const std::vector<size_t>& group, bool participle) const;
  bool Negates(size_t k) const;

  const Analysis& analysis_;
  const Lexicon& lexicon_;
  const CoreClasses& classes_;
  const std::vector<Unit>& units_;
  const ClassId particle_, passive_;
};

}  // namespace fasti::ingest
