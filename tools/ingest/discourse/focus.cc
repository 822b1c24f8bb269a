#include "tools/ingest/discourse/focus.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "tools/ingest/clauses/subject.h"

namespace fasti::ingest {
namespace {

constexpr TypeMask kOrganizations = MaskOf(EntityType::kOrganization) | MaskOf(EntityType::kUnit);

// What a guess costs.
constexpr double kPreviousSubject = 0.85;
constexpr double kEmployer = 0.75;
constexpr double kRecentSubject = 0.7;
constexpr double kTopic = 0.6;
constexpr double kOnlyOneBefore = 0.85;
constexpr double kOnlyOneNamed = 0.75;
constexpr double kDescribed = 0.9;
constexpr double kSubjectOfSentence = 0.65;
constexpr uint32_t kRecentSentences = 3;
constexpr size_t kRestrictionMax = 5;     // units of what tells which organization is meant
constexpr size_t kFormerDistanceMax = 5;  // from "former" over the role to the organization
// How many times as often as the next organization the topic must be named.
constexpr double kTopicLead = 1.5;

}  // namespace

double TypeFit(TypeMask types, const NamedEntity& entity) {
  if (entity.type != EntityType::kUnknown) return (types & MaskOf(entity.type)) != 0 ? 1.0 : 0.0;
  if ((types & kOrganizations) != 0) return 0.92;
  if ((types & MaskOf(EntityType::kProduct)) != 0) return 0.85;
  // People have two names or more.
  const bool two_words =
      entity.name.find(' ') != std::string::npos && entity.name.find('&') == std::string::npos;
  if ((types & MaskOf(EntityType::kPerson)) != 0 && two_words) return 0.85;
  return 0.0;
}

double ReferenceFit(TypeMask types, const NamedEntity& entity) {
  return entity.no_company ? 0.0 : TypeFit(types, entity);
}

Focus::Focus(const Names& names, const Document& document) : names_(names), document_(document) {
  std::vector<uint32_t> counts(names.entities.size());
  for (const Mention& mention : names.mentions) ++counts[mention.entity];
  uint32_t best = 0;
  uint32_t second = 0;
  for (uint32_t i = 0; i < counts.size(); ++i) {
    if (ReferenceFit(kOrganizations, names.entities[i]) == 0.0) continue;
    if (counts[i] > best) {
      second = best;
      best = counts[i];
      topic_ = i;
    } else {
      second = std::max(second, counts[i]);
    }
  }
  if (best < kTopicLead * second) topic_.reset();
}

bool Focus::IsOtherStory(uint32_t sentence) const {
  bool other = false;
  for (auto it = subjects_.rbegin(); it != subjects_.rend(); ++it) {
    if (ParagraphOf(it->sentence) != ParagraphOf(sentence)) break;
    if (it->entity == topic_) return false;
    const NamedEntity& entity = names_.entities[it->entity];
    // "A. P. Alvena" may be Alvena.
    const bool alike = topic_ && absl::StrContains(entity.name, names_.entities[*topic_].name);
    other |= it == subjects_.rbegin() && entity.type == EntityType::kOrganization && !alike;
  }
  return other;
}

std::optional<Antecedent> Focus::Find(TypeMask types, uint32_t sentence,
                                      const std::set<uint32_t>& barred) const {
  for (auto it = subjects_.rbegin(); it != subjects_.rend(); ++it) {
    const uint32_t distance = sentence - it->sentence;
    if (distance > kRecentSentences) break;
    // "Il remplacera": rather whom the sentence before names than an older subject.
    if (distance > 1 && types == MaskOf(EntityType::kPerson)) break;
    // Two subjects of one sentence leave a choice.
    size_t fitting = 0;
    for (auto other = it; other != subjects_.rend() && other->sentence == it->sentence; ++other) {
      fitting += ReferenceFit(types, names_.entities[other->entity]) > 0 &&
                 !barred.contains(other->entity);
    }
    if (fitting > 1) return std::nullopt;
    if (barred.contains(it->entity)) continue;
    const double fit = ReferenceFit(types, names_.entities[it->entity]);
    if (fit > 0) {
      const bool is_near = distance <= 1 || IsOnlyOneNamed(it->entity, types, sentence);
      return Antecedent{it->entity, fit * (is_near ? kPreviousSubject : kRecentSubject)};
    }
    const auto employer = employers_.find(it->entity);
    if (employer != employers_.end() && (types & kOrganizations) != 0 &&
        !barred.contains(employer->second)) {
      return Antecedent{employer->second, kEmployer};
    }
  }
  if (types == MaskOf(EntityType::kPerson)) return OnlyOneNamed(types, sentence);
  if (topic_ && ReferenceFit(types, names_.entities[*topic_]) > 0 && !barred.contains(*topic_)) {
    return Antecedent{*topic_, kTopic};
  }
  return std::nullopt;
}

std::optional<uint32_t> Focus::EmployerOf(uint32_t person) const {
  const auto found = employers_.find(person);
  return found == employers_.end() ? std::nullopt : std::optional<uint32_t>(found->second);
}

std::optional<Antecedent> Focus::FindTopic(TypeMask types, uint32_t sentence) const {
  const double fit = topic_ ? ReferenceFit(types, names_.entities[*topic_]) : 0.0;
  if (fit > 0 && !IsOtherStory(sentence)) return Antecedent{*topic_, fit * kPreviousSubject};
  return Find(types, sentence);
}

std::vector<uint32_t> Focus::NamedJustBefore(TypeMask types, uint32_t sentence) const {
  std::vector<uint32_t> result;
  for (auto it = named_.rbegin(); it != named_.rend() && it->sentence + 1 >= sentence; ++it) {
    if (it->sentence + 1 == sentence && ReferenceFit(types, names_.entities[it->entity]) > 0 &&
        std::find(result.begin(), result.end(), it->entity) == result.end()) {
      result.push_back(it->entity);
    }
  }
  return result;
}

std::optional<Antecedent> Focus::OnlyOneNamed(TypeMask types, uint32_t sentence) const {
  const std::vector<uint32_t> named = NamedJustBefore(types, sentence);
  if (named.size() != 1) return std::nullopt;
  return Antecedent{named.front(), kOnlyOneNamed};
}

bool Focus::IsOnlyOneNamed(uint32_t entity, TypeMask types, uint32_t sentence) const {
  const std::optional<Antecedent> named = OnlyOneNamed(types, sentence);
  return named && named->entity == entity;
}

std::optional<Antecedent> Focus::FindNewcomer(TypeMask types, uint32_t sentence) const {
  std::vector<uint32_t> known = NamedJustBefore(types, sentence);
  const bool choice = known.size() > 1;
  std::erase_if(known, [&](uint32_t entity) { return !IsNewcomer(entity); });
  if (known.empty()) known.assign(newcomers_.begin(), newcomers_.end());
  if (known.size() == 1) return Antecedent{known.front(), kPreviousSubject};
  return choice || !known.empty() ? std::nullopt : Find(types, sentence);
}

std::vector<uint32_t> Focus::FindPair(TypeMask types, uint32_t sentence) const {
  std::vector<uint32_t> pair;
  for (auto it = subjects_.rbegin(); it != subjects_.rend() && it->sentence + 1 >= sentence; ++it) {
    if (it->sentence + 1 == sentence && ReferenceFit(types, names_.entities[it->entity]) > 0) {
      pair.insert(pair.begin(), it->entity);
    }
  }
  if (pair.size() != 2) pair.clear();
  return pair;
}

void Focus::Advance(uint32_t sentence, const std::vector<uint32_t>& subjects,
                    const std::vector<uint32_t>& named) {
  for (uint32_t entity : subjects) subjects_.push_back({entity, sentence});
  for (uint32_t entity : named) named_.push_back({entity, sentence});
}

void Focus::Employ(uint32_t person, uint32_t organization) {
  employers_.try_emplace(person, organization);
}

void Focus::MarkNewcomer(uint32_t entity) {
  if (ReferenceFit(kOrganizations, names_.entities[entity]) > 0) newcomers_.insert(entity);
}

namespace {

class Resolver {
 public:
  Resolver(const Names& names, const Focus& focus, const Descriptions& descriptions,
           const CoreClasses& classes, Clauses& clauses)
      : names_(names),
        focus_(focus),
        descriptions_(descriptions),
        classes_(classes),
        clauses_(clauses) {}

