#include "tools/progress_line.h"

#include <unistd.h>

#include <cstdio>

#include "absl/time/clock.h"

namespace fasti::tools {

ProgressLine::ProgressLine(bool quiet) : is_shown_(!quiet && isatty(STDERR_FILENO) != 0) {}

void ProgressLine::Show(absl::string_view doing, absl::string_view amount) {
  if (!is_shown_) return;
  const absl::Time now = absl::Now();
  if (doing == doing_ && now - shown_ < absl::Milliseconds(100)) return;
  doing_ = std::string(doing);
  shown_ = now;
  std::fprintf(stderr, "\r\033[K%s  %.*s", doing_.c_str(), static_cast<int>(amount.size()),
               amount.data());
  std::fflush(stderr);
}

void ProgressLine::Erase() {
  if (!doing_.empty()) std::fprintf(stderr, "\r\033[K");
}

}  // namespace fasti::tools
