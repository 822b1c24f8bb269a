#pragma once

#include <optional>

#include "tools/ingest/discourse/focus.h"
#include "tools/ingest/frames/match.h"

namespace fasti::ingest {

// The classes of words that tell who fills a slot.
struct SlotClasses {
  explicit SlotClasses(const Lexicon& lexicon);

  ClassId forecaster;  // "analysts": whose they are does not do what they expect
  ClassId division, model_noun, deny, in;
  std::vector<ClassId> other_parties;  // "rival", "shareholder": who is not whose he is
};

// Says who fills the slots of a rule in one sentence: what stands at their place, the subject of
// the verb, whose the noun is, or who was spoken of before.  All that it is made of must outlive
// it; `clauses` has its references resolved.
class SlotFiller {
 public:
  SlotFiller(const Lexicon& lexicon, const CoreClasses& classes, const SlotClasses& slot_classes,
             const Clauses& clauses, const Names& names, const Focus& focus)
      : lexicon_(lexicon),
        classes_(classes),
        slot_classes_(slot_classes),
        clauses_(clauses),
        units_(clauses.units),
        names_(names),
        focus_(focus) {}

  // Takes units[at] and what is coordinated with it.
  bool Fill(const Element& element, size_t at, Filler& filler, size_t& next) const;
  // "former Alvena executive Mara Bellini": the name says which executive.
  bool IsModifier(size_t at) const;
  // {subject+object}: every pair of a list.
  static bool Split(const Element& element, const Filler& filler, Match& match);
  // Fills the slots that are not at a place of the pattern.
  bool Complete(Match& match) const;

 private:
  // "it", never a person; "she", never a company.
  bool FillFromPronoun(const Element& element, size_t at, Filler& filler) const;
  bool HasVerbOf(const Element& element, size_t anchor) const;
  bool FillFromClause(const Element& element, Match& match, Filler& filler) const;
  bool FillFromOwner(const Element& element, Match& match, Filler& filler) const;
  bool IsToldOfAnother(size_t verb, bool figure) const;
  bool IsName(size_t at) const;
  bool IsPart(size_t at) const;
  bool IsOwned(size_t at) const;
  bool IsOtherParty(const Unit& unit) const;
  bool IsOfPart(size_t noun) const;
  bool IsOfNewcomer(size_t begin) const;
  static bool IsFigure(const Rule& rule);
  std::optional<size_t> WhomApposed(size_t noun) const;
  // "Alvena, whose drug Zelvora generated sales of ...": the subject owns the figure, and is no
  // organization.
  bool IsToldOfThing(size_t noun, bool figure) const;
  bool IsDoneByANoun(const Match& match) const;
  // "il 12% del fatturato di Alvena": what follows is not told of the whole.
  bool IsShare(size_t noun) const;
  // "advertising revenue": an unknown word before the noun may make it the figure of a part.
  bool IsSegment(size_t noun) const;
  // "i ricavi di Alvena".
  std::optional<size_t> OwnerAfter(size_t noun) const;
  // "Alvena's revenue", "Alvena revenue".
  std::optional<size_t> OwnerBefore(size_t noun) const;
  // "The company, a supplier of X and Y, said it had ...": the subject of the verb before.
  bool FillFromVerbBefore(const Element& element, size_t at, Filler& filler) const;
  // "an analyst at X expects ...": the sentence speaks of another.
  bool EmploysAnalyst(size_t at) const;
  // The one that the sentence has named before the words of the rule, besides those that fill other
  // slots, else the one in focus.
  bool FillFromContext(const Element& element, size_t anchor, const Match& match,
                       Filler& filler) const;
  static bool IsFilled(const Match& match, uint32_t entity);
  bool FillFromFocus(const Element& element, size_t anchor, Filler& filler) const;
  // "The market grew": the verb has a subject, though nothing that frames speak of.
  bool HasOtherSubject(size_t verb) const;

  const Lexicon& lexicon_;
  const CoreClasses& classes_;
  const SlotClasses& slot_classes_;
  const Clauses& clauses_;
  const std::vector<Unit>& units_;
  const Names& names_;
  const Focus& focus_;
};

}  // namespace fasti::ingest
