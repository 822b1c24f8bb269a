#include "engine/graph/follower.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/codec/log_record.h"
#include "engine/graph/merges.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

constexpr int kAttempts = 20;
constexpr absl::Duration kPause = absl::Milliseconds(5);

absl::StatusOr<bool> HasLogAfter(const storage::Store& store, Sequence sequence) {
  const std::unique_ptr<storage::Cursor> cursor = store.NewCursor(storage::Family::kLog);
  cursor->Seek(codec::SequenceKey(sequence + 1));
  FASTI_RETURN_IF_ERROR(cursor->status());
  return cursor->Valid();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Follower>> Follower::Open(storage::Store& store,
                                                         std::function<Instant()> clock) {
  std::unique_ptr<Follower> follower(new Follower(store, std::move(clock)));
  FASTI_RETURN_IF_ERROR(follower->Refresh());
  return follower;
}

absl::Status Follower::Refresh() {
  absl::MutexLock lock(&refresh_mutex_);
  absl::Status last = absl::UnavailableError("the log has a hole");
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (attempt > 0) absl::SleepFor(kPause);
    // The writer may drop a file just as this process is about to open it.
    if (const absl::Status status = store_.CatchUp(); !status.ok()) {
      last = status;
      continue;
    }
    FASTI_ASSIGN_OR_RETURN(const bool whole, TryRefresh());
    if (whole) return absl::OkStatus();
  }
  return absl::Status(
      absl::IsDataLoss(last) ? last.code() : absl::StatusCode::kUnavailable,
      absl::StrCat("no whole state of the database could be read: ", last.message()));
}

absl::StatusOr<bool> Follower::TryRefresh() {
  Recovered state;
  {
    absl::MutexLock lock(&mutex_);
    state = state_;
  }
  const Sequence before = state.sequence;
  FASTI_ASSIGN_OR_RETURN(Recovered folded, ReadFolded(store_));
  FASTI_ASSIGN_OR_RETURN(const bool moved, HasLogAfter(store_, before));
  if (!moved && folded.base == state.base && before != 0) return true;
  FASTI_ASSIGN_OR_RETURN(folded.head.catalog, Catalog::Load(store_));
  const bool folded_on = folded.base != state.base;
  if (folded_on) {
    // A fold took rows out of the overlay.  Snapshots keep the old one; what comes after the new
    // watermark is read again.
    state = std::move(folded);
  } else {
    state.head.catalog = std::move(folded.head.catalog);
  }
  LogReplay replay(state);
  const absl::StatusOr<bool> whole = replay.Run(store_);
  // What was replayed is in the overlay for good, also before a hole: all of it is whole commits.
  Recovered replayed = replay.state();
  if (folded_on) {
    FASTI_ASSIGN_OR_RETURN(replayed.head.merges, Merges::Load(store_, replayed.head.merges));
  }
  const bool forward = replayed.sequence >= before;
  if (forward) {
    absl::MutexLock lock(&mutex_);
    state_ = std::move(replayed);
  }
  FASTI_RETURN_IF_ERROR(whole.status());
  return *whole && forward;
}

CommitQueue::Pinned Follower::Pin() const {
  absl::MutexLock lock(&mutex_);
  return {.layers = {.base = state_.base, .overlays = {state_.active}},
          .sequence = state_.sequence,
          .now = std::max(clock_(), state_.head.time),
          .catalog = state_.head.catalog,
          .merges = state_.head.merges};
}

CommitQueue::Figures Follower::figures() const {
  absl::MutexLock lock(&mutex_);
  return {.sequence = state_.sequence,
          .base = state_.base,
          .base_rows = state_.base_rows,
          .overlay_rows = state_.active->size(),
          .next_entity = state_.head.next_entity,
          .next_literal = state_.head.next_literal};
}

}  // namespace fasti::graph
