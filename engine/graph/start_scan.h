#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/graph/read_state.h"
#include "fasti/pattern.h"
#include "fasti/snapshot.h"

namespace fasti::graph {

// Answers a pattern in order of the starts of its facts.
class StartScan final : public FactCursor {
 public:
  static absl::StatusOr<std::unique_ptr<StartScan>> Open(std::shared_ptr<const ReadState> state,
                                                         const Pattern& pattern, StartOrder order);

  absl::StatusOr<size_t> Next(absl::Span<Fact> out) override;

 private:
  explicit StartScan(std::vector<Fact> facts) : facts_(std::move(facts)) {}

  const std::vector<Fact> facts_;
  size_t next_ = 0;
};

}  // namespace fasti::graph
