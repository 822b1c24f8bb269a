#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "fasti/period.h"

namespace fasti {

enum class Durability : uint8_t {
  kStrict,    // a commit that returned survives kill -9, a crash of the system and a power cut
  kBuffered,  // it survives kill -9; after a power cut the database is an exact earlier commit
};

struct Options {
  bool create_if_missing = true;
  // Opens beside a writer in another process and follows it (Database::Refresh).
  bool read_only = false;
  Durability durability = Durability::kStrict;
  size_t cache_bytes = size_t{256} << 20;  // for blocks read from disk
  // Wall clock, microseconds since 1970; empty: the system's.  Tests set it.
  std::function<Instant()> clock;
  // Rows in the overlay at which a fold begins; 0: by the rule of docs/architecture.md.
  uint64_t fold_rows = 0;
  // Folds run by themselves in the background; off, they only run in Database::Fold.
  bool background_fold = true;
};

}  // namespace fasti
