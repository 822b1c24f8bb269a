#pragma once

#include <string>

#include "fasti/fact.h"
#include "fasti/value.h"

namespace fasti::graph {

// The figure under which a claim on a METRIC brings the metric's value.
inline constexpr char kValueFigure[] = "value";

// A claim with what tells it apart whatever the order of loading: the key of its source stands for
// the source's id, and the object it was told of for the id of a fact.
struct ToldClaim {
  Claim claim;
  std::string source_key;
  Value object;  // null for a METRIC, whose value is a figure

  // The record itself told this fact, without a source: it was always known.
  bool is_own_record() const {
    return claim.source == EntityId::kNone && claim.known_from == kInstantMin;
  }
  bool denies() const {
    return claim.stance == Stance::kDenies || claim.modality == Modality::kDenied;
  }
};

// The order of publication, in which the last claim is the latest: by first instant, a stronger
// modality after a weaker one of the same instant, then by the end of the date, source and place.
// Total on claims that differ in what they say.
bool PublishedBefore(const ToldClaim& a, const ToldClaim& b);

// The date of a claim for comparing it with other dates: that of its source, or the moment of its
// commit for an undated source.
Period PublicationOf(const Claim& claim);

// The same source says the same again, in the same place.
bool SameClaim(const ToldClaim& a, const ToldClaim& b);

}  // namespace fasti::graph
