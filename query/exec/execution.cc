#include "query/exec/execution.h"

#include <utility>

#include "query/exec/build.h"

namespace fasti::exec {

Execution::Execution(const plan::Plan& plan)
    : context_(plan, nullptr),
      root_(Build(*plan.root, plan.width, context_, &leaves_)),
      batch_(plan.width) {}

void Execution::Begin(std::unique_ptr<Snapshot> snapshot, const Parameters& parameters,
                      const RunLimits& limits, const Interrupt& interrupt) {
  snapshot_ = std::move(snapshot);
  context_.Begin(*snapshot_, parameters, limits, interrupt);
}

void Execution::End() {
  root_->Rewind();
  context_.End();
  batch_.Clear();
  snapshot_ = nullptr;
}

Executions::~Executions() {
  for (std::atomic<Execution*>& place : idle_) delete place.load();
}

std::unique_ptr<Execution> Executions::Take() {
  for (std::atomic<Execution*>& place : idle_) {
    if (Execution* const execution = place.exchange(nullptr)) {
      return std::unique_ptr<Execution>(execution);
    }
  }
  return std::make_unique<Execution>(plan_);
}

void Executions::Return(std::unique_ptr<Execution> execution) {
  const bool is_small = execution->context().charged_max() <= kIdleBytesMax;
  execution->End();
  if (!is_small) return;
  for (std::atomic<Execution*>& place : idle_) {
    Execution* none = nullptr;
    if (place.compare_exchange_strong(none, execution.get())) {
      execution.release();
      return;
    }
  }
}

}  // namespace fasti::exec
