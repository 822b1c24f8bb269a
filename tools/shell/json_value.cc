#include "tools/shell/json_value.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "fasti/fact.h"
#include "fasti/status_macros.h"

namespace fasti::shell {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void WriteString(Writer& writer, absl::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}
void WriteKey(Writer& writer, absl::string_view text) {
  writer.Key(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

// A float always shows that it is one: with '.', or with an exponent.
std::string DoubleText(double number) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), number).ptr;
  std::string text(buffer, end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

void WriteDouble(Writer& writer, double number) {
  if (std::isfinite(number)) {
    const std::string text = DoubleText(number);
    writer.RawValue(text.data(), text.size(), rapidjson::kNumberType);
    return;
  }
  writer.StartObject();
  writer.Key("$float");
  writer.String(std::isnan(number) ? "NaN" : number > 0 ? "Inf" : "-Inf");
  writer.EndObject();
}

void WriteTagged(Writer& writer, const char* tag, const std::string& text) {
  writer.StartObject();
  writer.Key(tag);
  WriteString(writer, text);
  writer.EndObject();
}

void WriteBound(Writer& writer, const char* key, const std::optional<double>& bound) {
  writer.Key(key);
  if (bound.has_value()) {
    WriteDouble(writer, *bound);
  } else {
    writer.Null();
  }
}

class ValueWriter {
 public:
  ValueWriter(const Result& result, Writer& writer) : result_(result), writer_(writer) {}

  absl::Status Write(const Value& value) {
    switch (value.kind()) {
      case Value::Kind::kNull:
        writer_.Null();
        return absl::OkStatus();
      case Value::Kind::kBool:
        writer_.Bool(value.as_bool());
        return absl::OkStatus();
      case Value::Kind::kInt:
        writer_.Int64(value.as_int());
        return absl::OkStatus();
      case Value::Kind::kDouble:
        WriteDouble(writer_, value.as_double());
        return absl::OkStatus();
      case Value::Kind::kString:
        WriteString(writer_, value.as_string());
        return absl::OkStatus();
      case Value::Kind::kDate:
        WriteTagged(writer_, "$date", FormatDate(value.as_date()));
        return absl::OkStatus();
      case Value::Kind::kLocalDateTime:
        WriteTagged(writer_, "$localdatetime", FormatLocalDateTime(value.as_local_date_time()));
        return absl::OkStatus();
      case Value::Kind::kDateTime:
        WriteTagged(writer_, "$datetime", FormatDateTime(value.as_date_time()));
        return absl::OkStatus();
      case Value::Kind::kDuration:
        WriteTagged(writer_, "$duration", FormatDuration(value.as_duration()));
        return absl::OkStatus();
      case Value::Kind::kPeriod:
        WriteTagged(writer_, "$period", FormatPeriod(value.as_period()));
        return absl::OkStatus();
      case Value::Kind::kQuantity:
        WriteQuantity(value.as_quantity());
        return absl::OkStatus();
      case Value::Kind::kList:
        return WriteList(value.as_list());
      case Value::Kind::kMap:
        return WriteMapValue(value.as_map());
      case Value::Kind::kNode:
        return WriteNode(value.as_node());
      case Value::Kind::kFact:
        return WriteRelationship(*value.as_fact());
      case Value::Kind::kPath:
        return WritePath(value.as_path());
    }
    return absl::InternalError("a value of no kind");
  }

  absl::Status WriteMap(const Map& map) {
    writer_.StartObject();
    for (const auto& [key, value] : map) {
      WriteKey(writer_, key);
      FASTI_RETURN_IF_ERROR(Write(value));
    }
    writer_.EndObject();
    return absl::OkStatus();
  }

 private:
  void WriteQuantity(const Quantity& quantity) {
    writer_.StartObject();
    writer_.Key("$qty");
    writer_.StartObject();
    WriteBound(writer_, "low", quantity.low);
    WriteBound(writer_, "high", quantity.high);
    writer_.Key("unit");
    WriteString(writer_, quantity.unit);
    if (quantity.hedge != Hedge::kExact) {
      writer_.Key("hedge");
      WriteString(writer_, HedgeName(quantity.hedge));
    }
    writer_.EndObject();
    writer_.EndObject();
  }

  absl::Status WriteList(const List& list) {
    writer_.StartArray();
    for (const Value& value : list) FASTI_RETURN_IF_ERROR(Write(value));
    writer_.EndArray();
    return absl::OkStatus();
  }

  // A map whose keys could be taken for a tag is wrapped.
  absl::Status WriteMapValue(const Map& map) {
    bool tagged = false;
    for (const auto& [key, value] : map) tagged = tagged || (!key.empty() && key[0] == '$');
    if (!tagged) return WriteMap(map);
    writer_.StartObject();
    writer_.Key("$map");
    FASTI_RETURN_IF_ERROR(WriteMap(map));
    writer_.EndObject();
    return absl::OkStatus();
  }

  absl::Status WriteNode(EntityId entity) {
    FASTI_ASSIGN_OR_RETURN(const NodeView node, result_.Node(entity));
    writer_.StartObject();
    writer_.Key("$node");
    writer_.StartObject();
    writer_.Key("id");
    writer_.Uint64(Raw(node.id));
    writer_.Key("labels");
    writer_.StartArray();
    for (const std::string& label : node.labels) WriteString(writer_, label);
    writer_.EndArray();
    writer_.Key("props");
    FASTI_RETURN_IF_ERROR(WriteMap(node.properties));
    writer_.EndObject();
    writer_.EndObject();
    return absl::OkStatus();
  }

  absl::Status WriteRelationship(const Fact& fact) {
    FASTI_ASSIGN_OR_RETURN(const RelationshipView relationship, result_.Relationship(fact));
    writer_.StartObject();
    writer_.Key("$rel");
    writer_.StartObject();
    writer_.Key("id");
    writer_.Uint64(Raw(relationship.id));
    writer_.Key("type");
    WriteString(writer_, relationship.type);
    writer_.Key("start");
    writer_.Uint64(Raw(relationship.start));
    if (relationship.end != EntityId::kNone) {
      writer_.Key("end");
      writer_.Uint64(Raw(relationship.end));
    }
    writer_.Key("props");
    FASTI_RETURN_IF_ERROR(WriteMap(relationship.properties));
    writer_.EndObject();
    writer_.EndObject();
    return absl::OkStatus();
  }

  absl::Status WritePath(const Path& path) {
    writer_.StartObject();
    writer_.Key("$path");
    writer_.StartObject();
    writer_.Key("nodes");
    writer_.StartArray();
    for (EntityId entity : path.nodes) FASTI_RETURN_IF_ERROR(WriteNode(entity));
    writer_.EndArray();
    writer_.Key("rels");
    writer_.StartArray();
    for (const auto& fact : path.facts) FASTI_RETURN_IF_ERROR(WriteRelationship(*fact));
    writer_.EndArray();
    writer_.EndObject();
    writer_.EndObject();
    return absl::OkStatus();
  }

  const Result& result_;
  Writer& writer_;
};

std::string TextOf(const rapidjson::StringBuffer& buffer) {
  return std::string(buffer.GetString(), buffer.GetSize());
}

}  // namespace

absl::StatusOr<std::string> JsonValue(const Result& result, const Value& value) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  FASTI_RETURN_IF_ERROR(ValueWriter(result, writer).Write(value));
  return TextOf(buffer);
}

absl::StatusOr<std::string> JsonObject(const Result& result,
                                       const std::vector<std::string>& columns,
                                       const std::vector<Value>& row) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  ValueWriter values(result, writer);
  writer.StartObject();
  for (size_t i = 0; i < columns.size(); ++i) {
    WriteKey(writer, columns[i]);
    FASTI_RETURN_IF_ERROR(values.Write(row[i]));
  }
  writer.EndObject();
  return TextOf(buffer);
}

std::string JsonString(absl::string_view text) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  WriteString(writer, text);
  return TextOf(buffer);
}

}  // namespace fasti::shell
