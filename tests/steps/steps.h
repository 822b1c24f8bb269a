#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fasti/database.h"

// Writing that can be checked afterwards, whatever happened meanwhile.  A database is written in
// steps, numbered from 0; each is one commit of kFactsEach facts that tell their step and their
// part of it.  What an intact database holds is therefore told by one number.

namespace fasti::steps {

inline constexpr int kFactsEach = 3;

enum class Kind : uint8_t {
  kCommit,  // a transaction that also takes back one fact and tells it again
  kReport,  // what a source says, with claims
  kLoad,    // a bulk load
};

// The kind of a step where kinds take turns: loads are rare, since each costs a fold.
Kind KindOf(uint64_t step);

// Takes one step.  OK: it is acknowledged.
absl::Status Take(Database& database, uint64_t step, Kind kind);

// How many steps there are.  DATA_LOSS, saying which, if one is there in part or missing.
absl::StatusOr<uint64_t> CountWhole(const Snapshot& snapshot);

// What must be true of a database of which `acknowledged` steps were acknowledged, and `begun`
// begun: it holds the first n steps, acknowledged <= n <= begun, and `fasti check --deep` finds
// nothing. Returns n.
absl::StatusOr<uint64_t> Verify(Database& database, uint64_t acknowledged, uint64_t begun);

}  // namespace fasti::steps
