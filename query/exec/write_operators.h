#pragma once

#include <memory>
#include <vector>

#include "query/exec/apply_operators.h"
#include "query/exec/operator.h"
#include "query/exec/writer.h"

// The writing clauses.  Each reads its whole input before it writes, and writes for all rows
// before it yields one: a clause never sees, in what it matches, what it writes itself.

namespace fasti::exec {

class WriteOperator : public Operator {
 public:
  WriteOperator(RunContext& context, Transaction& transaction, OperatorPtr input, int width)
      : context_(context),
        evaluator_(context),
        writer_(context, transaction, *context.changes()),
        width_(width),
        input_(std::move(input)) {}
  ~WriteOperator() override { context_.Release(charged_); }

  // Writing clauses stand in no inner plan, so that they run once.
  void Rewind() override {}
  absl::StatusOr<bool> Next(Batch* out) final;

 protected:
  // Writes for all rows of a batch and leaves in it the rows that go on.
  virtual absl::Status Apply(Batch* batch) = 0;
  // After the last batch.
  virtual absl::Status Finish() { return absl::OkStatus(); }

  RunContext& context_;
  Evaluator evaluator_;
  Writer writer_;
  const int width_;

 private:
  absl::Status Run();

  OperatorPtr input_;
  std::vector<Batch> batches_;
  size_t next_ = 0;
  bool done_ = false;
  size_t charged_ = 0;
};

class CreateOperator : public WriteOperator {
 public:
  CreateOperator(const plan::Create& node, RunContext& context, Transaction& transaction,
                 OperatorPtr input, int width)
      : WriteOperator(context, transaction, std::move(input), width), node_(node) {}

 protected:
  absl::Status Apply(Batch* batch) override;

 private:
  const plan::Create& node_;
};

class SetOperator : public WriteOperator {
 public:
  SetOperator(const plan::Set& node, RunContext& context, Transaction& transaction,
              OperatorPtr input, int width)
      : WriteOperator(context, transaction, std::move(input), width), node_(node) {}

 protected:
  absl::Status Apply(Batch* batch) override;

 private:
  const plan::Set& node_;
};

class DeleteOperator : public WriteOperator {
 public:
  DeleteOperator(const plan::Delete& node, RunContext& context, Transaction& transaction,
                 OperatorPtr input, int width)
      : WriteOperator(context, transaction, std::move(input), width), node_(node) {}

 protected:
  absl::Status Apply(Batch* batch) override;
  absl::Status Finish() override;

 private:
  absl::Status Gather(const Value& target, const plan::Place& place);

  const plan::Delete& node_;
  // Deleted together, so that a node may come before its relationships.
  std::vector<std::shared_ptr<const Fact>> facts_;
  std::vector<EntityId> nodes_;
};

class MergeOperator : public WriteOperator {
 public:
  MergeOperator(const plan::Merge& node, RunContext& context, Transaction& transaction,
                OperatorPtr input, int width);

 protected:
  // Unlike the other clauses, MERGE sees for each row what it created for the rows before.
  absl::Status Apply(Batch* batch) override;

 private:
  absl::Status MergeRow(const Row& row, Batch* out);
  absl::Status CreateRow(const Row& row, Batch* out);
  absl::Status CheckNoNulls(const Row& row);

  const plan::Merge& node_;
  InnerPlan inner_;
  Batch found_;
};

}  // namespace fasti::exec
