#include "tools/ingest/clauses/subject.h"

#include <algorithm>

namespace fasti::ingest {
namespace {

using Kind = Unit::Kind;

// What each step away from the plain subject costs.
constexpr double kOfRelative = 0.95;
constexpr double kOfGovernedAntecedent = 0.85;
constexpr double kOfCoordination = 0.9;
constexpr double kOfGoverned = 0.6;  // "L'approccio di Alvena ..."
constexpr int kDepthMax = 4;         // subjects of subjects

bool IsFiller(const Unit& unit, const CoreClasses& classes) {
  return unit.kind == Kind::kWord && !unit.Is(classes.preposition) &&
         !unit.Is(classes.conjunction) && !unit.Is(classes.relative) &&
         !unit.Is(classes.subordinator);
}

// The first unit of the noun phrase that ends with units[at]: "Norway's", "the new".
size_t PhraseStart(const std::vector<Unit>& units, size_t at, const CoreClasses& classes) {
  constexpr int kWordsMax = 5;
  size_t start = at;
  for (int step = 0; step < kWordsMax && start > 0; ++step) {
    const bool owner = units[start].Is(classes.genitive) && units[start - 1].is_reference();
    if (!owner && !IsFiller(units[start - 1], classes)) break;
    if (units[start].Is(classes.definite) || units[start].Is(classes.indefinite)) break;
    --start;
  }
  return start;
}

// Whether units[at] is what an earlier verb acts on.
bool IsObject(const std::vector<Unit>& units, size_t at, const CoreClasses& classes) {
  const size_t start = PhraseStart(units, at, classes);
  return start > 0 && units[start - 1].kind == Kind::kVerb && !units[start - 1].Is(classes.be);
}

// Whether a verb that could be active or a participle has an object and so is active: "acquired
// Boreal", not "acquired by Boreal".
bool TakesObject(const std::vector<Unit>& units, size_t verb, const CoreClasses& classes) {
  if (verb + 1 >= units.size()) return false;
  const Unit& next = units[verb + 1];
  const bool named = next.is_reference() && next.reference != Reference::kIndefinite;
  return named || next.kind == Kind::kFigure || next.Is(classes.definite) ||
         next.Is(classes.indefinite) || next.Is(classes.possessive);
}

// Whether nothing but words stands between the name units[at] and the verb units[verb].
bool IsBeside(const std::vector<Unit>& units, size_t at, size_t verb, const CoreClasses& classes) {
  for (size_t k = at + 1; k < verb; ++k) {
    if (!IsFiller(units[k], classes)) return false;
  }
  return true;
}

class SubjectSearch {
 public:
  SubjectSearch(const Clauses& clauses, const CoreClasses& classes)
      : units_(clauses.units), clauses_(clauses), classes_(classes) {}

