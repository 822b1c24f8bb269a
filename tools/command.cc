#include "tools/command.h"

#include <signal.h>
#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace fasti::tools {
namespace {

// A signal handler reaches nothing but globals; these are the only ones.
std::atomic<bool> interrupted{false};
std::atomic<bool> end_on_second_interrupt{false};

void OnInterrupt(int) {
  if (interrupted.exchange(true) && end_on_second_interrupt) _exit(kInterrupted);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenToRead(const std::string& path) {
  Options options;
  options.create_if_missing = false;
  options.read_only = true;
  return Database::Open(path, options);
}

std::string FormatTime(Instant instant) {
  if (instant == kInstantMin) return "-";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMicros(instant), absl::UTCTimeZone());
}

int Fail(absl::string_view where, const absl::Status& status) {
  std::fprintf(stderr, "fasti: %s\n",
               where.empty() ? std::string(status.message()).c_str()
                             : absl::StrCat(where, ": ", status.message()).c_str());
  return status.code() == absl::StatusCode::kCancelled ? kInterrupted : kFailure;
}

std::atomic<bool>& InterruptFlag() {
  return interrupted;
}

void HandleInterrupts(bool end_on_second) {
  end_on_second_interrupt = end_on_second;
  struct sigaction action = {};
  action.sa_handler = OnInterrupt;  // without SA_RESTART, so that a prompt waiting for a line wakes
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
}

}  // namespace fasti::tools
