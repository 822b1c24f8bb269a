#include <string>
#include <utility>

#include "engine/codec/catalog_record.h"
#include "engine/codec/extra_record.h"
#include "engine/codec/fold_record.h"
#include "engine/codec/log_record.h"
#include "engine/codec/term.h"
#include "fasti/status_macros.h"
#include "tests/fuzz/draw.h"
#include "tests/fuzz/target.h"

// Records (docs/file_format.md): bytes are refused as damaged, or what they are read as can be
// printed, written and read again, and is the same.

namespace fasti::fuzz {
namespace {

// Encoders that cannot fail, and those that can, as one.
absl::StatusOr<std::string> Bytes(std::string bytes) {
  return bytes;
}
absl::StatusOr<std::string> Bytes(absl::StatusOr<std::string> bytes) {
  return bytes;
}

template <typename Record, typename Encode, typename Print>
absl::Status Check(absl::string_view what, absl::string_view bytes,
                   absl::StatusOr<Record> (*decode)(absl::string_view), Encode encode,
                   Print print) {
  const absl::StatusOr<Record> record = decode(bytes);
  if (absl::IsDataLoss(record.status())) return absl::OkStatus();
  if (!record.ok()) return Broken(what, " is refused as ", record.status().ToString());
  const absl::StatusOr<std::string> written = Bytes(encode(*record));
  if (!written.ok()) return Broken(what, " is read but not written: ", written.status().ToString());
  const absl::StatusOr<Record> again = decode(*written);
  if (!again.ok()) return Broken(what, " is written but not read: ", again.status().ToString());
  if (print(*record) != print(*again)) return Broken(what, " comes back as another");
  const absl::StatusOr<std::string> rewritten = Bytes(encode(*again));
  if (rewritten.ok() && *rewritten == *written) return absl::OkStatus();
  return Broken(what, " is written in two ways");
}

std::string Print(const Map& map) {
  return FormatValue(Value(map));
}

std::string Print(const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) {
    absl::StrAppend(&text, row.subject, " ", row.object, " ", row.version, " ", row.relation, " ",
                    row.flags, " ", row.from, " ", row.duration, " ", row.known_from, " ",
                    row.known_to, " ", row.gone, " ", row.lineage, "\n");
  }
  return text;
}

std::string PrintLog(const codec::LogRecord& record) {
  return absl::StrCat(record.commit_time, " ", record.next_entity, " ", record.next_literal, " ",
                      record.next_sequence, " ", record.batch_id, " ", record.last_part, "\n",
                      Print(record.asserted), Print(record.retracted));
}

std::string PrintFold(const codec::FoldRecord& record) {
  return absl::StrCat(record.watermark, " ", record.rows, " ", record.next_entity, " ",
                      record.next_literal, " ", record.time);
}

std::string PrintFormat(const codec::FormatRecord& record) {
  std::string text =
      absl::StrCat(record.major, ".", record.minor, " ", record.database_id, " ", record.created);
  for (const std::string& feature : record.features) absl::StrAppend(&text, " ", feature);
  return text;
}

std::string PrintRelation(const RelationInfo& info) {
  return absl::StrCat(Raw(info.id), " ", info.name);
}

std::string PrintLabel(const LabelInfo& info) {
  return absl::StrCat(Raw(info.id), " ", info.name, " ", Raw(info.parent));
}

std::string PrintFigures(const std::map<std::string, uint64_t>& figures) {
  std::string text;
  for (const auto& [name, value] : figures) absl::StrAppend(&text, name, " ", value, "\n");
  return text;
}

std::string PrintVersion(const codec::VersionExtra& extra) {
  return absl::StrCat(extra.supersedes, " ", Print(extra.qualifiers));
}

std::string PrintClaim(const codec::ClaimRecord& record) {
  const Claim& claim = record.claim;
  return absl::StrCat(Raw(claim.source), " ", FormatPeriod(claim.published), " ",
                      FormatPeriod(claim.valid), " ", claim.known_from, " ", claim.text, " ",
                      Print(claim.figures), " ", claim.extractor, " ", record.retracts);
}

}  // namespace

absl::Status FuzzRecord(absl::string_view input) {
  Draw draw(input);
  const size_t kind = draw.Below(9);
  const absl::string_view bytes = draw.Rest();
  switch (kind) {
    case 0:
      return Check("log record", bytes, codec::DecodeLogRecord, codec::EncodeLogRecord, PrintLog);
    case 1:
      return Check("fold record", bytes, codec::DecodeFoldRecord, codec::EncodeFoldRecord,
                   PrintFold);
    case 2:
      return Check("format record", bytes, codec::DecodeFormat, codec::EncodeFormat, PrintFormat);
    case 3:
      return Check("relation", bytes, codec::DecodeRelation, codec::EncodeRelation, PrintRelation);
    case 4:
      return Check("label", bytes, codec::DecodeLabel, codec::EncodeLabel, PrintLabel);
    case 5:
      return Check("figures", bytes, codec::DecodeFigures, codec::EncodeFigures, PrintFigures);
    case 6:
      return Check("version", bytes, codec::DecodeVersionExtra, codec::EncodeVersionExtra,
                   PrintVersion);
    case 7:
      return Check("claim", bytes, codec::DecodeClaim, codec::EncodeClaim, PrintClaim);
    default:
      return Check("literal", bytes, codec::DecodeLiteral, codec::EncodeLiteral, FormatValue);
  }
}

}  // namespace fasti::fuzz
