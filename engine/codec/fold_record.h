#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// The only record of the family `fold` (docs/file_format.md, "Fold"): up to where the blocks hold
// what the log held, and the counters that stood in the log rows which a fold makes superfluous.

namespace fasti::codec {

struct FoldRecord {
  uint64_t watermark = 0;  // the last sequence that is in the blocks
  uint64_t rows = 0;       // versions in the blocks
  uint64_t next_entity = 1;
  uint64_t next_literal = 1;
  int64_t time = 0;  // of the commit at the watermark, microseconds since 1970

  friend bool operator==(const FoldRecord&, const FoldRecord&) = default;
};

std::string FoldKey();
std::string EncodeFoldRecord(const FoldRecord& record);
absl::StatusOr<FoldRecord> DecodeFoldRecord(absl::string_view bytes);  // DATA_LOSS

}  // namespace fasti::codec
