#pragma once

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "engine/graph/told_claim.h"
#include "fasti/fact.h"
#include "fasti/period.h"
#include "fasti/relation.h"
#include "fasti/value.h"

// From claims to facts.
//
// A story is everything that sources told of one subject, relation and set of key qualifiers, and,
// unless the relation is a METRIC or FUNCTIONAL, of one object.  Its facts and their versions are
// a pure function of its claims: no order of loading, no id and no clock goes in.  So loading the
// same reports in any order gives the same answers, and taking a source away is the same as never
// having heard it.
//
//   "acquired it in 2025"     January   \  one fact: valid 2025        known January to June,
//   "acquired it on 12 June"  June      /            valid 2025-06-12  known from June

namespace fasti::graph {

struct StoryVersion {
  Value object;
  Period valid;
  Modality modality = Modality::kAsserted;
  Instant known_from = kInstantMin;
  Instant known_to = kInstantMax;

  friend bool operator==(const StoryVersion& a, const StoryVersion& b);
};

struct StoryFact {
  Value object;                // null for a METRIC, where each version has its own
  Period valid;                // by all claims together
  std::vector<size_t> claims;  // which claims tell it, in order of publication
  // In order of `known_from`; several at once where a denial cut a piece out of the valid time.
  // Empty if the fact was only ever denied.
  std::vector<StoryVersion> versions;
};

// Claims are taken by finest valid time, valid start, publication, source and place.  Each joins
// the one earlier fact that it may be about: told of the same time, or of a coarser one that
// contains it, for an EVENT within the relation's merge window, or of no time.  With none or
// several it starts a fact of its own.  Denials come last, so that they never stand for a fact
// that somebody supports.
//
// A version lasts as long as what was known of the fact said the same: the finest time, the
// strongest modality, and the value that the policy of a METRIC chooses.
std::vector<StoryFact> FactsOf(const RelationInfo& relation, absl::Span<const ToldClaim> claims);

// True if the ends of two states of a FUNCTIONAL relation say that one followed the other, so that
// the vagueness of the moment of change does not make them contradict each other.
bool Succeeds(const Period& later, const Period& earlier);

}  // namespace fasti::graph
