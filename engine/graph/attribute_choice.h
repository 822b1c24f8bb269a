#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "engine/graph/read_state.h"
#include "engine/model/row.h"
#include "fasti/fact.h"
#include "fasti/pattern.h"
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

// The view in which the attributes of a node are looked up when the node was bound in `view`.  A
// node found DURING 2025 has the name it had then, not one that it bore within 2025 only: so every
// condition on valid time becomes one that the value may hold at some instant of the time the
// condition speaks of.
View AttributeView(const View& view);

// The object of a fact as a value; an entity becomes a node.
absl::StatusOr<Value> TermValue(const ReadState& state, Term term);

}  // namespace fasti::graph
