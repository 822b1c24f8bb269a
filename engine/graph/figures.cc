#include "engine/graph/figures.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fasti::graph {
namespace {

// A figure as one claim told it.
struct Telling {
  const ToldClaim* claim;
  Value value;
};

bool HasSize(const Value& value) {
  return value.is_number() || value.is(Value::Kind::kQuantity);
}

Quantity AsQuantity(const Value& value) {
  return value.is_number() ? Quantity::Exactly(value.number(), "") : value.as_quantity();
}

std::vector<Telling> TellingsOf(absl::Span<const ToldClaim* const> claims, absl::string_view name) {
  std::vector<Telling> tellings;
  for (const ToldClaim* claim : claims) {
    const auto found = claim->claim.figures.find(std::string(name));
    if (found != claim->claim.figures.end() && !found->second.is_null()) {
      tellings.push_back({claim, found->second});
    }
  }
  return tellings;
}

// A source that repeats itself has one voice.
Value Majority(const std::vector<Telling>& tellings) {
  size_t most = 0;
  const Value* chosen = nullptr;
  for (const Telling& candidate : tellings) {
    std::set<absl::string_view> sources;
    for (const Telling& telling : tellings) {
      if (SameValue(telling.value, candidate.value)) sources.insert(telling.claim->source_key);
    }
    if (sources.size() >= most) {
      most = sources.size();
      chosen = &candidate.value;
    }
  }
  return *chosen;
}

Value Trusted(const std::vector<Telling>& tellings) {
  const Telling* chosen = &tellings.front();
  for (const Telling& telling : tellings) {
    if (telling.claim->claim.confidence >= chosen->claim->claim.confidence) chosen = &telling;
  }
  return chosen->value;
}

Value Median(const std::vector<Value>& sorted) {
  const Value& upper = sorted[sorted.size() / 2];
  if (sorted.size() % 2 == 1) return upper;
  const Value& lower = sorted[sorted.size() / 2 - 1];
  if (SameValue(lower, upper)) return upper;
  const absl::StatusOr<Quantity> sum = Add(AsQuantity(lower), AsQuantity(upper));
  const absl::StatusOr<Quantity> middle = sum.ok() ? Scale(*sum, 0.5) : sum;
  // "At least 5" and "at most 7" have no middle; either is an answer, so the lower one.
  if (!middle.ok()) return lower;
  return upper.is_number() ? Value(middle->value()) : Value(*middle);
}

Value Range(const std::vector<Value>& values) {
  Quantity range = AsQuantity(values.front());
  for (const Value& value : values) {
    const Quantity other = AsQuantity(value);
    range.low = range.low && other.low ? std::optional<double>(std::min(*range.low, *other.low))
                                       : std::nullopt;
    range.high = range.high && other.high
                     ? std::optional<double>(std::max(*range.high, *other.high))
                     : std::nullopt;
  }
  // Open on both sides it says nothing; the figures then have no common range.
  if (!range.low && !range.high) return values.back();
  return Value(Quantity::Range(range.low, range.high, range.unit));
}

}  // namespace

Value ResolveFigure(absl::Span<const ToldClaim* const> claims, absl::string_view name,
                    Policy policy) {
  const std::vector<Telling> tellings = TellingsOf(claims, name);
  if (tellings.empty()) return Value();
  const Value& latest = tellings.back().value;
  switch (policy) {
    case Policy::kLatest:
      return latest;
    case Policy::kFirst:
      return tellings.front().value;
    case Policy::kMajority:
      return Majority(tellings);
    case Policy::kTrusted:
      return Trusted(tellings);
    case Policy::kMedian:
    case Policy::kMin:
    case Policy::kMax:
    case Policy::kRange:
      break;
  }
  if (!HasSize(latest)) return latest;
  std::vector<Value> comparable;
  for (const Telling& telling : tellings) {
    if (HasSize(telling.value) && AsQuantity(telling.value).unit == AsQuantity(latest).unit) {
      comparable.push_back(telling.value);
    }
  }
  if (policy == Policy::kRange) return Range(comparable);
  std::stable_sort(comparable.begin(), comparable.end(), [](const Value& a, const Value& b) {
    return ValueOrder(Value(AsQuantity(a)), Value(AsQuantity(b))) < 0;
  });
  if (policy == Policy::kMin) return comparable.front();
  return policy == Policy::kMax ? comparable.back() : Median(comparable);
}

Map ResolveFigures(absl::Span<const ToldClaim* const> claims, Policy policy) {
  Map figures;
  for (const ToldClaim* claim : claims) {
    for (const auto& [name, value] : claim->claim.figures) figures.try_emplace(name);
  }
  for (auto& [name, value] : figures) value = ResolveFigure(claims, name, policy);
  return figures;
}

}  // namespace fasti::graph
