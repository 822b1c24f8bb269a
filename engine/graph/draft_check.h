#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "fasti/relation.h"
#include "fasti/transaction.h"

namespace fasti::graph {

// Checks of what comes from outside, before anything of it is stored.  INVALID_ARGUMENT says what
// is wrong.

// A name of a relation, a key or a label: 1 byte to 1 KiB of valid text.
absl::Status CheckName(absl::string_view kind, absl::string_view name);
// A value that may stand in an attribute, a qualifier or a figure: texts valid and at most 1 MiB,
// lists nested at most 32 deep.
absl::Status CheckLiteral(const Value& value);
// A record must fit into one value of the store; `what` names it.
absl::Status CheckRecordSize(absl::string_view what, absl::string_view bytes);
// A declaration by itself: its names, and that its traits go together.
absl::Status CheckRelation(const RelationInfo& relation);
// The periods of a fact of a relation by itself.
struct RelationTraits {
  absl::string_view name;
  RelationKind kind = RelationKind::kUndeclared;
};
absl::Status CheckPeriods(const RelationTraits& relation, const Period& valid, Modality modality,
                          Instant known_from, Instant known_to);
// Periods, object and qualifiers of a draft, against what `relation` was declared to be.
absl::Status CheckDraft(const FactDraft& draft, const RelationInfo& relation);

}  // namespace fasti::graph
