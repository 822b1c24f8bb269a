#pragma once

#include <set>

#include "absl/status/status.h"
#include "fasti/snapshot.h"
#include "query/base/interrupt.h"
#include "query/plan/logical_plan.h"

namespace fasti::plan {

// The passes without which a plan answers just the same, only later: tests compare the two.
struct Rules {
  bool count_starts = true;
  bool rank_by_start = true;
  bool scope_expansions = true;
  static Rules None() {
    return {.count_starts = false, .rank_by_start = false, .scope_expansions = false};
  }
};

// Makes a bound plan one that can run well: a list of passes, one file each.  The snapshot only
// gives estimates, so a plan stays right for every later state of the database.  The error is that
// of `interrupt`, which is asked before every step of a pattern: these grow with the product of its
// nodes and its conditions.
absl::Status Optimize(const Snapshot& snapshot, const Interrupt& interrupt, Plan* plan,
                      Rules rules = Rules());

// Turns every Match node into scans, expansions and filters: the cheapest start first, then always
// the cheapest next step, every predicate as soon as its variables are there.
absl::Status OrderPatterns(const Snapshot& snapshot, const Interrupt& interrupt, NodePtr* root,
                           int* width);

// Lets the engine count facts by when they began, where that is all a statement wants to know.
void CountStarts(Node* root, int* width);

// Reads the facts of which FIRST, LAST or a LIMIT wants the first ones in order of their starts.
void RankByStart(Node* root);

// Tests the time of a fact by that of others before a row is made of it.  After the two above: they
// look for facts of which no more is asked.
void ScopeExpansions(NodePtr* root);

// Tells every node which slots it must pass on, so that rows carry nothing that nobody reads.
// `needed` are the slots read of the root's rows; returns those read of the row of its leaf.
std::set<Slot> FindLiveSlots(Node* root, std::set<Slot> needed);

// Visits the inputs of a node: where they are, so that they can be replaced.
template <typename Visit>
void ForEachInput(Node& node, const Visit& visit) {
  if (node.input != nullptr) visit(node.input);
  switch (node.kind) {
    case Node::Kind::kUnion:
      for (NodePtr& branch : static_cast<Union&>(node).branches) visit(branch);
      break;
    case Node::Kind::kOptional:
      visit(static_cast<Optional&>(node).inner);
      break;
    case Node::Kind::kRank:
      visit(static_cast<Rank&>(node).inner);
      break;
    case Node::Kind::kSelect:
      visit(static_cast<Select&>(node).inner);
      break;
    case Node::Kind::kMerge:
      visit(static_cast<Merge&>(node).inner);
      break;
    default:
      break;
  }
}

}  // namespace fasti::plan
