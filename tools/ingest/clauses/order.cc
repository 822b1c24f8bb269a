#include "tools/ingest/clauses/order.h"

#include <algorithm>
#include <utility>

#include "absl/types/span.h"
#include "tools/ingest/clauses/subject.h"
#include "tools/ingest/clauses/verb_parts.h"

namespace fasti::ingest {
namespace {

using Kind = Unit::Kind;

constexpr size_t kNone = SIZE_MAX;

// Reorders one sentence.
class Orderer {
 public:
  Orderer(const Analysis& analysis, const Lexicon& lexicon, const CoreClasses& classes,
          Clauses& clauses)
      : analysis_(analysis),
        classes_(classes),
        clauses_(clauses),
        units_(clauses.units),
        verbs_(analysis, lexicon, classes, clauses.units),
        oblique_(lexicon.ClassOf("oblique")),
        between_(lexicon.ClassOf("between")),
        at_(lexicon.ClassOf("at")),
        genitive_article_(lexicon.ClassOf("genitive_article")) {}

  void Run() {
    for (size_t i = 0; i < units_.size(); ++i) ReadGenitiveArticle(i);
    MarkEnumerations();
    MarkNamedOffices();
    size_t begin = 0;
    for (size_t i = 0; i <= units_.size(); ++i) {
      if (i < units_.size() && !Separates(i, begin)) continue;
      Segment(begin, i);
      if (i == units_.size()) break;
      if (units_[i].kind == Kind::kBreak) Restart();
      if (units_[i].kind != Kind::kWord) {
        out_.push_back(units_[i]);
        begin = i + 1;
      } else {
        begin = i;  // a conjunction opens the clause after it
      }
    }
    for (Unit& unit : out_) DropRelative(unit);
    units_ = std::move(out_);
  }

 private:
  struct Phrase {
    size_t begin = 0;
    size_t end = 0;
    bool governed = false;  // by a preposition
    bool oblique = false;   // in a case that is not the subject's
    bool named = false;     // its noun is a name, announces one or stands for one
  };

  const Token& At(const Unit& unit) const { return analysis_.document->tokens[unit.tokens.begin]; }
  bool OpensSentence(const Unit& unit) const {
    return unit.tokens.begin == analysis_.document->sentences[clauses_.sentence].tokens.begin;
  }

  void Restart() {
    open_ = kNone;
    subject_waits_ = false;
    clause_told_ = false;
  }

  // What opens no relative clause is an article: "das".
  void DropRelative(Unit& unit) const {
    if (!unit.Is(classes_.definite) || !unit.Is(classes_.relative)) return;
    EraseSenses(unit.senses,
                [&](const Sense& sense) { return sense.word_class == classes_.relative; });
  }

  // "der" between two nouns is a genitive; elsewhere it is the article of a subject.
  void ReadGenitiveArticle(size_t i) {
    Unit& unit = units_[i];
    if (unit.kind != Kind::kWord || !unit.Is(genitive_article_)) return;
    const bool after_noun = i > 0 && IsNoun(units_[i - 1]) && i + 1 < units_.size();
    const bool sure = !unit.Is(classes_.definite) && !unit.Is(classes_.indefinite) &&
                      !unit.Is(classes_.possessive);
    if (!after_noun && !sure) return;
    Sense sense;
    unit.senses.clear();
    for (ClassId id : {classes_.of, classes_.preposition}) {
      sense.word_class = id;
      unit.senses.push_back(sense);
    }
  }

  // "Alvena, Boreal und Carrow": commas in a list separate no clauses.
  void MarkEnumerations() {
    list_end_.assign(units_.size(), 0);
    for (size_t i = 0; i < units_.size(); ++i) {
      if (!units_[i].is_reference()) continue;
      const Coordination list = FindCoordination(clauses_, i, classes_);
      const size_t end = list.members.back() + 1;
      if (list.members.size() < 2 || HasVerbBetween(i, end)) continue;
      for (size_t k = i; k + 1 < end; ++k) list_end_[k] = std::max(list_end_[k], end);
    }
  }

