#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "query/exec/node_counts.h"
#include "query/exec/operator.h"
#include "query/exec/row_operators.h"
#include "query/function/aggregate.h"

namespace fasti::exec {

// One row per group of rows with the same keys; without keys there is exactly one group.
class AggregateOperator : public Operator {
 public:
  AggregateOperator(const plan::Aggregate& node, RunContext& context, OperatorPtr input, int width);
  ~AggregateOperator() override { context_.Release(charged_); }
  void Rewind() override;
  absl::StatusOr<bool> Next(Batch* out) override;

 private:
  // The number of a group by its keys, which stand in `keys_of_groups_`.
  struct GroupHash {
    const AggregateOperator* owner;
    size_t operator()(size_t group) const;
  };
  struct GroupSame {
    const AggregateOperator* owner;
    bool operator()(size_t a, size_t b) const;
  };
  absl::Span<const Value> KeysOf(size_t group) const {
    return absl::MakeConstSpan(keys_of_groups_)
        .subspan(group * node_.keys.size(), node_.keys.size());
  }
  absl::Status Fill();
  absl::Status Add(const Row& row);
  // Counts the nodes of a batch.
  absl::Status CountNodes(absl::Span<const EntityId> nodes);
  void PutCounts(Batch* out);
  absl::StatusOr<size_t> FindGroup(const Row& row);
  // The group whose keys stand behind those of all others.
  absl::StatusOr<size_t> AddGroup();
  absl::Status AddToCall(size_t number, size_t group, const Row& row);
  absl::Status Agree(size_t group, const Row& row);
  absl::Status Charge(size_t bytes);

  const plan::Aggregate& node_;
  const bool counts_nodes_;  // it may be that it has to: its rows are counted by one slot
  RunContext& context_;
  Evaluator evaluator_;
  OperatorPtr input_;
  Batch batch_;
  // Of each group in turn: its keys, the states of its calls, what its rows agree on.
  std::vector<Value> keys_of_groups_;
  std::vector<std::unique_ptr<function::Accumulator>> accumulators_;  // null for count(*)
  std::vector<int64_t> rows_;                                         // how many it has
  std::vector<Value> agreed_;
  absl::flat_hash_set<size_t, GroupHash, GroupSame> index_;
  absl::flat_hash_map<EntityId, size_t> node_index_;  // of groups whose only key is a node
  // With `counts_nodes_`, groups of nodes are nothing but this.
  NodeCounts node_counts_;
  std::vector<EntityId> counted_nodes_;
  std::vector<int64_t> counts_;  // of those
  size_t next_count_ = 0;
  std::vector<Value> args_;  // of the row at hand
  bool filled_ = false;
  size_t next_ = 0;
  size_t charged_ = 0;
};

}  // namespace fasti::exec
