#include "engine/codec/schema_value.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/text.h"
#include "engine/codec/bytes.h"
#include "engine/codec/stored_time.h"
#include "engine/codec/term.h"
#include "fasti/quantity.h"
#include "fasti/status_macros.h"
#include "kj/debug.h"

namespace fasti::codec {
namespace {

double Canonical(double value) {
  return BitsToDouble(DoubleToBits(value));
}

absl::Status TooDeep() {
  return absl::InvalidArgumentError(
      absl::StrCat("a value nested deeper than ", kListDepthMax, " cannot be stored"));
}

void WriteQuantity(const Quantity& quantity, schema::Quantity::Builder out) {
  out.setHasLow(quantity.low.has_value());
  out.setHasHigh(quantity.high.has_value());
  if (quantity.low) out.setLow(Canonical(*quantity.low));
  if (quantity.high) out.setHigh(Canonical(*quantity.high));
  out.setUnit(quantity.unit);
  out.setHedge(static_cast<uint8_t>(quantity.hedge));
}

void WriteDateTime(const DateTime& time, schema::DateTime::Builder out) {
  out.setSeconds(time.seconds);
  out.setNanoseconds(static_cast<uint32_t>(time.nanoseconds));
  out.setOffsetSeconds(time.offset_seconds);
  out.setZone(time.zone);
}

void WriteDuration(const Duration& duration, schema::Duration::Builder out) {
  out.setMonths(duration.months);
  out.setDays(duration.days);
  out.setSeconds(duration.seconds);
  out.setNanoseconds(duration.nanoseconds);
}

absl::Status WriteNested(const Value& value, int depth, schema::Value::Builder out);

absl::Status WriteNestedFields(const Map& map, int depth, capnp::List<schema::Field>::Builder out) {
  if (depth > kListDepthMax) return TooDeep();
  unsigned i = 0;
  for (const auto& [name, value] : map) {
    schema::Field::Builder field = out[i++];
    field.setName(name);
    FASTI_RETURN_IF_ERROR(WriteNested(value, depth, field.initValue()));
  }
  return absl::OkStatus();
}

absl::Status WriteNestedList(const List& list, int depth, capnp::List<schema::Value>::Builder out) {
  if (depth > kListDepthMax) return TooDeep();
  for (unsigned i = 0; i < list.size(); ++i) {
    FASTI_RETURN_IF_ERROR(WriteNested(list[i], depth, out[i]));
  }
  return absl::OkStatus();
}

absl::Status WriteNested(const Value& value, int depth, schema::Value::Builder out) {
  switch (value.kind()) {
    case Value::Kind::kNull:
      out.setNull();
      break;
    case Value::Kind::kBool:
      out.setBool(value.as_bool());
      break;
    case Value::Kind::kInt:
      out.setInt(value.as_int());
      break;
    case Value::Kind::kDouble:
      out.setDouble(Canonical(value.as_double()));
      break;
    case Value::Kind::kString:
      out.setText(value.as_string());
      break;
    case Value::Kind::kDate:
      out.setDate(value.as_date().days);
      break;
    case Value::Kind::kLocalDateTime: {
      schema::LocalDateTime::Builder time = out.initLocalDateTime();
      time.setSeconds(value.as_local_date_time().seconds);
      time.setNanoseconds(static_cast<uint32_t>(value.as_local_date_time().nanoseconds));
      break;
    }
    case Value::Kind::kDateTime:
      WriteDateTime(value.as_date_time(), out.initDateTime());
      break;
    case Value::Kind::kDuration:
      WriteDuration(value.as_duration(), out.initDuration());
      break;
    case Value::Kind::kPeriod:
      WritePeriod(value.as_period(), out.initPeriod());
      break;
    case Value::Kind::kQuantity:
      WriteQuantity(value.as_quantity(), out.initQuantity());
      break;
    case Value::Kind::kList:
      return WriteNestedList(value.as_list(), depth + 1,
                             out.initList(static_cast<unsigned>(value.as_list().size())));
    case Value::Kind::kMap:
      return WriteNestedFields(value.as_map(), depth + 1,
                               out.initMap(static_cast<unsigned>(value.as_map().size())));
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("a value of type ", KindName(value.kind()), " cannot be stored"));
  }
  return absl::OkStatus();
}

template <typename Time>
absl::StatusOr<Value> ToValue(absl::StatusOr<Time> time) {
  if (!time.ok()) return std::move(time).status();
  return Value(*std::move(time));
}

template <typename Time>
absl::StatusOr<Time> Stored(Time time) {
  if (!IsStoredTime(time)) return absl::DataLossError("numbers that make no time");
  return time;
}

absl::StatusOr<Quantity> ReadQuantity(schema::Quantity::Reader in) {
  Quantity quantity;
  if (in.getHasLow()) quantity.low = in.getLow();
  if (in.getHasHigh()) quantity.high = in.getHigh();
  quantity.unit = ReadText(in.getUnit());
  FASTI_ASSIGN_OR_RETURN(quantity.hedge, ReadEnum(in.getHedge(), Hedge::kOrder));
  return quantity;
}

absl::StatusOr<DateTime> ReadDateTime(schema::DateTime::Reader in) {
  DateTime time;
  time.seconds = in.getSeconds();
  time.nanoseconds = static_cast<int32_t>(in.getNanoseconds());
  time.offset_seconds = in.getOffsetSeconds();
  time.zone = ReadText(in.getZone());
  return Stored(std::move(time));
}

}  // namespace