  // "sagte der Chef der Alvena AG, Simon Wald, am Montag": the name belongs to the phrase before
  // it.
  void MarkNamedOffices() {
    office_end_.assign(units_.size(), 0);
    for (size_t i = 0; i + 2 < units_.size(); ++i) {
      const Unit& name = units_[i + 2];
      const bool named = units_[i].is_reference() && units_[i + 1].kind == Kind::kComma &&
                         name.is_reference() && name.reference == Reference::kName &&
                         (name.type == EntityType::kPerson || name.type == EntityType::kUnknown);
      const bool closed = i + 3 == units_.size() || units_[i + 3].kind == Kind::kComma ||
                          units_[i + 3].kind == Kind::kBreak;
      if (!named || !closed || list_end_[i] > i || !NamesOffice(i)) continue;
      for (size_t k = i; k < i + 2; ++k) office_end_[k] = i + 3;
    }
  }

  // Whether the noun phrase that ends with units_[last] has an office for its noun.
  bool NamesOffice(size_t last) const {
    for (size_t k = last; k-- > 0;) {
      const Unit& unit = units_[k];
      if (unit.Is(classes_.role)) return true;
      if (unit.kind != Kind::kWord && !unit.is_reference()) return false;
    }
    return false;
  }

  bool HasVerbBetween(size_t begin, size_t end) const {
    for (size_t k = begin; k < end; ++k) {
      if (units_[k].kind == Kind::kVerb || units_[k].kind == Kind::kBreak) return true;
    }
    return false;
  }

  // Marks, and conjunctions between two finite verbs.
  bool Separates(size_t i, size_t begin) const {
    const Unit& unit = units_[i];
    if (list_end_[i] > i || office_end_[i] > i) return false;
    if (unit.kind == Kind::kComma || unit.kind == Kind::kBreak || unit.kind == Kind::kOpen ||
        unit.kind == Kind::kClose) {
      return true;
    }
    if (!unit.Is(classes_.conjunction) || i == begin) return false;
    const auto finite = [](const Unit& u) { return HasForm(u, IsFinite); };
    size_t end = i + 1;
    while (end < units_.size() && units_[end].kind != Kind::kComma &&
           units_[end].kind != Kind::kBreak && units_[end].kind != Kind::kOpen) {
      ++end;
    }
    const auto at = [&](size_t k) { return units_.begin() + static_cast<std::ptrdiff_t>(k); };
    if (!std::any_of(at(begin), at(i), finite)) return false;
    // "wird geprüft und genehmigt": the second is open as well.
    const auto next = std::find_if(at(i + 1), at(end), finite);
    if (next == at(end)) return false;
    return !HasForm(*next, IsOpenForm) || i + 2 < end;
  }

  // ---- Noun phrases.

  bool IsNoun(const Unit& unit) const {
    if (unit.is_reference()) return unit.reference != Reference::kPronoun;
    if (unit.kind != Kind::kWord || !At(unit).capitalized) return false;
    if (!OpensSentence(unit)) return true;
    return !unit.senses.empty() && !IsSmall(unit);
  }

  bool IsSmall(const Unit& unit) const {
    for (ClassId id :
         {classes_.preposition, classes_.definite, classes_.indefinite, classes_.possessive,
          classes_.adverb, classes_.conjunction, classes_.relative, classes_.subordinator,
          classes_.pronoun, classes_.adjective, classes_.negation}) {
      if (unit.Is(id)) return true;
    }
    return false;
  }

  bool IsDeterminer(const Unit& unit) const {
    return unit.kind == Kind::kWord &&
           (unit.Is(classes_.definite) || unit.Is(classes_.indefinite) ||
            unit.Is(classes_.possessive) || unit.Is(classes_.negation));
  }

