#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "fasti/bulk_load.h"
#include "fasti/database.h"
#include "tools/transfer/fact_line.h"

namespace fasti::transfer {

struct LoadOptions {
  EmptyEnd empty_end = EmptyEnd::kOpen;
  BulkLoadOptions bulk;
  int jobs = 0;            // threads that read lines; 0: one per processor
  bool is_strict = false;  // a bad line ends the load, and nothing is stored
  bool again = false;      // load the same lines again if they are there
  // Where bad lines go, as FILE:LINE, reason and the line itself, with tabs between; the file
  // exists only if there is one.  Empty: nowhere.
  std::string rejects;
  std::function<bool()> should_stop;  // asked all the time, by any thread
};

struct LoadSummary {
  BulkLoadSummary loaded;
  uint64_t lines = 0;  // read: those loaded and those rejected
  uint64_t rejected = 0;
  std::vector<std::string> first_rejects;  // "FILE:LINE: reason", some of them, in order
};

// Loads files of facts (fact_line.h) as one commit: all of it or nothing.  The same lines, with the
// same options that bear on their meaning, are loaded once: whoever does not know whether a load
// took place repeats it.  How they are cut into files does not matter, nor does compression.
//
// Errors as of BulkLoader and LineBlocks; INVALID_ARGUMENT for a bad line if strict; CANCELLED if
// it should stop.
absl::StatusOr<LoadSummary> LoadFacts(Database& database, const std::vector<std::string>& files,
                                      const LoadOptions& options);

}  // namespace fasti::transfer