  Subject Find(size_t verb, int depth) const {
    if (depth > kDepthMax) return {};
    if (const std::optional<size_t> noun = NounOfParticiple(verb)) return {noun, kOfRelative};
    if (IsToldOfANoun(verb)) return {std::nullopt, 0.0};
    std::optional<size_t> governed;  // a noun phrase after a preposition: "l'approccio di Alvena"
    bool conjunction = false;
    bool complementizer = false;
    int parentheses = 0;
    for (size_t k = verb; k-- > 0;) {
      const Unit& unit = units_[k];
      if (unit.kind == Kind::kClose) ++parentheses;
      if (unit.kind == Kind::kOpen && parentheses-- == 0) break;
      if (parentheses > 0) continue;
      if (unit.kind == Kind::kBreak) break;
      if (unit.kind == Kind::kVerb) {
        if (const std::optional<size_t> relative = EnclosedRelative(k, verb)) {
          k = *relative;
          continue;
        }
        if (Subject subject; ThroughVerb(k, verb, conjunction || complementizer, depth, subject)) {
          return subject;
        }
        continue;
      }
      if (unit.Is(classes_.conjunction)) conjunction = true;
      if (unit.Is(classes_.relative)) {
        if (Subject subject; Antecedent(k, verb, depth, subject)) return subject;
        complementizer = true;
        continue;
      }
      if (unit.Is(classes_.subordinator)) {
        if (!governed) return {};
        break;
      }
      if (!unit.is_reference() || unit.reference == Reference::kGeneric) continue;
      if (unit.modifier || IsPartOfOffice(k)) continue;
      // "Mara Bellini, Alvena's chief executive, has ...": a possessor is no subject.
      if (units_[k + 1].Is(classes_.genitive)) continue;
      const size_t first = clauses_.list_starts[k];
      if (IsJoinedTo(k, verb)) {
        k = first;
        continue;
      }
      if (IsGoverned(clauses_, first, classes_)) {
        if (!governed && IsPossessor(first)) governed = first;
        k = first;
        continue;
      }
      if (IsObject(units_, first, classes_) && !OpensReport(first, k, verb)) {
        k = first;
        continue;
      }
      return {first, 1.0};
    }
    if (!units_[verb].verb.finite) {
      // "Per supportare ..., Alvena mira": the subject of the main verb, which follows.
      for (size_t k = verb + 1; k < units_.size() && units_[k].kind != Kind::kBreak; ++k) {
        if (units_[k].kind == Kind::kVerb && units_[k].verb.finite) {
          const Subject subject = FindAfter(verb, k, depth);
          if (subject.unit) return subject;
          break;
        }
      }
    }
    if (governed) return {governed, kOfGoverned};
    return {};
  }

 private:
  // "said Alvena would ...": after a verb of telling a name that a finite verb follows is no
  // object, but the subject of what is told.
  bool OpensReport(size_t first, size_t last, size_t verb) const {
    const Unit& telling = units_[PhraseStart(units_, first, classes_) - 1];
    return (telling.Is(classes_.say) || telling.Is(classes_.announce)) &&
           units_[verb].verb.finite && IsBeside(units_, last, verb, classes_);
  }

  // "Alvena said (that) the purchase would add ...": what is told has a subject of its own, though
  // one that stands for nobody.
  bool IsToldOfANoun(size_t verb) const {
    if (!units_[verb].verb.finite) return false;
    size_t k = verb;
    bool noun = false;
    while (k > 0 && IsFiller(units_[k - 1], classes_)) {
      --k;
      const bool article = units_[k].Is(classes_.definite) || units_[k].Is(classes_.indefinite) ||
                           units_[k].Is(classes_.possessive);
      if (article) break;
      noun |= !units_[k].Is(classes_.adverb) && !units_[k].Is(classes_.negation);
    }
    const bool article = units_[k].Is(classes_.definite) || units_[k].Is(classes_.indefinite) ||
                         units_[k].Is(classes_.possessive);
    if (!noun || !article || k == 0) return false;
    const bool that =
        units_[k - 1].Is(classes_.relative) || units_[k - 1].Is(classes_.subordinator);
    if (that && k < 2) return false;
    const Unit& telling = units_[that ? k - 2 : k - 1];
    return telling.kind == Kind::kVerb && telling.voices != kBare &&
           (that || telling.Is(classes_.say));
  }

  // "Ruth Adeyemi, a former Boreal executive, founded ...": she did, not Boreal.
  bool IsPartOfOffice(size_t at) const {
    return units_[at].reference == Reference::kName && units_[at].type != EntityType::kPerson &&
           at + 1 < units_.size() && units_[at + 1].Is(classes_.role);
  }

  // "Arvane, controllata da Océor": a participle on its own belongs to the noun it follows,
  // whatever governs that.
  std::optional<size_t> NounOfParticiple(size_t verb) const {
    if ((units_[verb].voices & kBare) == 0 || verb == 0) return std::nullopt;
    size_t k = verb - 1;
    while (k > 0 && units_[k].Is(classes_.adverb)) --k;
    const bool comma = units_[k].kind == Kind::kComma;
    // "X acquired ..." may be active: only a comma makes it a participle, unless it has an object.
    const bool active = units_[verb].voices != kBare;
    if (active && (!comma || TakesObject(units_, verb, classes_))) return std::nullopt;
    if (comma && k-- == 0) return std::nullopt;
    const Unit& noun = units_[k];
    if (!noun.is_reference() || noun.reference == Reference::kGeneric) return std::nullopt;
    if (!comma) return k;
    const size_t first = clauses_.list_starts[k];
    return WhomApposed(first).value_or(first);
  }