  // The noun phrase whose first noun is units[noun].
  Phrase PhraseOf(size_t noun, size_t begin, size_t end) const {
    Phrase phrase;
    phrase.begin = noun;
    while (phrase.begin > begin) {
      const Unit& before = units_[phrase.begin - 1];
      if (before.kind != Kind::kWord || before.Is(classes_.preposition) ||
          before.Is(classes_.conjunction) || before.Is(classes_.adverb) || IsNoun(before) ||
          (before.Is(oblique_) && !IsDeterminer(before))) {  // "sich", "ihn"
        break;
      }
      --phrase.begin;
      if (IsDeterminer(before)) break;
    }
    phrase.oblique = units_[phrase.begin].Is(oblique_);
    phrase.governed = phrase.begin > begin && units_[phrase.begin - 1].Is(classes_.preposition);
    phrase.end = noun + 1;
    phrase.named = units_[noun].is_reference();
    if (list_end_[noun] > phrase.end) phrase.end = std::min(end, list_end_[noun]);
    Extend(end, phrase);
    return phrase;
  }

  // "Vorstandschef Bellini", "die Chefin der Bank", "Alvena und die Gruppe Boreal".
  void Extend(size_t end, Phrase& phrase) const {
    while (phrase.end < end) {
      size_t k = phrase.end;
      const bool closed = units_[k - 1].is_reference();
      // "machte Alvena bei einem Umsatz von 2 Millionen": what a name is at is no part of it.
      const bool of = units_[k].Is(classes_.of) && !(closed && units_[k].Is(at_));
      const bool joined =
          of || units_[k].Is(classes_.genitive) || (units_[k].Is(classes_.conjunction) && closed);
      if (joined) {
        for (++k; k < end && units_[k].kind == Kind::kWord && !IsNoun(units_[k]) &&
                  !units_[k].Is(classes_.preposition);
             ++k) {
        }
      } else if (closed) {
        if (office_end_[k] > k) phrase.end = std::min(end, office_end_[k]);
        return;
      }
      if (k >= end || !IsNoun(units_[k])) return;
      if (!joined) phrase.named = units_[k].is_reference();
      phrase.end = k + 1;
    }
  }

  // The first phrase in [at, end) that may be a subject, or, if `any`, that no preposition governs.
  bool FindPhrase(size_t begin, size_t end, bool any, Phrase& phrase) const {
    for (size_t k = begin; k < end; ++k) {
      if (units_[k].kind == Kind::kReference && units_[k].reference == Reference::kPronoun) {
        if (units_[k].Is(oblique_)) continue;
        phrase = {k, k + 1, false, false, true};
        return true;
      }
      if (!IsNoun(units_[k])) continue;
      phrase = PhraseOf(k, begin, end);
      const bool measured = phrase.begin > begin && units_[phrase.begin - 1].kind == Kind::kFigure;
      if (!phrase.governed && !measured && (any || !phrase.oblique)) return true;
      k = phrase.end - 1;
    }
    return false;
  }

  // ---- Clauses.

  // Whether [begin, end) is a clause whose verb stands last, and where its own words begin.
  bool IsSubordinate(size_t begin, size_t end, size_t& start, bool& relative) const {
    size_t k = begin;
    while (k < end && units_[k].kind == Kind::kWord && units_[k].Is(classes_.conjunction)) ++k;
    if (k < end && units_[k].Is(classes_.subordinator)) {
      start = k + 1;
      relative = false;
      return HasForm(units_[end - 1], IsFinite);
    }
    const bool after_mark = begin > 0 && units_[begin - 1].kind != Kind::kBreak;
    if (!after_mark) return false;
    if (k + 1 < end && units_[k].Is(classes_.preposition) && units_[k + 1].Is(classes_.relative)) {
      ++k;
    }
    if (k >= end || !units_[k].Is(classes_.relative)) return false;
    start = k;
    relative = true;
    if (!HasForm(units_[end - 1], IsFinite) || k + 1 >= end) return false;
    // "..., den Motor hat Alvena entwickelt": what stands last only closes the verb.
    size_t verbs = end;
    while (verbs > k && units_[verbs - 1].kind == Kind::kVerb) --verbs;
    return !HasForm(units_[end - 1], IsOpenForm) || !HasAuxiliary(k, verbs);
  }

