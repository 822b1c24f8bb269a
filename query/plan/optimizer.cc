#include "query/plan/optimizer.h"

namespace fasti::plan {

void Optimize(const Snapshot& snapshot, Plan* plan, Rules rules) {
  // What a statement writes must be read fact by fact: it shows them as it has changed them.
  if (plan->writes) rules = Rules::None();
  const auto improve = [&](NodePtr* root, int* width) {
    OrderPatterns(snapshot, root, width);
    if (rules.count_starts) CountStarts(root->get(), width);
    if (rules.rank_by_start) RankByStart(root->get());
    if (rules.scope_expansions) ScopeExpansions(root);
  };
  for (const std::shared_ptr<Subplan>& subplan : plan->subplans) {
    improve(&subplan->root, &subplan->width);
    std::set<Slot> needed;
    if (subplan->result != nullptr) {
      ForEachSlot(*subplan->result, [&](Slot slot) { needed.insert(slot); });
    }
    FindLiveSlots(subplan->root.get(), std::move(needed));
  }
  improve(&plan->root, &plan->width);
  FindLiveSlots(plan->root.get(), {plan->outputs.begin(), plan->outputs.end()});
}

}  // namespace fasti::plan
