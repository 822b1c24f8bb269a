#include "engine/graph/story.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "engine/graph/figures.h"
#include "engine/graph/valid_join.h"

namespace fasti::graph {
namespace {

// Finest valid time first, then by its start, then by publication.
bool TakenBefore(const ToldClaim& a, const ToldClaim& b) {
  if (a.claim.valid == b.claim.valid) return PublishedBefore(a, b);
  return FinerFirst(a.claim.valid, b.claim.valid);
}

// Assigns the claims of one object to facts.
class Gathering {
 public:
  Gathering(const RelationInfo& relation, absl::Span<const ToldClaim> claims)
      : relation_(relation), claims_(claims) {}

  // REQUIRES: called in the order of TakenBefore, with all supporting claims before the denials.
  void Take(size_t index) {
    const ToldClaim& told = claims_[index];
    const std::optional<size_t> fact = FindFact(told);
    if (!fact) {
      facts_.push_back({told.object, told.claim.valid, {index}, {}});
      supported_.push_back(!told.denies());
    } else {
      StoryFact& joined = facts_[*fact];
      joined.claims.push_back(index);
      if (!told.denies()) {
        joined.valid = CombinedTime(relation_.kind, joined.valid, told.claim.valid);
      }
    }
    fact_by_time_.emplace(told.claim.valid, fact.value_or(facts_.size() - 1));
  }

  std::vector<StoryFact> Finish() { return std::move(facts_); }

 private:
  std::optional<size_t> FindFact(const ToldClaim& told) const {
    const auto same_time = fact_by_time_.find(told.claim.valid);
    if (same_time != fact_by_time_.end()) return same_time->second;
    std::optional<size_t> found;
    for (size_t i = 0; i < facts_.size(); ++i) {
      const bool joins =
          told.denies()
              ? supported_[i] && DenialConcerns(relation_.kind, facts_[i].valid, told.claim.valid)
              : MayJoin(i, told);
      if (!joins) continue;
      if (found) return std::nullopt;
      found = i;
    }
    return found;
  }

  bool MayJoin(size_t fact, const ToldClaim& told) const {
    const Period& valid = facts_[fact].valid;
    if (relation_.kind != RelationKind::kMetric) {
      return MayBeSameTime(relation_, valid, told.claim.valid);
    }
    // A value without time is that of a period only if the number agrees.
    if (!IsTimeless(told.claim.valid)) return false;
    const auto value = told.claim.figures.find(kValueFigure);
    if (value == told.claim.figures.end()) return false;
    return std::any_of(facts_[fact].claims.begin(), facts_[fact].claims.end(), [&](size_t index) {
      const auto other = claims_[index].claim.figures.find(kValueFigure);
      return other != claims_[index].claim.figures.end() &&
             ValueEquals(value->second, other->second) != Truth::kFalse;
    });
  }

  const RelationInfo& relation_;
  const absl::Span<const ToldClaim> claims_;
  std::vector<StoryFact> facts_;
  std::vector<bool> supported_;
  absl::flat_hash_map<Period, size_t> fact_by_time_;
};

// What a fact says while nothing new is known of it.
struct Piece {
  Value object;
  Period valid;
  Modality modality;

  friend bool operator==(const Piece& a, const Piece& b) {
    return SameValue(a.object, b.object) && a.valid == b.valid && a.modality == b.modality;
  }
};

// What is known of one fact, as publication follows publication.
class Knowledge {
 public:
  explicit Knowledge(const RelationInfo& relation, Value object)
      : relation_(relation), object_(std::move(object)) {}

  void Learn(const ToldClaim& told) {
    if (told.denies()) {
      denials_.push_back(&told);
      return;
    }
    supports_.push_back(&told);
    modality_ = std::min(modality_, told.claim.modality);
    const auto at = std::lower_bound(times_.begin(), times_.end(), told.claim.valid, FinerFirst);
    if (at != times_.end() && *at == told.claim.valid) return;
    times_.insert(at, told.claim.valid);
    valid_ = times_.front();
    for (const Period& time : times_) valid_ = CombinedTime(relation_.kind, valid_, time);
  }

