#pragma once

#include <compare>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "query/exec/operator.h"

// Operators that keep, drop, change or order whole rows.

namespace fasti::exec {

// One row that holds nothing.
class UnitOperator : public Operator {
 public:
  void Rewind() override { done_ = false; }
  absl::StatusOr<bool> Next(Batch* out) override;

 private:
  bool done_ = false;
};

class FilterOperator : public Operator {
 public:
  FilterOperator(const plan::Filter& node, RunContext& context, OperatorPtr input)
      : node_(node), context_(context), evaluator_(context), input_(std::move(input)) {}
  void Rewind() override { input_->Rewind(); }
  absl::StatusOr<bool> Next(Batch* out) override;

 private:
  absl::StatusOr<bool> Passes(const Row& row);

  const plan::Filter& node_;
  RunContext& context_;
  Evaluator evaluator_;
  OperatorPtr input_;
  std::vector<size_t> kept_;
};

class ProjectOperator : public Operator {
 public:
  ProjectOperator(const plan::Project& node, RunContext& context, OperatorPtr input)
      : node_(node),
        context_(context),
        evaluator_(context),
        input_(std::move(input)),
        built_(context) {}
  void Rewind() override {
    input_->Rewind();
    column_.Clear();
    built_.Clear();
  }
  absl::StatusOr<bool> Next(Batch* out) override;

 private:
  const plan::Project& node_;
  RunContext& context_;
  Evaluator evaluator_;
  OperatorPtr input_;
  Column column_;       // the one at hand
  ScopedCharge built_;  // lists in the rows that were returned last
};

// What an expression of SKIP or LIMIT says.  NegativeIntegerArgument or InvalidArgumentType.
absl::StatusOr<uint64_t> EvaluateCount(const plan::Expression& expression, Evaluator& evaluator);

class SkipOperator : public Operator {
 public:
  SkipOperator(const plan::Skip& node, RunContext& context, OperatorPtr input)
      : node_(node), evaluator_(context), input_(std::move(input)) {}
  void Rewind() override;
  absl::StatusOr<bool> Next(Batch* out) override;

 private:
  const plan::Skip& node_;
  Evaluator evaluator_;
  OperatorPtr input_;
  std::optional<uint64_t> left_;
};

class LimitOperator : public Operator {
 public:
  // With `drain`, the input is run to its end all the same: it writes.
  LimitOperator(const plan::Limit& node, RunContext& context, OperatorPtr input, bool drain)
      : node_(node), evaluator_(context), input_(std::move(input)), drain_(drain) {}
  void Rewind() override;
  absl::StatusOr<bool> Next(Batch* out) override;

 private:
  const plan::Limit& node_;
  Evaluator evaluator_;
  OperatorPtr input_;
  const bool drain_;
  std::optional<uint64_t> left_;
};

// Values compared as DISTINCT and grouping do.
size_t HashKey(absl::Span<const Value> key);
bool IsSameKey(absl::Span<const Value> a, absl::Span<const Value> b);
struct KeyHash {
  size_t operator()(const std::vector<Value>& key) const { return HashKey(key); }
};
struct KeySame {
  bool operator()(const std::vector<Value>& a, const std::vector<Value>& b) const {
    return IsSameKey(a, b);
  }
};

class DistinctOperator : public Operator {
 public:
  DistinctOperator(const plan::Distinct& node, RunContext& context, OperatorPtr input)
      : node_(node), context_(context), input_(std::move(input)) {}
  ~DistinctOperator() override { context_.Release(charged_); }
  void Rewind() override;
  absl::StatusOr<bool> Next(Batch* out) override;

 private:
  const plan::Distinct& node_;
  RunContext& context_;
  OperatorPtr input_;
  absl::flat_hash_set<std::vector<Value>, KeyHash, KeySame> seen_;
  std::vector<size_t> kept_;
  size_t charged_ = 0;
};

class SortOperator : public Operator {
 public:
  SortOperator(const plan::Sort& node, RunContext& context, OperatorPtr input, int width)
      : node_(node),
        context_(context),
        evaluator_(context),
        input_(std::move(input)),
        batch_(width) {}
  ~SortOperator() override { context_.Release(charged_); }
  void Rewind() override;
  absl::StatusOr<bool> Next(Batch* out) override;

 private:
  struct Kept {
    std::vector<Value> keys;    // of ORDER BY, then of ties
    std::vector<Value> values;  // in the order of `carry`
    uint64_t number = 0;        // in the order in which they came, which breaks all other ties
    size_t bytes = 0;
  };
  absl::Status Fill();
  // False if no later row can be wanted.
  absl::StatusOr<bool> Add(const Row& row);
  // The first keys of the rows of a batch, if they are integers that are there already.
  absl::Span<const int64_t> FirstKeys(const Batch& batch) const;
  // Whether a row with that first key comes after all that are kept, which are enough.
  bool ComesAfterAll(int64_t first_key) const;
  // Fills `keys_` with those of the row, as far as they are needed to tell that it comes after all
  // that are kept: then false.
  absl::StatusOr<bool> ReadKeys(const Row& row);
  std::weak_ordering CompareKey(size_t number, const Value& a, const Value& b) const;
  std::weak_ordering Compare(const std::vector<Value>& a, const std::vector<Value>& b) const;
  bool Before(const Kept& a, const Kept& b) const;

  const plan::Sort& node_;
  RunContext& context_;
  Evaluator evaluator_;
  OperatorPtr input_;
  Batch batch_;
  std::vector<Kept> rows_;   // once there are `end_`, a heap with the last of them in front
  std::vector<Value> keys_;  // of the row at hand
  uint64_t rows_read_ = 0;
  uint64_t begin_ = 0;
  uint64_t end_ = 0;  // rows in [begin_, end_) are wanted
  bool filled_ = false;
  size_t next_ = 0;
  size_t charged_ = 0;
};

class UnionOperator : public Operator {
 public:
  explicit UnionOperator(std::vector<OperatorPtr> branches) : branches_(std::move(branches)) {}
  void Rewind() override;
  absl::StatusOr<bool> Next(Batch* out) override;

 private:
  std::vector<OperatorPtr> branches_;
  size_t branch_ = 0;
};

}  // namespace fasti::exec
