#include "engine/storage/backup_record.h"

#include <array>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "engine/base/crc32c.h"
#include "fasti/status_macros.h"

// The file is text: a line with the form and the number, four lines of figures, the note, whose
// lines are its own, and a line with the crc32c of everything before it.
//
//   fasti backup 1 3
//   created 1795337311000000
//   bytes 21441
//   meta_bytes 441
//   meta_crc 2309737967
//   ...
//   end 1eb2a01c

namespace fasti::storage {
namespace {

constexpr absl::string_view kForm = "fasti backup 1";

std::string EndLine(absl::string_view before) {
  return absl::StrFormat("end %08x\n", Crc32c(before));
}

// Takes the line `name NUMBER` from the front of `text`.
template <typename Number>
bool TakeFigure(absl::string_view name, absl::string_view* text, Number* figure) {
  const std::pair<absl::string_view, absl::string_view> split =
      absl::StrSplit(*text, absl::MaxSplits('\n', 1));
  absl::string_view line = split.first;
  if (!absl::ConsumePrefix(&line, name) || !absl::ConsumePrefix(&line, " ")) return false;
  *text = split.second;
  return absl::SimpleAtoi(line, figure);
}

absl::Status Decode(absl::string_view bytes, BackupRecord* record) {
  const size_t end = bytes.rfind("end ");
  if (end == absl::string_view::npos || bytes.substr(end) != EndLine(bytes.substr(0, end))) {
    return absl::DataLossError("damaged");
  }
  absl::string_view text = bytes.substr(0, end);
  uint32_t number = 0;
  if (!TakeFigure(kForm, &text, &number)) {
    return absl::FailedPreconditionError("written by a newer version");
  }
  int64_t created = 0;
  const bool whole = number == record->number && TakeFigure("created", &text, &created) &&
                     TakeFigure("bytes", &text, &record->bytes) &&
                     TakeFigure("meta_bytes", &text, &record->meta_bytes) &&
                     TakeFigure("meta_crc", &text, &record->meta_crc);
  if (!whole) return absl::DataLossError(absl::StrCat("not the record of backup ", record->number));
  record->created = absl::FromUnixMicros(created);
  absl::ConsumeSuffix(&text, "\n");
  record->note = std::string(text);
  return absl::OkStatus();
}

}  // namespace

std::string EncodeBackupRecord(const BackupRecord& record) {
  std::string text =
      absl::StrCat(kForm, " ", record.number, "\ncreated ", absl::ToUnixMicros(record.created),
                   "\nbytes ", record.bytes, "\nmeta_bytes ", record.meta_bytes, "\nmeta_crc ",
                   record.meta_crc, "\n", record.note, "\n");
  absl::StrAppend(&text, EndLine(text));
  return text;
}

BackupRecord DecodeBackupRecord(absl::string_view place, uint32_t number, absl::string_view bytes) {
  BackupRecord record;
  record.number = number;
  const absl::Status state = Decode(bytes, &record);
  if (!state.ok()) {
    record.state = absl::Status(state.code(), absl::StrCat(place, ": ", state.message()));
  }
  return record;
}

}  // namespace fasti::storage