  bool HasAuxiliary(size_t begin, size_t end) const {
    for (size_t k = begin; k < end; ++k) {
      if (verbs_.IsAuxiliary(units_[k]) && HasForm(units_[k], IsFinite)) return true;
    }
    return false;
  }

  void Segment(size_t begin, size_t end) {
    if (begin >= end) return;
    const size_t first = begin;
    size_t start = begin;
    bool relative = false;
    if (IsSubordinate(begin, end, start, relative)) {
      Subordinate(first, start, end, relative);
    } else {
      Main(begin, end);
    }
  }

  void Append(size_t begin, size_t end) {
    for (size_t k = begin; k < end; ++k) out_.push_back(units_[k]);
  }

  void Subordinate(size_t begin, size_t start, size_t end, bool relative) {
    size_t verbs = end;
    while (verbs > start && units_[verbs - 1].kind == Kind::kVerb) --verbs;
    std::vector<size_t> group;
    for (size_t k = verbs; k < end; ++k) group.push_back(k);
    Unit verb = verbs_.Combine(group, end - 1, begin, end);
    size_t place = start;
    Phrase phrase;
    if (relative) {
      const bool found = FindPhrase(start + 1, verbs, false, phrase);
      const bool governed = start > begin && units_[start - 1].Is(classes_.preposition);
      const bool object = units_[start].Is(oblique_) || governed || ReferencesThing();
      KeepClass(units_[start], classes_.relative);
      place = found && (object || phrase.begin == start + 1) &&
                      !(phrase.begin == start + 1 && !object &&
                        !units_[phrase.begin].Is(classes_.definite) &&
                        units_[phrase.begin].reference != Reference::kPronoun)
                  ? phrase.end
                  : start + 1;
    } else if (FindPhrase(start, verbs, false, phrase)) {
      place = phrase.end;
      verb.verb.noun_subject = !phrase.named;
    }
    Append(begin, place);
    out_.push_back(std::move(verb));
    AppendObjectsFirst(place, verbs);
  }

  // Whether what stands before a relative clause is a thing, which does nothing.
  bool ReferencesThing() const {
    for (size_t k = out_.size(); k-- > 0;) {
      if (out_[k].kind == Kind::kComma) continue;
      if (!out_[k].is_reference()) return out_[k].kind == Kind::kWord && !out_[k].Is(classes_.head);
      return out_[k].reference == Reference::kGeneric || out_[k].type == EntityType::kFacility ||
             out_[k].type == EntityType::kProduct;
    }
    return false;
  }

  static void KeepClass(Unit& unit, ClassId id) {
    EraseSenses(unit.senses, [&](const Sense& sense) { return sense.word_class != id; });
  }

  // The finite verb of a main clause, or kNone.
  size_t FindFinite(size_t begin, size_t end) const {
    for (size_t k = begin; k < end; ++k) {
      if (!HasForm(units_[k], IsFinite)) continue;
      // "..., übernommen": it closes a clause that waits for it.
      if (HasForm(units_[k], IsOpenForm) && open_ != kNone && k + 1 == end) return kNone;
      // "Bewertet wird ...".
      if (HasForm(units_[k], IsOpenForm) && HasAuxiliary(k + 1, std::min(end, k + 2))) return k + 1;
      return k;
    }
    return kNone;
  }

  // "das bewertete Fintech wird ...": before a noun, beside another finite verb, the form is an
  // adjective.
  void ReadAdjectives(size_t begin, size_t end) {
    for (size_t k = begin; k + 1 < end; ++k) {
      if (units_[k].kind != Kind::kVerb || !IsNoun(units_[k + 1])) continue;
      const Senses& senses = analysis_.senses[units_[k].tokens.begin];
      if (std::none_of(senses.begin(), senses.end(), [&](const Sense& sense) {
            return sense.word_class == classes_.adjective;
          })) {
        continue;
      }
      const auto finite = [](const Unit& unit) { return HasForm(unit, IsFinite); };
      const auto at = [&](size_t i) { return units_.begin() + static_cast<std::ptrdiff_t>(i); };
      const bool in_phrase =
          k > begin && (IsDeterminer(units_[k - 1]) || units_[k - 1].Is(classes_.preposition));
      if (!std::any_of(at(k + 1), at(end), finite) &&
          !(in_phrase && std::any_of(at(begin), at(k), finite))) {
        continue;
      }
      units_[k].kind = Kind::kWord;
      units_[k].senses.clear();
      for (const Sense& sense : senses) {
        if (sense.form == VerbForm::kNotVerb) units_[k].senses.push_back(sense);
      }
    }
  }

