#pragma once

#include <optional>
#include <string>

#include "tools/ingest/clauses/subject.h"

namespace fasti::ingest {

// How firmly a sentence tells something, and who it says told it.
struct Scope {
  Modality modality = Modality::kAsserted;
  bool supposed = false;           // "if Alvena bought Boreal": nobody tells that it is so
  std::optional<uint32_t> source;  // an entity: "secondo The Carrow Times"
};

// Reads negation, tense, modals and attributions.
class ScopeReader {
 public:
  // Both must outlive the reader.
  ScopeReader(const Lexicon& lexicon, const CoreClasses& classes);

  // What is told at units[anchor] with the verbs units[verbs].  `figure`: the unit of its number,
  // which a forecaster may have guessed.  `state`: it is one of the things that are so, and not of
  // those that happen.
  Scope Read(const Clauses& clauses, size_t anchor, const std::vector<size_t>& verbs,
             std::optional<size_t> figure, bool state) const;

 private:
  Modality ModalityOfVerb(const Unit& verb) const;
  Modality OutlookOf(const Unit& verb) const;
  std::optional<size_t> TenseOf(const std::vector<Unit>& units, size_t verb) const;
  bool OnlyDenies(const Unit& verb) const;
  bool IsDeniedBefore(const std::vector<Unit>& units, size_t clause) const;
  bool IsGuess(const std::vector<Unit>& units, UnitRange clause, size_t forecaster,
               size_t figure) const;
  bool IsDeniedWithoutLink(const std::vector<Unit>& units, size_t anchor) const;
  bool IsDeniedByNoun(const std::vector<Unit>& units, size_t anchor) const;
  bool IsMistaken(const std::vector<Unit>& units, size_t at) const;
  bool IsSupposed(const Clauses& clauses, size_t anchor, const std::vector<size_t>& verbs) const;

  const Lexicon& lexicon_;
  const CoreClasses& classes_;
  const ClassId deny_;   // verbs: "smentire"
  const ClassId other_;  // verbs that frames do not speak of
  // Verbs: "viser", "prevedere", "négocier"; what they speak of is yet to come.
  const ClassId aim_, foresee_, discuss_;
  const ClassId see_;          // verbs: "vedere", before what is seen to happen
  const ClassId attribution_;  // "secondo", before a source
  const ClassId hearsay_;      // "reportedly", "secondo indiscrezioni"
  const ClassId forecaster_;   // "analisti", "consensus"
  const ClassId event_;        // "rachat": what is told by such a noun happens if its verb says so
  const ClassId mistaken_;     // "à tort": what is told after it was wrong
  const ClassId true_word_;    // "vero": the same, where it is negated
  const ClassId no_;           // "nessun": what the noun after it tells is not so
  const ClassId hypothesis_;   // "if": opens what nobody says is so
  const ClassId forecast_;     // "previsioni", "guidance"
};

}  // namespace fasti::ingest