  void Run() {
    for (size_t i = 0; i < clauses_.units.size(); ++i) {
      Unit& unit = clauses_.units[i];
      if (!unit.is_reference() || !unit.entities.empty()) continue;
      // Pronouns wait for the slot that asks for a type.
      if (unit.reference == Reference::kDefinite) {
        if (const std::optional<Antecedent> antecedent = Find(i)) {
          unit.entities = {antecedent->entity};
          unit.certainty = antecedent->certainty;
          unit.from_before = antecedent->from_before;
          unit.contested = antecedent->contested;
        }
      } else if (unit.reference == Reference::kPlural) {
        ResolvePair(i);
      }
    }
  }

 private:
  // One that the sentence itself names.
  static Antecedent Named(uint32_t entity, double certainty) {
    return {entity, certainty, /*from_before=*/false};
  }

  TypeMask TypesOf(const Unit& unit) const {
    if (unit.type == EntityType::kOrganization) return kOrganizations;
    return unit.type == EntityType::kUnknown ? kOrganizations | MaskOf(EntityType::kPerson)
                                             : MaskOf(unit.type);
  }

  // Entities of fitting type named before units[at] in the sentence, each once, in order.
  std::vector<uint32_t> NamedBefore(size_t at, TypeMask types) const {
    std::vector<uint32_t> result;
    for (size_t k = 0; k < at; ++k) {
      const Unit& unit = clauses_.units[k];
      if (!unit.is_reference() || unit.reference == Reference::kGeneric || unit.modifier ||
          IsFormer(k) || IsSource(clauses_, k, classes_) ||
          IsInOpening(clauses_, k, at, classes_)) {
        continue;
      }
      for (uint32_t entity : unit.entities) {
        const bool known = std::find(result.begin(), result.end(), entity) != result.end();
        if (!known && ReferenceFit(types, names_.entities[entity]) > 0) result.push_back(entity);
      }
    }
    return result;
  }