absl::Status WriteValue(const Value& value, schema::Value::Builder out) {
  return WriteNested(value, 0, out);
}

absl::Status WriteFields(const Map& map, capnp::List<schema::Field>::Builder out) {
  return WriteNestedFields(map, 0, out);
}

void WritePeriod(const Period& period, schema::Period::Builder out) {
  out.setFrom(period.from);
  out.setTo(period.to);
  out.setFromPrecision(static_cast<uint8_t>(period.from_precision));
  out.setToPrecision(static_cast<uint8_t>(period.to_precision));
}

absl::StatusOr<Value> ReadValue(schema::Value::Reader in) {
  switch (in.which()) {
    case schema::Value::NULL_:
      return Value();
    case schema::Value::BOOL:
      return Value(in.getBool());
    case schema::Value::INT:
      return Value(in.getInt());
    case schema::Value::DOUBLE:
      return Value(in.getDouble());
    case schema::Value::TEXT:
      return Value(ReadText(in.getText()));
    case schema::Value::DATE:
      return Value(Date{in.getDate()});
    case schema::Value::LOCAL_DATE_TIME: {
      LocalDateTime time;
      time.seconds = in.getLocalDateTime().getSeconds();
      time.nanoseconds = static_cast<int32_t>(in.getLocalDateTime().getNanoseconds());
      return ToValue(Stored(time));
    }
    case schema::Value::DATE_TIME:
      return ToValue(ReadDateTime(in.getDateTime()));
    case schema::Value::DURATION: {
      const schema::Duration::Reader duration = in.getDuration();
      return ToValue(Stored(Duration{duration.getMonths(), duration.getDays(),
                                     duration.getSeconds(), duration.getNanoseconds()}));
    }
    case schema::Value::PERIOD:
      return ToValue(ReadPeriod(in.getPeriod()));
    case schema::Value::QUANTITY: {
      FASTI_ASSIGN_OR_RETURN(Quantity quantity, ReadQuantity(in.getQuantity()));
      return Value(std::move(quantity));
    }
    case schema::Value::LIST: {
      List list;
      for (schema::Value::Reader element : in.getList()) {
        FASTI_ASSIGN_OR_RETURN(Value value, ReadValue(element));
        list.push_back(std::move(value));
      }
      return Value(std::move(list));
    }
    case schema::Value::MAP: {
      FASTI_ASSIGN_OR_RETURN(Map map, ReadFields(in.getMap()));
      return Value(std::move(map));
    }
  }
  return absl::DataLossError("a value of a type unknown to this version");
}

absl::StatusOr<Map> ReadFields(capnp::List<schema::Field>::Reader in) {
  Map map;
  for (schema::Field::Reader field : in) {
    FASTI_ASSIGN_OR_RETURN(Value value, ReadValue(field.getValue()));
    if (!map.emplace(ReadText(field.getName()), std::move(value)).second) {
      return absl::DataLossError("a name stands twice in one map");
    }
  }
  return map;
}

absl::StatusOr<Period> ReadPeriod(schema::Period::Reader in) {
  Period period;
  period.from = in.getFrom();
  period.to = in.getTo();
  period.from_precision = static_cast<Precision>(in.getFromPrecision());
  period.to_precision = static_cast<Precision>(in.getToPrecision());
  return Stored(period);
}

std::string ReadText(capnp::Text::Reader in) {
  const absl::string_view text(in.begin(), in.size());
  KJ_REQUIRE(!FindInvalidUtf8(text).has_value(), "a text that is not UTF-8, or holds NUL");
  return std::string(text);
}

}  // namespace fasti::codec
