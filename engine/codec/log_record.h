#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/model/row.h"

// Records of the families `log` and `time` (docs/file_format.md, "Log").

namespace fasti::codec {

// One commit, or a part of one.
struct LogRecord {
  int64_t commit_time = 0;     // microseconds since 1970
  std::vector<Row> asserted;   // in order of version
  std::vector<Row> retracted;  // patched rows: `gone` is set
  uint64_t next_entity = 0;
  uint64_t next_literal = 0;
  uint64_t next_sequence = 0;
  uint64_t batch_id = 0;  // 0: none
  bool last_part = true;  // of its commit
};

// The encoding ends in a byte that is not zero, so that a torn tail cannot be mistaken.
std::string EncodeLogRecord(const LogRecord& record);
absl::StatusOr<LogRecord> DecodeLogRecord(absl::string_view bytes);  // DATA_LOSS

std::string SequenceKey(uint64_t sequence);  // 8 bytes, big endian
absl::StatusOr<uint64_t> DecodeSequenceKey(absl::string_view bytes);
std::string EncodeTime(int64_t time);
absl::StatusOr<int64_t> DecodeTime(absl::string_view bytes);

}  // namespace fasti::codec
