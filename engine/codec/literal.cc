// The bytes of literals (docs/file_format.md, "Literals").

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/codec/bytes.h"
#include "engine/codec/stored_time.h"
#include "engine/codec/term.h"
#include "fasti/status_macros.h"

namespace fasti::codec {
namespace {

// NOTE: stored; do not change.
enum class LiteralType : uint8_t {
  kString = kStringLiteral,
  kInt = 2,
  kDouble = 3,
  kDate = 4,
  kLocalDateTime = 5,
  kDateTime = 6,
  kDuration = 7,
  kQuantity = 8,
  kPeriod = 9,
  kList = 10,
  kBool = 11,
  kNull = 12,  // only within lists
};

constexpr uint8_t kHasLow = 1;
constexpr uint8_t kHasHigh = 2;

void AppendSigned64(int64_t value, std::string* out) {
  AppendBig64(FlipSign(value), out);
}
void AppendSigned32(int32_t value, std::string* out) {
  AppendBig32(static_cast<uint32_t>(value) ^ (uint32_t{1} << 31), out);
}
int64_t ReadSigned64(ByteReader* reader) {
  return UnflipSign(reader->Big64());
}
int32_t ReadSigned32(ByteReader* reader) {
  return static_cast<int32_t>(reader->Big32() ^ (uint32_t{1} << 31));
}

absl::Status AppendLiteral(const Value& value, int depth, std::string* out);

absl::Status AppendList(const List& list, int depth, std::string* out) {
  if (depth == kListDepthMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a list nested deeper than ", kListDepthMax, " cannot be stored"));
  }
  for (const Value& element : list) {
    std::string bytes;
    FASTI_RETURN_IF_ERROR(AppendLiteral(element, depth + 1, &bytes));
    AppendVarint(bytes.size(), out);
    out->append(bytes);
  }
  return absl::OkStatus();
}

void AppendQuantity(const Quantity& quantity, std::string* out) {
  out->push_back(static_cast<char>((quantity.low ? kHasLow : 0) | (quantity.high ? kHasHigh : 0)));
  out->push_back(static_cast<char>(quantity.hedge));
  if (quantity.low) AppendBig64(DoubleToBits(*quantity.low), out);
  if (quantity.high) AppendBig64(DoubleToBits(*quantity.high), out);
  out->append(quantity.unit);
}

absl::Status AppendLiteral(const Value& value, int depth, std::string* out) {
  const auto begin = [out](LiteralType type) { out->push_back(static_cast<char>(type)); };
  switch (value.kind()) {
    case Value::Kind::kString:
      begin(LiteralType::kString);
      out->append(value.as_string());
      return absl::OkStatus();
    case Value::Kind::kInt:
      begin(LiteralType::kInt);
      AppendSigned64(value.as_int(), out);
      return absl::OkStatus();
    case Value::Kind::kDouble:
      begin(LiteralType::kDouble);
      AppendBig64(DoubleToBits(value.as_double()), out);
      return absl::OkStatus();
    case Value::Kind::kBool:
      begin(LiteralType::kBool);
      out->push_back(value.as_bool() ? 1 : 0);
      return absl::OkStatus();
    case Value::Kind::kDate:
      begin(LiteralType::kDate);
      AppendSigned64(value.as_date().days, out);
      return absl::OkStatus();
    case Value::Kind::kLocalDateTime:
      begin(LiteralType::kLocalDateTime);
      AppendSigned64(value.as_local_date_time().seconds, out);
      AppendSigned32(value.as_local_date_time().nanoseconds, out);
      return absl::OkStatus();
    case Value::Kind::kDateTime:
      begin(LiteralType::kDateTime);
      AppendSigned64(value.as_date_time().seconds, out);
      AppendSigned32(value.as_date_time().nanoseconds, out);
      AppendSigned32(value.as_date_time().offset_seconds, out);
      out->append(value.as_date_time().zone);
      return absl::OkStatus();
    case Value::Kind::kDuration:
      begin(LiteralType::kDuration);
      AppendSigned64(value.as_duration().months, out);
      AppendSigned64(value.as_duration().days, out);
      AppendSigned64(value.as_duration().seconds, out);
      AppendSigned32(value.as_duration().nanoseconds, out);
      return absl::OkStatus();
    case Value::Kind::kPeriod:
      begin(LiteralType::kPeriod);
      AppendSigned64(value.as_period().from, out);
      AppendSigned64(value.as_period().to, out);
      out->push_back(static_cast<char>(value.as_period().from_precision));
      out->push_back(static_cast<char>(value.as_period().to_precision));
      return absl::OkStatus();
    case Value::Kind::kQuantity:
      begin(LiteralType::kQuantity);
      AppendQuantity(value.as_quantity(), out);
      return absl::OkStatus();
    case Value::Kind::kList:
      begin(LiteralType::kList);
      return AppendList(value.as_list(), depth, out);
    case Value::Kind::kNull:
      if (depth == 0) break;
      begin(LiteralType::kNull);
      return absl::OkStatus();
    default:
      break;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("a value of type ", KindName(value.kind()), " cannot be stored"));
}

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("literal: ", what));
}