  // "Arvane, the owner of Océor, ...": units[at] is part of what is said of Arvane.
  std::optional<size_t> WhomApposed(size_t at) const {
    if (!IsGoverned(clauses_, at, classes_)) return std::nullopt;
    for (size_t k = at; k-- > 1;) {
      if (units_[k].kind == Kind::kVerb || units_[k].kind == Kind::kBreak) return std::nullopt;
      if (units_[k].kind != Kind::kComma) continue;
      const Unit& name = units_[k - 1];
      const bool named = name.is_reference() && name.reference == Reference::kName;
      return named ? std::optional<size_t>(k - 1) : std::nullopt;
    }
    return std::nullopt;
  }

  // "Volvis, which Arvane has owned since 1993, had ...": the pronoun of the relative clause
  // between commas that the verb units[earlier] belongs to and the verb units[verb] does not.
  std::optional<size_t> EnclosedRelative(size_t earlier, size_t verb) const {
    if (!units_[earlier].verb.finite || units_[verb - 1].kind != Kind::kComma) return std::nullopt;
    for (size_t k = earlier; k-- > 1;) {
      if (units_[k].kind == Kind::kBreak) return std::nullopt;
      if (units_[k].kind == Kind::kVerb && units_[k].verb.finite) return std::nullopt;
      if (!units_[k].Is(classes_.relative)) continue;
      const bool enclosed = units_[k - 1].kind == Kind::kComma;
      return enclosed ? std::optional<size_t>(k) : std::nullopt;
    }
    return std::nullopt;
  }

  // "has lined up two customers, Boreal and Carrow, and will use": what a conjunction alone
  // separates from a verb belongs to the verb before.
  bool IsJoinedTo(size_t at, size_t verb) const {
    bool joined = false;
    for (size_t k = at + 1; k < verb; ++k) {
      if (units_[k].Is(classes_.conjunction)) {
        joined = true;
      } else if (units_[k].kind != Kind::kComma && !units_[k].Is(classes_.adverb)) {
        return false;
      }
    }
    return joined;
  }

  // "L'approccio di Alvena": what belongs to the noun that may be the subject.
  bool IsPossessor(size_t at) const {
    const size_t k = PhraseStart(units_, at, classes_);
    return k > 1 && units_[k - 1].Is(classes_.of) && units_[k - 2].kind != Kind::kComma;
  }

  // "permettra à Alvena de réduire": whom the verb units[allow] lets do what follows.
  std::optional<size_t> Allowed(size_t allow, size_t verb) const {
    for (size_t k = allow + 1; k < verb && units_[k].kind != Kind::kVerb; ++k) {
      if (units_[k].is_reference() && units_[k].reference != Reference::kGeneric) return k;
    }
    return std::nullopt;
  }

  // What an earlier verb says of the subject of `verb`; false to look further left.
  bool ThroughVerb(size_t earlier, size_t verb, bool joined, int depth, Subject& subject) const {
    const Unit& unit = units_[earlier];
    // A participle on its own belongs to the noun before it.
    if (unit.voices == kBare) return false;
    const bool subordinate = !units_[verb].verb.finite;
    if (subordinate && unit.Is(classes_.allow)) {
      if (const auto allowed = Allowed(earlier, verb)) {
        subject = {allowed, kOfCoordination};
        return true;
      }
    }
    const bool comma = units_[verb - 1].kind == Kind::kComma;
    if (!joined && !subordinate && !comma && unit.verb.finite) {
      // Two finite verbs side by side: the first one's clause ends somewhere between.
      return false;
    }
    subject = Find(earlier, depth + 1);
    subject.certainty *= kOfCoordination;
    return true;
  }

