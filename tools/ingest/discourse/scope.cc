#include "tools/ingest/discourse/scope.h"

#include <algorithm>

#include "tools/ingest/clauses/subject.h"

namespace fasti::ingest {
namespace {

constexpr size_t kSourceDistanceMax = 4;  // from "according to" to the name of the source
constexpr size_t kSeenDistanceMax = 4;    // from "saw" over what was seen to what it did

// Denied before reported before expected before planned before asserted.
int Rank(Modality modality) {
  switch (modality) {
    case Modality::kDenied:
      return 4;
    case Modality::kReported:
      return 3;
    case Modality::kExpected:
      return 2;
    case Modality::kPlanned:
      return 1;
    case Modality::kAsserted:
      return 0;
  }
  return 0;
}

Modality Stronger(Modality a, Modality b) {
  return Rank(a) >= Rank(b) ? a : b;
}

bool BreaksBetween(const std::vector<Unit>& units, size_t from, size_t to) {
  return std::any_of(units.begin() + static_cast<std::ptrdiff_t>(from),
                     units.begin() + static_cast<std::ptrdiff_t>(to),
                     [](const Unit& unit) { return unit.kind == Unit::Kind::kBreak; });
}

}  // namespace

ScopeReader::ScopeReader(const Lexicon& lexicon, const CoreClasses& classes)
    : lexicon_(lexicon),
      classes_(classes),
      deny_(lexicon.ClassOf("deny")),
      other_(lexicon.ClassOf("other")),
      aim_(lexicon.ClassOf("aim")),
      foresee_(lexicon.ClassOf("foresee")),
      discuss_(lexicon.ClassOf("discuss")),
      see_(lexicon.ClassOf("see")),
      attribution_(lexicon.ClassOf("attribution")),
      hearsay_(lexicon.ClassOf("hearsay")),
      forecaster_(lexicon.ClassOf("forecaster")),
      event_(lexicon.ClassOf("event")),
      mistaken_(lexicon.ClassOf("mistaken")),
      true_word_(lexicon.ClassOf("true_word")),
      no_(lexicon.ClassOf("no")),
      hypothesis_(lexicon.ClassOf("hypothesis")),
      forecast_(lexicon.ClassOf("forecast")) {}

Modality ScopeReader::ModalityOfVerb(const Unit& verb) const {
  return verb.verb.negated ? Modality::kDenied : Stronger(verb.verb.modality, OutlookOf(verb));
}

// "prevede ricavi per 5 miliardi", "vise un chiffre d'affaires", "envisage le rachat": what a
// verb that looks ahead has for its object, unless the form is also that of another verb
// ("valuta") that says more than `other`.
Modality ScopeReader::OutlookOf(const Unit& verb) const {
  Modality outlook = Modality::kAsserted;
  for (const Sense& sense : verb.senses) {
    const bool ahead =
        sense.word_class == aim_ || sense.word_class == foresee_ || sense.word_class == discuss_;
    const bool governs = sense.word_class == classes_.control;
    if (!ahead && !governs && sense.word_class != other_) return Modality::kAsserted;
    if (sense.form == VerbForm::kParticiple) continue;
    if (ahead) outlook = Stronger(outlook, Modality::kPlanned);
    if (!governs || sense.canonical < 0) continue;
    if (const auto told = ModalityFromName(lexicon_.Canonical(sense.canonical))) {
      outlook = Stronger(outlook, *told);
    }
  }
  return outlook;
}

// The verb whose tense tells whether the infinitive units[verb] has happened: "saw its profit
// fall", "tras comprar Boreal, invirtió".
std::optional<size_t> ScopeReader::TenseOf(const std::vector<Unit>& units, size_t verb) const {
  if (units[verb].verb.form != VerbForm::kInfinitive) return std::nullopt;
  if (verb > 0 && units[verb - 1].Is(classes_.apart)) {
    const auto finite = std::find_if(units.begin() + static_cast<std::ptrdiff_t>(verb), units.end(),
                                     [](const Unit& unit) { return unit.verb.finite; });
    if (finite == units.end() || finite->verb.negated) return std::nullopt;
    return static_cast<size_t>(finite - units.begin());
  }
  for (size_t k = verb; k-- > 0 && verb - k <= kSeenDistanceMax;) {
    if (units[k].kind == Unit::Kind::kVerb) {
      return units[k].Is(see_) ? std::optional<size_t>(k) : std::nullopt;
    }
    if (units[k].kind == Unit::Kind::kComma || units[k].kind == Unit::Kind::kBreak ||
        units[k].Is(classes_.preposition)) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

// "rejected a merger with Boreal", but not "dropped", which shares do too.
bool ScopeReader::OnlyDenies(const Unit& verb) const {
  return verb.Is(deny_) && !verb.verb.negated &&
         std::all_of(verb.senses.begin(), verb.senses.end(), [&](const Sense& sense) {
           return sense.word_class == deny_ || sense.word_class == other_;
         });
}

// "Unzutreffend sei auch, dass ...": the clause before says that the one after is not so.
bool ScopeReader::IsDeniedBefore(const std::vector<Unit>& units, size_t clause) const {
  if (clause == 0 || !units[clause - 1].Is(classes_.subordinator)) return false;
  size_t commas = 0;
  for (size_t k = clause - 1; k-- > 0 && units[k].kind != Unit::Kind::kBreak;) {
    if (units[k].Is(deny_)) return true;
    if (units[k].kind == Unit::Kind::kComma && ++commas > 1) return false;
  }
  return false;
}

// "denied it was in talks to buy Boreal": a clause that stands beside the verb of denying.
bool ScopeReader::IsDeniedWithoutLink(const std::vector<Unit>& units, size_t anchor) const {
  for (size_t k = anchor; k-- > 0;) {
    const Unit& unit = units[k];
    if (unit.kind == Unit::Kind::kComma || unit.kind == Unit::Kind::kBreak ||
        unit.Is(classes_.relative) || unit.Is(classes_.subordinator) ||
        unit.Is(classes_.conjunction)) {
      return false;
    }
    if (!unit.Is(deny_) || unit.verb.negated || k + 2 >= units.size()) continue;
    return units[k + 1].is_reference() && units[k + 2].kind == Unit::Kind::kVerb &&
           units[k + 2].verb.finite;
  }
  return false;
}

// "rose to 13.9 billion, above the 13.4 billion analysts expected": whether the forecaster speaks
// of this figure.  Before all figures of the clause it speaks of each, else of the one next to it.
bool ScopeReader::IsGuess(const std::vector<Unit>& units, UnitRange clause, size_t forecaster,
                          size_t figure) const {
  if (forecaster < clause.begin || forecaster >= clause.end) return false;
  const auto has_figure = [&](size_t from, size_t to) {
    return std::any_of(units.begin() + static_cast<std::ptrdiff_t>(from),
                       units.begin() + static_cast<std::ptrdiff_t>(std::max(from, to)),
                       [](const Unit& unit) { return unit.kind == Unit::Kind::kFigure; });
  };
  if (forecaster < figure) {
    return !has_figure(forecaster, figure) || !has_figure(clause.begin, forecaster);
  }
  return !has_figure(figure + 1, forecaster) && !has_figure(forecaster, clause.end);
}

// "Nessun accordo tra Alvena e Boreal": what the noun would tell is not so.
bool ScopeReader::IsDeniedByNoun(const std::vector<Unit>& units, size_t anchor) const {
  // "Alvena's failed merger".
  if (units[anchor].Is(classes_.genitive) && anchor + 1 < units.size() &&
      units[anchor + 1].Is(no_)) {
    return true;
  }
  for (size_t k = anchor; k-- > 0;) {
    if (units[k].Is(no_)) return true;
    if (units[k].Is(classes_.be)) return units[k].verb.negated;  // "there is no deal"
    const bool filler = units[k].kind == Unit::Kind::kWord &&
                        (units[k].senses.empty() || units[k].Is(classes_.adjective));
    if (!filler) return false;
  }
  return false;
}

// "à tort", "non è vero".
bool ScopeReader::IsMistaken(const std::vector<Unit>& units, size_t at) const {
  if (units[at].Is(mistaken_)) return true;
  return at > 0 && units[at].Is(true_word_) && units[at - 1].verb.negated;
}

// "Se Alvena comprasse Boreal, il gruppo avrebbe ...": neither the condition nor what would follow
// from it is told as true; only what the words beside a name say of it is.
bool ScopeReader::IsSupposed(const Clauses& clauses, size_t anchor,
                             const std::vector<size_t>& verbs) const {
  const std::vector<Unit>& units = clauses.units;
  const UnitRange clause = ClauseAround(clauses, anchor, classes_);
  const auto opens = [&](size_t k) {
    return units[k].Is(hypothesis_) && (k == 0 || units[k - 1].kind != Unit::Kind::kWord ||
                                        units[k - 1].Is(classes_.conjunction));
  };
  const bool comma = std::any_of(units.begin() + static_cast<std::ptrdiff_t>(clause.begin),
                                 units.begin() + static_cast<std::ptrdiff_t>(anchor),
                                 [](const Unit& unit) { return unit.kind == Unit::Kind::kComma; });
  // A comma ends the condition.
  if (clause.begin > 0 && opens(clause.begin - 1) && !comma) {
    return !verbs.empty() || units[anchor].Is(event_);
  }
  if (units.empty() || !opens(0)) return false;
  return std::any_of(verbs.begin(), verbs.end(),
                     [&](size_t verb) { return units[verb].verb.form == VerbForm::kConditional; });
}

Scope ScopeReader::Read(const Clauses& clauses, size_t anchor, const std::vector<size_t>& verbs,
                        std::optional<size_t> figure, bool state) const {
  Scope scope;
  const std::vector<Unit>& units = clauses.units;
  for (size_t verb : verbs) {
    const Unit& told = units[TenseOf(units, verb).value_or(verb)];
    scope.modality = Stronger(scope.modality, ModalityOfVerb(told));
    if (OnlyDenies(units[verb])) scope.modality = Modality::kDenied;
  }
  const auto governing = FindGoverningVerb(clauses, anchor, classes_);
  const bool is_governed = governing && units[*governing].verb.finite;
  // "1 gigawatt sarà operativo": the noun's own clause tells whether the figure is there yet.
  if (verbs.empty() && figure && is_governed && !units[*governing].verb.negated) {
    scope.modality = ModalityOfVerb(units[*governing]);
  }
  const bool apposition = verbs.empty() && !figure;
  // "envisage le rachat de Boréal".
  if (apposition && units[anchor].Is(event_) && is_governed && *governing < anchor) {
    scope.modality = Stronger(scope.modality, OutlookOf(units[*governing]));
  }
  // "Il ceo Rossi ha escluso ...": he is the ceo all the same, and so is a rival whose takeover is
  // blocked.
  const bool title =
      apposition && (units[anchor].Is(classes_.role) || (state && !units[anchor].Is(event_)));
  // What a verb tells is not denied by one that follows.
  if (governing && (units[anchor].kind != Unit::Kind::kVerb || *governing < anchor)) {
    if (units[*governing].Is(deny_) && !title) {
      // "did not rule out a bid for Boreal".
      scope.modality = units[*governing].verb.negated ? Stronger(scope.modality, Modality::kPlanned)
                                                      : Modality::kDenied;
    }
    // "Le rachat de Boréal par Alvena n'aura pas lieu".
    const bool event = apposition && units[anchor].Is(event_) && *governing > anchor;
    if (event && units[*governing].verb.negated) scope.modality = Modality::kDenied;
  }
  const UnitRange clause = ClauseAround(clauses, anchor, classes_);
  // "denied that X would ...".
  if (clause.begin > 1 && units[clause.begin - 2].Is(deny_) && !title) {
    scope.modality = Modality::kDenied;
  }
  if (!apposition && IsDeniedWithoutLink(units, anchor)) scope.modality = Modality::kDenied;
  if (apposition && IsDeniedByNoun(units, anchor)) scope.modality = Modality::kDenied;
  scope.supposed = IsSupposed(clauses, anchor, verbs);
  if (!apposition && IsDeniedBefore(units, clause.begin)) scope.modality = Modality::kDenied;
  for (size_t i = 0; i < units.size(); ++i) {
    if (units[i].kind != Unit::Kind::kWord) continue;
    if (i < anchor && IsMistaken(units, i) && !BreaksBetween(units, i, anchor)) {
      scope.modality = Modality::kDenied;
    }
    if (units[i].Is(hearsay_)) scope.modality = Stronger(scope.modality, Modality::kReported);
    if (figure && units[i].Is(forecaster_) && IsGuess(units, clause, i, *figure)) {
      scope.modality = Stronger(scope.modality, Modality::kExpected);
    }
    if (figure && clause.begin <= i && i < clause.end && units[i].Is(forecast_)) {
      scope.modality = Stronger(scope.modality, Modality::kPlanned);
    }
    // What a source tells is the news, not who somebody is: "secondo X, Rossi, ceo di Y, lascia".
    if (!units[i].Is(attribution_) || apposition) continue;
    for (size_t k = i + 1; k < units.size() && k <= i + kSourceDistanceMax; ++k) {
      if (units[k].Is(forecaster_) && figure) {
        scope.modality = Stronger(scope.modality, Modality::kExpected);
      }
      if (!units[k].is_reference() || units[k].reference != Reference::kName) continue;
      // A person speaks for the party; another organization tells by hearsay.
      scope.source = units[k].entities.front();
      if (units[k].type != EntityType::kPerson) {
        scope.modality = Stronger(scope.modality, Modality::kReported);
      }
      break;
    }
  }
  return scope;
}

}  // namespace fasti::ingest
