#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/codec/log_record.h"
#include "engine/graph/commit_queue.h"
#include "engine/graph/overlay.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// Reads log rows and puts complete commits into an overlay.  A large commit has several rows; they
// share its commit time, which no other commit has, and the last one is marked.  One without its
// mark never happened, but the numbers it took stay taken.
class LogReplay {
 public:
  explicit LogReplay(const Recovered& from) : state_(from) {}

  // Replays what the log holds behind the last sequence seen.  Returns false, having replayed up
  // to there, at a hole: a follower meets one when its view of the store is older in one family
  // than in another.  DATA_LOSS for a row that does not decode.
  absl::StatusOr<bool> Run(const storage::Store& store);

  const Recovered& state() const { return state_; }

 private:
  absl::StatusOr<bool> Replay(const storage::Store& store);
  void Take(const codec::LogRecord& record);

  Recovered state_;
  std::vector<Row> rows_;    // of a commit whose mark was not read yet
  std::vector<Row> merges_;  // of those that were taken
  std::optional<Instant> open_commit_;
};

// What the fold record says; an empty state if nothing was ever folded.
absl::StatusOr<Recovered> ReadFolded(const storage::Store& store);

// The whole state of a store at opening: catalog, fold record, log.  What was merged is that of the
// log, to be completed by Merges::Load.
absl::StatusOr<Recovered> Recover(const storage::Store& store);

}  // namespace fasti::graph
