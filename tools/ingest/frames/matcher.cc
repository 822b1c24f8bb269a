#include "tools/ingest/frames/matcher.h"

#include <algorithm>
#include <utility>

#include "tools/ingest/clauses/subject.h"

namespace fasti::ingest {
namespace {

using Kind = Unit::Kind;

// How many units a gap may span, by what is looked for.
constexpr size_t kGapToEntity = 5;
constexpr size_t kGapToWord = 8;
constexpr size_t kGapWide = 16;
// How many places are tried for the elements of one rule, so that no text makes a pattern of many
// wide gaps try all ways to fill them.
constexpr size_t kStepsMax = 2000;
constexpr double kGapCost = 0.985;    // for each unit skipped
constexpr double kOwnerByVerb = 0.9;  // the subject of the clause owns the figure
constexpr size_t kOwnerDistanceMax = 3;
constexpr double kLenientFit = 0.85;
constexpr double kSegment = 0.6;
constexpr double kOtherSubject = 0.5;
constexpr double kSureSubject = 0.7;
constexpr double kOnlyOneBefore = 0.85;

bool IsBorder(const Unit& unit, const CoreClasses& classes) {
  return unit.kind == Kind::kBreak || unit.kind == Kind::kOpen || unit.kind == Kind::kClose ||
         unit.Is(classes.relative) || unit.Is(classes.subordinator);
}

}  // namespace

std::optional<size_t> UnitOfValue(const std::vector<Unit>& units, const Match& match) {
  const auto value = match.fillers.find("value");
  if (value == match.fillers.end()) return std::nullopt;
  for (size_t i = 0; i < units.size(); ++i) {
    if (units[i].kind == Kind::kFigure && units[i].figure == value->second.figure) return i;
  }
  return std::nullopt;
}

Matcher::Matcher(const FrameBook& book, const Lexicon& lexicon, const CoreClasses& classes)
    : lexicon_(lexicon),
      classes_(classes),
      owns_figures_(lexicon.class_count()),
      forecaster_(lexicon.ClassOf("forecaster")) {
  for (const Rule& rule : book.rules) {
    const auto first = std::find_if(
        rule.elements.begin(), rule.elements.end(),
        [](const Element& element) { return element.binding == Element::Binding::kHere; });
    if (first == rule.elements.end()) continue;
    if (first->classes.empty()) {
      slot_first_.push_back(&rule);
    } else {
      for (ClassId id : first->classes) by_class_[id].push_back(&rule);
    }
    const bool owner = std::any_of(
        rule.elements.begin(), rule.elements.end(),
        [](const Element& element) { return element.binding == Element::Binding::kOwner; });
    const bool figure =
        std::any_of(rule.elements.begin(), rule.elements.end(),
                    [](const Element& element) { return element.kind == Element::Kind::kFigure; });
    if (owner && figure && first->kind == Element::Kind::kWord) {
      for (ClassId id : first->classes) owns_figures_[id] = true;
    }
  }
}

// One sentence being read.
class Matcher::Run {
 public:
  Run(const Matcher& matcher, const Clauses& clauses, const Names& names, const Focus& focus)
      : matcher_(matcher),
        classes_(matcher.classes_),
        clauses_(clauses),
        units_(clauses.units),
        names_(names),
        focus_(focus),
        present_(matcher.lexicon_.class_count()) {
    for (const Unit& unit : units_) {
      for (const Sense& sense : unit.senses) present_[sense.word_class] = true;
      has_figure_ |= unit.kind == Kind::kFigure;
    }
  }

  std::vector<Match> Find() {
    std::vector<const Rule*> slot_first;
    for (const Rule* rule : matcher_.slot_first_) {
      if (HasAllOf(*rule)) slot_first.push_back(rule);
    }
    for (size_t i = 0; i < units_.size(); ++i) {
      std::vector<const Rule*> rules;
      for (const Sense& sense : units_[i].senses) {
        const auto found = matcher_.by_class_.find(sense.word_class);
        if (found == matcher_.by_class_.end()) continue;
        for (const Rule* rule : found->second) {
          if (std::find(rules.begin(), rules.end(), rule) == rules.end()) rules.push_back(rule);
        }
      }
      for (const Rule* rule : rules) {
        if (HasAllOf(*rule)) Try(*rule, i);
      }
      if (units_[i].is_reference() || units_[i].kind == Kind::kFigure) {
        for (const Rule* rule : slot_first) Try(*rule, i);
      }
    }
    return std::move(matches_);
  }

