#include "tools/ingest/frames/slot_filler.h"

#include <algorithm>
#include <utility>

#include "tools/ingest/clauses/subject.h"

namespace fasti::ingest {
namespace {

using Kind = Unit::Kind;

constexpr double kOwnerByVerb = 0.9;  // the subject of the clause owns the figure
constexpr size_t kOwnerDistanceMax = 3;
constexpr double kLenientFit = 0.85;
constexpr double kSegment = 0.6;
constexpr double kOtherSubject = 0.5;
constexpr double kSureSubject = 0.7;
constexpr double kOnlyOneBefore = 0.85;

}  // namespace

SlotClasses::SlotClasses(const Lexicon& lexicon)
    : forecaster(lexicon.ClassOf("forecaster")),
      division(lexicon.ClassOf("division")),
      model_noun(lexicon.ClassOf("model_noun")),
      deny(lexicon.ClassOf("deny")),
      in(lexicon.ClassOf("in")) {
  for (const char* name : {"parent", "rival", "supplier", "customer", "investor", "people_noun"}) {
    other_parties.push_back(lexicon.ClassOf(name));
  }
}

// Takes units[at] and what is coordinated with it.
bool SlotFiller::Fill(const Element& element, size_t at, Filler& filler, size_t& next) const {
  if (IsModifier(at) && !element.of_former) return false;
  if (units_[at].reference == Reference::kPronoun) {
    next = at + 1;
    return FillFromPronoun(element, at, filler);
  }
  Coordination list = FindCoordination(clauses_, at, classes_);
  // "Carrow und die Boreal-Mutter": only the last is the owner.
  if (list.end < units_.size() && units_[list.end].Is(classes_.genitive)) {
    list.members.resize(1);
    list.end = at + 1;
  }
  if (element.alone && list.members.size() > 1) return false;
  for (size_t member : list.members) {
    const Unit& unit = units_[member];
    for (uint32_t entity : unit.entities) {
      double fit = TypeFit(element.types, names_.entities[entity]);
      const bool unknown = names_.entities[entity].type == EntityType::kUnknown;
      if (fit == 0 && element.lenient && unknown) fit = kLenientFit;
      if (fit == 0 || (unknown && element.strict)) continue;
      filler.entities.push_back(entity);
      filler.certainty = std::min(filler.certainty, unit.certainty * fit);
      if (unit.reference == Reference::kName || unit.reference == Reference::kGeneric) continue;
      filler.contested |= unit.contested;
      filler.off_topic |= unit.from_before && !focus_.IsTopic(entity);
    }
    // What the rule asks for must come first.
    if (filler.entities.empty()) return false;
  }
  next = list.end;
  return !filler.entities.empty();
}

// "it", never a person; "she", never a company.
bool SlotFiller::FillFromPronoun(const Element& element, size_t at, Filler& filler) const {
  Element asked = element;
  if (units_[at].type == EntityType::kPerson) asked.types &= MaskOf(EntityType::kPerson);
  if (units_[at].type == EntityType::kOrganization) {
    asked.types &= static_cast<TypeMask>(~MaskOf(EntityType::kPerson));
  }
  return asked.types != 0 &&
         (FillFromContext(asked, at, Match(), filler) || FillFromVerbBefore(asked, at, filler));
}

// "former Alvena executive Mara Bellini": the name says which executive.
bool SlotFiller::IsModifier(size_t at) const {
  return at > 0 && at + 1 < units_.size() && units_[at - 1].Is(classes_.former) &&
         units_[at].type != EntityType::kPerson && units_[at + 1].Is(classes_.role);
}

// {subject+object}: every pair of a list.
bool SlotFiller::Split(const Element& element, const Filler& filler, Match& match) {
  if (filler.entities.size() < 2) return false;
  match.fillers[element.slot] = filler;
  match.fillers[element.second_slot] = filler;
  return true;
}

// Fills the slots that are not at a place of the pattern.
bool SlotFiller::Complete(Match& match) const {
  for (const Element& element : match.rule->elements) {
    Filler filler;
    bool found = true;
    switch (element.binding) {
      case Element::Binding::kHere:
        continue;
      case Element::Binding::kClause:
        found = FillFromClause(element, match, filler);
        break;
      case Element::Binding::kOwner:
        found = FillFromOwner(element, match, filler);
        break;
      case Element::Binding::kFocus:
      case Element::Binding::kTopic:
        found = FillFromContext(element, match.anchor, match, filler);
        break;
      case Element::Binding::kVerb:
        if (HasVerbOf(element, match.anchor)) return false;
        continue;
    }
    if (!found) return false;
    if (element.second_slot.empty()) {
      match.fillers[element.slot] = std::move(filler);
    } else if (!Split(element, filler, match)) {
      return false;
    }
  }
  for (const auto& [slot, filler] : match.fillers) match.certainty *= filler.certainty;
  return true;
}

// "The watchdog approved the takeover of Boreal": who does that does not take it over.
bool SlotFiller::HasVerbOf(const Element& element, size_t anchor) const {
  const std::optional<size_t> verb =
      units_[anchor].kind == Kind::kVerb ? anchor : FindGoverningVerb(clauses_, anchor, classes_);
  return verb && std::any_of(element.classes.begin(), element.classes.end(),
                             [&](ClassId id) { return units_[*verb].Is(id); });
}

bool SlotFiller::FillFromClause(const Element& element, Match& match, Filler& filler) const {
  std::optional<size_t> verb = match.anchor;
  if (units_[match.anchor].kind != Kind::kVerb) {
    verb = FindGoverningVerb(clauses_, match.anchor, classes_);
  }
  if (!verb) return false;
  if (match.verbs.empty()) match.verbs.push_back(*verb);
  if (element.binding == Element::Binding::kClause && units_[*verb].verb.noun_subject) {
    return false;
  }
  if (IsToldOfAnother(*verb, IsFigure(*match.rule))) return false;
  const Subject subject = FindSubject(clauses_, *verb, classes_);
  if (subject.certainty == 0) return false;
  const bool owner = element.binding == Element::Binding::kOwner;
  if (owner && subject.unit && EmploysAnalyst(*subject.unit)) {
    return FillFromContext(element, match.anchor, match, filler);
  }
  if (!subject.unit) {
    // The owner of a figure is rather named in its sentence: "X's profit fell, while revenue
    // ...".
    if (owner) return FillFromContext(element, match.anchor, match, filler);
    if (!FillFromFocus(element, *verb, filler)) return false;
    if (HasOtherSubject(*verb)) filler.certainty *= kOtherSubject;
    return true;
  }
  size_t next = 0;
  if (!Fill(element, *subject.unit, filler, next)) return false;
  // "Rivals including Boreal and Carrow": neither is whose rivals they are.
  const auto object = match.fillers.find("object");
  if (element.second_slot.empty() && object != match.fillers.end() &&
      std::find(object->second.entities.begin(), object->second.entities.end(),
                filler.entities.front()) != object->second.entities.end()) {
    return false;
  }
  filler.certainty *= subject.certainty;
  return true;
}

// "The new factory employs 280", "Alvena's parent earned ...": the verb is told of a thing or of
// another party, of which an organization is at most the owner.  What a part of it does, or what is
// done in its factory, it does itself, but the figures are not its own.
bool SlotFiller::IsToldOfAnother(size_t verb, bool figure) const {
  if (units_[verb].voices == kBare) return false;
  for (size_t k = verb; k-- > 0;) {
    const Unit& unit = units_[k];
    if (unit.kind != Kind::kWord && !unit.is_reference() && unit.kind != Kind::kTime) return false;
    if (unit.Is(classes_.relative) || unit.Is(classes_.subordinator) ||
        unit.Is(classes_.conjunction)) {
      return false;
    }
    if (IsGoverned(clauses_, k, classes_)) continue;
    if (unit.is_reference()) {
      const bool possessor = k + 1 < units_.size() && units_[k + 1].Is(classes_.genitive);
      if (possessor || unit.modifier) continue;
      // "Alvena data centers" are the Alvena of another kind.
      const bool thing = unit.reference == Reference::kGeneric && !(k > 0 && IsName(k - 1));
      return figure && (thing || IsPart(k));
    }
    if (figure && (IsPart(k) || unit.Is(slot_classes_.model_noun))) return true;
    if (IsOtherParty(unit)) return true;
  }
  return false;
}

bool SlotFiller::IsName(size_t at) const {
  return units_[at].is_reference() && units_[at].reference == Reference::kName;
}

// "The cloud division", "la filiale di Alvena": a noun for a part of an organization, and not for
// one that was called so before.
bool SlotFiller::IsPart(size_t at) const {
  const Unit& unit = units_[at];
  if (IsName(at)) return false;
  if (unit.Is(slot_classes_.division) && IsOwned(at)) return true;
  return unit.is_reference() && unit.type == EntityType::kUnit &&
         (unit.entities.empty() || focus_.IsTopic(unit.entities.front()));
}

// "Alvena's cloud division", "la divisione cloud di Alvena".
bool SlotFiller::IsOwned(size_t at) const {
  const auto plain = [&](const Unit& unit) {
    return unit.kind == Kind::kWord && (unit.senses.empty() || unit.Is(classes_.adjective));
  };
  size_t k = at + 1;
  while (k < units_.size() && plain(units_[k])) ++k;
  if (k < units_.size() && units_[k].Is(classes_.of)) return true;
  k = at;
  while (k > 0 && plain(units_[k - 1])) --k;
  return k > 0 && units_[k - 1].Is(classes_.genitive);
}

// "Alvena's rival", "the shareholders of Alvena".
bool SlotFiller::IsOtherParty(const Unit& unit) const {
  return std::any_of(slot_classes_.other_parties.begin(), slot_classes_.other_parties.end(),
                     [&](ClassId id) { return unit.Is(id); });
}

// "Revenue in Europe", "in Europe, revenue", "revenue of Alvena's cloud division": the figure that
// the noun tells is that of a part.
bool SlotFiller::IsOfPart(size_t noun) const {
  const auto in_place = [&](size_t at) {
    return at + 1 < units_.size() && units_[at].Is(slot_classes_.in) &&
           units_[at + 1].is_reference() && units_[at + 1].type == EntityType::kPlace;
  };
  if (in_place(noun + 1)) return true;
  const UnitRange clause = ClauseAround(clauses_, noun, classes_);
  if (in_place(clause.begin)) return true;
  const std::optional<size_t> owner = OwnerAfter(noun);
  if (!owner || *owner + 1 >= units_.size() || !units_[*owner + 1].Is(classes_.genitive)) {
    return false;
  }
  for (size_t k = *owner + 2; k < units_.size() && k <= *owner + kOwnerDistanceMax; ++k) {
    if (IsPart(k)) return true;
    if (units_[k].kind != Kind::kWord) return false;
  }
  return false;
}

// "Creates a group with revenue of 4 billion": one that nobody has named yet.
bool SlotFiller::IsOfNewcomer(size_t begin) const {
  for (size_t k = begin; k-- > 0;) {
    const Unit& unit = units_[k];
    if (unit.is_reference()) {
      return unit.reference == Reference::kIndefinite && unit.entities.empty() && k + 1 < begin;
    }
    if (unit.kind != Kind::kWord || unit.Is(classes_.relative)) return false;
  }
  return false;
}

bool SlotFiller::IsFigure(const Rule& rule) {
  return std::any_of(rule.elements.begin(), rule.elements.end(),
                     [](const Element& element) { return element.slot == "value"; });
}

// "Alvena bought Boreal, an operator with revenue of ...": whose the noun in an apposition is.
std::optional<size_t> SlotFiller::WhomApposed(size_t noun) const {
  for (size_t k = noun; k-- > 1;) {
    const Unit& unit = units_[k];
    if (unit.kind == Kind::kVerb || unit.kind == Kind::kBreak || unit.kind == Kind::kOpen ||
        unit.kind == Kind::kClose || unit.Is(classes_.relative)) {
      return std::nullopt;
    }
    if (unit.kind != Kind::kComma) continue;
    const Unit& next = units_[k + 1];
    const bool noun_phrase =
        next.Is(classes_.indefinite) ||
        (next.is_reference() && next.reference == Reference::kIndefinite && k + 1 < noun);
    const bool apposed = noun_phrase && !next.Is(classes_.preposition) && IsName(k - 1);
    return apposed ? std::optional<size_t>(k - 1) : std::nullopt;
  }
  return std::nullopt;
}

bool SlotFiller::FillFromOwner(const Element& element, Match& match, Filler& filler) const {
  size_t next = 0;
  if (IsShare(match.anchor)) return false;
  const bool figure = IsFigure(*match.rule);
  if (figure && !match.fillers.contains("segment") && IsOfPart(match.anchor)) return false;
  if (figure && IsOfNewcomer(match.begin)) return false;
  // "sold Boreal its unit Cardo": whom "its" means is not who stands before it.
  if (!units_[match.anchor].Is(classes_.possessive)) {
    if (const auto unit = OwnerAfter(match.anchor)) return Fill(element, *unit, filler, next);
    if (const auto unit = OwnerBefore(match.anchor)) return Fill(element, *unit, filler, next);
  }
  if (const auto unit = WhomApposed(match.anchor)) return Fill(element, *unit, filler, next);
  if (IsToldOfThing(match.anchor, figure)) return false;
  const bool verbless = match.verbs.empty();
  const bool doubtful = IsSegment(match.anchor) || IsDoneByANoun(match);
  const bool found = FillFromClause(element, match, filler);
  if (!found || filler.certainty < kSureSubject) {
    Filler named;
    const bool better = FillFromContext(element, match.anchor, match, named) &&
                        (!found || named.certainty > filler.certainty);
    if (!found && !better) return false;
    if (better) filler = std::move(named);
    // Who was named before does not do what the verb says.
    if (better && verbless && !figure) match.verbs.clear();
  }
  // "non ha acquisito il suo rivale X", "per ridurre la dipendenza da X": X is its rival, and it
  // depends on X, all the same.
  if (verbless) {
    std::erase_if(match.verbs, [&](size_t verb) {
      return units_[verb].verb.negated || !units_[verb].verb.finite ||
             (!figure && units_[verb].Is(slot_classes_.deny));
    });
  }
  filler.certainty *= kOwnerByVerb * (doubtful ? kSegment : 1.0);
  return true;
}

// "Alvena, whose drug Zelvora generated sales of ...": the subject owns the figure, and is no
// organization.
bool SlotFiller::IsToldOfThing(size_t noun, bool figure) const {
  const auto verb = FindGoverningVerb(clauses_, noun, classes_);
  if (!verb || *verb > noun) return false;
  if (figure && IsToldOfAnother(*verb, figure)) return true;
  const Subject subject = FindSubject(clauses_, *verb, classes_);
  return subject.unit && units_[*subject.unit].type == EntityType::kProduct;
}

// "said the purchase would add 120 million of sales": perhaps not to its own.  A percentage is
// always that of a whole.
bool SlotFiller::IsDoneByANoun(const Match& match) const {
  const auto value = match.fillers.find("value");
  if (value == match.fillers.end() || value->second.figure->quantity.unit == "percent")
    return false;
  const auto verb = FindGoverningVerb(clauses_, match.anchor, classes_);
  return verb && *verb < match.anchor && FindSubject(clauses_, *verb, classes_).certainty == 0;
}

// "il 12% del fatturato di Alvena": what follows is not told of the whole.
bool SlotFiller::IsShare(size_t noun) const {
  return noun > 1 && units_[noun - 1].Is(classes_.of) && units_[noun - 2].kind == Kind::kFigure &&
         units_[noun - 2].figure->quantity.unit == "percent";
}

// "advertising revenue": an unknown word before the noun may make it the figure of a part.
bool SlotFiller::IsSegment(size_t noun) const {
  return noun > 0 && units_[noun - 1].kind == Kind::kWord && units_[noun - 1].senses.empty();
}

// "i ricavi di Alvena".
std::optional<size_t> SlotFiller::OwnerAfter(size_t noun) const {
  bool of = false;
  for (size_t k = noun + 1; k < units_.size() && k <= noun + 1 + kOwnerDistanceMax; ++k) {
    if (units_[k].is_reference()) {
      return of && units_[k].reference != Reference::kGeneric ? std::optional<size_t>(k)
                                                              : std::nullopt;
    }
    if (units_[k].kind != Kind::kWord) return std::nullopt;
    if (units_[k].Is(classes_.of)) {
      of = true;
    } else if (units_[k].Is(classes_.preposition) || units_[k].Is(classes_.conjunction)) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

// "Alvena's revenue", "Alvena revenue".
std::optional<size_t> SlotFiller::OwnerBefore(size_t noun) const {
  for (size_t k = noun; k-- > 0 && noun - k <= kOwnerDistanceMax;) {
    if (units_[k].is_reference()) {
      return k;
    }
    if (units_[k].kind != Kind::kWord || units_[k].Is(classes_.preposition) ||
        units_[k].Is(classes_.conjunction) || units_[k].Is(classes_.definite)) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

// "The company, a supplier of X and Y, said it had ...": the subject of the verb before.
bool SlotFiller::FillFromVerbBefore(const Element& element, size_t at, Filler& filler) const {
  for (size_t k = at; k-- > 0;) {
    if (units_[k].kind != Kind::kVerb || !units_[k].verb.finite) continue;
    const Subject subject = FindSubject(clauses_, k, classes_);
    if (!subject.unit || units_[*subject.unit].reference == Reference::kPronoun) return false;
    size_t next = 0;
    if (!Fill(element, *subject.unit, filler, next)) return false;
    filler.certainty *= kOnlyOneBefore;
    return true;
  }
  return false;
}

// "an analyst at X expects ...": the sentence speaks of another.
bool SlotFiller::EmploysAnalyst(size_t at) const {
  for (size_t k = at; k-- > 0 && at - k <= kOwnerDistanceMax;) {
    if (units_[k].kind != Kind::kWord) return false;
    if (units_[k].Is(slot_classes_.forecaster)) return true;
    for (const Sense& sense : units_[k].senses) {
      if (sense.word_class == classes_.role && sense.canonical >= 0 &&
          lexicon_.Canonical(sense.canonical) == "analyst") {
        return true;
      }
    }
  }
  return false;
}

// The one that the sentence has named before the words of the rule, besides those that fill other
// slots, else the one in focus.
bool SlotFiller::FillFromContext(const Element& element, size_t anchor, const Match& match,
                                 Filler& filler) const {
  std::vector<uint32_t> named;
  for (size_t k = 0; k < anchor; ++k) {
    if (!units_[k].is_reference() || units_[k].modifier || IsModifier(k) || EmploysAnalyst(k)) {
      continue;
    }
    if (IsSource(clauses_, k, classes_) || IsInOpening(clauses_, k, anchor, classes_) ||
        IsInAside(clauses_, k, anchor, classes_)) {
      continue;
    }
    // "«Boreal suits us», said the chief executive Mara Bellini": not Boreal's.
    if (units_[k].quoted && !units_[anchor].quoted) continue;
    // Whoever "the Spanish group" is may be meant as well.
    if (units_[k].reference == Reference::kDefinite && units_[k].entities.empty() &&
        (element.types & MaskOf(units_[k].type)) != 0) {
      return false;
    }
    for (uint32_t entity : units_[k].entities) {
      if (ReferenceFit(element.types, names_.entities[entity]) > 0 && !IsFilled(match, entity) &&
          std::find(named.begin(), named.end(), entity) == named.end()) {
        named.push_back(entity);
        filler.contested |= units_[k].contested;
      }
    }
  }
  if (named.size() > 1) return false;
  if (named.empty()) {
    return FillFromFocus(element, anchor, filler) && !IsFilled(match, filler.entities.front());
  }
  filler.entities = named;
  filler.certainty = kOnlyOneBefore;
  return true;
}

bool SlotFiller::IsFilled(const Match& match, uint32_t entity) {
  return std::any_of(match.fillers.begin(), match.fillers.end(), [&](const auto& filler) {
    const std::vector<uint32_t>& entities = filler.second.entities;
    return std::find(entities.begin(), entities.end(), entity) != entities.end();
  });
}

bool SlotFiller::FillFromFocus(const Element& element, size_t anchor, Filler& filler) const {
  // "Its shares": rather of who was spoken of last, but not "its chief executive".
  const bool own =
      anchor > 0 && units_[anchor - 1].Is(classes_.possessive) && !units_[anchor].Is(classes_.role);
  const auto antecedent = element.binding == Element::Binding::kTopic && !own
                              ? focus_.FindTopic(element.types, clauses_.sentence)
                              : focus_.Find(element.types, clauses_.sentence);
  if (!antecedent) return false;
  filler.entities = {antecedent->entity};
  filler.certainty = antecedent->certainty;
  filler.contested = antecedent->contested;
  filler.off_topic = !focus_.IsTopic(antecedent->entity);
  return true;
}

// "The market grew": the verb has a subject, though nothing that frames speak of.
bool SlotFiller::HasOtherSubject(size_t verb) const {
  if (!units_[verb].verb.finite) return false;
  for (size_t k = verb; k-- > 0 && units_[k].kind == Kind::kWord;) {
    if (units_[k].Is(classes_.relative) || units_[k].Is(classes_.subordinator)) return false;
    const bool article = units_[k].Is(classes_.definite) || units_[k].Is(classes_.indefinite) ||
                         units_[k].Is(classes_.possessive);
    if (!article || units_[k].Is(classes_.preposition) || k + 1 == verb) continue;
    return k == 0 || units_[k - 1].kind != Kind::kWord || !units_[k - 1].Is(classes_.preposition);
  }
  return false;
}

}  // namespace fasti::ingest
