// FIRST and LAST look for the facts that began earliest or latest.  Where one relationship decides
// the rank, its facts are read in order of their starts, and the rest is not read at all.

#include "query/plan/optimizer.h"

namespace fasti::plan {

namespace {

// Where the facts of `edge` are read, if what lies between there and `top` only drops rows.
std::optional<StartOrder>* OrderOfScan(Node* top, Slot edge) {
  while (top->kind == Node::Kind::kFilter) top = top->input.get();
  if (top->input == nullptr || top->input->kind != Node::Kind::kArgument) return nullptr;
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

}  // namespace

void RankByStart(Node* root) {
  ForEachInput(*root, [](NodePtr& input) { RankByStart(input.get()); });
  if (root->kind != Node::Kind::kRank) return;
  auto& rank = static_cast<Rank&>(*root);
  if (rank.edges.size() != 1) return;
  if (std::optional<StartOrder>* order = OrderOfScan(rank.inner.get(), rank.edges[0])) {
    *order = rank.last ? StartOrder::kLatestFirst : StartOrder::kEarliestFirst;
    rank.is_ordered = true;
  }
}

}  // namespace fasti::plan
