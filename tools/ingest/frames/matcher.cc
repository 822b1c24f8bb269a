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
constexpr double kGapCost = 0.985;  // for each unit skipped

bool IsBorder(const Unit& unit, const CoreClasses& classes) {
  return unit.kind == Kind::kBreak || unit.kind == Kind::kOpen || unit.kind == Kind::kClose ||
         unit.Is(classes.relative) || unit.Is(classes.subordinator);
}

}  // namespace

Matcher::Matcher(const FrameBook& book, const Lexicon& lexicon, const CoreClasses& classes)
    : lexicon_(lexicon),
      classes_(classes),
      rules_(book, lexicon.class_count()),
      owns_figures_(lexicon.class_count()),
      slot_classes_(lexicon) {
  for (const Rule& rule : book.rules) {
    const Element* const first = FirstElement(rule);
    if (first == nullptr || first->kind != Element::Kind::kWord) continue;
    const bool owner = std::any_of(
        rule.elements.begin(), rule.elements.end(),
        [](const Element& element) { return element.binding == Element::Binding::kOwner; });
    const bool figure =
        std::any_of(rule.elements.begin(), rule.elements.end(),
                    [](const Element& element) { return element.kind == Element::Kind::kFigure; });
    if (!owner || !figure) continue;
    for (ClassId id : first->classes) owns_figures_[id] = true;
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
        filler_(matcher.lexicon_, classes_, matcher.slot_classes_, clauses, names, focus) {}

  std::vector<Match> Find() {
    RuleIndex::Candidates candidates(matcher_.rules_, units_);
    for (size_t i = 0; i < units_.size(); ++i) {
      for (const Rule* rule : candidates.At(i)) Try(*rule, i);
    }
    return std::move(matches_);
  }

 private:
  void Try(const Rule& rule, size_t at) {
    Match match;
    match.rule = &rule;
    match.begin = match.end = match.anchor = at;
    match.certainty = rule.confidence;
    bool anchored = false;
    steps_ = 0;
    if (MatchFrom(rule, 0, at, true, anchored, match) && filler_.Complete(match)) {
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
      if (MayTake(element, units_[k])) {
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

  // Whether a unit is what an element takes, so far as the unit alone tells: most are not, and a
  // match is dear to copy.
  bool MayTake(const Element& element, const Unit& unit) const {
    switch (element.kind) {
      case Element::Kind::kVerb:
        return unit.kind == Kind::kVerb && (unit.voices & element.voices) != 0 &&
               (element.classes.empty() || FindSense(element, unit) != nullptr);
      case Element::Kind::kEntity:
        return unit.is_reference();
      case Element::Kind::kFigure:
        return unit.kind == Kind::kFigure && element.figure.Accepts(*unit.figure);
      case Element::Kind::kWord:
        return unit.kind != Kind::kVerb && FindSense(element, unit) != nullptr;
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

  // Whether `element` stands at units[at], articles and adjectives apart.
  bool IsNext(const Element& element, size_t at, const Match& match) {
    for (size_t k = at; k < units_.size(); ++k) {
      if (MayTake(element, units_[k])) {
        Match attempt = match;
        bool anchored = true;
        size_t next = k + 1;
        if (Matches(element, k, attempt, anchored, next)) return true;
      }
      if (!MaySkip(element, k, k - at)) return false;
    }
    return false;
  }

  // REQUIRES: MayTake(element, units_[at]).
  bool Matches(const Element& element, size_t at, Match& match, bool& anchored, size_t& next) {
    switch (element.kind) {
      case Element::Kind::kWord:
      case Element::Kind::kVerb:
        TakeWord(element, at, match, anchored);
        return true;
      case Element::Kind::kEntity:
        return MatchesEntity(element, at, match, next);
      case Element::Kind::kFigure:
        if (IsPerShare(clauses_, at, classes_) != element.figure.per_share) return false;
        match.fillers[element.slot].figure = units_[at].figure;
        return true;
      default:
        return true;
    }
  }

  void TakeWord(const Element& element, size_t at, Match& match, bool& anchored) const {
    const bool verb = element.kind == Element::Kind::kVerb;
    if (verb && element.classes.empty()) return;
    const Sense& sense = *FindSense(element, units_[at]);
    if (!element.capture.empty() && sense.canonical >= 0) {
      match.captures[element.capture] = std::string(matcher_.lexicon_.Canonical(sense.canonical));
    }
    if (verb) match.verbs.push_back(at);
    if (!anchored) match.anchor = at;
    anchored = true;
  }

  // The first reading that the element asks for; null if there is none.
  const Sense* FindSense(const Element& element, const Unit& unit) const {
    const auto sense = std::find_if(unit.senses.begin(), unit.senses.end(),
                                    [&](const Sense& s) { return Fits(element, s); });
    return sense == unit.senses.end() ? nullptr : &*sense;
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
    if (!filler_.Fill(element, at, filler, next)) return false;
    if (element.second_slot.empty()) {
      match.fillers[element.slot] = std::move(filler);
      return true;
    }
    return SlotFiller::Split(element, filler, match);
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
    if (filler_.IsModifier(at) || IsOwningPlace(at)) return skipped < kGapToWord;
    if (unit.kind == Kind::kVerb || unit.kind == Kind::kComma || unit.is_reference()) return false;
    if (element.kind == Element::Kind::kEntity) {
      // "des centres de données": an article that is spelled like a preposition.
      const bool governs = unit.Is(classes_.preposition) && !unit.Is(classes_.indefinite);
      const bool plain = unit.kind == Kind::kWord || unit.kind == Kind::kTime;
      return skipped < kGapToEntity && plain && !governs && !unit.Is(classes_.conjunction);
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

  const Matcher& matcher_;
  const CoreClasses& classes_;
  const Clauses& clauses_;
  const std::vector<Unit>& units_;
  const SlotFiller filler_;
  std::vector<Match> matches_;
  size_t steps_ = 0;  // taken for the rule that is tried
};

std::vector<Match> Matcher::Find(const Clauses& clauses, const Names& names,
                                 const Focus& focus) const {
  return Run(*this, clauses, names, focus).Find();
}

}  // namespace fasti::ingest
