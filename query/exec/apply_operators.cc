#include "query/exec/apply_operators.h"

#include <algorithm>
#include <utility>

#include "fasti/status_macros.h"
#include "query/exec/build.h"

namespace fasti::exec {

InnerPlan::InnerPlan(const plan::Node& root, const std::vector<Slot>& argument, int width,
                     RunContext& context)
    : argument_(argument), root_(Build(root, width, context, &leaves_)) {}

void InnerPlan::Start(const Row& row) {
  root_->Rewind();
  for (ArgumentOperator* leaf : leaves_) leaf->Reset().AddRow(*row.batch, row.index, argument_);
}

// ---------------------------------------------------------------------------------------------

OptionalOperator::OptionalOperator(const plan::Optional& node, RunContext& context,
                                   OperatorPtr input, int width)
    : FlatMap(context, std::move(input), width),
      node_(node),
      inner_(*node.inner, node.argument, width, context),
      rows_(width) {}

void OptionalOperator::Rewind() {
  FlatMap::Rewind();
  inner_.Rewind();
  rows_.Clear();
}

absl::Status OptionalOperator::Begin(const Row& row) {
  inner_.Start(row);
  rows_.Clear();
  next_ = 0;
  found_ = false;
  return absl::OkStatus();
}

absl::StatusOr<bool> OptionalOperator::Produce(const Row& row, Batch* out) {
  while (!out->full()) {
    if (next_ == rows_.size()) {
      next_ = 0;
      FASTI_ASSIGN_OR_RETURN(const bool more, inner_.Next(&rows_));
      if (!more) {
        rows_.Clear();
        if (!found_) {
          out->AddRow(*row.batch, row.index, node_.carry);
          for (Slot slot : node_.nulls) out->Put(slot, Value());
        }
        return false;
      }
      found_ = true;
    }
    out->AddRow(*row.batch, row.index, node_.carry);
    for (Slot slot : node_.nulls) out->PutFrom(slot, rows_, next_);
    ++next_;
  }
  return true;
}

// ---------------------------------------------------------------------------------------------

namespace {

// A period that begins as `valid` does and of whose end nothing is said: what the order of starts
// compares.
Period StartOf(const Period& valid) {
  Period start = valid;
  start.to = kInstantMax;
  start.to_precision = Precision::kOpen;
  return start;
}

}  // namespace

RankOperator::RankOperator(const plan::Rank& node, RunContext& context, OperatorPtr input,
                           int width)
    : FlatMap(context, std::move(input), width),
      node_(node),
      inner_(*node.inner, node.argument, width, context),
      rows_(width) {}

std::optional<Period> RankOperator::MomentOf(const Row& row) const {
  std::optional<Period> latest;
  ForEachFact(row, node_.edges, [&](const Fact& fact) {
    const Period start = StartOf(fact.valid);
    if (!latest.has_value() || *latest < start) latest = start;
  });
  return latest;
}

void RankOperator::Rewind() {
  FlatMap::Rewind();
  inner_.Rewind();
  Forget();
}

void RankOperator::Forget() {
  candidates_.clear();
  context_.Release(charged_);
  charged_ = 0;
}

bool RankOperator::Before(const std::optional<Period>& a, const std::optional<Period>& b) const {
  if (!a.has_value() || !b.has_value()) return !a.has_value() && b.has_value();
  return node_.last ? *b < *a : *a < *b;
}

bool RankOperator::IsBehind(const std::optional<Period>& moment) const {
  if (!node_.is_ordered || candidates_.size() < node_.count) return false;
  // Rows come by the earliest instant of their start only, so that of equals all are seen.
  const Instant last_from = candidates_[node_.count - 1].moment->from;
  return node_.last ? moment->from < last_from : moment->from > last_from;
}

absl::Status RankOperator::Add(const Row& row, const std::optional<Period>& moment) {
  Candidate candidate;
  candidate.moment = moment;
  if (node_.count == 1 && !candidates_.empty()) {
    // All that are kept tie, so that most rows are passed over here.
    if (Before(candidates_.front().moment, candidate.moment)) return absl::OkStatus();
    if (Before(candidate.moment, candidates_.front().moment)) Forget();
  }
  size_t bytes = sizeof(candidate);
  for (Slot slot : node_.carry) {
    candidate.values.push_back(row[slot]);
    bytes += ApproximateBytes(candidate.values.back());
  }
  charged_ += bytes;
  candidates_.push_back(std::move(candidate));
  return context_.Charge(bytes);
}

absl::Status RankOperator::Begin(const Row& row) {
  inner_.Start(row);
  Forget();
  if (node_.count == 0) return absl::OkStatus();
  bool done = false;
  while (!done) {
    FASTI_ASSIGN_OR_RETURN(const bool more, inner_.Next(&rows_));
    if (!more) break;
    FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
    for (size_t i = 0; i < rows_.size() && !done; ++i) {
      const Row candidate{&rows_, i};
      const std::optional<Period> moment = MomentOf(candidate);
      done = IsBehind(moment);
      if (!done) FASTI_RETURN_IF_ERROR(Add(candidate, moment));
    }
  }
  const auto before = [this](const Candidate& a, const Candidate& b) {
    return Before(a.moment, b.moment);
  };
  std::stable_sort(candidates_.begin(), candidates_.end(), before);
  // SQL's RANK: a row ranks one behind the number of rows before it, ties alike.
  next_ = 0;
  end_ = std::min<uint64_t>(node_.count, candidates_.size());
  if (end_ == 0) return absl::OkStatus();
  while (end_ < candidates_.size() && !before(candidates_[end_ - 1], candidates_[end_])) ++end_;
  return absl::OkStatus();
}

absl::StatusOr<bool> RankOperator::Produce(const Row&, Batch* out) {
  for (; next_ < end_; ++next_) {
    if (out->full()) return true;
    out->AddRow();
    for (size_t i = 0; i < node_.carry.size(); ++i) {
      out->Put(node_.carry[i], std::move(candidates_[next_].values[i]));
    }
  }
  return false;
}

}  // namespace fasti::exec