 private:
  // Whether every word and figure that the rule cannot do without stands anywhere in the sentence.
  bool HasAllOf(const Rule& rule) const {
    return std::all_of(rule.elements.begin(), rule.elements.end(), [&](const Element& element) {
      if (element.binding != Element::Binding::kHere || element.optional || element.excluded) {
        return true;
      }
      if (element.kind == Element::Kind::kFigure) return has_figure_;
      return element.classes.empty() ||
             std::any_of(element.classes.begin(), element.classes.end(),
                         [&](ClassId id) -> bool { return present_[id]; });
    });
  }

  void Try(const Rule& rule, size_t at) {
    Match match;
    match.rule = &rule;
    match.begin = match.end = match.anchor = at;
    match.certainty = rule.confidence;
    bool anchored = false;
    steps_ = 0;
    if (MatchFrom(rule, 0, at, true, anchored, match) && Complete(rule, match)) {
      matches_.push_back(std::move(match));
    }
  }

  // Matches the elements from `index` on at or after units[at]; nearest first.
  bool MatchFrom(const Rule& rule, size_t index, size_t at, bool first, bool anchored,
                 Match& match) {
    while (index < rule.elements.size() &&
           rule.elements[index].binding != Element::Binding::kHere) {
      ++index;
    }
    if (index == rule.elements.size()) {
      match.end = at;
      return true;
    }
    const Element& element = rule.elements[index];
    if (element.excluded) {
      return !IsNext(element, at, match) && MatchFrom(rule, index + 1, at, first, anchored, match);
    }
    size_t skipped = 0;
    for (size_t k = at; k < units_.size() && ++steps_ <= kStepsMax; ++k, ++skipped) {
      if (IsOfKind(element, units_[k])) {
        Match attempt = match;
        bool attempt_anchored = anchored;
        size_t next = k + 1;
        if (Matches(element, k, attempt, attempt_anchored, next)) {
          for (size_t cost = 0; cost < skipped; ++cost) attempt.certainty *= kGapCost;
          if (MatchFrom(rule, index + 1, next, false, attempt_anchored, attempt)) {
            match = std::move(attempt);
            return true;
          }
        }
      }
      if (first || element.optional || !MaySkip(element, k, skipped)) break;
    }
    return element.optional && !first && MatchFrom(rule, index + 1, at, false, anchored, match);
  }

  // Whether a unit is what an element takes at all: most are not, and a match is dear to copy.
  static bool IsOfKind(const Element& element, const Unit& unit) {
    switch (element.kind) {
      case Element::Kind::kVerb:
        return unit.kind == Kind::kVerb;
      case Element::Kind::kEntity:
        return unit.is_reference();
      case Element::Kind::kFigure:
        return unit.kind == Kind::kFigure;
      case Element::Kind::kWord:
        return std::any_of(unit.senses.begin(), unit.senses.end(), [&](const Sense& sense) {
          return std::find(element.classes.begin(), element.classes.end(), sense.word_class) !=
                 element.classes.end();
        });
      default:
        return true;
    }
  }

  // Whether `element` stands at units[at], articles and adjectives apart.
  bool IsNext(const Element& element, size_t at, const Match& match) {
    for (size_t k = at; k < units_.size(); ++k) {
      if (IsOfKind(element, units_[k])) {
        Match attempt = match;
        bool anchored = true;
        size_t next = k + 1;
        if (Matches(element, k, attempt, anchored, next)) return true;
      }
      if (!MaySkip(element, k, k - at)) return false;
    }
    return false;
  }

  bool Matches(const Element& element, size_t at, Match& match, bool& anchored, size_t& next) {
    const Unit& unit = units_[at];
    switch (element.kind) {
      case Element::Kind::kWord:
      case Element::Kind::kVerb:
        return MatchesWord(element, at, match, anchored);
      case Element::Kind::kEntity:
        return MatchesEntity(element, at, match, next);
      case Element::Kind::kFigure:
        if (unit.kind != Kind::kFigure || !element.figure.Accepts(*unit.figure) ||
            IsPerShare(clauses_, at, classes_) != element.figure.per_share) {
          return false;
        }
        match.fillers[element.slot].figure = unit.figure;
        return true;
      case Element::Kind::kTime:
        return unit.kind == Kind::kTime;
      case Element::Kind::kComma:
        return unit.kind == Kind::kComma;
      case Element::Kind::kColon:
        return unit.kind == Kind::kBreak;
      case Element::Kind::kOpen:
        return unit.kind == Kind::kOpen;
      case Element::Kind::kClose:
        return unit.kind == Kind::kClose;
    }
    return false;
  }

