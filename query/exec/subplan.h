#pragma once

#include <memory>
#include <vector>

#include "query/exec/operator.h"

namespace fasti::exec {

// Runs the plan inside an expression, once per evaluation.
class SubplanRunner {
 public:
  SubplanRunner(const plan::Subplan& subplan, RunContext& context);

  // Whether it yields a row for these arguments.
  absl::StatusOr<bool> Exists(std::vector<Value> arguments);
  // What its result expression gives for each of its rows.
  absl::StatusOr<List> Collect(std::vector<Value> arguments);
  // As Operator::Rewind.
  void Rewind();

 private:
  void Start(std::vector<Value> arguments);

  const plan::Subplan& subplan_;
  Evaluator evaluator_;
  std::vector<ArgumentOperator*> arguments_;  // one, or one per branch of a UNION
  OperatorPtr root_;
  Batch rows_;
};

}  // namespace fasti::exec
