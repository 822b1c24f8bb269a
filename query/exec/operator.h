#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "query/exec/batch.h"
#include "query/exec/evaluator.h"
#include "query/exec/run_context.h"

namespace fasti::exec {

// A stage of a running plan: yields rows in batches, reading those of the stage below.
class Operator {
 public:
  virtual ~Operator() = default;

  // Starts again from the first row; for the inner plans of Optional and its kin, which run once
  // per row, and for the next run of a statement.  Lets go of what was read and kept: a rewound
  // operator holds nothing of a snapshot.  An operator starts rewound.
  virtual void Rewind() = 0;
  // Clears `out` and fills it with at least one row; false at the end, and from then on.
  virtual absl::StatusOr<bool> Next(Batch* out) = 0;
};
using OperatorPtr = std::unique_ptr<Operator>;

// The leaf of an inner plan: the row for which it runs.
class ArgumentOperator : public Operator {
 public:
  explicit ArgumentOperator(int width) : row_(width) {}
  // The row to be yielded next.  Rewinds.
  Batch& Reset() {
    row_.Clear();
    done_ = false;
    return row_;
  }
  void Rewind() override { done_ = false; }
  absl::StatusOr<bool> Next(Batch* out) override;

 private:
  Batch row_;
  bool done_ = true;
};

// An operator that makes rows out of each row of its input, one after the other: scans,
// expansions, UNWIND.
class FlatMap : public Operator {
 public:
  // `rows_at_first` is how many rows the first batch holds at most; each one after it may hold
  // twice as many.
  FlatMap(RunContext& context, OperatorPtr input, int width, size_t rows_at_first = kBatchRows)
      : context_(context),
        evaluator_(context),
        input_(std::move(input)),
        rows_(width),
        rows_at_first_(rows_at_first),
        rows_max_(rows_at_first) {}

  void Rewind() override;
  absl::StatusOr<bool> Next(Batch* out) final;

 protected:
  // Starts on a row of the input.
  virtual absl::Status Begin(const Row& row) = 0;
  // Adds rows until `out` is full (true: there may be more) or the row is exhausted (false).
  virtual absl::StatusOr<bool> Produce(const Row& row, Batch* out) = 0;

  RunContext& context_;
  Evaluator evaluator_;

 private:
  OperatorPtr input_;
  Batch rows_;
  const size_t rows_at_first_;
  size_t rows_max_;
  size_t next_row_ = 0;
  bool in_row_ = false;
  bool done_ = false;
};

}  // namespace fasti::exec
