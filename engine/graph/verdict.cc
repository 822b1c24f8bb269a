#include "engine/graph/verdict.h"

#include <algorithm>
#include <optional>
#include <string>

#include "engine/graph/valid_join.h"
#include "fasti/period.h"

namespace fasti::graph {
namespace {

using Kind = Value::Kind;

// How a figure stands to an older telling of it, from the least to the most notable.
enum class Difference { kNone, kCompatible, kFiner, kContradicts };

std::optional<Quantity> Size(const Value& value) {
  if (value.is_number()) return Quantity::Exactly(value.number(), "");
  if (value.is(Kind::kQuantity)) return value.as_quantity();
  return std::nullopt;
}

// `fine` says more than `coarse`.  "2 billion" does not say more than "over 2 billion": it names
// the bound that is already there.
bool NarrowsDown(const Quantity& coarse, const Quantity& fine) {
  const bool above = !coarse.low || (fine.low && *fine.low >= *coarse.low);
  const bool below = !coarse.high || (fine.high && *fine.high <= *coarse.high);
  if (!above || !below) return false;
  const bool one_sided = !coarse.low || !coarse.high;
  if (!one_sided) return fine.low != coarse.low || fine.high != coarse.high;
  return (!coarse.low || *fine.low > *coarse.low) && (!coarse.high || *fine.high < *coarse.high);
}

Difference Compare(const Value& older, const Value& newer) {
  if (SameValue(older, newer)) return Difference::kNone;
  const std::optional<Quantity> a = Size(older);
  const std::optional<Quantity> b = Size(newer);
  if (a && b) {
    // Unlike units cannot be compared, so neither contradicts the other.
    if (a->unit != b->unit) return Difference::kCompatible;
    if (!QuantityCompatible(*a, *b)) return Difference::kContradicts;
    return NarrowsDown(*a, *b) ? Difference::kFiner : Difference::kCompatible;
  }
  // "Six years" after "several years"; words among themselves differ without contradiction.
  return b ? Difference::kFiner : a ? Difference::kNone : Difference::kCompatible;
}

Difference Compare(const Claim& older, const Claim& newer, absl::string_view figure) {
  const auto a = older.figures.find(std::string(figure));
  const auto b = newer.figures.find(std::string(figure));
  if (b == newer.figures.end() || b->second.is_null()) return Difference::kNone;
  if (a == older.figures.end() || a->second.is_null()) return Difference::kNone;
  return Compare(a->second, b->second);
}

using Claims = std::vector<const ToldClaim*>;

// The latest of the claims that bring this figure; null if none does.
const ToldClaim* LatestWith(const Claims& claims, const std::string& figure) {
  for (auto it = claims.rbegin(); it != claims.rend(); ++it) {
    const auto found = (*it)->claim.figures.find(figure);
    if (found != (*it)->claim.figures.end() && !found->second.is_null()) return *it;
  }
  return nullptr;
}

// The supporting claims by their date's relation to that of the new one.
struct Measure {
  Claims older;
  Claims contemporary;
  Claims newer;

