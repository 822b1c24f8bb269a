#include "engine/graph/told_claim.h"

#include <tuple>

namespace fasti::graph {
namespace {

auto Place(const ToldClaim& told) {
  return std::tie(told.source_key, told.claim.span.begin, told.claim.span.end);
}

// What is said, apart from when and where.
auto Content(const Claim& claim) {
  return std::tie(claim.valid.from, claim.valid.to, claim.valid.from_precision,
                  claim.valid.to_precision, claim.stance, claim.modality, claim.text);
}

}  // namespace

bool PublishedBefore(const ToldClaim& a, const ToldClaim& b) {
  const auto date = [](const ToldClaim& told) {
    return std::make_tuple(told.claim.known_from, -static_cast<int>(told.claim.modality),
                           told.claim.published.to);
  };
  if (date(a) != date(b)) return date(a) < date(b);
  if (Place(a) != Place(b)) return Place(a) < Place(b);
  if (Content(a.claim) != Content(b.claim)) return Content(a.claim) < Content(b.claim);
  return ValueOrder(Value(a.claim.figures), Value(b.claim.figures)) < 0;
}

Period PublicationOf(const Claim& claim) {
  const Period date = claim.published.has_start()
                          ? claim.published
                          : Period::Granule(claim.known_from, Precision::kMicrosecond);
  return date.As(Reading::kEvent);
}

bool SameClaim(const ToldClaim& a, const ToldClaim& b) {
  return Place(a) == Place(b) && Content(a.claim) == Content(b.claim) &&
         SameValue(a.object, b.object) && SameValue(Value(a.claim.figures), Value(b.claim.figures));
}

}  // namespace fasti::graph
