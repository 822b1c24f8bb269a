#include "engine/graph/time_index.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "engine/codec/log_record.h"
#include "engine/storage/store.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

// The last sequence up to `limit` whose commit was made before `instant`; 0 if there is none.
// A binary search over sequences, each step one seek: the family has no order by time of its own,
// and needs none.
absl::StatusOr<Sequence> LastBefore(const storage::Store& store, Sequence limit, Instant instant) {
  const std::unique_ptr<storage::Cursor> cursor = store.NewCursor(storage::Family::kTime);
  Sequence before = 0;  // every commit that ends here or earlier was made before `instant`
  Sequence low = 1;
  Sequence high = limit + 1;
  while (low < high) {
    const Sequence middle = low + (high - low) / 2;
    cursor->Seek(codec::SequenceKey(middle));
    if (!cursor->Valid()) {
      FASTI_RETURN_IF_ERROR(cursor->status());
      high = middle;
      continue;
    }
    FASTI_ASSIGN_OR_RETURN(const Sequence last, codec::DecodeSequenceKey(cursor->key()));
    FASTI_ASSIGN_OR_RETURN(const Instant time, codec::DecodeTime(cursor->value()));
    if (last > limit || time >= instant) {
      high = middle;
    } else {
      before = last;
      low = last + 1;
    }
  }
  return before;
}

}  // namespace

absl::StatusOr<Instant> CommitTime(const ReadState& state, Sequence sequence) {
  if (state.own != nullptr && sequence >= state.own_first) return state.now;
  if (state.settle != nullptr) FASTI_RETURN_IF_ERROR(state.settle());
  const std::unique_ptr<storage::Cursor> cursor = state.store.NewCursor(storage::Family::kTime);
  cursor->Seek(codec::SequenceKey(sequence));
  if (!cursor->Valid()) {
    FASTI_RETURN_IF_ERROR(cursor->status());
    return absl::DataLossError(absl::StrCat("no commit time for sequence ", sequence));
  }
  return codec::DecodeTime(cursor->value());
}

absl::StatusOr<RecordedRange> ResolveRecorded(const ReadState& state,
                                              const std::optional<Period>& as_recorded) {
  if (!as_recorded.has_value()) return RecordedRange{state.sequence, state.sequence};
  // Times of commits that are still on their way to the store could not be found.
  if (state.settle != nullptr) FASTI_RETURN_IF_ERROR(state.settle());
  RecordedRange range;
  const Sequence committed =
      state.own == nullptr ? state.sequence : std::min(state.sequence, state.own_first - 1);
  // What the period reaches into the present sees, too, what the transaction has just written.
  if (as_recorded->to > state.now) {
    range.last = state.sequence;
  } else {
    FASTI_ASSIGN_OR_RETURN(range.last, LastBefore(state.store, committed, as_recorded->to));
  }
  if (as_recorded->from == kInstantMin) {
    range.first = 0;
  } else if (as_recorded->from >= state.now) {
    range.first = state.sequence;
  } else {
    FASTI_ASSIGN_OR_RETURN(range.first, LastBefore(state.store, committed, as_recorded->from + 1));
  }
  return range;
}

}  // namespace fasti::graph
