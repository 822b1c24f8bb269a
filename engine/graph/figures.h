#pragma once

#include "absl/types/span.h"
#include "engine/graph/told_claim.h"
#include "fasti/relation.h"
#include "fasti/value.h"

namespace fasti::graph {

// The figure `name` that `policy` chooses among claims; null if none of them brings it.
//
//   latest     of the latest publication          first    of the first
//   majority   told by most sources               trusted  of the claim with most confidence
//   median, min, max, range                       of the numbers or quantities
//
// Where a policy leaves several, the latest of them.  What has no size, or another unit than the
// latest figure, does not count for the last four; nothing is converted.
// REQUIRES: `claims` are supporting, in order of publication.
Value ResolveFigure(absl::Span<const ToldClaim* const> claims, absl::string_view name,
                    Policy policy);

// Every figure that some claim brings.
Map ResolveFigures(absl::Span<const ToldClaim* const> claims, Policy policy);

}  // namespace fasti::graph
