#include "query/plan/optimizer.h"

#include "fasti/status_macros.h"

namespace fasti::plan {

absl::Status Optimize(const Snapshot& snapshot, const Interrupt& interrupt, Plan* plan,
                      Rules rules) {
  // What a statement writes must be read fact by fact: it shows them as it has changed them.
  if (plan->writes) rules = Rules::None();
  const auto improve = [&](NodePtr* root, int* width) -> absl::Status {
    FASTI_RETURN_IF_ERROR(OrderPatterns(snapshot, interrupt, root, width));
    if (rules.count_starts) CountStarts(root->get(), width);
    if (rules.rank_by_start) RankByStart(root->get());
    if (rules.scope_expansions) ScopeExpansions(root);
    return interrupt.Check();
  };
  for (const std::shared_ptr<Subplan>& subplan : plan->subplans) {
    FASTI_RETURN_IF_ERROR(improve(&subplan->root, &subplan->width));
    std::set<Slot> needed;
    if (subplan->result != nullptr) {
      ForEachSlot(*subplan->result, [&](Slot slot) { needed.insert(slot); });
    }
    FindLiveSlots(subplan->root.get(), std::move(needed));
  }
  FASTI_RETURN_IF_ERROR(improve(&plan->root, &plan->width));
  FindLiveSlots(plan->root.get(), {plan->outputs.begin(), plan->outputs.end()});
  return interrupt.Check();
}

}  // namespace fasti::plan