  void Main(size_t begin, size_t end) {
    ReadAdjectives(begin, end);
    const size_t finite = FindFinite(begin, end);
    if (finite == kNone) {
      WithoutFinite(begin, end);
      return;
    }
    std::vector<size_t> group = {finite};
    size_t rest_end = end;
    while (rest_end > finite + 1 && HasForm(units_[rest_end - 1], IsOpenForm)) --rest_end;
    std::vector<bool> used(units_.size());
    for (size_t k = rest_end; k < end; ++k) group.push_back(k);
    if (rest_end == end) {
      // "ist gestiegen auf 5": what closes the verb need not stand last.
      for (size_t k = finite + 1; k < end && group.size() == 1; ++k) {
        if (!HasForm(units_[k], IsOpenForm) || !verbs_.IsAuxiliary(units_[finite])) continue;
        group.push_back(k);
        used[k] = true;
      }
    }
    size_t prefield_end = finite;
    // "Gegründet wurde X ...".
    if (finite > begin && HasForm(units_[finite - 1], IsOpenForm)) {
      group.push_back(finite - 1);
      prefield_end = finite - 1;
    }
    std::optional<size_t> particle;
    if (group.size() == 1) particle = verbs_.FindParticle(finite, end);
    if (particle) used[*particle] = true;
    Unit verb = verbs_.Combine(group, finite, begin, end);
    if (particle) verbs_.TakeParticle(finite, *particle, verb);
    const bool waits = group.size() == 1 && verbs_.IsAuxiliary(units_[finite]);
    Place(begin, prefield_end, finite + 1, rest_end, used, std::move(verb));
    open_ = waits ? verb_at_ : kNone;
    subject_waits_ = false;
    clause_told_ = true;
  }

  // Appends a main clause with its subject before the verb and its objects after it.
  void Place(size_t begin, size_t prefield_end, size_t rest, size_t rest_end,
             const std::vector<bool>& used, Unit verb) {
    Phrase phrase;
    const bool joined = begin < prefield_end && units_[begin].Is(classes_.conjunction);
    const bool elided = joined && begin + 1 == prefield_end;
    const bool before = FindPhrase(begin, prefield_end, false, phrase);
    const bool subject_before =
        before || elided || (begin == prefield_end && subject_waits_ && !clause_told_);
    Phrase subject;
    if (subject_before || !FindPhrase(rest, rest_end, false, subject)) {
      verb.verb.noun_subject = before && !phrase.named;
      Append(begin, prefield_end);
      verb_at_ = out_.size();
      out_.push_back(std::move(verb));
      AppendObjectsFirst(rest, rest_end, &used);
      return;
    }
    verb.verb.noun_subject = !subject.named;
    // "Den Umsatz steigerte der Konzern": the object comes first.
    Phrase object;
    const bool fronted = FindPhrase(begin, prefield_end, true, object) && object.oblique &&
                         object.begin <= begin + 1;
    if (!fronted) Append(begin, prefield_end);
    Append(subject.begin, subject.end);
    verb_at_ = out_.size();
    out_.push_back(std::move(verb));
    if (fronted) Append(begin, prefield_end);
    std::vector<bool> taken = used;
    for (size_t k = subject.begin; k < subject.end; ++k) taken[k] = true;
    AppendObjectsFirst(rest, rest_end, &taken);
  }

