#include "engine/codec/log_record.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/codec/bytes.h"
#include "fasti/period.h"
#include "fasti/status_macros.h"

namespace fasti::codec {
namespace {

constexpr uint8_t kLogFormat = 1;
constexpr char kLogEnd = '\xA5';  // not zero, nor one bit away from it
constexpr uint8_t kLastPart = 1;

// What a row spells out; what is absent has its usual value.
constexpr uint8_t kHasGone = 1;
constexpr uint8_t kHasLineage = 2;    // differs from the version
constexpr uint8_t kHasKnownFrom = 4;  // not always
constexpr uint8_t kHasKnownTo = 8;    // not until now
constexpr uint8_t kHasNoFrom = 16;    // `from` is the greatest instant
constexpr uint8_t kRowPartsMask = 31;

// A row takes at least its parts, subject, object, version, relation, flags and duration.
constexpr size_t kRowBytesMin = 7;

void AppendRow(const Row& row, uint64_t version_before, std::string* out) {
  uint8_t parts = 0;
  if (row.gone != 0) parts |= kHasGone;
  if (row.lineage != row.version) parts |= kHasLineage;
  if (row.known_from != kInstantMin) parts |= kHasKnownFrom;
  if (row.known_to != kInstantMax) parts |= kHasKnownTo;
  if (row.from == kInstantMax) parts |= kHasNoFrom;
  out->push_back(static_cast<char>(parts));
  AppendVarint(row.subject, out);
  AppendVarint(row.object, out);
  AppendVarint(ZigZag(static_cast<int64_t>(row.version - version_before)), out);
  AppendVarint(row.relation, out);
  AppendVarint(row.flags, out);
  AppendVarint(row.duration, out);
  if ((parts & kHasNoFrom) == 0) AppendVarint(ZigZag(row.from), out);
  if ((parts & kHasGone) != 0) AppendVarint(row.gone, out);
  if ((parts & kHasLineage) != 0) AppendVarint(row.lineage, out);
  if ((parts & kHasKnownFrom) != 0) AppendVarint(ZigZag(row.known_from), out);
  if ((parts & kHasKnownTo) != 0) AppendVarint(ZigZag(row.known_to), out);
}

Row ReadRow(uint64_t version_before, ByteReader* reader) {
  Row row;
  const uint64_t parts = reader->VarintUpTo(kRowPartsMask);
  row.subject = reader->Varint();
  row.object = reader->Varint();
  row.version = version_before + static_cast<uint64_t>(UnZigZag(reader->Varint()));
  row.relation = static_cast<uint32_t>(reader->VarintUpTo(UINT32_MAX));
  row.flags = static_cast<uint16_t>(reader->VarintUpTo(UINT16_MAX));
  row.duration = reader->Varint();
  row.from = (parts & kHasNoFrom) != 0 ? kInstantMax : UnZigZag(reader->Varint());
  row.gone = (parts & kHasGone) != 0 ? reader->Varint() : 0;
  row.lineage = (parts & kHasLineage) != 0 ? reader->Varint() : row.version;
  row.known_from = (parts & kHasKnownFrom) != 0 ? UnZigZag(reader->Varint()) : kInstantMin;
  row.known_to = (parts & kHasKnownTo) != 0 ? UnZigZag(reader->Varint()) : kInstantMax;
  return row;
}

void AppendRows(const std::vector<Row>& rows, std::string* out) {
  AppendVarint(rows.size(), out);
  uint64_t version = 0;
  for (const Row& row : rows) {
    AppendRow(row, version, out);
    version = row.version;
  }
}

std::vector<Row> ReadRows(ByteReader* reader) {
  std::vector<Row> rows;
  const uint64_t count = reader->VarintUpTo(reader->left() / kRowBytesMin);
  rows.reserve(count);
  uint64_t version = 0;
  for (uint64_t i = 0; i < count && reader->ok(); ++i) {
    rows.push_back(ReadRow(version, reader));
    version = rows.back().version;
  }
  return rows;
}

}  // namespace

std::string EncodeLogRecord(const LogRecord& record) {
  std::string bytes;
  bytes.push_back(static_cast<char>(kLogFormat));
  bytes.push_back(static_cast<char>(record.last_part ? kLastPart : 0));
  AppendVarint(ZigZag(record.commit_time), &bytes);
  AppendVarint(record.next_entity, &bytes);
  AppendVarint(record.next_literal, &bytes);
  AppendVarint(record.next_sequence, &bytes);
  AppendVarint(record.batch_id, &bytes);
  AppendRows(record.asserted, &bytes);
  AppendRows(record.retracted, &bytes);
  bytes.push_back(kLogEnd);
  return bytes;
}

absl::StatusOr<LogRecord> DecodeLogRecord(absl::string_view bytes) {
  ByteReader reader(bytes);
  const uint8_t format = reader.Byte();
  if (format != kLogFormat) {
    return absl::DataLossError(
        absl::StrCat("log record: expected format ", kLogFormat, ", found ", format));
  }
  LogRecord record;
  const uint8_t parts = reader.Byte();
  record.last_part = parts == kLastPart;
  record.commit_time = UnZigZag(reader.Varint());
  record.next_entity = reader.Varint();
  record.next_literal = reader.Varint();
  record.next_sequence = reader.Varint();
  record.batch_id = reader.Varint();
  record.asserted = ReadRows(&reader);
  record.retracted = ReadRows(&reader);
  const uint8_t end = reader.Byte();
  if (!reader.done() || parts > kLastPart || end != static_cast<uint8_t>(kLogEnd)) {
    return absl::DataLossError(
        absl::StrCat("log record: ", bytes.size(), " bytes do not make a record"));
  }
  return record;
}

std::string SequenceKey(uint64_t sequence) {
  std::string bytes;
  AppendBig64(sequence, &bytes);
  return bytes;
}

absl::StatusOr<uint64_t> DecodeSequenceKey(absl::string_view bytes) {
  if (bytes.size() != sizeof(uint64_t)) {
    return absl::DataLossError(
        absl::StrCat("sequence key: expected 8 bytes, found ", bytes.size()));
  }
  return ByteReader(bytes).Big64();
}

std::string EncodeTime(int64_t time) {
  std::string bytes;
  AppendBig64(FlipSign(time), &bytes);
  return bytes;
}

absl::StatusOr<int64_t> DecodeTime(absl::string_view bytes) {
  if (bytes.size() != sizeof(int64_t)) {
    return absl::DataLossError(absl::StrCat("time: expected 8 bytes, found ", bytes.size()));
  }
  return UnflipSign(ByteReader(bytes).Big64());
}

}  // namespace fasti::codec
