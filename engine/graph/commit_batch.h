#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/graph/commit_queue.h"
#include "engine/graph/write_set.h"
#include "engine/storage/store.h"

namespace fasti::graph {

// The records of one commit, to be written in this order.
//
// A commit is one batch and one log row, unless it is large.  A large one has several log rows,
// each under its own first sequence, and, over the limit of the store, several batches: the first
// begins with a log row, so that the numbers it took are known to be taken even if the rest never
// arrives, and the last one ends with the row marked as last, without which recovery ignores the
// whole.  The names of a commit are in its last batch, since names take no numbers of the log.
struct CommitBatches {
  std::vector<storage::Batch> batches;
  Sequence sequence = 0;  // the last sequence of the commit
};

// No batch exceeds `batch_bytes_max` by more than one record.  The commit takes sequences from
// `first` on; `after` is the head behind it, whose next_sequence grows if the commit needs a
// sequence of its own.
CommitBatches BuildCommit(const WriteSet& writes, Sequence first, size_t batch_bytes_max,
                          Head* after);

}  // namespace fasti::graph