  std::vector<Piece> Pieces() const {
    if (supports_.empty()) return {};
    std::vector<Period> times = {valid_};
    for (const ToldClaim* denial : denials_) {
      if (!InForce(*denial)) continue;
      std::vector<Period> left;
      for (const Period& time : times) CutOut(relation_.kind, time, denial->claim.valid, &left);
      times = std::move(left);
    }
    const Value object = relation_.kind == RelationKind::kMetric
                             ? ResolveFigure(supports_, kValueFigure, relation_.policy)
                             : object_;
    std::vector<Piece> pieces;
    for (const Period& time : times) pieces.push_back({object, time, modality_});
    return pieces;
  }

 private:
  // A denial holds until somebody says otherwise again.  Of the same date, the support stays: a
  // fact must not vanish because a coarse date does not tell which came first.
  bool InForce(const ToldClaim& denial) const {
    for (auto it = supports_.rbegin(); it != supports_.rend(); ++it) {
      const Claim& support = (*it)->claim;
      if (support.known_from < denial.claim.known_from) return true;
      const bool whole = IsTimeless(denial.claim.valid) || Covers(denial.claim.valid, valid_);
      if (whole || Overlaps(support.valid.As(ReadingOf(relation_.kind)), denial.claim.valid) ==
                       Truth::kTrue) {
        return false;
      }
    }
    return true;
  }

  const RelationInfo& relation_;
  const Value object_;
  std::vector<const ToldClaim*> supports_;  // in order of publication
  std::vector<const ToldClaim*> denials_;
  std::vector<Period> times_;  // told by supports, each once, finest first
  Period valid_;
  Modality modality_ = Modality::kDenied;
};

// Turns "from this instant on, these pieces" into versions that last while a piece stays the same.
class VersionWriter {
 public:
  void At(Instant instant, const std::vector<Piece>& pieces) {
    std::vector<StoryVersion> current;
    for (const Piece& piece : pieces) {
      const auto same = std::find_if(current_.begin(), current_.end(), [&](const StoryVersion& v) {
        return Piece{v.object, v.valid, v.modality} == piece;
      });
      if (same != current_.end()) {
        current.push_back(*same);
        current_.erase(same);
      } else {
        current.push_back({piece.object, piece.valid, piece.modality, instant, kInstantMax});
      }
    }
    End(instant);
    current_ = std::move(current);
  }

  std::vector<StoryVersion> Finish() {
    End(kInstantMax);
    std::stable_sort(versions_.begin(), versions_.end(),
                     [](const StoryVersion& a, const StoryVersion& b) {
                       return std::tie(a.known_from, a.valid) < std::tie(b.known_from, b.valid);
                     });
    return std::move(versions_);
  }

 private:
  void End(Instant instant) {
    for (StoryVersion& version : current_) {
      version.known_to = instant;
      versions_.push_back(std::move(version));
    }
    current_.clear();
  }