  // "L'ex direttore di Voltis, ...", "a former Voltis director": no more is told of Voltis.
  bool IsFormer(size_t at) const {
    const std::vector<Unit>& units = clauses_.units;
    if (at > 0 && units[at - 1].Is(classes_.former)) return true;
    if (at < 2 || !units[at - 1].Is(classes_.of)) return false;
    for (size_t k = at - 1; k-- > 0 && at - k <= kFormerDistanceMax;) {
      if (units[k].kind != Unit::Kind::kWord) return false;
      if (units[k].Is(classes_.former)) return true;
    }
    return false;
  }

  std::optional<Antecedent> FindNewcomer(size_t at, TypeMask types) const {
    std::vector<uint32_t> before = NamedBefore(at, types);
    if (focus_.HasNewcomers()) {
      std::erase_if(before, [&](uint32_t entity) { return !focus_.IsNewcomer(entity); });
    }
    if (before.size() == 1) return Named(before.front(), kOnlyOneBefore);
    if (before.size() > 1) return std::nullopt;
    return focus_.FindNewcomer(types, clauses_.sentence);
  }

  std::optional<Antecedent> Find(size_t at) const {
    const TypeMask types = TypesOf(clauses_.units[at]);
    if ((types & kOrganizations) == 0) return FindNamed(at, types, Description());
    const Description said = descriptions_.Read(clauses_, at);
    std::vector<uint32_t> known = descriptions_.WhoIs(said);
    std::erase_if(
        known, [&](uint32_t entity) { return ReferenceFit(types, names_.entities[entity]) == 0; });
    const bool one = known.size() == 1;
    if (one && said.identifies()) return Described(known.front());
    const Restriction restriction = FindRestriction(at);
    if (restriction.employer) return Described(*restriction.employer);
    std::optional<Antecedent> found = FindNamed(at, types, said);
    const bool agrees = found && (known.empty() || Contains(known, found->entity));
    if (agrees) {
      found->contested = said.identifies() || restriction.clause;
      return found;
    }
    // "The bank" is the one that was called so, if it was named just before.
    if (one && (Contains(NamedBefore(at, types), known.front()) ||
                Contains(focus_.NamedJustBefore(types, clauses_.sentence), known.front()))) {
      return Described(known.front());
    }
    return std::nullopt;
  }

  static Antecedent Described(uint32_t entity) {
    return {entity, kDescribed, /*from_before=*/false};
  }

  // "El banco que preside Ana Botín", "l'istituto guidato da Castagna": what follows the noun tells
  // which one is meant, and by whom it is led, if that is known.
  struct Restriction {
    bool clause = false;  // one that speaks of a person
    std::optional<uint32_t> employer;
  };
  Restriction FindRestriction(size_t at) const {
    const std::vector<Unit>& units = clauses_.units;
    Restriction restriction;
    size_t k = at + 1;
    while (k < units.size() && units[k].Is(classes_.adjective)) ++k;
    if (k >= units.size()) return restriction;
    const bool participle = units[k].kind == Unit::Kind::kVerb && units[k].voices == kBare;
    const bool relative = units[k].Is(classes_.relative);
    if (!participle && !relative && !units[k].Is(classes_.of)) return restriction;
    for (size_t step = 0; step < kRestrictionMax && k < units.size(); ++step, ++k) {
      if (units[k].kind == Unit::Kind::kComma || units[k].kind == Unit::Kind::kBreak) break;
      if (!units[k].is_reference() || units[k].type != EntityType::kPerson) continue;
      restriction.clause = relative;
      if (!units[k].entities.empty()) {
        restriction.employer = focus_.EmployerOf(units[k].entities.front());
      }
      break;
    }
    return restriction;
  }

