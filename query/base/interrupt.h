#pragma once

#include <atomic>
#include <chrono>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "fasti/session.h"

namespace fasti {

// When a statement must end before it is done: its time is over, or somebody has cancelled it.
// Planning and running ask the same one, so that the time of a statement is that of both.
class Interrupt {
 public:
  // The time begins now.  What `options.cancelled` points to must outlive it.
  explicit Interrupt(const RunOptions& options);

  // LimitError.Time or Cancelled.  Whoever may take long asks again and again.
  absl::Status Check() const;
  // The same without a look at the clock, which takes longer than a short run.
  absl::Status CheckCancelled() const;

 private:
  const std::atomic<bool>* cancelled_;
  absl::Duration time_;
  std::chrono::steady_clock::time_point deadline_;
};

}  // namespace fasti