  // The noun phrase that the relative pronoun units[pronoun] refers to; false if it is no relative.
  bool Antecedent(size_t pronoun, size_t verb, int depth, Subject& subject) const {
    if (pronoun == 0) return false;
    // Between a relative subject and its verb stand only small words.
    for (size_t k = pronoun + 1; k < verb; ++k) {
      if (units_[k].kind == Kind::kTime) continue;  // "che nel 2022 ha acquisito"
      if (units_[k].kind != Kind::kWord || units_[k].Is(classes_.preposition)) {
        if (units_[k].kind != Kind::kVerb) return false;
        // "che diversifica ... e riduce": coordinated inside the relative clause.
        break;
      }
    }
    size_t k = pronoun;
    if (units_[k - 1].kind == Kind::kComma) --k;
    if (k == 0) return false;
    const Unit& before = units_[k - 1];
    if (before.kind == Kind::kVerb && before.voices != kBare) {
      return false;  // "ha annunciato che": no relative
    }
    for (size_t at = k; at-- > 0;) {
      const Unit& unit = units_[at];
      if (unit.kind == Kind::kBreak || unit.kind == Kind::kVerb) break;
      if (!unit.is_reference() || unit.reference == Reference::kGeneric) continue;
      if (IsPartOfOffice(at)) continue;  // "Owen Pryce, a former Boreal executive who ..."
      const size_t first = clauses_.list_starts[at];
      subject.unit = first;
      subject.certainty =
          IsGoverned(clauses_, first, classes_) ? kOfGovernedAntecedent : kOfRelative;
      return true;
    }
    (void)depth;
    subject = {};
    subject.certainty = 0.0;  // The antecedent is no entity: the fact is about something else.
    return true;
  }

  // The subject that stands between an opening participle or infinitive and the main verb.
  Subject FindAfter(size_t from, size_t main, int depth) const {
    for (size_t k = main; k-- > from + 1;) {
      if (!units_[k].is_reference() || units_[k].reference == Reference::kGeneric) continue;
      const size_t first = clauses_.list_starts[k];
      if (IsGoverned(clauses_, first, classes_)) continue;
      (void)depth;
      return {first, kOfCoordination};
    }
    return {};
  }

