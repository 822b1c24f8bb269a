#include "query/plan/optimizer.h"

namespace fasti::plan {

void Optimize(const Snapshot& snapshot, Plan* plan) {
  for (const std::shared_ptr<Subplan>& subplan : plan->subplans) {
    OrderPatterns(snapshot, &subplan->root, &subplan->width);
    std::set<Slot> needed;
    if (subplan->result != nullptr) {
      ForEachSlot(*subplan->result, [&](Slot slot) { needed.insert(slot); });
    }
    FindLiveSlots(subplan->root.get(), std::move(needed));
  }
  OrderPatterns(snapshot, &plan->root, &plan->width);
  FindLiveSlots(plan->root.get(), {plan->outputs.begin(), plan->outputs.end()});
}

}  // namespace fasti::plan
