#include "tools/ingest/clauses/verb_reader.h"

#include <algorithm>
#include <vector>

namespace fasti::ingest {
namespace {

// One verb being read.
class Reader {
 public:
  Reader(const SentenceTokens& tokens, const Lexicon& lexicon, const CoreClasses& classes,
         bool splits_verbs, const Unit* last)
      : tokens_(tokens),
        lexicon_(lexicon),
        classes_(classes),
        splits_verbs_(splits_verbs),
        last_(last) {}

  bool Read(uint32_t at, Unit& unit) const {
    if (splits_verbs_) return ReadForm(at, unit);
    Group group;
    uint32_t end = at;
    if (!ReadGroup(at, group, end, unit)) return false;
    unit.kind = Unit::Kind::kVerb;
    unit.tokens = {at, end};
    unit.verb = group.verb;
    Finish(unit.verb, group, at);
    return true;
  }

 private:
  struct Group {
    VerbGroup verb;
    bool any = false;      // an auxiliary or modal was read
    bool last_be = false;  // the last auxiliary is "be", "have"
    bool last_have = false;
    uint32_t auxiliaries_end = 0;
    ClassId auxiliary = kNoClass;
    bool told_modality = false;
    bool denied = false;  // by a governing verb: "esclude di"
  };

  // One form of a verb, where its parts stand apart: OrderClauses puts them together.
  bool ReadForm(uint32_t at, Unit& unit) const {
    // "zu übernehmen".
    const uint32_t main =
        tokens_.Has(at, classes_.link) && at + 1 < tokens_.end() && !tokens_.IsFixed(at + 1)
            ? at + 1
            : at;
    for (const Sense& sense : tokens_.senses(main)) {
      if (sense.form == VerbForm::kNotVerb || sense.length > 1) continue;
      if (main != at && sense.form != VerbForm::kInfinitive) continue;
      unit.senses.push_back(sense);
    }
    if (unit.senses.empty()) return false;
    // "sein Anteil", "die seinen".
    if (main == at && tokens_.Has(at, classes_.possessive) && at + 1 < tokens_.end() &&
        tokens_.At(at + 1).kind == TokenKind::kWord && !VerbFollows(at + 1)) {
      unit.senses.clear();
      return false;
    }
    unit.kind = Unit::Kind::kVerb;
    unit.tokens = {at, main + 1};
    unit.verb.form = unit.senses.front().form;
    unit.verb.finite = IsFinite(unit.verb.form);
    unit.voices = unit.verb.form == VerbForm::kParticiple ? kBare : kActive;
    return true;
  }

  bool ReadGroup(uint32_t at, Group& group, uint32_t& end, Unit& unit) const {
    uint32_t i = at;
    while (i < tokens_.end() && !tokens_.IsFixed(i)) {
      if (const uint32_t length = tokens_.LengthOf(i, classes_.negation)) {
        group.verb.negated = true;
        i += length;
      } else if (tokens_.Has(i, classes_.reflexive) && VerbFollows(i + 1) && !BeginsLongVerb(i)) {
        group.verb.reflexive = true;
        ++i;
      } else if (tokens_.Has(i, classes_.clitic) && !group.any && VerbFollows(i + 1) &&
                 !tokens_.Has(i + 1, classes_.head)) {
        ++i;
      } else if (group.any && tokens_.LengthOf(i, classes_.adverb) > 0) {
        i += tokens_.LengthOf(i, classes_.adverb);
      } else if (const Sense* sense = FindVerb(i, classes_.be);
                 sense != nullptr && !IsNoun(at, i, *sense)) {
        Auxiliary(*sense, i, group);
        group.last_be = true;
        group.last_have = false;
        i += sense->length;
      } else if (sense = FindVerb(i, classes_.have); sense != nullptr && !IsNoun(at, i, *sense)) {
        Auxiliary(*sense, i, group);
        group.last_have = true;
        group.last_be = false;
        i += sense->length;
      } else if (sense = FindVerb(i, classes_.modal); sense != nullptr && !IsNoun(at, i, *sense)) {
        Auxiliary(*sense, i, group);
        group.last_be = group.last_have = false;
        TakeModality(*sense, group);
        i += sense->length;
      } else if (const uint32_t next = ReadControl(at, i, group)) {
        i = next;
      } else {
        return ReadMain(at, i, group, end, unit);
      }
    }
    return CloseOnAuxiliary(group, end, unit);
  }

