#pragma once

#include <vector>

#include "fasti/period.h"
#include "fasti/relation.h"

// Which tellings of a time may be of one fact, and what they say together.

namespace fasti::graph {

// Nobody told when.
bool IsTimeless(const Period& valid);

// The order in which claims find their facts: the finer end first, then the coarser one, then by
// start.  A strict order of all periods.
bool FinerFirst(const Period& a, const Period& b);

// The exact span of `outer` contains that of `inner`.
bool Covers(const Period& outer, const Period& inner);

// Whether a fact told to be valid at `fact` may be the one a claim tells of at `claim`.
// Not for METRIC: the number of a year is not that of its quarter.
bool MayBeSameTime(const RelationInfo& relation, const Period& fact, const Period& claim);

// What both tell together.  For a state or METRIC each end as finely as it was told; for an EVENT
// the time in which both can be, or `finer` if they only lie near each other.
// REQUIRES: FinerFirst(finer, coarser), or they are equal.
Period CombinedTime(RelationKind kind, const Period& finer, const Period& coarser);

// Whether a denial of `denied` says something about a fact valid at `fact`.
bool DenialConcerns(RelationKind kind, const Period& fact, const Period& denied);

// Appends to `left` what of a fact valid at `fact` remains if it did not hold during `denied`.  Of
// a state the parts outside; an EVENT or METRIC stays whole unless all of it is denied.
void CutOut(RelationKind kind, const Period& fact, const Period& denied, std::vector<Period>* left);

}  // namespace fasti::graph
