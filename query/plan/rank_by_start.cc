// FIRST and LAST look for the facts that began earliest or latest, and so does a LIMIT behind
// ORDER BY valid(f).  Where one relationship decides the rank, its facts are read in order of their
// starts, and the rest is not read at all.

#include <algorithm>

#include "query/plan/optimizer.h"

namespace fasti::plan {

namespace {

// Who wants more than that many rows may as well read all of them and sort.
constexpr int64_t kRowsMax = 10'000;

bool YieldsOneRow(const Node* node) {
  while (node->kind == Node::Kind::kProject) node = node->input.get();
  return node->kind == Node::Kind::kUnit || node->kind == Node::Kind::kArgument;
}

// Where the facts of `edge` are read, if what lies between there and `top` only drops rows.
std::optional<StartOrder>* OrderOfScan(Node* top, Slot edge) {
  while (top->kind == Node::Kind::kFilter) top = top->input.get();
  if (top->input == nullptr || !YieldsOneRow(top->input.get())) return nullptr;
  if (top->kind == Node::Kind::kRelationScan) {
    auto& scan = static_cast<RelationScan&>(*top);
    return scan.edge == edge ? &scan.order : nullptr;
  }
  if (top->kind == Node::Kind::kExpand) {
    auto& expand = static_cast<Expand&>(*top);
    return expand.edge == edge ? &expand.order : nullptr;
  }
  return nullptr;
}

bool IsSmall(const ExpressionPtr& count) {
  if (count == nullptr || count->kind == Expression::Kind::kParameter) return true;
  return count->kind == Expression::Kind::kConstant && count->constant.is(Value::Kind::kInt) &&
         count->constant.as_int() <= kRowsMax;
}

void SortByStart(Sort* sort) {
  if (sort->limit == nullptr || !IsSmall(sort->limit) || !IsSmall(sort->skip)) return;
  // The first key, as the rows of the scan know it.
  ExpressionPtr key = sort->keys[0].value;
  Node* node = sort->input.get();
  for (; node->kind == Node::Kind::kProject || node->kind == Node::Kind::kFilter;
       node = node->input.get()) {
    if (node->kind == Node::Kind::kFilter || key->kind != Expression::Kind::kSlot) continue;
    const std::vector<Assignment>& items = static_cast<const Project&>(*node).items;
    const auto item = std::find_if(items.begin(), items.end(), [&](const Assignment& assignment) {
      return assignment.slot == key->slot;
    });
    if (item != items.end()) key = item->value;
  }
  if (key->kind != Expression::Kind::kCall || key->function->name != "valid" ||
      key->args[0]->kind != Expression::Kind::kSlot) {
    return;
  }
  if (std::optional<StartOrder>* order = OrderOfScan(node, key->args[0]->slot)) {
    *order = sort->keys[0].descending ? StartOrder::kLatestFirst : StartOrder::kEarliestFirst;
    sort->is_by_start = true;
  }
}

}  // namespace

void RankByStart(Node* root) {
  ForEachInput(*root, [](NodePtr& input) { RankByStart(input.get()); });
  if (root->kind == Node::Kind::kSort) SortByStart(static_cast<Sort*>(root));
  if (root->kind != Node::Kind::kRank) return;
  auto& rank = static_cast<Rank&>(*root);
  if (rank.edges.size() != 1) return;
  if (std::optional<StartOrder>* order = OrderOfScan(rank.inner.get(), rank.edges[0])) {
    *order = rank.last ? StartOrder::kLatestFirst : StartOrder::kEarliestFirst;
    rank.is_ordered = true;
  }
}

}  // namespace fasti::plan
