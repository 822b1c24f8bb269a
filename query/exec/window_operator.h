#pragma once

#include <vector>

#include "query/exec/operator.h"
#include "query/function/window.h"

namespace fasti::exec {

// Adds to every row what functions see in the rows around it.  It keeps all rows, since a window
// may reach to the last one, and yields them in the order in which they came.
class WindowOperator : public Operator {
 public:
  WindowOperator(const plan::Window& node, RunContext& context, OperatorPtr input, int width)
      : node_(node),
        context_(context),
        evaluator_(context),
        input_(std::move(input)),
        batch_(width) {}
  ~WindowOperator() override { context_.Release(charged_); }
  void Rewind() override;
  absl::StatusOr<bool> Next(Batch* out) override;

 private:
  using Call = plan::Window::Call;
  // What one call reads of one row.
  struct Read {
    std::vector<Value> partition;
    std::vector<Value> order;
    std::vector<Value> args;
  };
  // The rows of one partition of one call, in its order, each with its frame.
  struct Partition {
    std::vector<size_t> rows;  // numbers of rows
    std::vector<std::vector<Value>> args;
    std::vector<size_t> peers_from;
    std::vector<size_t> frame_from;
    std::vector<size_t> frame_to;  // the row after the last of the frame
  };

  absl::Status Fill();
  absl::StatusOr<Read> ReadRow(const Call& call, const Row& row);
  absl::Status Compute(size_t call_number);
  absl::Status ComputePartition(const Call& call, const std::vector<size_t>& rows,
                                const std::vector<Read>& reads, std::vector<Value>* results);
  absl::Status SetFrames(const Call& call, const std::vector<Read>& reads, Partition* partition);
  absl::StatusOr<Value> PositionOf(const Value& key);
  absl::StatusOr<Value> Preceding(const Value& key, const Value& position, const Value& width,
                                  bool descending);
  absl::Status SetRange(const Call& call, const Value& width, const std::vector<Read>& reads,
                        Partition* partition);
  absl::StatusOr<std::vector<Value>> Aggregate(const Call& call, const Partition& partition);

  const plan::Window& node_;
  RunContext& context_;
  Evaluator evaluator_;
  OperatorPtr input_;
  Batch batch_;
  std::vector<std::vector<Value>> rows_;     // the slots of `carry`
  std::vector<std::vector<Read>> reads_;     // per call, per row
  std::vector<std::vector<Value>> results_;  // per call, per row
  bool filled_ = false;
  size_t next_ = 0;
  size_t charged_ = 0;
};

}  // namespace fasti::exec