template <typename Time>
absl::StatusOr<Value> Stored(Time time) {
  if (!IsStoredTime(time)) return Damaged("numbers that make no time");
  return Value(std::move(time));
}

// Zero and NaN have one form each.
absl::StatusOr<double> ReadDouble(ByteReader* reader) {
  const uint64_t bits = reader->Big64();
  const double value = BitsToDouble(bits);
  if (DoubleToBits(value) != bits) return Damaged("a number in a form that is never written");
  return value;
}

absl::StatusOr<Value> ReadLiteral(absl::string_view bytes, int depth);

absl::StatusOr<Value> ReadList(ByteReader reader, int depth) {
  if (depth == kListDepthMax) return Damaged("lists nested too deep");
  List list;
  while (reader.ok() && !reader.done()) {
    const absl::string_view bytes = reader.Bytes(reader.Varint());
    if (!reader.ok()) return Damaged("list element longer than its list");
    FASTI_ASSIGN_OR_RETURN(Value element, ReadLiteral(bytes, depth + 1));
    list.push_back(std::move(element));
  }
  return Value(std::move(list));
}

absl::StatusOr<Value> ReadQuantity(ByteReader* reader) {
  Quantity quantity;
  const uint8_t bounds = reader->Byte();
  const uint8_t hedge = reader->Byte();
  if (bounds == 0 || bounds > (kHasLow | kHasHigh) || hedge > static_cast<uint8_t>(Hedge::kOrder)) {
    return Damaged("quantity with unknown bounds or hedge");
  }
  quantity.hedge = static_cast<Hedge>(hedge);
  if ((bounds & kHasLow) != 0) {
    FASTI_ASSIGN_OR_RETURN(quantity.low, ReadDouble(reader));
  }
  if ((bounds & kHasHigh) != 0) {
    FASTI_ASSIGN_OR_RETURN(quantity.high, ReadDouble(reader));
  }
  const absl::string_view unit = reader->Rest();
  quantity.unit.assign(unit.data(), unit.size());
  return Value(std::move(quantity));
}

absl::StatusOr<Value> ReadPeriod(ByteReader* reader) {
  Period period;
  period.from = ReadSigned64(reader);
  period.to = ReadSigned64(reader);
  period.from_precision = static_cast<Precision>(reader->Byte());
  period.to_precision = static_cast<Precision>(reader->Byte());
  return Stored(period);
}

absl::StatusOr<Value> ReadBody(LiteralType type, ByteReader* reader, int depth) {
  switch (type) {
    case LiteralType::kString:
      return Value(reader->Rest());
    case LiteralType::kInt:
      return Value(ReadSigned64(reader));
    case LiteralType::kDouble: {
      FASTI_ASSIGN_OR_RETURN(const double value, ReadDouble(reader));
      return Value(value);
    }
    case LiteralType::kDate:
      return Value(Date{ReadSigned64(reader)});
    case LiteralType::kLocalDateTime: {
      LocalDateTime time;
      time.seconds = ReadSigned64(reader);
      time.nanoseconds = ReadSigned32(reader);
      return Stored(time);
    }
    case LiteralType::kDateTime: {
      DateTime time;
      time.seconds = ReadSigned64(reader);
      time.nanoseconds = ReadSigned32(reader);
      time.offset_seconds = ReadSigned32(reader);
      const absl::string_view zone = reader->Rest();
      time.zone.assign(zone.data(), zone.size());
      return Stored(std::move(time));
    }
    case LiteralType::kDuration: {
      Duration duration;
      duration.months = ReadSigned64(reader);
      duration.days = ReadSigned64(reader);
      duration.seconds = ReadSigned64(reader);
      duration.nanoseconds = ReadSigned32(reader);
      return Stored(duration);
    }
    case LiteralType::kQuantity:
      return ReadQuantity(reader);
    case LiteralType::kPeriod:
      return ReadPeriod(reader);
    case LiteralType::kList:
      return ReadList(ByteReader(reader->Rest()), depth);
    case LiteralType::kBool: {
      const uint8_t byte = reader->Byte();
      if (byte > 1) return Damaged("boolean that is neither 0 nor 1");
      return Value(byte != 0);
    }
    case LiteralType::kNull:
      if (depth > 0) return Value();
      return Damaged("null outside of a list");
  }
  return Damaged(absl::StrCat("unknown type ", static_cast<int>(type)));
}

absl::StatusOr<Value> ReadLiteral(absl::string_view bytes, int depth) {
  ByteReader reader(bytes);
  const auto type = static_cast<LiteralType>(reader.Byte());
  absl::StatusOr<Value> value = ReadBody(type, &reader, depth);
  if (value.ok() && !reader.done()) {
    return Damaged(absl::StrCat(bytes.size(), " bytes do not fit type ", static_cast<int>(type)));
  }
  return value;
}

}  // namespace

absl::StatusOr<std::string> EncodeLiteral(const Value& value) {
  std::string bytes;
  FASTI_RETURN_IF_ERROR(AppendLiteral(value, 0, &bytes));
  return bytes;
}

absl::StatusOr<Value> DecodeLiteral(absl::string_view bytes) {
  return ReadLiteral(bytes, 0);
}

}  // namespace fasti::codec
