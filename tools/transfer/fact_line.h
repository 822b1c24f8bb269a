#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/bulk_load.h"
#include "fasti/period.h"

namespace fasti::transfer {

// What an empty end of a line means.
enum class EmptyEnd : uint8_t {
  kOpen,   // the fact has no end
  kEvent,  // it happened within its beginning: on that day, in that month
};

// Reads facts in five columns with tabs between them, one per line:
//
//   subject  relation  object  from  to
//
// Names stand as they are: nothing is quoted or escaped.  Dates are those of ParsePeriod for one
// granule (2025, 2025-06, 2025-06-12, 2025-06-12T14:00); `to` is the first one that the fact does
// not reach into, "?" an end (or beginning) that nobody told.  The last column may be missing.
// Used by one thread.
class FactLineReader {
 public:
  explicit FactLineReader(EmptyEnd empty_end) : empty_end_(empty_end) {}

  // INVALID_ARGUMENT says what is wrong with a line.  The views of the fact are into `line`, which
  // comes without its newline.
  absl::StatusOr<BulkFact> Read(absl::string_view line);

 private:
  // Dates repeat: a file of millions of facts has some thousand of them.
  static constexpr size_t kCachedDates = 4096;
  static constexpr size_t kCachedBytesMax = 16;
  struct CachedDate {
    std::array<char, kCachedBytesMax> text = {};
    size_t size = 0;
    Period date;
  };

  absl::StatusOr<Period> ReadDate(absl::string_view column, absl::string_view text);

  const EmptyEnd empty_end_;
  std::array<CachedDate, kCachedDates> dates_;
};

}  // namespace fasti::transfer
