#include "tools/ingest/external/fact_line.h"

#include <simdjson.h>

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "fasti/quantity.h"
#include "fasti/status_macros.h"

namespace fasti::ingest {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr size_t kNameMax = 1024;  // docs/limits.md

absl::Status Expected(absl::string_view field, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("field '", field, "': expected ", what));
}

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

// Null and a missing field are the same.
std::optional<element> Find(const object& from, const char* key) {
  element found;
  if (from[key].get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
  return found;
}

absl::StatusOr<std::string> ReadText(const element& from, absl::string_view field) {
  std::string_view text;
  if (from.get(text) != simdjson::SUCCESS) return Expected(field, "a string");
  return std::string(absl::StripAsciiWhitespace(View(text)));
}

absl::StatusOr<std::string> ReadName(const element& from, absl::string_view field) {
  FASTI_ASSIGN_OR_RETURN(std::string name, ReadText(from, field));
  if (name.empty()) return Expected(field, "a name, found none");
  if (name.size() > kNameMax) {
    return Expected(field, absl::StrCat("at most ", kNameMax, " bytes, found ", name.size()));
  }
  return name;
}

// A name, or {"name": ..., "label": ..., "aliases": [...]}.
absl::StatusOr<EntityName> ReadEntity(const element& from, absl::string_view field) {
  EntityName entity;
  object parts;
  if (from.get(parts) != simdjson::SUCCESS) {
    FASTI_ASSIGN_OR_RETURN(entity.name, ReadName(from, field));
    return entity;
  }
  const std::optional<element> name = Find(parts, "name");
  if (!name) return Expected(absl::StrCat(field, ".name"), "a string");
  FASTI_ASSIGN_OR_RETURN(entity.name, ReadName(*name, absl::StrCat(field, ".name")));
  if (const auto label = Find(parts, "label")) {
    FASTI_ASSIGN_OR_RETURN(entity.label, ReadText(*label, absl::StrCat(field, ".label")));
  }
  if (const auto aliases = Find(parts, "aliases")) {
    simdjson::dom::array list;
    if (aliases->get(list) != simdjson::SUCCESS) {
      return Expected(absl::StrCat(field, ".aliases"), "a list of strings");
    }
    for (const element& alias : list) {
      FASTI_ASSIGN_OR_RETURN(entity.aliases.emplace_back(),
                             ReadName(alias, absl::StrCat(field, ".aliases")));
    }
  }
  return entity;
}

absl::StatusOr<std::optional<double>> ReadBound(const object& from, const char* key,
                                                absl::string_view field) {
  const std::optional<element> bound = Find(from, key);
  if (!bound) return std::nullopt;
  double number = 0;
  if (bound->get(number) != simdjson::SUCCESS || !std::isfinite(number)) {
    return Expected(absl::StrCat(field, ".", key), "a number or null");
  }
  return std::optional<double>(number);
}

// {"lo": 1, "hi": null, "unit": "USD", "qualifier": "over"}
absl::StatusOr<Quantity> ReadQuantity(const element& from, absl::string_view field) {
  object parts;
  if (from.get(parts) != simdjson::SUCCESS) {
    return Expected(field, "an object with lo, hi, unit and qualifier");
  }
  Quantity quantity;
  FASTI_ASSIGN_OR_RETURN(quantity.low, ReadBound(parts, "lo", field));
  FASTI_ASSIGN_OR_RETURN(quantity.high, ReadBound(parts, "hi", field));
  if (const auto unit = Find(parts, "unit")) {
    FASTI_ASSIGN_OR_RETURN(quantity.unit, ReadText(*unit, absl::StrCat(field, ".unit")));
  }
  if (const auto hedge = Find(parts, "qualifier")) {
    FASTI_ASSIGN_OR_RETURN(const std::string name,
                           ReadText(*hedge, absl::StrCat(field, ".qualifier")));
    const std::optional<Hedge> known = HedgeFromName(name);
    if (!known) {
      return Expected(
          absl::StrCat(field, ".qualifier"),
          absl::StrCat("exact, about, over, up_to, between or order, found '", name, "'"));
    }
    quantity.hedge = *known;
  }
  if (const absl::Status status = CheckQuantity(quantity); !status.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("field '", field, "': ", status.message()));
  }
  return quantity;
}

absl::StatusOr<Value> ReadQualifier(const element& from, absl::string_view field) {
  bool truth = false;
  if (from.get(truth) == simdjson::SUCCESS) return Value(truth);
  int64_t integer = 0;
  if (from.get(integer) == simdjson::SUCCESS) return Value(integer);
  double number = 0;
  if (from.get(number) == simdjson::SUCCESS) return Value(number);
  std::string_view text;
  if (from.get(text) == simdjson::SUCCESS) return Value(View(text));
  if (!from.is_object()) return Expected(field, "text, a number, a truth or a quantity");
  FASTI_ASSIGN_OR_RETURN(Quantity quantity, ReadQuantity(from, field));
  return Value(std::move(quantity));
}

absl::StatusOr<std::optional<Period>> ReadGranule(const object& from, const char* key) {
  const std::optional<element> end = Find(from, key);
  if (!end) return std::nullopt;
  const std::string field = absl::StrCat("valid.", key);
  FASTI_ASSIGN_OR_RETURN(const std::string text, ReadText(*end, field));
  const absl::StatusOr<Period> period = ParsePeriod(text);
  if (!period.ok() || !period->has_start() || !period->has_end()) {
    return Expected(field, absl::StrCat("a date such as 2025, 2025-Q2, 2025-06 or 2025-06-12, "
                                        "found '",
                                        text, "'"));
  }
  return std::optional<Period>(*period);
}

