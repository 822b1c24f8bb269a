#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "query/exec/operator.h"

namespace fasti::exec {

// A plan that reads, made ready to run: its operators, for one run after the other.  Used by one
// thread.
class Execution {
 public:
  // The plan must outlive it.
  explicit Execution(const plan::Plan& plan);

  // Starts a run on a state of the database.
  void Begin(std::unique_ptr<Snapshot> snapshot, const Parameters& parameters,
             const RunLimits& limits, const Interrupt& interrupt);
  // Ends it and lets go of the snapshot.
  void End();

  // REQUIRES for the rest: a run is on.
  const Snapshot& snapshot() const { return *snapshot_; }
  RunContext& context() { return context_; }
  // Goes on to the next rows; false at the end.
  absl::StatusOr<bool> Next() { return root_->Next(&batch_); }
  const Batch& batch() const { return batch_; }

 private:
  std::unique_ptr<Snapshot> snapshot_;
  RunContext context_;
  std::vector<ArgumentOperator*> leaves_;
  OperatorPtr root_;
  Batch batch_;
};

// A plan that reads and its executions that are idle: to build the operators of a short question
// takes longer than to answer it.  Safe for several threads.
class Executions {
 public:
  explicit Executions(plan::Plan plan) : plan_(std::move(plan)) {}

  const plan::Plan& plan() const { return plan_; }
  ~Executions();
  std::unique_ptr<Execution> Take();
  // Ends the run.  An execution that needed much memory is not kept, nor are more than a few.
  void Return(std::unique_ptr<Execution> execution);

 private:
  static constexpr size_t kIdleMax = 4;
  static constexpr uint64_t kIdleBytesMax = uint64_t{1} << 20;

  const plan::Plan plan_;
  // Each place holds an idle execution or null, and is taken and filled by one exchange: a lock
  // would cost more than the rest of a short run.
  std::array<std::atomic<Execution*>, kIdleMax> idle_ = {};
};

}  // namespace fasti::exec