  bool MatchesWord(const Element& element, size_t at, Match& match, bool& anchored) {
    const Unit& unit = units_[at];
    const bool verb = element.kind == Element::Kind::kVerb;
    if (verb != (unit.kind == Kind::kVerb)) return false;
    if (verb && (unit.voices & element.voices) == 0) return false;
    if (verb && element.classes.empty()) return true;
    const auto sense = std::find_if(unit.senses.begin(), unit.senses.end(),
                                    [&](const Sense& s) { return Fits(element, s); });
    if (sense == unit.senses.end()) return false;
    if (!element.capture.empty() && sense->canonical >= 0) {
      match.captures[element.capture] = std::string(matcher_.lexicon_.Canonical(sense->canonical));
    }
    if (verb) match.verbs.push_back(at);
    if (!anchored) match.anchor = at;
    anchored = true;
    return true;
  }

  bool Fits(const Element& element, const Sense& sense) const {
    if (std::find(element.classes.begin(), element.classes.end(), sense.word_class) ==
        element.classes.end()) {
      return false;
    }
    if (element.canonicals.empty()) return true;
    return sense.canonical >= 0 &&
           std::find(element.canonicals.begin(), element.canonicals.end(),
                     matcher_.lexicon_.Canonical(sense.canonical)) != element.canonicals.end();
  }

  bool MatchesEntity(const Element& element, size_t at, Match& match, size_t& next) {
    if (!units_[at].is_reference()) return false;
    Filler filler;
    if (!Fill(element, at, filler, next)) return false;
    if (element.second_slot.empty()) {
      match.fillers[element.slot] = std::move(filler);
      return true;
    }
    return Split(element, filler, match);
  }