  static bool Contains(const std::vector<uint32_t>& entities, uint32_t entity) {
    return std::find(entities.begin(), entities.end(), entity) != entities.end();
  }

  // Whom a noun phrase that says `said` means by where it stands.
  std::optional<Antecedent> FindNamed(size_t at, TypeMask types, const Description& said) const {
    // A noun of another sort ("il progetto") only takes up what was named in the sentence.
    if (clauses_.units[at].Is(classes_.newcomer)) return FindNewcomer(at, types);
    std::vector<uint32_t> before = NamedBefore(at, types);
    std::erase_if(before,
                  [&](uint32_t entity) { return descriptions_.Agreement(entity, said) < 0; });
    if (before.size() == 1) return Named(before.front(), kOnlyOneBefore);
    if (before.size() > 1) return MainSubject(at, types);
    // "The deal values the company at 1.4 billion": the one that was bought or invested in.
    const bool valued = focus_.HasNewcomers() && IsValued(at);
    if (valued) return focus_.FindNewcomer(types, clauses_.sentence);
    std::optional<Antecedent> found = focus_.Find(types, clauses_.sentence, AtHomeElsewhere(said));
    // "il gruppo di Menlo Park" tells which one it means: only the topic is likely enough.
    if (found && !focus_.IsTopic(found->entity) && IsIdentified(at)) return std::nullopt;
    return found;
  }

  bool IsValued(size_t at) const {
    const std::vector<Unit>& units = clauses_.units;
    size_t k = at;
    while (k > 0 && units[k - 1].kind == Unit::Kind::kWord) --k;
    return k > 0 && units[k - 1].kind == Unit::Kind::kVerb && units[k - 1].Is(classes_.value);
  }

  std::set<uint32_t> AtHomeElsewhere(const Description& said) const {
    std::set<uint32_t> entities;
    for (uint32_t i = 0; i < names_.entities.size(); ++i) {
      if (descriptions_.Agreement(i, said) < 0) entities.insert(i);
    }
    return entities;
  }

  // Whether a place or a person after the noun tells which one it is.
  bool IsIdentified(size_t at) const {
    const std::vector<Unit>& units = clauses_.units;
    return at + 2 < units.size() && units[at + 1].Is(classes_.of) && units[at + 2].is_reference() &&
           (units[at + 2].type == EntityType::kPlace || units[at + 2].type == EntityType::kPerson);
  }

  // The subject of the main verb, where it stands before units[at] and is not in its own clause.
  std::optional<Antecedent> MainSubject(size_t at, TypeMask types) const {
    for (size_t k = 0; k < at; ++k) {
      if (clauses_.units[k].kind != Unit::Kind::kVerb || !clauses_.units[k].verb.finite) continue;
      const Subject subject = FindSubject(clauses_, k, classes_);
      if (!subject.unit || *subject.unit >= at) return std::nullopt;
      const std::vector<uint32_t>& entities = clauses_.units[*subject.unit].entities;
      if (entities.size() != 1 || ReferenceFit(types, names_.entities[entities.front()]) == 0) {
        return std::nullopt;
      }
      return Named(entities.front(), kSubjectOfSentence);
    }
    return std::nullopt;
  }

  // "le due aziende": the two that the sentence has named, if it has named two.
  void ResolvePair(size_t at) {
    const TypeMask types = TypesOf(clauses_.units[at]);
    std::vector<uint32_t> pair = NamedBefore(at, types);
    if (pair.empty()) pair = focus_.FindPair(types, clauses_.sentence);
    if (pair.size() != 2) return;
    clauses_.units[at].entities = std::move(pair);
    clauses_.units[at].certainty = kOnlyOneBefore;
  }

  const Names& names_;
  const Focus& focus_;
  const Descriptions& descriptions_;
  const CoreClasses& classes_;
  Clauses& clauses_;
};

}  // namespace

void ResolveReferences(const Names& names, const Focus& focus, const Descriptions& descriptions,
                       const CoreClasses& classes, Clauses& clauses) {
  Resolver(names, focus, descriptions, classes, clauses).Run();
}

}  // namespace fasti::ingest