  const Claims& Standing() const {
    return !older.empty() ? older : !contemporary.empty() ? contemporary : newer;
  }
};

Measure MeasureOf(absl::Span<const ToldClaim* const> others, const ToldClaim& claim) {
  Measure measure;
  const Period date = PublicationOf(claim.claim);
  for (const ToldClaim* other : others) {
    if (other->denies()) continue;
    const Period other_date = PublicationOf(other->claim);
    Claims& claims = other->is_own_record() || Before(other_date, date) == Truth::kTrue
                         ? measure.older
                     : Before(date, other_date) == Truth::kTrue ? measure.newer
                                                                : measure.contemporary;
    claims.push_back(other);
  }
  return measure;
}

// Conflict or superseded, if some figure of the claim contradicts what was told.
std::optional<Verdict> Contradiction(const Measure& measure, const ToldClaim& claim) {
  bool replaced = false;
  for (const auto& [figure, value] : claim.claim.figures) {
    for (const ToldClaim* peer : measure.contemporary) {
      if (Compare(peer->claim, claim.claim, figure) != Difference::kContradicts) continue;
      if (peer->claim.modality == claim.claim.modality) return Verdict::kConflict;
      replaced = true;
    }
    for (const Claims* claims : {&measure.older, &measure.newer}) {
      const ToldClaim* latest = LatestWith(*claims, figure);
      replaced |= latest != nullptr &&
                  Compare(latest->claim, claim.claim, figure) == Difference::kContradicts;
    }
  }
  if (replaced) return Verdict::kSuperseded;
  return std::nullopt;
}

bool Confirms(const Claims& standing, const ToldClaim& claim) {
  return claim.claim.modality == Modality::kAsserted &&
         std::none_of(standing.begin(), standing.end(), [](const ToldClaim* other) {
           return other->claim.modality == Modality::kAsserted;
         });
}

// The claim tells an end of its time more finely than anyone before.
bool RefinesTime(RelationKind kind, const Claims& standing, const ToldClaim& claim) {
  std::vector<Period> times;
  for (const ToldClaim* other : standing) times.push_back(other->claim.valid);
  std::sort(times.begin(), times.end(), FinerFirst);
  const auto combined = [kind](const std::vector<Period>& all) {
    Period valid = all.front();
    for (const Period& time : all) valid = CombinedTime(kind, valid, time);
    return valid;
  };
  const Period before = combined(times);
  times.insert(std::upper_bound(times.begin(), times.end(), claim.claim.valid, FinerFirst),
               claim.claim.valid);
  return !(combined(times) == before);
}

}  // namespace

Verdict VerdictOf(const RelationInfo& relation, absl::Span<const ToldClaim* const> others,
                  const ToldClaim& claim) {
  if (claim.denies()) return Verdict::kDenied;
  const Measure measure = MeasureOf(others, claim);
  const Claims& standing = measure.Standing();
  if (standing.empty()) return others.empty() ? Verdict::kNew : Verdict::kConflict;
  if (const std::optional<Verdict> contradiction = Contradiction(measure, claim)) {
    return *contradiction;
  }
  if (Confirms(standing, claim)) return Verdict::kConfirmed;

  bool refined = RefinesTime(relation.kind, standing, claim);
  bool compatible = false;
  for (const auto& [figure, value] : claim.claim.figures) {
    if (value.is_null()) continue;
    const ToldClaim* latest = LatestWith(standing, figure);
    const Difference difference =
        latest == nullptr ? Difference::kFiner : Compare(latest->claim, claim.claim, figure);
    if (relation.kind == RelationKind::kMetric && figure == kValueFigure &&
        difference == Difference::kCompatible) {
      return Verdict::kCompatible;
    }
    refined |= difference == Difference::kFiner;
    compatible |= difference == Difference::kCompatible;
  }
  return refined ? Verdict::kRefined : compatible ? Verdict::kCompatible : Verdict::kSame;
}

Verdict AmongObjects(const RelationInfo& relation, const std::vector<StoryFact>& facts,
                     size_t index, Verdict verdict) {
  if (!relation.functional || verdict == Verdict::kDenied || facts[index].versions.empty()) {
    return verdict;
  }
  const StoryVersion& own = facts[index].versions.back();
  const Reading reading = ReadingOf(relation.kind);
  bool ended_another = false;
  for (const StoryFact& fact : facts) {
    if (SameValue(fact.object, facts[index].object) || fact.versions.empty()) continue;
    const StoryVersion& other = fact.versions.back();
    if (Succeeds(other.valid, own.valid)) continue;
    if (Succeeds(own.valid, other.valid)) {
      // Told by its own sources it ended; closed by us, it was replaced.
      ended_another |= !(fact.valid == other.valid);
      continue;
    }
    if (MayOverlap(own.valid.As(reading), other.valid.As(reading))) return Verdict::kConflict;
  }
  const bool brought_start = verdict == Verdict::kNew || verdict == Verdict::kRefined;
  return ended_another && brought_start ? Verdict::kSuperseded : verdict;
}

}  // namespace fasti::graph