// Both ends are included; null is "not told".
absl::StatusOr<std::optional<Period>> ReadValid(const element& from) {
  object ends;
  if (from.get(ends) != simdjson::SUCCESS) return Expected("valid", "an object with from and to");
  FASTI_ASSIGN_OR_RETURN(const std::optional<Period> first, ReadGranule(ends, "from"));
  FASTI_ASSIGN_OR_RETURN(const std::optional<Period> last, ReadGranule(ends, "to"));
  if (!first && !last) return std::nullopt;
  Period valid = Period::Unknown();
  if (first) {
    valid.from = first->from;
    valid.from_precision = first->from_precision;
  }
  if (last) {
    valid.to = last->to;
    valid.to_precision = last->to_precision;
  }
  if (const absl::Status status = CheckPeriod(valid); !status.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("field 'valid': ", status.message()));
  }
  return std::optional<Period>(valid);
}

absl::StatusOr<Span> ReadEvidence(const object& fact, std::optional<absl::string_view> text) {
  const std::optional<element> evidence = Find(fact, "evidence");
  object ends;
  uint64_t begin = 0, end = 0;
  if (!evidence || evidence->get(ends) != simdjson::SUCCESS ||
      ends["start"].get(begin) != simdjson::SUCCESS || ends["end"].get(end) != simdjson::SUCCESS) {
    return Expected("evidence", "an object with start and end, byte offsets into the text");
  }
  const auto is_border = [text](uint64_t at) {
    return at == text->size() || (static_cast<unsigned char>((*text)[at]) & 0xC0) != 0x80;
  };
  if (text && (begin >= end || end > text->size() || !is_border(begin) || !is_border(end))) {
    return Expected("evidence", absl::StrCat("a place within the ", text->size(),
                                             " bytes of the text that cuts no character, found ",
                                             begin, " to ", end));
  }
  return Span{static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
}

// What the relation leads to: an entity, a figure, or nothing but that it is so.
absl::Status ReadObject(const object& fact, const RelationInfo& relation, Statement& statement) {
  const std::optional<element> target = Find(fact, "object");
  const std::optional<element> value = Find(fact, "value");
  if (relation.kind == RelationKind::kMetric) {
    if (target || !value) return Expected("value", absl::StrCat("the figure of ", relation.name));
    FASTI_ASSIGN_OR_RETURN(Quantity quantity, ReadQuantity(*value, "value"));
    statement.object = Value(std::move(quantity));
    return absl::OkStatus();
  }
  if (value) return Expected("value", absl::StrCat("none, since ", relation.name, " is no metric"));
  if (relation.is_attribute) {
    if (target) return Expected("object", absl::StrCat("none, since ", relation.name, " has none"));
    statement.object = Value(true);
    return absl::OkStatus();
  }
  if (!target) return Expected("object", absl::StrCat("whom ", relation.name, " leads to"));
  FASTI_ASSIGN_OR_RETURN(statement.object, ReadEntity(*target, "object"));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ExtractedFact> ReadFact(absl::string_view line,
                                       std::optional<absl::string_view> text,
                                       const Vocabulary& vocabulary) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(line.data(), line.size());
  object fact;
  if (const auto error = parser.parse(padded).get(fact); error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a JSON object: ", simdjson::error_message(error)));
  }
  ExtractedFact read;
  Statement& statement = read.statement;
  const std::optional<element> subject = Find(fact, "subject");
  if (!subject) return Expected("subject", "a name");
  FASTI_ASSIGN_OR_RETURN(statement.subject, ReadEntity(*subject, "subject"));

  const std::optional<element> relation = Find(fact, "relation");
  if (!relation) return Expected("relation", "a name");
  FASTI_ASSIGN_OR_RETURN(statement.relation, ReadName(*relation, "relation"));
  const RelationInfo* info = vocabulary.Find(statement.relation);
  if (info == nullptr) {
    return Expected("relation", absl::StrCat("one that common/relations.txt declares, found '",
                                             statement.relation, "'"));
  }
  FASTI_RETURN_IF_ERROR(ReadObject(fact, *info, statement));
  if (const auto valid = Find(fact, "valid")) {
    FASTI_ASSIGN_OR_RETURN(statement.valid, ReadValid(*valid));
  }
  if (const auto qualifiers = Find(fact, "qualifiers")) {
    object fields;
    if (qualifiers->get(fields) != simdjson::SUCCESS) return Expected("qualifiers", "an object");
    for (const auto& [key, value] : fields) {
      const std::string field = absl::StrCat("qualifiers.", View(key));
      if (key.empty() || key.size() > kNameMax || key == "value") {
        return Expected(field, "another name");
      }
      if (value.is_null()) continue;
      FASTI_ASSIGN_OR_RETURN(statement.qualifiers[std::string(key)], ReadQualifier(value, field));
    }
  }
  if (const auto modality = Find(fact, "modality")) {
    FASTI_ASSIGN_OR_RETURN(const std::string name, ReadText(*modality, "modality"));
    const std::optional<Modality> known = ModalityFromName(name);
    if (!known) {
      return Expected("modality", absl::StrCat("asserted, reported, expected, planned or denied, "
                                               "found '",
                                               name, "'"));
    }
    statement.modality = *known;
  }
  const std::optional<element> confidence = Find(fact, "confidence");
  if (!confidence || confidence->get(statement.confidence) != simdjson::SUCCESS ||
      !(statement.confidence >= 0 && statement.confidence <= 1)) {
    return Expected("confidence", "a number from 0 to 1");
  }
  if (const auto rule = Find(fact, "rule")) {
    FASTI_ASSIGN_OR_RETURN(read.rule, ReadText(*rule, "rule"));
  }
  FASTI_ASSIGN_OR_RETURN(statement.span, ReadEvidence(fact, text));
  return read;
}

}  // namespace fasti::ingest
