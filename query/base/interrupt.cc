#include "query/base/interrupt.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "fasti/result.h"

namespace fasti {

namespace {

using Clock = std::chrono::steady_clock;

Clock::time_point DeadlineAfter(absl::Duration time) {
  // A limit beyond a year is none.
  if (time > absl::Hours(24 * 365)) return Clock::time_point::max();
  return Clock::now() + absl::ToChronoNanoseconds(time);
}

absl::Status Interrupted(const char* code, std::string message) {
  return MakeQueryError({.code = code, .at_runtime = true, .message = std::move(message)});
}

}  // namespace

Interrupt::Interrupt(const RunOptions& options)
    : cancelled_(options.cancelled),
      time_(options.limits.time),
      deadline_(DeadlineAfter(options.limits.time)) {}

absl::Status Interrupt::CheckCancelled() const {
  if (cancelled_ == nullptr || !cancelled_->load(std::memory_order_relaxed)) {
    return absl::OkStatus();
  }
  return Interrupted("Cancelled", "the query was cancelled");
}

absl::Status Interrupt::Check() const {
  if (absl::Status status = CheckCancelled(); !status.ok()) return status;
  if (deadline_ == Clock::time_point::max() || Clock::now() <= deadline_) return absl::OkStatus();
  return Interrupted("LimitError.Time",
                     absl::StrCat("the query ran longer than ", absl::FormatDuration(time_)));
}

}  // namespace fasti
