#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "engine/graph/read_state.h"
#include "engine/model/row.h"
#include "fasti/fact.h"
#include "fasti/value.h"

namespace fasti::graph {

// Which of several facts gives an attribute its value: the one that began last, then the one that
// was known last, then the one with the greatest value.  The order of loading never counts.
class AttributeChoice {
 public:
  // `began_by`: facts that surely began later do not count; kInstantMax: all do.
  AttributeChoice(const ReadState& state, Instant began_by) : state_(state), began_by_(began_by) {}

  absl::Status Offer(const Fact& fact);
  // Null if nothing was offered that counts.
  absl::StatusOr<Value> Choose() const;

 private:
  const ReadState& state_;
  const Instant began_by_;
  std::optional<Fact> best_;
};

// The object of a fact as a value; an entity becomes a node.
absl::StatusOr<Value> TermValue(const ReadState& state, Term term);

}  // namespace fasti::graph
