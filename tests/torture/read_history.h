#pragma once

#include <algorithm>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace fasti::torture {

// What one reader saw, one read after the other, of a database that one writer writes in steps.
// With one writer that is enough to tell whether the history is strictly serializable: each read
// must see all that was acknowledged before it began, nothing that was not begun when it ended, and
// never less than the read before.
class ReadHistory {
 public:
  struct Read {
    uint64_t acknowledged_before;  // steps, when it began
    uint64_t seen;
    uint64_t begun_after;  // steps, when it had ended
  };

  // Says what is wrong with the read.
  absl::Status Add(const Read& read) {
    if (read.seen < read.acknowledged_before) {
      return absl::InternalError(absl::StrCat("a stale read: ", read.acknowledged_before,
                                              " steps were acknowledged, ", read.seen, " seen"));
    }
    if (read.seen > read.begun_after) {
      return absl::InternalError(absl::StrCat("a read of the future: ", read.begun_after,
                                              " steps were begun, ", read.seen, " seen"));
    }
    if (read.seen < last_) {
      return absl::InternalError(
          absl::StrCat("a reader went back from ", last_, " steps to ", read.seen));
    }
    last_ = read.seen;
    return absl::OkStatus();
  }

 private:
  uint64_t last_ = 0;
};

}  // namespace fasti::torture