  const std::vector<Unit>& units_;
  const Clauses& clauses_;
  const CoreClasses& classes_;
};

// After `at`, the place of the next member of a list, or `at` if there is none.  `closing` tells
// whether a conjunction announced it.
size_t NextMember(const std::vector<Unit>& units, size_t at, const CoreClasses& classes,
                  bool& closing) {
  size_t k = at + 1;
  // A parenthesis after a member explains it.
  if (k < units.size() && units[k].kind == Kind::kOpen) {
    while (k < units.size() && units[k].kind != Kind::kClose) ++k;
    if (k < units.size()) ++k;
  }
  bool joined = false;
  if (k < units.size() && units[k].kind == Kind::kComma) {
    joined = true;
    ++k;
  }
  if (k < units.size() && units[k].Is(classes.conjunction)) {
    joined = closing = true;
    ++k;
  }
  if (!joined) return at;
  for (int step = 0; step < 4 && k < units.size(); ++step, ++k) {
    if (units[k].is_reference() && units[k].reference != Reference::kIndefinite) return k;
    const bool small = units[k].kind == Kind::kWord &&
                       (units[k].senses.empty() || units[k].Is(classes.preposition) ||
                        units[k].Is(classes.definite) || units[k].Is(classes.adjective) ||
                        units[k].Is(classes.head) || units[k].Is(classes.adverb));
    if (!small) return at;
  }
  return at;
}

// "con Carrow e Tessera (...), con Delta": a member that repeats the preposition after a
// parenthesis; `at` if there is none.
size_t AfterthoughtMember(const std::vector<Unit>& units, size_t at, const CoreClasses& classes) {
  size_t k = at + 1;
  if (k >= units.size() || units[k].kind != Kind::kOpen) return at;
  while (k < units.size() && units[k].kind != Kind::kClose) ++k;
  if (k + 3 >= units.size() || units[k + 1].kind != Kind::kComma) return at;
  const bool fits = units[k + 2].Is(classes.preposition) && units[k + 3].is_reference() &&
                    units[k + 3].reference == Reference::kName;
  return fits ? k + 3 : at;
}

// "from Boreal, Carrow and business angels": after its names a list may end in a common noun.
bool ClosesInNoun(const std::vector<Unit>& units, size_t at, const CoreClasses& classes) {
  size_t k = at + 1;
  if (k < units.size() && units[k].kind == Kind::kComma) ++k;
  if (k + 1 >= units.size() || !units[k].Is(classes.conjunction)) return false;
  const Unit& noun = units[k + 1];
  if (noun.is_reference()) return noun.reference == Reference::kIndefinite;
  return noun.kind == Kind::kWord && !noun.Is(classes.preposition) &&
         !noun.Is(classes.possessive) && !noun.Is(classes.relative) &&
         !noun.Is(classes.subordinator) && !noun.Is(classes.conjunction);
}

// "was advised by Boreal, and Carrow is ...": a comma and a conjunction between two names of which
// the second has a verb of its own, while the first belongs to another.
bool OpensClause(const std::vector<Unit>& units, size_t first, size_t second,
                 const CoreClasses& classes) {
  if (second + 1 >= units.size() || second < first + 3) return false;
  const bool verb = units[second + 1].kind == Kind::kVerb && units[second + 1].verb.finite;
  if (!verb || units[first + 1].kind != Kind::kComma) return false;
  for (size_t k = first; k-- > 0;) {
    if (units[k].kind == Kind::kVerb) return !units[k].Is(classes.say);
    if (units[k].kind == Kind::kBreak || units[k].kind == Kind::kComma) return false;
  }
  return false;
}

bool SameSort(const Unit& a, const Unit& b) {
  const auto sort = [](const Unit& unit) {
    return unit.type == EntityType::kUnit || unit.type == EntityType::kUnknown
               ? EntityType::kOrganization
               : unit.type;
  };
  return sort(a) == sort(b) || a.type == EntityType::kUnknown || b.type == EntityType::kUnknown;
}

}  // namespace

bool IsGoverned(const Clauses& clauses, size_t at, const CoreClasses& classes) {
  const std::vector<Unit>& units = clauses.units;
  const size_t start = PhraseStart(units, at, classes);
  return start > 0 && units[start - 1].Is(classes.preposition);
}

bool IsSource(const Clauses& clauses, size_t at, const CoreClasses& classes) {
  const std::vector<Unit>& units = clauses.units;
  const size_t start = PhraseStart(units, at, classes);
  return units[start].Is(classes.attribution) ||
         (start > 0 && units[start - 1].Is(classes.attribution));
}

bool IsInOpening(const Clauses& clauses, size_t at, size_t from, const CoreClasses& classes) {
  const std::vector<Unit>& units = clauses.units;
  const Unit& first = units[0];
  const bool participle = first.kind == Kind::kVerb && first.voices == kBare;
  if (!participle && !first.Is(classes.with) && !first.Is(classes.apart)) return false;
  const auto comma = std::find_if(units.begin() + 1, units.end(), [](const Unit& unit) {
    return unit.kind == Kind::kComma || unit.kind == Kind::kVerb;
  });
  const size_t end = static_cast<size_t>(comma - units.begin());
  return at < end && end < from && comma->kind == Kind::kComma &&
         IsGoverned(clauses, clauses.list_starts[at], classes);
}

bool IsInAside(const Clauses& clauses, size_t at, size_t from, const CoreClasses& classes) {
  const std::vector<Unit>& units = clauses.units;
  size_t begin = at;
  while (begin > 0 && !units[begin].Is(classes.relative)) {
    if (units[begin].kind == Kind::kComma || units[begin].kind == Kind::kBreak) return false;
    --begin;
  }
  if (begin == 0 || units[begin - 1].kind != Kind::kComma) return false;
  for (size_t k = at; k < from; ++k) {
    if (units[k].kind == Kind::kComma) return true;
  }
  return false;
}

Coordination FindCoordination(const Clauses& clauses, size_t at, const CoreClasses& classes) {
  const std::vector<Unit>& units = clauses.units;
  Coordination list;
  list.members = {at};
  size_t last = at;
  bool closed = false;
  while (!closed && list.members.size() <= kListMax) {
    bool closing = false;
    const size_t next = NextMember(units, last, classes, closing);
    if (next == last || !SameSort(units[at], units[next])) break;
    list.members.push_back(next);
    last = next;
    closed = closing;
  }
  if (list.members.size() == 2 && OpensClause(units, at, last, classes)) {
    list.members.resize(1);
    last = at;
    closed = false;
  }
  closed |= list.members.size() > 1 && ClosesInNoun(units, last, classes);
  // "A, B" without "and" is an apposition or two clauses, unless a mark closes it.
  const bool ends = last + 1 >= units.size() || units[last + 1].kind == Kind::kBreak ||
                    units[last + 1].kind == Kind::kClose;
  if (!closed && !(ends && list.members.size() > 2)) {
    list.members.resize(1);
    last = at;
  }
  if (const size_t more = AfterthoughtMember(units, last, classes); more != last) {
    list.members.push_back(more);
    last = more;
  }
  list.end = last + 1;
  return list;
}

void MarkLists(Clauses& clauses, const CoreClasses& classes) {
  std::vector<size_t>& starts = clauses.list_starts;
  starts.resize(clauses.units.size());
  for (size_t k = 0; k < starts.size(); ++k) starts[k] = k;
  for (size_t k = 0; k < starts.size(); ++k) {
    if (!clauses.units[k].is_reference()) continue;
    for (size_t member : FindCoordination(clauses, k, classes).members) {
      if (starts[member] == member) starts[member] = k;
    }
  }
}

Subject FindSubject(const Clauses& clauses, size_t verb, const CoreClasses& classes) {
  return SubjectSearch(clauses, classes).Find(verb, 0);
}

std::optional<size_t> FindGoverningVerb(const Clauses& clauses, size_t at,
                                        const CoreClasses& classes) {
  const std::vector<Unit>& units = clauses.units;
  for (size_t k = at; k-- > 0;) {
    if (units[k].kind == Kind::kBreak) break;
    if (units[k].kind == Kind::kVerb && units[k].voices != kBare) return k;
    if (units[k].Is(classes.relative) || units[k].Is(classes.subordinator)) break;
  }
  for (size_t k = at + 1; k < units.size() && units[k].kind != Kind::kBreak; ++k) {
    if (units[k].kind == Kind::kVerb && units[k].verb.finite) return k;
  }
  return std::nullopt;
}

bool IsPerShare(const Clauses& clauses, size_t at, const CoreClasses& classes) {
  return at + 1 < clauses.units.size() && clauses.units[at + 1].Is(classes.per_share);
}

UnitRange ClauseAround(const Clauses& clauses, size_t at, const CoreClasses& classes) {
  const std::vector<Unit>& units = clauses.units;
  const auto borders = [&](size_t k) {
    return units[k].kind == Kind::kBreak || units[k].Is(classes.relative) ||
           units[k].Is(classes.subordinator);
  };
  // A verb of its own after a comma or a conjunction begins another clause.
  const auto begins_clause = [&](size_t k) {
    return units[k].kind == Kind::kVerb && k > 0 &&
           (units[k - 1].kind == Kind::kComma || units[k - 1].Is(classes.conjunction));
  };
  UnitRange range{at, at + 1};
  while (range.begin > 0 && !borders(range.begin - 1)) {
    if (begins_clause(range.begin)) break;
    --range.begin;
  }
  while (range.end < units.size() && !borders(range.end) && !begins_clause(range.end)) {
    ++range.end;
  }
  return range;
}

}  // namespace fasti::ingest
