#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// The last resort for a damaged database of which there is no backup (docs/operations.md).

namespace fasti {

struct SalvageSummary {
  // What the new database holds.
  uint64_t versions = 0;  // of facts, attributes, labels and entities
  uint64_t literals = 0;  // names and other values
  uint64_t claims = 0;
  uint64_t texts = 0;
  // Everything that could not be read, or not be kept as it was; a line each, with the file or the
  // family.  Empty if the damaged database was read whole.
  std::vector<std::string> losses;
};

struct SalvageProgress {
  absl::string_view doing;  // "reading", "writing", "checking"
  uint64_t rows = 0;        // that were met since that was begun
};

struct SalvageOptions {
  // Called often, by one thread.
  std::function<void(const SalvageProgress&)> progress;
  // Asked often; true ends the work with CANCELLED, and nothing was made.
  std::function<bool()> should_stop;
};

// Makes the new database `path` of what can be read in the directory `damaged`, which is not
// changed.  Tables and logs are read by themselves, behind damage as before it, so that neither
// CURRENT nor MANIFEST is needed.  A fact is found by any order that still holds it.  What is made
// holds nothing that the damaged database did not hold, with the same numbers and times, but for
// names: where the text of one is lost, a stand-in says so.  It appears when it is complete,
// checked and durable.
//
// NOT_FOUND if there is no directory `damaged`; FAILED_PRECONDITION if something is at `path`, if
// `damaged` is no database, or of a newer format; INVALID_ARGUMENT if one lies within the other;
// UNAVAILABLE if `damaged` is being written.
absl::StatusOr<SalvageSummary> Salvage(absl::string_view damaged, absl::string_view path,
                                       const SalvageOptions& options);

}  // namespace fasti
