#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace fasti::tools {

// One line on standard error that is written over again and again, where that is a terminal.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet);
  void Show(absl::string_view doing, absl::string_view amount);
  void Erase();

 private:
  const bool is_shown_;
  std::string doing_;
  absl::Time shown_;
};

}  // namespace fasti::tools
