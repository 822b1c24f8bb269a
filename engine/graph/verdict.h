#pragma once

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "engine/graph/story.h"
#include "engine/graph/told_claim.h"
#include "fasti/relation.h"
#include "fasti/report.h"

namespace fasti::graph {

// What a new claim did to the story of one fact.  `others` are the fact's other claims, in order
// of publication.
//
// A claim is measured against what was surely published before it.  Reports of one date (two
// articles of June) are contemporaries: neither replaces the other, so where they contradict each
// other both stand; they are the measure where nothing is older.  A claim that arrives when the
// fact has only later reports is measured against those.
//
//   denied      it is a denial
//   new         no other claim supports the fact
//   conflict    a contemporary of the same modality has a contradicting figure, or the fact was
//               only denied before
//   superseded  an older report has a contradicting figure, or a contemporary that is less sure
//   confirmed   it tells as done what was planned, expected or reported
//   refined     a finer time or figure, or a figure where there was none
//   compatible  figures differ and overlap; for a METRIC this counts before refined
//   same        none of these
Verdict VerdictOf(const RelationInfo& relation, absl::Span<const ToldClaim* const> others,
                  const ToldClaim& claim);

// For a FUNCTIONAL relation: what facts[index], which the claim tells, means for facts with other
// objects.  Superseded if its start ended one of them, conflict if it may hold together with one;
// else `verdict`.
Verdict AmongObjects(const RelationInfo& relation, const std::vector<StoryFact>& facts,
                     size_t index, Verdict verdict);

}  // namespace fasti::graph
