#pragma once

#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "query/exec/operator.h"
#include "query/exec/row_operators.h"
#include "query/function/aggregate.h"

namespace fasti::exec {

// One row per group of rows with the same keys; without keys there is exactly one group.
class AggregateOperator : public Operator {
 public:
  AggregateOperator(const plan::Aggregate& node, RunContext& context, OperatorPtr input, int width)
      : node_(node),
        context_(context),
        evaluator_(context),
        input_(std::move(input)),
        batch_(width) {}
  ~AggregateOperator() override { context_.Release(charged_); }
  void Rewind() override;
  absl::StatusOr<bool> Next(Batch* out) override;

 private:
  struct Group {
    std::vector<Value> keys;
    std::vector<std::unique_ptr<function::Accumulator>> accumulators;
    std::vector<Value> agreed;
    bool is_new = true;
  };
  absl::Status Fill();
  absl::Status Add(const Row& row);
  Group& NewGroup(std::vector<Value> keys);
  absl::Status Charge(size_t bytes);

  const plan::Aggregate& node_;
  RunContext& context_;
  Evaluator evaluator_;
  OperatorPtr input_;
  Batch batch_;
  absl::flat_hash_map<std::vector<Value>, size_t, KeyHash, KeySame> index_;
  std::vector<Group> groups_;
  std::vector<Value> keys_, args_;  // of the row at hand
  bool filled_ = false;
  size_t next_ = 0;
  size_t charged_ = 0;
};

}  // namespace fasti::exec
