#include "engine/graph/start_scan.h"

#include <algorithm>
#include <utility>

#include "engine/graph/fact_scan.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

constexpr size_t kReadAtOnce = 256;

absl::StatusOr<std::vector<Fact>> ReadAll(FactCursor& cursor) {
  std::vector<Fact> facts;
  while (true) {
    const size_t count = facts.size();
    facts.resize(count + kReadAtOnce);
    FASTI_ASSIGN_OR_RETURN(const size_t read, cursor.Next(absl::MakeSpan(facts).subspan(count)));
    facts.resize(count + read);
    if (read == 0) return facts;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<StartScan>> StartScan::Open(std::shared_ptr<const ReadState> state,
                                                           const Pattern& pattern,
                                                           StartOrder order) {
  FASTI_ASSIGN_OR_RETURN(const auto scan, FactScan::Open(std::move(state), pattern));
  FASTI_ASSIGN_OR_RETURN(std::vector<Fact> facts, ReadAll(*scan));
  // An absent start is kInstantMin in every period.
  std::sort(facts.begin(), facts.end(), [order](const Fact& a, const Fact& b) {
    return order == StartOrder::kEarliestFirst ? a.valid.from < b.valid.from
                                               : a.valid.from > b.valid.from;
  });
  return std::unique_ptr<StartScan>(new StartScan(std::move(facts)));
}

absl::StatusOr<size_t> StartScan::Next(absl::Span<Fact> out) {
  const size_t count = std::min(out.size(), facts_.size() - next_);
  std::copy_n(facts_.begin() + static_cast<ptrdiff_t>(next_), count, out.begin());
  next_ += count;
  return count;
}

}  // namespace fasti::graph
