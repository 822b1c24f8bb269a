#include "query/exec/select.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "fasti/status_macros.h"
#include "query/exec/row_operators.h"

namespace fasti::exec {

using Kind = plan::PathChoice::Kind;

std::optional<Passage> PassageOf(const std::vector<InstantSpan>& spans) {
  Passage passage;
  for (const InstantSpan& span : spans) {
    passage.earliest_end = std::max(passage.earliest_end, span.first);
    if (passage.earliest_end > span.last) return std::nullopt;
  }
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    passage.latest_start = std::min(passage.latest_start, span->last);
  }
  // Setting out later never makes the way longer, so the latest start gives the shortest time.
  Instant end = passage.latest_start;
  for (const InstantSpan& span : spans) end = std::max(end, span.first);
  passage.shortest_us = static_cast<uint64_t>(end) - static_cast<uint64_t>(passage.latest_start);
  return passage;
}

bool ShareAnInstant(const std::vector<InstantSpan>& spans) {
  InstantSpan common;
  for (const InstantSpan& span : spans) {
    common.first = std::max(common.first, span.first);
    common.last = std::min(common.last, span.last);
  }
  return common.first <= common.last;
}

namespace {

bool IsShortest(Kind kind) {
  return kind == Kind::kAnyShortest || kind == Kind::kAllShortest;
}

// The instants at which a fact may hold within the scope of a view.
InstantSpan SpanOf(const Fact& fact, const View& view) {
  const auto last_of = [](Instant to) { return to == kInstantMax ? to : to - 1; };
  InstantSpan span{fact.valid.from, last_of(fact.valid.to)};
  for (const ValidTest& test : view.valid) {
    switch (test.kind) {
      case ValidTest::Kind::kAt:
      case ValidTest::Kind::kDuring:
        span.first = std::max(span.first, test.scope.from);
        span.last = std::min(span.last, last_of(test.scope.to));
        break;
      case ValidTest::Kind::kBefore:
        span.last = std::min(span.last, last_of(test.scope.from));
        break;
      case ValidTest::Kind::kAfter:
        span.first = std::max(span.first, test.scope.to);
        break;
    }
  }
  return span;
}

}  // namespace

SelectOperator::SelectOperator(const plan::Select& node, RunContext& context, OperatorPtr input,
                               int width)
    : FlatMap(context, std::move(input), width),
      node_(node),
      inner_(*node.inner, node.argument, width, context),
      rows_(width) {}

absl::StatusOr<bool> SelectOperator::Read(const Row& row, const View& view) {
  Candidate candidate;
  size_t bytes = sizeof(candidate);
  for (const plan::PathChoice& choice : node_.choices) {
    Walk walk;
    walk.from = row[choice.from];
    walk.to = row[choice.to];
    ForEachFact(row, choice.edges, [&](const Fact& fact) {
      walk.lineages.push_back(fact.lineage);
      walk.spans.push_back(SpanOf(fact, view));
    });
    if (choice.kind == Kind::kContinuous && !ShareAnInstant(walk.spans)) return false;
    if (choice.kind != Kind::kContinuous && !IsShortest(choice.kind)) {
      walk.passage = PassageOf(walk.spans);
      if (!walk.passage.has_value()) return false;
    }
    bytes += sizeof(walk) + walk.lineages.size() * (sizeof(VersionId) + sizeof(InstantSpan));
    candidate.walks.push_back(std::move(walk));
  }
  for (Slot slot : node_.carry) {
    candidate.values.push_back(row[slot]);
    bytes += ApproximateBytes(candidate.values.back());
  }
  candidates_.push_back(std::move(candidate));
  charged_ += bytes;
  FASTI_RETURN_IF_ERROR(context_.Charge(bytes));
  return true;
}

bool SelectOperator::IsAsGood(Kind kind, const Walk& a, const Walk& b) {
  switch (kind) {
    case Kind::kAllShortest:
      return a.lineages.size() == b.lineages.size();
    case Kind::kSequential:
    case Kind::kContinuous:
      return true;
    default:
      return a.lineages == b.lineages;
  }
}

bool SelectOperator::IsBetter(Kind kind, const Walk& a, const Walk& b) {
  switch (kind) {
    case Kind::kEarliest:
      if (a.passage->earliest_end != b.passage->earliest_end) {
        return a.passage->earliest_end < b.passage->earliest_end;
      }
      break;
    case Kind::kLatest:
      if (a.passage->latest_start != b.passage->latest_start) {
        return a.passage->latest_start > b.passage->latest_start;
      }
      break;
    case Kind::kFastest:
      if (a.passage->shortest_us != b.passage->shortest_us) {
        return a.passage->shortest_us < b.passage->shortest_us;
      }
      break;
    default:
      break;
  }
  // Of equals the shorter one, then the one that was recorded first: an answer never varies.
  if (a.lineages.size() != b.lineages.size()) return a.lineages.size() < b.lineages.size();
  return a.lineages < b.lineages;
}

void SelectOperator::ChooseBest(size_t choice) {
  const Kind kind = node_.choices[choice].kind;
  if (kind == Kind::kSequential || kind == Kind::kContinuous) return;
  absl::flat_hash_map<std::vector<Value>, const Walk*, KeyHash, KeySame> best;
  for (const Candidate& candidate : candidates_) {
    if (!candidate.chosen) continue;
    const Walk& walk = candidate.walks[choice];
    const Walk*& known = best[{walk.from, walk.to}];
    if (known == nullptr || IsBetter(kind, walk, *known)) known = &walk;
  }
  for (Candidate& candidate : candidates_) {
    const Walk& walk = candidate.walks[choice];
    const auto it = best.find({walk.from, walk.to});
    candidate.chosen = candidate.chosen && it != best.end() && IsAsGood(kind, walk, *it->second);
  }
}

void SelectOperator::Rewind() {
  FlatMap::Rewind();
  inner_.Rewind();
  Forget();
}

void SelectOperator::Forget() {
  candidates_.clear();
  context_.Release(charged_);
  charged_ = 0;
}

absl::Status SelectOperator::Begin(const Row& row) {
  Forget();
  next_ = 0;
  FASTI_ASSIGN_OR_RETURN(const View* const view, evaluator_.EvaluateView(node_.view, row));
  if (view == nullptr) return absl::OkStatus();
  inner_.Start(row);
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, inner_.Next(&rows_));
    if (!more) break;
    FASTI_RETURN_IF_ERROR(context_.CheckInterrupt());
    for (size_t i = 0; i < rows_.size(); ++i) {
      FASTI_RETURN_IF_ERROR(Read(Row{&rows_, i}, *view).status());
    }
  }
  for (size_t choice = 0; choice < node_.choices.size(); ++choice) ChooseBest(choice);
  return absl::OkStatus();
}

absl::StatusOr<bool> SelectOperator::Produce(const Row&, Batch* out) {
  for (; next_ < candidates_.size(); ++next_) {
    if (!candidates_[next_].chosen) continue;
    if (out->full()) return true;
    out->AddRow();
    for (size_t i = 0; i < node_.carry.size(); ++i) {
      out->Put(node_.carry[i], std::move(candidates_[next_].values[i]));
    }
  }
  return false;
}

}  // namespace fasti::exec
