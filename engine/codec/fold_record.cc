#include "engine/codec/fold_record.h"

#include "absl/strings/str_cat.h"
#include "engine/codec/log_record.h"
#include "fasti/status_macros.h"

namespace fasti::codec {

namespace {

constexpr char kFormat = 1;
constexpr size_t kFields = 5;
constexpr size_t kFieldSize = sizeof(uint64_t);

}  // namespace

std::string FoldKey() {
  return "folded";
}

std::string EncodeFoldRecord(const FoldRecord& record) {
  return absl::StrCat(absl::string_view(&kFormat, 1), SequenceKey(record.watermark),
                      SequenceKey(record.rows), SequenceKey(record.next_entity),
                      SequenceKey(record.next_literal),
                      SequenceKey(static_cast<uint64_t>(record.time)));
}

absl::StatusOr<FoldRecord> DecodeFoldRecord(absl::string_view bytes) {
  if (bytes.size() != 1 + kFields * kFieldSize || bytes.front() != kFormat) {
    return absl::DataLossError(absl::StrCat("fold record: expected format ", int{kFormat}, " in ",
                                            1 + kFields * kFieldSize, " bytes, found ",
                                            bytes.size(), " bytes"));
  }
  uint64_t fields[kFields];
  for (size_t i = 0; i < kFields; ++i) {
    FASTI_ASSIGN_OR_RETURN(fields[i],
                           DecodeSequenceKey(bytes.substr(1 + i * kFieldSize, kFieldSize)));
  }
  return FoldRecord{.watermark = fields[0],
                    .rows = fields[1],
                    .next_entity = fields[2],
                    .next_literal = fields[3],
                    .time = static_cast<int64_t>(fields[4])};
}

}  // namespace fasti::codec