  // Takes units[at] and what is coordinated with it.
  bool Fill(const Element& element, size_t at, Filler& filler, size_t& next) const {
    if (IsModifier(at)) return false;
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
        filler.found_by = std::max(filler.found_by, unit.found_by);
        filler.contested |= unit.contested;
        filler.off_topic |= unit.found_by == FoundBy::kFocus && !focus_.IsTopic(entity);
      }
      // What the rule asks for must come first.
      if (filler.entities.empty()) return false;
    }
    next = list.end;
    return !filler.entities.empty();
  }

  // "it", never a person; "she", never a company.
  bool FillFromPronoun(const Element& element, size_t at, Filler& filler) const {
    Element asked = element;
    if (units_[at].type == EntityType::kPerson) asked.types &= MaskOf(EntityType::kPerson);
    if (units_[at].type == EntityType::kOrganization) {
      asked.types &= static_cast<TypeMask>(~MaskOf(EntityType::kPerson));
    }
    return asked.types != 0 &&
           (FillFromContext(asked, at, Match(), filler) || FillFromVerbBefore(asked, at, filler));
  }

  // "former Alvena executive Mara Bellini": the name says which executive.
  bool IsModifier(size_t at) const {
    return at > 0 && at + 1 < units_.size() && units_[at - 1].Is(classes_.former) &&
           units_[at].type != EntityType::kPerson && units_[at + 1].Is(classes_.role);
  }

  // {subject+object}: every pair of a list.
  static bool Split(const Element& element, const Filler& filler, Match& match) {
    if (filler.entities.size() < 2) return false;
    match.fillers[element.slot] = filler;
    match.fillers[element.second_slot] = filler;
    return true;
  }

  // Whether units[at] may stand in the gap before `element`.
  bool MaySkip(const Element& element, size_t at, size_t skipped) const {
    const Unit& unit = units_[at];
    if (element.gap == Element::Gap::kTight || IsBorder(unit, classes_)) return false;
    if (element.gap == Element::Gap::kWide) {
      if (skipped >= kGapWide) return false;
      if (unit.kind == Kind::kVerb && unit.voices != kBare) {
        return element.kind == Element::Kind::kVerb && !unit.verb.finite;
      }
      return element.kind != Element::Kind::kFigure || !OwnsFigures(unit);
    }
    if (IsModifier(at) || IsOwningPlace(at)) return skipped < kGapToWord;
    if (unit.kind == Kind::kVerb || unit.kind == Kind::kComma || unit.is_reference()) return false;
    if (element.kind == Element::Kind::kEntity) {
      // "des centres de données": an article that is spelled like a preposition.
      const bool governs = unit.Is(classes_.preposition) && !unit.Is(classes_.indefinite);
      return skipped < kGapToEntity && unit.kind == Kind::kWord && !governs &&
             !unit.Is(classes_.conjunction);
    }
    if (element.kind == Element::Kind::kFigure &&
        (unit.kind == Kind::kFigure || OwnsFigures(unit))) {
      return false;
    }
    return skipped < kGapToWord && !unit.Is(classes_.conjunction);
  }

  // "to Sweden's Hexalux": the place only says where the one named after it is at home.
  bool IsOwningPlace(size_t at) const {
    return units_[at].is_reference() && units_[at].type == EntityType::kPlace &&
           at + 1 < units_.size() && units_[at + 1].Is(classes_.genitive);
  }

  // A noun such as "utile": the next figure is its own.
  bool OwnsFigures(const Unit& unit) const {
    return std::any_of(unit.senses.begin(), unit.senses.end(), [&](const Sense& sense) {
      return matcher_.owns_figures_[sense.word_class];
    });
  }

  // Fills the slots that are not at a place of the pattern.
  bool Complete(const Rule& rule, Match& match) {
    for (const Element& element : rule.elements) {
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

  bool FillFromClause(const Element& element, Match& match, Filler& filler) {
    std::optional<size_t> verb = match.anchor;
    if (units_[match.anchor].kind != Kind::kVerb) {
      verb = FindGoverningVerb(clauses_, match.anchor, classes_);
    }
    if (!verb) return false;
    if (match.verbs.empty()) match.verbs.push_back(*verb);
    if (element.binding == Element::Binding::kClause && units_[*verb].verb.noun_subject) {
      return false;
    }
    const Subject subject = FindSubject(clauses_, *verb, classes_);
    if (subject.certainty == 0) return false;
    const bool owner = element.binding == Element::Binding::kOwner;
    if (owner && subject.unit && EmploysAnalyst(*subject.unit)) {
      return FillFromContext(element, match.anchor, match, filler);
    }
    if (!subject.unit) {
      // The owner of a figure is rather named in its sentence: "X's profit fell, while revenue
      // ...".
      if (owner) {
        return FillFromContext(element, match.anchor, match, filler);
      }
      if (!FillFromFocus(element, *verb, filler)) return false;
      if (HasOtherSubject(*verb)) filler.certainty *= kOtherSubject;
      return true;
    }
    size_t next = 0;
    if (!Fill(element, *subject.unit, filler, next)) return false;
    filler.certainty *= subject.certainty;
    filler.found_by = std::max(filler.found_by, FoundBy::kClause);
    return true;
  }

  bool FillFromOwner(const Element& element, Match& match, Filler& filler) {
    size_t next = 0;
    if (IsShare(match.anchor)) return false;
    if (const auto unit = OwnerAfter(match.anchor)) {
      return Fill(element, *unit, filler, next);
    }
    if (const auto unit = OwnerBefore(match.anchor)) return Fill(element, *unit, filler, next);
    if (IsToldOfProduct(match.anchor)) return false;
    const bool verbless = match.verbs.empty();
    const double segment = IsSegment(match.anchor) ? kSegment : 1.0;
    const bool found = FillFromClause(element, match, filler);
    if (!found || filler.certainty < kSureSubject) {
      Filler named;
      const bool better = FillFromContext(element, match.anchor, match, named) &&
                          (!found || named.certainty > filler.certainty);
      if (!found && !better) return false;
      if (better) filler = std::move(named);
    }
    // "non ha acquisito il suo rivale X", "per ridurre la dipendenza da X": X is its rival, and it
    // depends on X, all the same.
    if (verbless) {
      std::erase_if(match.verbs, [&](size_t verb) {
        return units_[verb].verb.negated || !units_[verb].verb.finite;
      });
    }
    filler.certainty *= kOwnerByVerb * segment;
    return true;
  }

  // "Alvena, whose drug Zelvora generated sales of ...": the subject owns the figure, and is no
  // organization.
  bool IsToldOfProduct(size_t noun) const {
    const auto verb = FindGoverningVerb(clauses_, noun, classes_);
    if (!verb || *verb > noun) return false;
    const Subject subject = FindSubject(clauses_, *verb, classes_);
    return subject.unit && units_[*subject.unit].type == EntityType::kProduct;
  }

  // "il 12% del fatturato di Alvena": what follows is not told of the whole.
  bool IsShare(size_t noun) const {
    return noun > 1 && units_[noun - 1].Is(classes_.of) && units_[noun - 2].kind == Kind::kFigure &&
           units_[noun - 2].figure->quantity.unit == "percent";
  }

  // "advertising revenue": an unknown word before the noun may make it the figure of a part.
  bool IsSegment(size_t noun) const {
    return noun > 0 && units_[noun - 1].kind == Kind::kWord && units_[noun - 1].senses.empty();
  }

  // "i ricavi di Alvena".
  std::optional<size_t> OwnerAfter(size_t noun) const {
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
  std::optional<size_t> OwnerBefore(size_t noun) const {
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
  bool FillFromVerbBefore(const Element& element, size_t at, Filler& filler) const {
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
  bool EmploysAnalyst(size_t at) const {
    for (size_t k = at; k-- > 0 && at - k <= kOwnerDistanceMax;) {
      if (units_[k].kind != Kind::kWord) return false;
      if (units_[k].Is(matcher_.forecaster_)) return true;
      for (const Sense& sense : units_[k].senses) {
        if (sense.word_class == classes_.role && sense.canonical >= 0 &&
            matcher_.lexicon_.Canonical(sense.canonical) == "analyst") {
          return true;
        }
      }
    }
    return false;
  }

  // The one that the sentence has named before the words of the rule, besides those that fill other
  // slots, else the one in focus.
  bool FillFromContext(const Element& element, size_t anchor, const Match& match,
                       Filler& filler) const {
    std::vector<uint32_t> named;
    for (size_t k = 0; k < anchor; ++k) {
      if (!units_[k].is_reference() || units_[k].modifier || EmploysAnalyst(k)) continue;
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
    filler.found_by = FoundBy::kContext;
    return true;
  }

  static bool IsFilled(const Match& match, uint32_t entity) {
    return std::any_of(match.fillers.begin(), match.fillers.end(), [&](const auto& filler) {
      const std::vector<uint32_t>& entities = filler.second.entities;
      return std::find(entities.begin(), entities.end(), entity) != entities.end();
    });
  }

  bool FillFromFocus(const Element& element, size_t anchor, Filler& filler) const {
    // "Its shares": rather of who was spoken of last, but not "its chief executive".
    const bool own = anchor > 0 && units_[anchor - 1].Is(classes_.possessive) &&
                     !units_[anchor].Is(classes_.role);
    const auto antecedent = element.binding == Element::Binding::kTopic && !own
                                ? focus_.FindTopic(element.types, clauses_.sentence)
                                : focus_.Find(element.types, clauses_.sentence);
    if (!antecedent) return false;
    filler.entities = {antecedent->entity};
    filler.certainty = antecedent->certainty;
    filler.found_by = FoundBy::kFocus;
    filler.contested = antecedent->contested;
    filler.off_topic = !focus_.IsTopic(antecedent->entity);
    return true;
  }

  // "The market grew": the verb has a subject, though nothing that frames speak of.
  bool HasOtherSubject(size_t verb) const {
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

  const Matcher& matcher_;
  const CoreClasses& classes_;
  const Clauses& clauses_;
  const std::vector<Unit>& units_;
  const Names& names_;
  const Focus& focus_;
  std::vector<bool> present_;  // by class: whether any unit has it
  bool has_figure_ = false;
  std::vector<Match> matches_;
  size_t steps_ = 0;  // taken for the rule that is tried
};

std::vector<Match> Matcher::Find(const Clauses& clauses, const Names& names,
                                 const Focus& focus) const {
  return Run(*this, clauses, names, focus).Find();
}

}  // namespace fasti::ingest
