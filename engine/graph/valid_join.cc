#include "engine/graph/valid_join.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace fasti::graph {
namespace {

constexpr int64_t kMicrosPerDay = int64_t{86'400} * 1'000'000;

// One end of a state, as it was told: a granule, or open, or unknown.
struct End {
  Precision precision;
  Instant first;  // of the granule
  Instant after;
};

End StartOf(const Period& p) {
  return {p.from_precision, p.from, p.has_start() ? GranuleEnd(p.from, p.from_precision) : p.from};
}
End EndOf(const Period& p) {
  return {p.to_precision, p.has_end() ? GranuleStart(p.to - 1, p.to_precision) : p.to, p.to};
}

bool Agree(const End& a, const End& b) {
  if (a.precision == Precision::kUnknown || b.precision == Precision::kUnknown) return true;
  if (!IsGranule(a.precision) || !IsGranule(b.precision)) return a.precision == b.precision;
  return (a.first <= b.first && b.after <= a.after) || (b.first <= a.first && a.after <= b.after);
}

// By how finely it was told; an open end is finer than an unknown one, as its number is smaller.
bool Finer(const End& a, const End& b) {
  return std::make_pair(a.precision, a.first) < std::make_pair(b.precision, b.first);
}

Period CombinedState(const Period& a, const Period& b) {
  const Period& start = Finer(StartOf(b), StartOf(a)) ? b : a;
  const Period& end = Finer(EndOf(b), EndOf(a)) ? b : a;
  return Period::Between(start, end);
}

bool MayBeSameState(const Period& a, const Period& b) {
  if (!Agree(StartOf(a), StartOf(b)) || !Agree(EndOf(a), EndOf(b))) return false;
  const Period both = CombinedState(a, b);
  return both.from < both.to;
}

bool MeetExactly(const Period& a, const Period& b) {
  return a.from < b.to && b.from < a.to;
}

bool WithinWindow(uint32_t days, const Period& a, const Period& b) {
  const bool dated = a.has_start() && b.has_start() && a.from_precision <= Precision::kDay &&
                     b.from_precision <= Precision::kDay;
  if (days == 0 || !dated) return false;
  const Instant first = GranuleStart(std::min(a.from, b.from), Precision::kDay);
  const Instant second = GranuleStart(std::max(a.from, b.from), Precision::kDay);
  return static_cast<uint64_t>(second) - static_cast<uint64_t>(first) <=
         uint64_t{days} * static_cast<uint64_t>(kMicrosPerDay);
}

bool MayBeSameEvent(uint32_t window_days, const Period& a, const Period& b) {
  if (WithinWindow(window_days, a, b)) return true;
  const bool half_told = !a.has_start() || !a.has_end() || !b.has_start() || !b.has_end();
  return MeetExactly(a, b) && (half_told || Covers(a, b) || Covers(b, a));
}

}  // namespace

bool IsTimeless(const Period& valid) {
  return valid.from_precision == Precision::kUnknown && valid.to_precision == Precision::kUnknown;
}

bool FinerFirst(const Period& a, const Period& b) {
  const auto key = [](const Period& p) { return std::minmax({p.from_precision, p.to_precision}); };
  if (key(a) != key(b)) return key(a) < key(b);
  return a < b;
}

bool Covers(const Period& outer, const Period& inner) {
  return outer.from <= inner.from && inner.to <= outer.to;
}

bool MayBeSameTime(const RelationInfo& relation, const Period& fact, const Period& claim) {
  if (fact == claim || IsTimeless(fact) || IsTimeless(claim)) return true;
  switch (relation.kind) {
    case RelationKind::kMetric:
      return false;
    case RelationKind::kEvent:
      return MayBeSameEvent(relation.merge_window_days, fact, claim);
    case RelationKind::kState:
    case RelationKind::kUndeclared:
      break;
  }
  return MayBeSameState(fact, claim);
}

Period CombinedTime(RelationKind kind, const Period& finer, const Period& coarser) {
  if (kind != RelationKind::kEvent) return CombinedState(finer, coarser);
  if (!MeetExactly(finer, coarser)) return finer;
  return Intersection(finer, coarser).value_or(finer);
}

bool DenialConcerns(RelationKind kind, const Period& fact, const Period& denied) {
  if (IsTimeless(denied) || IsTimeless(fact)) return true;
  if (kind == RelationKind::kMetric) return Covers(denied, fact);
  return MeetExactly(fact, denied);
}

void CutOut(RelationKind kind, const Period& fact, const Period& denied,
            std::vector<Period>* left) {
  if (Covers(denied, fact)) return;
  if (ReadingOf(kind) != Reading::kState || !MeetExactly(fact, denied)) {
    left->push_back(fact);
    return;
  }
  if (fact.from < denied.from) {
    Period before = fact;
    before.to = denied.from;
    before.to_precision = denied.from_precision;
    left->push_back(before);
  }
  if (denied.to < fact.to) {
    Period after = fact;
    after.from = denied.to;
    after.from_precision = denied.to_precision;
    left->push_back(after);
  }
}

}  // namespace fasti::graph