  // "se hizo con": a verb of several words of which the reflexive is the first.
  bool BeginsLongVerb(uint32_t token) const {
    return std::any_of(
        tokens_.senses(token).begin(), tokens_.senses(token).end(),
        [](const Sense& sense) { return sense.form != VerbForm::kNotVerb && sense.length > 1; });
  }

  bool VerbFollows(uint32_t token) const {
    return token < tokens_.end() && !tokens_.IsFixed(token) &&
           std::any_of(tokens_.senses(token).begin(), tokens_.senses(token).end(),
                       [&](const Sense& sense) {
                         return sense.form != VerbForm::kNotVerb ||
                                sense.word_class == classes_.reflexive ||
                                sense.word_class == classes_.clitic;
                       });
  }

  const Sense* FindVerb(uint32_t token, ClassId id) const {
    for (const Sense& sense : tokens_.senses(token)) {
      if (sense.word_class == id && sense.form != VerbForm::kNotVerb) return &sense;
    }
    return nullptr;
  }

  // A form that carries no ending and so could be a noun as well: "contract", "rival".
  bool IsBareForm(uint32_t token, const Sense& sense) const {
    if (sense.form != VerbForm::kPresent && sense.form != VerbForm::kInfinitive) return false;
    const VerbForm other =
        sense.form == VerbForm::kPresent ? VerbForm::kInfinitive : VerbForm::kPresent;
    return std::any_of(tokens_.senses(token).begin(), tokens_.senses(token).end(),
                       [&](const Sense& same) {
                         return same.word_class == sense.word_class && same.form == other;
                       });
  }

  // A form that is spelled like a noun is one after an article, and, unless it is an infinitive or
  // a gerund, after a preposition.
  bool IsNoun(uint32_t group_begin, uint32_t token, const Sense& sense) const {
    // "spese in conto capitale": a phrase of nouns that begins here is longer.
    const Sense& longest = tokens_.senses(token).front();
    if (longest.form == VerbForm::kNotVerb && longest.length > sense.length) return true;
    if (token != group_begin || token == tokens_.begin()) return false;
    // "a five-year contract", "acquire rival Polestar": no verb begins after a figure, an adjective
    // or another verb in a form that could be a noun.
    if (IsBareForm(token, sense) && last_ != nullptr) {
      const Unit& last = *last_;
      const bool main_verb = last.kind == Unit::Kind::kVerb && !last.Is(classes_.be) &&
                             !last.Is(classes_.have) && last.voices != kBare;
      const bool touches = last.tokens.end == token;
      if (touches &&
          (main_verb || last.kind == Unit::Kind::kFigure || last.Is(classes_.adjective))) {
        return true;
      }
    }
    const uint32_t before = token - 1;
    if (tokens_.Has(before, classes_.possessive) || tokens_.Has(before, classes_.indefinite))
      return true;
    // An auxiliary after an article has a pronoun before it: "l'ha acquisita".
    const bool auxiliary = sense.word_class == classes_.be || sense.word_class == classes_.have;
    if (tokens_.Has(before, classes_.definite)) return !auxiliary;
    return tokens_.Has(before, classes_.preposition) && !tokens_.Has(before, classes_.clitic) &&
           (IsFinite(sense.form) || sense.form == VerbForm::kParticiple);
  }

  void Auxiliary(const Sense& sense, uint32_t token, Group& group) const {
    if (!group.any) group.verb.form = sense.form;
    group.any = true;
    group.auxiliary = sense.word_class;
    group.auxiliaries_end = token + sense.length;
  }

  void TakeModality(const Sense& sense, Group& group) const {
    if (sense.canonical < 0) return;
    const auto modality = ModalityFromName(lexicon_.Canonical(sense.canonical));
    if (!modality) return;
    if (*modality == Modality::kDenied) {
      group.denied = true;
    } else if (!group.told_modality) {
      group.verb.modality = *modality;
      group.told_modality = true;
    }
  }

  // "prevé invertir": a form that is an infinitive and nothing else.
  bool IsPlainInfinitive(uint32_t token) const {
    if (token >= tokens_.end() || tokens_.IsFixed(token) || tokens_.senses(token).empty())
      return false;
    return std::all_of(tokens_.senses(token).begin(), tokens_.senses(token).end(),
                       [](const Sense& sense) { return sense.form == VerbForm::kInfinitive; });
  }

