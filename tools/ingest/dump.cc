#include <string>

#include "absl/strings/str_cat.h"
#include "fasti/quantity.h"
#include "rapidjson/stringbuffer.h"
#include "rapidjson/writer.h"
#include "tools/ingest/fact_json.h"
#include "tools/ingest/pipeline.h"

namespace fasti::ingest {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr double kExactMax = 9e15;  // beyond, a double is no longer every integer

void WriteText(Writer& writer, absl::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void WriteKey(Writer& writer, absl::string_view key) {
  writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
}

void WriteNumber(Writer& writer, const std::optional<double>& number) {
  if (!number) {
    writer.Null();
  } else if (*number == static_cast<double>(static_cast<int64_t>(*number)) &&
             *number<kExactMax&& * number> - kExactMax) {
    writer.Int64(static_cast<int64_t>(*number));
  } else {
    writer.Double(*number);
  }
}

void WriteQuantity(Writer& writer, const Quantity& quantity) {
  writer.StartObject();
  writer.Key("lo");
  WriteNumber(writer, quantity.low);
  writer.Key("hi");
  WriteNumber(writer, quantity.high);
  writer.Key("unit");
  WriteText(writer, quantity.unit);
  writer.Key("qualifier");
  WriteText(writer, HedgeName(quantity.hedge));
  writer.EndObject();
}

// The qualifiers an article yields: figures, numbers, texts and truths.
void WriteValue(Writer& writer, const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kQuantity:
      return WriteQuantity(writer, value.as_quantity());
    case Value::Kind::kBool:
      writer.Bool(value.as_bool());
      return;
    case Value::Kind::kInt:
      writer.Int64(value.as_int());
      return;
    case Value::Kind::kDouble:
      writer.Double(value.as_double());
      return;
    case Value::Kind::kString:
      return WriteText(writer, value.as_string());
    default:
      return WriteText(writer, FormatValue(value));
  }
}

// The granule in which a period begins or ends ("2025-Q2"); null where none was told.
void WriteEnd(Writer& writer, bool told, Instant instant, Precision precision) {
  if (told) {
    WriteText(writer, FormatPeriod(Period::Granule(instant, precision)));
  } else {
    writer.Null();
  }
}

// The name alone, or, for a candidate, with all that the source calls the entity.
void WriteEntity(Writer& writer, const EntityName& entity, bool whole) {
  if (!whole) return WriteText(writer, entity.name);
  writer.StartObject();
  writer.Key("name");
  WriteText(writer, entity.name);
  writer.Key("label");
  WriteText(writer, entity.label);
  writer.Key("aliases");
  writer.StartArray();
  for (const std::string& alias : entity.aliases) WriteText(writer, alias);
  writer.EndArray();
  writer.EndObject();
}

// What a candidate has besides: `period` is its valid time without any loss.
void WriteNote(Writer& writer, const Statement& statement, const CandidateNote& note) {
  if (statement.valid) {
    writer.Key("period");
    WriteText(writer, FormatPeriod(*statement.valid));
  }
  writer.Key("extractor");
  WriteText(writer, statement.extractor);
  writer.Key("sentence");
  WriteText(writer, note.sentence);
  writer.Key("gate");
  writer.Double(note.gate);
  writer.Key("reason");
  WriteText(writer, note.reason);
}

void WriteFact(Writer& writer, absl::string_view article, const ExtractedFact& fact,
               const CandidateNote* note) {
  const Statement& statement = fact.statement;
  writer.StartObject();
  writer.Key("article");
  WriteText(writer, article);
  writer.Key("subject");
  WriteEntity(writer, statement.subject, note != nullptr);
  writer.Key("relation");
  WriteText(writer, statement.relation);
  const auto* object = std::get_if<EntityName>(&statement.object);
  writer.Key("object");
  if (object != nullptr) {
    WriteEntity(writer, *object, note != nullptr);
  } else {
    writer.Null();
  }
  const auto* value = std::get_if<Value>(&statement.object);
  writer.Key("value");
  if (value != nullptr && value->is(Value::Kind::kQuantity)) {
    WriteQuantity(writer, value->as_quantity());
  } else {
    writer.Null();
  }
  writer.Key("valid");
  writer.StartObject();
  const Period valid = statement.valid.value_or(Period::Unknown());
  writer.Key("from");
  WriteEnd(writer, valid.has_start(), valid.from, valid.from_precision);
  writer.Key("to");
  WriteEnd(writer, valid.has_end(), valid.to - 1, valid.to_precision);
  writer.EndObject();
  writer.Key("qualifiers");
  writer.StartObject();
  for (const auto& [key, qualifier] : statement.qualifiers) {
    WriteKey(writer, key);
    WriteValue(writer, qualifier);
  }
  writer.EndObject();
  writer.Key("modality");
  WriteText(writer, ModalityName(statement.modality));
  writer.Key("confidence");
  writer.Double(statement.confidence);
  writer.Key("evidence");
  writer.StartObject();
  writer.Key("start");
  writer.Uint(statement.span.begin);
  writer.Key("end");
  writer.Uint(statement.span.end);
  writer.EndObject();
  writer.Key("rule");
  WriteText(writer, fact.rule);
  if (note != nullptr) {
    WriteNote(writer, statement, *note);
  } else {
    writer.Key("stored");
    writer.Bool(fact.kept);
  }
  writer.EndObject();
}

std::string FactLine(absl::string_view article, const ExtractedFact& fact,
                     const CandidateNote* note) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.SetMaxDecimalPlaces(6);
  WriteFact(writer, article, fact, note);
  return std::string(buffer.GetString(), buffer.GetSize());
}

}  // namespace

std::string FormatCandidate(absl::string_view article, const ExtractedFact& fact,
                            const CandidateNote& note) {
  return FactLine(article, fact, &note);
}

std::string DumpFacts(absl::string_view name, const Extraction& extraction) {
  std::string lines;
  for (const ExtractedFact& fact : extraction.facts) {
    absl::StrAppend(&lines, FactLine(name, fact, nullptr), "\n");
  }
  return lines;
}

}  // namespace fasti::ingest
