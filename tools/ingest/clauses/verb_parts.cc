#include "tools/ingest/clauses/verb_parts.h"

#include <algorithm>

namespace fasti::ingest {
namespace {

using Kind = Unit::Kind;

constexpr size_t kNone = SIZE_MAX;

// Leaves only the readings that fit, if there are any.
void Prefer(Senses& senses, bool (*fits)(VerbForm)) {
  const auto fitting = [&](const Sense& sense) { return fits(sense.form); };
  if (std::none_of(senses.begin(), senses.end(), fitting)) return;
  EraseSenses(senses, [&](const Sense& sense) { return !fitting(sense); });
}

}  // namespace

bool HasForm(const Unit& unit, bool (*fits)(VerbForm)) {
  return unit.kind == Kind::kVerb &&
         std::any_of(unit.senses.begin(), unit.senses.end(),
                     [&](const Sense& sense) { return fits(sense.form); });
}
bool IsOpenForm(VerbForm form) {  // that needs a finite verb elsewhere
  return form == VerbForm::kParticiple || form == VerbForm::kInfinitive;
}

bool VerbParts::IsAuxiliary(const Unit& unit) const {
  return unit.Is(classes_.have) || unit.Is(classes_.be) || unit.Is(classes_.modal) ||
         unit.Is(passive_);
}

std::optional<size_t> VerbParts::FindParticle(size_t finite, size_t end) const {
  for (size_t k = end; k-- > finite + 1;) {
    if (!units_[k].Is(particle_) || SensesWith(finite, k).empty()) continue;
    const bool last = k + 1 == end;
    if (last || units_[k + 1].Is(classes_.preposition) || units_[k + 1].Is(classes_.as)) return k;
  }
  return std::nullopt;
}

Senses VerbParts::SensesWith(size_t verb, size_t particle) const {
  const absl::string_view words[] = {
      analysis_.document->tokens[units_[verb].tokens.begin].lower,
      analysis_.document->tokens[units_[particle].tokens.begin].lower};
  Senses senses = lexicon_.Find(words);
  EraseSenses(senses, [](const Sense& sense) {
    return sense.length != 2 || sense.form == VerbForm::kNotVerb;
  });
  return senses;
}

void VerbParts::TakeParticle(size_t finite, size_t particle, Unit& verb) const {
  verb.senses = SensesWith(finite, particle);
  verb.voices = kActive;
}

Unit VerbParts::Combine(const std::vector<size_t>& group, size_t finite, size_t begin,
                        size_t end) const {
  size_t main = kNone;
  bool passive = false, be = false, have = false, modal = false;
  for (size_t k : group) {
    const Unit& part = units_[k];
    passive |= part.Is(passive_);
    be |= part.Is(classes_.be);
    have |= part.Is(classes_.have);
    modal |= part.Is(classes_.modal);
    if (!IsAuxiliary(part) || (main == kNone && k == group.back() && group.size() > 1)) {
      if (main == kNone || !IsAuxiliary(part)) main = k;
    }
  }
  if (main == kNone) main = finite;
  Unit unit = units_[main];
  const Unit& told = units_[finite];
  const bool alone = group.size() == 1;
  const bool finite_told = HasForm(told, IsFinite);
  Prefer(unit.senses, alone && finite_told ? IsFinite : IsOpenForm);
  const bool participle =
      std::any_of(unit.senses.begin(), unit.senses.end(),
                  [](const Sense& sense) { return sense.form == VerbForm::kParticiple; });
  unit.verb = {};
  unit.verb.finite = finite_told;
  unit.verb.form = told.senses.front().form;
  for (const Sense& sense : told.senses) {
    if (finite_told && IsFinite(sense.form)) unit.verb.form = sense.form;
  }
  unit.voices = kActive;
  if (!alone && participle && passive && !have) {
    unit.voices = kPassive;
    Prefer(unit.senses, [](VerbForm form) { return form == VerbForm::kParticiple; });
  } else if (!alone && participle && be && !passive) {
    unit.voices = kActive | kPassive;
  } else if (alone && participle && !finite_told) {
    unit.voices = kBare;
  }
  // "wird übernehmen" is yet to come, "will übernehmen" is meant.
  if (passive && !alone && unit.voices == kActive) unit.verb.modality = Modality::kPlanned;
  if (unit.verb.form == VerbForm::kInfinitive && !finite_told) {
    unit.verb.modality = Modality::kPlanned;
  }
  if (unit.verb.form == VerbForm::kConditional) unit.verb.modality = Modality::kReported;
  for (size_t k : group) {
    for (const Sense& sense : units_[k].senses) {
      if (!modal || sense.word_class != classes_.modal || sense.canonical < 0) continue;
      const auto modality = ModalityFromName(lexicon_.Canonical(sense.canonical));
      if (modality) unit.verb.modality = *modality;
    }
  }
  if (IsHearsay(group, participle)) unit.verb.modality = Modality::kReported;
  for (size_t k = begin; k < end; ++k) unit.verb.negated |= Negates(k);
  return unit;
}

// "soll übernommen haben", "will verkauft haben": a modal before a perfect infinitive says that it
// is so by what others, or the subject itself, claim.
bool VerbParts::IsHearsay(const std::vector<size_t>& group, bool participle) const {
  const bool modal = std::any_of(group.begin(), group.end(), [&](size_t k) {
    return units_[k].Is(classes_.modal) && HasForm(units_[k], IsFinite);
  });
  return modal && participle && std::any_of(group.begin(), group.end(), [&](size_t k) {
           return units_[k].Is(classes_.have) &&
                  HasForm(units_[k], [](VerbForm form) { return form == VerbForm::kInfinitive; });
         });
}

bool VerbParts::Negates(size_t k) const {
  if (units_[k].kind != Kind::kWord || !units_[k].Is(classes_.negation)) return false;
  if (k + 1 >= units_.size()) return true;
  return units_[k + 1].kind != Kind::kFigure && units_[k + 1].kind != Kind::kTime;
}

}  // namespace fasti::ingest
