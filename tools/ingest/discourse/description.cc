#include "tools/ingest/discourse/description.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "tools/ingest/names/shape.h"

namespace fasti::ingest {
namespace {

using Kind = Unit::Kind;

constexpr size_t kWordsMax = 5;       // of a noun phrase to either side of its noun
constexpr size_t kWordLengthMin = 4;  // shorter words say little
constexpr size_t kEndingMax = 2;      // "tedesca", "tedesco"
constexpr size_t kDerivationMax = 5;  // "California", "californiana"

// Whether two words differ by their endings alone, or one is a compound of the other.
bool AreAlike(absl::string_view a, absl::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.size() < kWordLengthMin) return false;
  if (absl::EndsWith(b, a)) return true;
  const size_t common =
      static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin());
  return common >= kWordLengthMin && common + kEndingMax >= a.size() &&
         common + kDerivationMax >= b.size();
}

int CountAlike(const std::vector<std::string>& asked, const std::vector<std::string>& known) {
  return static_cast<int>(std::count_if(asked.begin(), asked.end(), [&](const std::string& word) {
    return std::any_of(known.begin(), known.end(),
                       [&](const std::string& other) { return AreAlike(word, other); });
  }));
}

void Append(const std::vector<std::string>& more, std::vector<std::string>& words) {
  words.insert(words.end(), more.begin(), more.end());
}

}  // namespace

// Whether units[k] may stand between an article and the noun or the name that it belongs to.
bool Descriptions::IsInside(const Unit& unit) const {
  if (unit.is_reference()) return unit.type == EntityType::kPlace;
  if (unit.kind == Kind::kVerb) return unit.voices == kBare;  // "Leeds-based"
  if (unit.Is(classes_.complement) || unit.Is(classes_.genitive)) return true;
  return unit.kind == Kind::kWord && !unit.Is(classes_.preposition) &&
         !unit.Is(classes_.conjunction) && !unit.Is(classes_.relative) &&
         !unit.Is(classes_.subordinator) && !unit.Is(classes_.role);
}

void Descriptions::ReadUnit(const Unit& unit, Description& description) const {
  for (const Sense& sense : unit.senses) {
    if (sense.word_class == classes_.origin) description.origins.insert(sense.canonical);
  }
  const bool name = unit.is_reference() && unit.reference == Reference::kName;
  if (!name && !unit.Is(classes_.head) && !unit.senses.empty()) return;
  for (uint32_t i = unit.tokens.begin; i < unit.tokens.end; ++i) {
    const Token& token = analysis_.document->tokens[i];
    if (token.lower.size() < kWordLengthMin) continue;
    if (HasSense(analysis_.senses, i, classes_.any_company)) continue;
    // "Der Münchner Konzern": a word in capitals that is no name and no noun that is known.
    const bool demonym = unit.senses.empty() && token.capitalized;
    (name || demonym ? description.places : description.words).push_back(token.lower);
  }
}

Description Descriptions::Read(const Clauses& clauses, size_t at) const {
  const std::vector<Unit>& units = clauses.units;
  Description description;
  for (size_t k = at; k-- > 0 && at - k <= kWordsMax && IsInside(units[k]);) {
    const bool article = units[k].Is(classes_.definite) || units[k].Is(classes_.indefinite) ||
                         units[k].Is(classes_.possessive);
    if (article && !units[k].Is(classes_.complement)) break;
    ReadUnit(units[k], description);
  }
  if (units[at].reference == Reference::kName) return description;
  ReadUnit(units[at], description);
  size_t k = at + 1;
  while (k < units.size() && units[k].kind == Kind::kWord && k - at <= kWordsMax &&
         (units[k].senses.empty() || units[k].Is(classes_.adjective))) {
    ReadUnit(units[k++], description);
  }
  if (k + 1 >= units.size() || !units[k].Is(classes_.preposition)) return description;
  // "il gruppo di Menlo Park".
  const Unit& home = units[k + 1];
  const bool unknown = home.type == EntityType::kUnknown && units[k].Is(classes_.of);
  if (home.is_reference() && home.reference == Reference::kName &&
      (home.type == EntityType::kPlace || unknown)) {
    ReadUnit(home, description);
  }
  return description;
}

void Descriptions::Learn(const Clauses& clauses) {
  for (size_t at = 0; at < clauses.units.size(); ++at) {
    const Unit& unit = clauses.units[at];
    const bool company =
        unit.type == EntityType::kOrganization || unit.type == EntityType::kUnknown;
    if (!unit.is_reference() || unit.entities.size() != 1 || !company) continue;
    const Description more = Read(clauses, at);
    Description& known = known_[unit.entities.front()];
    known.origins.insert(more.origins.begin(), more.origins.end());
    Append(more.places, known.places);
    Append(more.words, known.words);
    if (unit.reference != Reference::kName) continue;
    // "Fenwick Bank" is a bank.
    for (uint32_t i = unit.tokens.begin; i < unit.tokens.end; ++i) {
      known.words.push_back(analysis_.document->tokens[i].lower);
    }
  }
}

int Descriptions::Agreement(uint32_t entity, const Description& said) const {
  const auto found = known_.find(entity);
  if (found == known_.end()) return 0;
  const Description& known = found->second;
  int home = CountAlike(said.places, known.places);
  for (int32_t origin : said.origins) {
    if (known.origins.contains(origin)) {
      ++home;
    } else if (!known.origins.empty()) {
      return -1;
    }
  }
  if (home == 0 && said.identifies()) return 0;
  return home + CountAlike(said.words, known.words);
}

std::vector<uint32_t> Descriptions::WhoIs(const Description& said) const {
  std::vector<uint32_t> result;
  int best = 1;
  for (const auto& [entity, known] : known_) {
    const int agreement = Agreement(entity, said);
    if (agreement < best) continue;
    if (agreement > best) result.clear();
    best = agreement;
    result.push_back(entity);
  }
  return result;
}

}  // namespace fasti::ingest
