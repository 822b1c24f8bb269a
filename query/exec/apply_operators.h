#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "query/exec/operator.h"

// Operators that run an inner plan once for each row of their input.

namespace fasti::exec {

// An inner plan and the leaf through which it is given a row.
class InnerPlan {
 public:
  InnerPlan(const plan::Node& root, const std::vector<Slot>& argument, int width,
            RunContext& context);

  void Start(const Row& row);
  void Rewind() { root_->Rewind(); }
  absl::StatusOr<bool> Next(Batch* out) { return root_->Next(out); }

 private:
  const std::vector<Slot>& argument_;
  std::vector<ArgumentOperator*> leaves_;
  OperatorPtr root_;
};

class OptionalOperator : public FlatMap {
 public:
  OptionalOperator(const plan::Optional& node, RunContext& context, OperatorPtr input, int width);
  void Rewind() override;

 protected:
  absl::Status Begin(const Row& row) override;
  absl::StatusOr<bool> Produce(const Row& row, Batch* out) override;

 private:
  const plan::Optional& node_;
  InnerPlan inner_;
  Batch rows_;
  size_t next_ = 0;
  bool found_ = false;
};

class RankOperator : public FlatMap {
 public:
  RankOperator(const plan::Rank& node, RunContext& context, OperatorPtr input, int width);
  ~RankOperator() override { context_.Release(charged_); }
  void Rewind() override;

 protected:
  absl::Status Begin(const Row& row) override;
  absl::StatusOr<bool> Produce(const Row& row, Batch* out) override;

 private:
  struct Candidate {
    // The start of the fact that began last; nullopt for a pattern without facts.
    std::optional<Period> moment;
    std::vector<Value> values;  // in the order of `carry`
  };
  std::optional<Period> MomentOf(const Row& row) const;
  // Whether a row of moment `a` ranks before one of moment `b`.
  bool Before(const std::optional<Period>& a, const std::optional<Period>& b) const;
  absl::Status Add(const Row& row, const std::optional<Period>& moment);
  // Whether rows of this moment, and all that come after them in order, rank too low.
  bool IsBehind(const std::optional<Period>& moment) const;
  void Forget();  // the candidates

  const plan::Rank& node_;
  InnerPlan inner_;
  Batch rows_;
  std::vector<Candidate> candidates_;
  size_t next_ = 0;
  size_t end_ = 0;
  size_t charged_ = 0;
};

}  // namespace fasti::exec