  // Appends [begin, end) without the units in `used`: from the first object or figure that no
  // preposition governs on, then the adverbials before it.
  void AppendObjectsFirst(size_t begin, size_t end, const std::vector<bool>* used = nullptr) {
    size_t object = begin;
    Phrase phrase;
    if (FindPhrase(begin, end, true, phrase)) object = phrase.begin;
    for (size_t k = begin; k < end; ++k) {
      if (units_[k].kind != Kind::kFigure) continue;
      if (IsGovernedFigure(begin, k)) continue;
      if (object == begin || k < object) object = k;
      break;
    }
    const auto append = [&](size_t from, size_t to) {
      for (size_t k = from; k < to; ++k) {
        if (used == nullptr || !(*used)[k]) out_.push_back(units_[k]);
      }
    };
    append(object, end);
    append(begin, object);
  }

  // "um jeweils 2 Prozent", "mit den 5 Millionen", "Marge zwischen 3 und 4 Prozent".
  bool IsGovernedFigure(size_t begin, size_t figure) const {
    const Senses& first = analysis_.senses[units_[figure].tokens.begin];
    if (std::any_of(first.begin(), first.end(),
                    [&](const Sense& sense) { return sense.word_class == between_; })) {
      return true;
    }
    size_t k = figure;
    while (k > begin && units_[k - 1].kind == Kind::kWord && !IsNoun(units_[k - 1])) {
      if (units_[--k].Is(classes_.preposition)) return true;
    }
    return false;
  }

  // A part of a sentence without finite verb: what an open clause waits for, an infinitive clause,
  // or a noun phrase.
  void WithoutFinite(size_t begin, size_t end) {
    size_t verbs = end;
    while (verbs > begin && HasForm(units_[verbs - 1], IsOpenForm)) --verbs;
    if (verbs == end) {
      Phrase phrase;
      if (FindPhrase(begin, end, false, phrase)) subject_waits_ = true;
      Append(begin, end);
      return;
    }
    std::vector<size_t> group;
    for (size_t k = verbs; k < end; ++k) group.push_back(k);
    if (open_ != kNone && open_ < out_.size()) {
      const Unit waiting = out_[open_];
      Append(begin, verbs);
      units_.push_back(waiting);
      group.push_back(units_.size() - 1);
      out_[open_] = verbs_.Combine(group, units_.size() - 1, begin, end);
      out_[open_].verb.negated |= waiting.verb.negated;
      units_.pop_back();
      open_ = kNone;
      return;
    }
    const bool infinitive =
        HasForm(units_[end - 1], [](VerbForm form) { return form == VerbForm::kInfinitive; });
    if (!infinitive) {
      Append(begin, end);
      return;
    }
    // "um ... zu senken": its verb first.
    size_t lead = begin;
    while (lead < verbs && units_[lead].kind == Kind::kWord && !IsNoun(units_[lead]) &&
           !IsDeterminer(units_[lead]) && !units_[lead].Is(classes_.preposition)) {
      ++lead;
    }
    Append(begin, lead);
    out_.push_back(verbs_.Combine(group, end - 1, begin, end));
    AppendObjectsFirst(lead, verbs);
  }

  const Analysis& analysis_;
  const CoreClasses& classes_;
  Clauses& clauses_;
  std::vector<Unit>& units_;
  const VerbParts verbs_;
  const ClassId oblique_, between_, at_, genitive_article_;

  std::vector<size_t> list_end_;    // by unit in a list, but its last: the place after the list
  std::vector<size_t> office_end_;  // likewise, from the end of an office to the name after it

  std::vector<Unit> out_;
  size_t open_ = kNone;         // in out_: an auxiliary whose main verb has not come
  size_t verb_at_ = kNone;      // in out_: the verb of the clause last appended
  bool subject_waits_ = false;  // a noun phrase stands apart before its verb
  bool clause_told_ = false;    // the sentence has told a main clause
};

}  // namespace

bool SplitsVerbs(const Lexicon& lexicon) {
  return lexicon.ClassOf("particle") != kNoClass;
}

void OrderClauses(const Analysis& analysis, const Lexicon& lexicon, const CoreClasses& classes,
                  Clauses& clauses) {
  Orderer(analysis, lexicon, classes, clauses).Run();
}

}  // namespace fasti::ingest
