// A condition such as `g AFTER f` asks of g what the view `AFTER f` would.  Where g is expanded, it
// is tested on the fact, and most facts never become a row.
//
//   MATCH (a)-[f]->(b)-[g]->(c) WHERE g AFTER f RETURN c
//
//   Filter #3 AFTER #1                 makes a row for every fact
//     Expand (#2)-[#3]->(#4)
//
//   Expand (#2)-[#3]->(#4) AFTER #1    makes a row for those that are wanted
//
// BEFORE, AFTER and DURING mean the same in a view as between two facts.  OVERLAPS is sure where AT
// is possible, so it stays a condition, and AT only spares it rows.

#include <set>
#include <utility>

#include "query/plan/optimizer.h"

namespace fasti::plan {

namespace {

using Axis = ViewSpec::Axis;

// Slots that hold a relationship in every row of `node`.
std::set<Slot> FactSlots(const Node* node) {
  std::set<Slot> slots;
  for (; node != nullptr; node = node->input.get()) {
    switch (node->kind) {
      case Node::Kind::kExpand:
        slots.insert(static_cast<const Expand*>(node)->edge);
        break;
      case Node::Kind::kRelationScan:
        slots.insert(static_cast<const RelationScan*>(node)->edge);
        break;
      case Node::Kind::kFilter:
      case Node::Kind::kNodeScan:
      case Node::Kind::kVarExpand:
        break;
      default:
        return slots;
    }
  }
  return slots;
}

// That of `f` or `valid(f)`.
Slot SlotOfPeriod(const Expression& expression) {
  if (expression.kind == Expression::Kind::kSlot) return expression.slot;
  const bool is_valid =
      expression.kind == Expression::Kind::kCall && expression.function->name == "valid";
  return is_valid && expression.args[0]->kind == Expression::Kind::kSlot ? expression.args[0]->slot
                                                                         : kNoSlot;
}

// Adds what a condition asks of the facts of `expand`, given those in `facts`.  True if that is all
// it asks.
bool AddScope(const Expression& condition, const std::set<Slot>& facts, Expand* expand) {
  if (condition.kind != Expression::Kind::kOperator || condition.args.size() != 2) return false;
  const bool is_left = SlotOfPeriod(*condition.args[0]) == expand->edge;
  const ExpressionPtr& other = condition.args[is_left ? 1 : 0];
  if (!is_left && SlotOfPeriod(*condition.args[1]) != expand->edge) return false;
  if (facts.count(SlotOfPeriod(*other)) == 0) return false;
  const auto add = [&](Axis axis) { expand->scopes.push_back({axis, other}); };
  switch (condition.op) {
    case Op::kAfter:
      add(is_left ? Axis::kAfter : Axis::kBefore);
      return true;
    case Op::kBefore:
      add(is_left ? Axis::kBefore : Axis::kAfter);
      return true;
    case Op::kDuring:
      add(is_left ? Axis::kDuring : Axis::kAt);
      return is_left;
    case Op::kOverlaps:
      add(Axis::kAt);
      return false;
    default:
      return false;
  }
}

}  // namespace

void ScopeExpansions(NodePtr* root) {
  ForEachInput(**root, [](NodePtr& input) { ScopeExpansions(&input); });
  if ((*root)->kind != Node::Kind::kFilter || (*root)->input->kind != Node::Kind::kExpand) return;
  auto& filter = static_cast<Filter&>(**root);
  auto& expand = static_cast<Expand&>(*filter.input);
  if (expand.edge == kNoSlot) return;
  const std::set<Slot> facts = FactSlots(expand.input.get());
  std::erase_if(filter.predicates, [&](const ExpressionPtr& predicate) {
    return AddScope(*predicate, facts, &expand);
  });
  if (filter.predicates.empty()) {
    NodePtr input = std::move(filter.input);
    *root = std::move(input);
  }
}

}  // namespace fasti::plan
