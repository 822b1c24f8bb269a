#include "query/exec/execution.h"

#include <utility>

#include "query/exec/build.h"

namespace fasti::exec {

Execution::Execution(const plan::Plan& plan)
    : context_(plan, nullptr),
      root_(Build(*plan.root, plan.width, context_, &leaves_)),
      batch_(plan.width) {}

void Execution::Begin(std::unique_ptr<Snapshot> snapshot, const Parameters& parameters,
                      const RunOptions& options) {
  snapshot_ = std::move(snapshot);
  parameters_ = parameters;
  context_.Begin(*snapshot_, parameters_, options);
}

void Execution::End() {
  root_->Rewind();
  context_.End();
  batch_.Clear();
  parameters_.clear();
  snapshot_ = nullptr;
}

std::unique_ptr<Execution> Executions::Take() {
  {
    absl::MutexLock lock(&mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Execution> execution = std::move(idle_.back());
      idle_.pop_back();
      return execution;
    }
  }
  return std::make_unique<Execution>(plan_);
}

void Executions::Return(std::unique_ptr<Execution> execution) {
  const bool is_small = execution->context().charged_max() <= kIdleBytesMax;
  execution->End();
  absl::MutexLock lock(&mutex_);
  if (is_small && idle_.size() < kIdleMax) idle_.push_back(std::move(execution));
}

}  // namespace fasti::exec
