#pragma once

#include <optional>
#include <vector>

#include "query/exec/apply_operators.h"

namespace fasti::exec {

// The instants at which something may be: first <= last, both included.
struct InstantSpan {
  Instant first = kInstantMin;
  Instant last = kInstantMax;
};

// When the facts of a path can hold one after the other, each at an instant of its own span.
struct Passage {
  Instant earliest_end = kInstantMin;  // the least last instant
  Instant latest_start = kInstantMax;  // the greatest first instant
  uint64_t shortest_us = 0;            // the least time between the two
};
// Nullopt if they cannot.
std::optional<Passage> PassageOf(const std::vector<InstantSpan>& spans);
// Whether they can hold at one instant.
bool ShareAnInstant(const std::vector<InstantSpan>& spans);

// Keeps the rows of an inner plan whose paths their selectors choose.  It looks at every path of
// the pattern: the bound of its length is what keeps it quick.
class SelectOperator : public FlatMap {
 public:
  SelectOperator(const plan::Select& node, RunContext& context, OperatorPtr input, int width);
  ~SelectOperator() override { context_.Release(charged_); }
  void Rewind() override;

 protected:
  absl::Status Begin(const Row& row) override;
  absl::StatusOr<bool> Produce(const Row& row, Batch* out) override;

 private:
  // The path of one choice in one row.
  struct Walk {
    Value from, to;
    std::vector<VersionId> lineages;
    std::vector<InstantSpan> spans;
    std::optional<Passage> passage;  // of the selectors that ask for it
  };
  struct Candidate {
    std::vector<Walk> walks;    // per choice
    std::vector<Value> values;  // in the order of `carry`
    bool chosen = true;
  };
  absl::StatusOr<bool> Read(const Row& row, const View& view);
  void ChooseBest(size_t choice);
  void Forget();  // the candidates
  // Whether the path of `a` is to be preferred to that of `b`.
  static bool IsBetter(plan::PathChoice::Kind kind, const Walk& a, const Walk& b);
  static bool IsAsGood(plan::PathChoice::Kind kind, const Walk& a, const Walk& b);

  const plan::Select& node_;
  InnerPlan inner_;
  Batch rows_;
  std::vector<Candidate> candidates_;
  size_t next_ = 0;
  size_t charged_ = 0;
};

}  // namespace fasti::exec