  // "prevede di", "is set to": the place after the link, or 0 if no verb follows.
  uint32_t ReadControl(uint32_t at, uint32_t i, Group& group) const {
    for (const Sense& sense : tokens_.senses(i)) {
      if (sense.word_class != classes_.control || sense.form == VerbForm::kNotVerb) continue;
      if (IsNoun(at, i, sense)) continue;
      uint32_t next = i + sense.length;
      while (next < tokens_.end() && tokens_.LengthOf(next, classes_.adverb) > 0) {
        next += tokens_.LengthOf(next, classes_.adverb);
      }
      const bool link = tokens_.Has(next, classes_.link);
      if (!link && !IsPlainInfinitive(next)) continue;
      next += link;
      const bool unknown =
          next < tokens_.end() && !tokens_.IsFixed(next) && !tokens_.At(next).capitalized &&
          tokens_.At(next).kind == TokenKind::kWord && tokens_.senses(next).empty();
      if (!VerbFollows(next) && !unknown) continue;
      Auxiliary(sense, i, group);
      group.last_be = group.last_have = false;
      TakeModality(sense, group);
      return next;
    }
    return 0;
  }

  bool ReadMain(uint32_t at, uint32_t i, Group& group, uint32_t& end, Unit& unit) const {
    for (const Sense& sense : tokens_.senses(i)) {
      if (sense.form == VerbForm::kNotVerb || IsNoun(at, i, sense)) continue;
      if (!unit.senses.empty() && sense.length < unit.senses.front().length) break;
      unit.senses.push_back(sense);
      unit.voices |= VoiceOf(sense.form, group);
      end = i + sense.length;
    }
    if (!unit.senses.empty()) {
      if (!group.any) group.verb.form = unit.senses.front().form;
      return true;
    }
    // "ha rivelato": a verb that no frame knows.
    const bool unknown = tokens_.At(i).kind == TokenKind::kWord && tokens_.senses(i).empty();
    const bool awaits = group.last_have || (group.any && group.auxiliary == classes_.modal) ||
                        (group.any && group.auxiliary == classes_.control);
    if (awaits && unknown) {
      end = i + 1;
      unit.voices = kActive;
      return true;
    }
    return CloseOnAuxiliary(group, end, unit);
  }

  static Voices VoiceOf(VerbForm form, const Group& group) {
    if (form != VerbForm::kParticiple || group.verb.reflexive) return kActive;
    if (group.last_be) return kPassive;
    return group.any ? kActive : kBare;
  }

  // "è", "has": the auxiliary is the verb.
  bool CloseOnAuxiliary(const Group& group, uint32_t& end, Unit& unit) const {
    if (!group.any || (group.auxiliary != classes_.be && group.auxiliary != classes_.have)) {
      return false;
    }
    Sense sense;
    sense.word_class = group.auxiliary;
    sense.form = group.verb.form;
    unit.senses = {sense};
    unit.voices = kActive;
    end = group.auxiliaries_end;
    return true;
  }

  // Modality and negation from the tense and from what stands before.
  void Finish(VerbGroup& verb, const Group& group, uint32_t at) const {
    verb.finite = IsFinite(verb.form);
    if (at > tokens_.begin() && tokens_.Has(at - 1, classes_.without)) verb.negated = true;
    if (group.denied) {
      // "n'exclut pas de racheter": what is not ruled out may come.
      if (verb.negated) verb.modality = Modality::kPlanned;
      verb.negated = !verb.negated;
      return;
    }
    if (group.told_modality) return;
    if (verb.form == VerbForm::kFuture) verb.modality = Modality::kPlanned;
    if (verb.form == VerbForm::kConditional) verb.modality = Modality::kReported;
    // "per costruire": what is yet to be done.
    if (verb.form == VerbForm::kInfinitive && !group.last_have) verb.modality = Modality::kPlanned;
  }

  const SentenceTokens& tokens_;
  const Lexicon& lexicon_;
  const CoreClasses& classes_;
  const bool splits_verbs_;
  const Unit* const last_;
};

}  // namespace

bool VerbReader::Read(uint32_t at, const Unit* last, Unit& unit) const {
  return Reader(tokens_, lexicon_, classes_, splits_verbs_, last).Read(at, unit);
}

}  // namespace fasti::ingest