  std::vector<StoryVersion> current_;
  std::vector<StoryVersion> versions_;
};

std::vector<StoryVersion> VersionsOf(const RelationInfo& relation, const StoryFact& fact,
                                     absl::Span<const ToldClaim> claims) {
  Knowledge knowledge(relation, fact.object);
  VersionWriter writer;
  for (size_t i = 0; i < fact.claims.size(); ++i) {
    const ToldClaim& told = claims[fact.claims[i]];
    knowledge.Learn(told);
    const bool more_at_once = i + 1 < fact.claims.size() &&
                              claims[fact.claims[i + 1]].claim.known_from == told.claim.known_from;
    if (!more_at_once) writer.At(told.claim.known_from, knowledge.Pieces());
  }
  return writer.Finish();
}

bool IsState(const RelationInfo& relation) {
  return ReadingOf(relation.kind) == Reading::kState;
}

// The first start, among states of other objects known at `instant`, that surely comes after the
// start of `version`.
std::optional<Period> SuccessorStart(const std::vector<StoryFact>& facts,
                                     const StoryVersion& version, Instant instant) {
  std::optional<Period> first;
  for (const StoryFact& fact : facts) {
    if (SameValue(fact.object, version.object)) continue;
    for (const StoryVersion& other : fact.versions) {
      if (other.known_from > instant || other.known_to <= instant || !other.valid.has_start() ||
          other.modality != Modality::kAsserted) {
        continue;
      }
      const Period start = Period::Granule(other.valid.from, other.valid.from_precision);
      const bool later = GranuleEnd(version.valid.from, version.valid.from_precision) <= start.from;
      if (later && (!first || start < *first)) first = start;
    }
  }
  return first;
}

// A subject of a FUNCTIONAL relation has one object at a time, so a later start ends an earlier
// state whose end nobody told, for as long as the later one is known.
void CloseUnknownEnds(std::vector<StoryFact>* facts) {
  std::set<Instant> changes;
  for (const StoryFact& fact : *facts) {
    for (const StoryVersion& version : fact.versions) {
      changes.insert(version.known_from);
      changes.insert(version.known_to);
    }
  }
  const std::vector<StoryFact> told = *facts;
  for (StoryFact& fact : *facts) {
    VersionWriter writer;
    for (const Instant instant : changes) {
      std::vector<Piece> pieces;
      for (const StoryVersion& version : fact.versions) {
        if (version.known_from > instant || version.known_to <= instant) continue;
        Piece piece = {version.object, version.valid, version.modality};
        if (version.valid.has_start() && version.valid.to_precision == Precision::kUnknown) {
          if (const auto start = SuccessorStart(told, version, instant)) {
            piece.valid = Period::Between(version.valid, *start);
          }
        }
        pieces.push_back(std::move(piece));
      }
      writer.At(instant, pieces);
    }
    fact.versions = writer.Finish();
  }
}

}  // namespace

bool operator==(const StoryVersion& a, const StoryVersion& b) {
  return SameValue(a.object, b.object) && a.valid == b.valid && a.modality == b.modality &&
         a.known_from == b.known_from && a.known_to == b.known_to;
}

std::vector<StoryFact> FactsOf(const RelationInfo& relation, absl::Span<const ToldClaim> claims) {
  std::vector<size_t> order(claims.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (claims[a].denies() != claims[b].denies()) return claims[b].denies();
    return TakenBefore(claims[a], claims[b]);
  });

  const auto object_before = [](const Value& a, const Value& b) { return ValueOrder(a, b) < 0; };
  std::map<Value, Gathering, decltype(object_before)> gatherings(object_before);
  for (const size_t index : order) {
    gatherings.try_emplace(claims[index].object, relation, claims).first->second.Take(index);
  }
  std::vector<StoryFact> facts;
  for (auto& [object, gathering] : gatherings) {
    for (StoryFact& fact : gathering.Finish()) {
      std::sort(fact.claims.begin(), fact.claims.end(),
                [&](size_t a, size_t b) { return PublishedBefore(claims[a], claims[b]); });
      fact.versions = VersionsOf(relation, fact, claims);
      facts.push_back(std::move(fact));
    }
  }
  // The ends of a symmetric relation are each other's subject; neither orders the other's states.
  if (relation.functional && !relation.symmetric && IsState(relation)) CloseUnknownEnds(&facts);
  return facts;
}

bool Succeeds(const Period& later, const Period& earlier) {
  return later.has_start() && earlier.has_end() &&
         GranuleStart(earlier.to - 1, earlier.to_precision) == later.from &&
         earlier.to_precision == later.from_precision;
}

}  // namespace fasti::graph
