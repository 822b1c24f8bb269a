#include "engine/graph/draft_check.h"

#include "absl/strings/str_cat.h"
#include "engine/base/text.h"
#include "engine/storage/store.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

namespace {

constexpr size_t kNameBytesMax = 1024;
constexpr size_t kTextBytesMax = size_t{1} << 20;
constexpr int kDepthMax = 32;
constexpr size_t kKeyQualifiersMax = 32;

absl::Status CheckText(absl::string_view what, absl::string_view text, size_t bytes_max) {
  if (text.size() > bytes_max) {
    return absl::InvalidArgumentError(absl::StrCat(what, ": expected at most ", bytes_max,
                                                   " bytes, found ", text.size(), ": '",
                                                   Excerpt(text), "'"));
  }
  if (const std::optional<size_t> at = FindInvalidUtf8(text)) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": expected valid UTF-8 text, found another byte at offset ", *at));
  }
  return absl::OkStatus();
}

absl::Status CheckValue(const Value& value, int depth) {
  switch (value.kind()) {
    case Value::Kind::kString:
      return CheckText("text", value.as_string(), kTextBytesMax);
    case Value::Kind::kQuantity:
      FASTI_RETURN_IF_ERROR(CheckText("unit", value.as_quantity().unit, kNameBytesMax));
      return CheckQuantity(value.as_quantity());
    case Value::Kind::kList:
      if (depth == kDepthMax) {
        return absl::InvalidArgumentError(
            absl::StrCat("expected lists nested at most ", kDepthMax, " deep"));
      }
      for (const Value& element : value.as_list()) {
        FASTI_RETURN_IF_ERROR(CheckValue(element, depth + 1));
      }
      return absl::OkStatus();
    case Value::Kind::kMap:
    case Value::Kind::kNode:
    case Value::Kind::kFact:
    case Value::Kind::kPath:
      return absl::InvalidArgumentError(
          absl::StrCat("a value of type ", KindName(value.kind()), " cannot be stored"));
    default:
      return absl::OkStatus();
  }
}

absl::Status CheckKind(const FactDraft& draft, const RelationInfo& relation) {
  const bool is_node = draft.object.is(Value::Kind::kNode);
  if (relation.is_attribute == is_node) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", relation.name, "': expected ",
                     relation.is_attribute ? "a literal, since it is an attribute, found a node"
                                           : "an entity as object, found a literal"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckName(absl::string_view kind, absl::string_view name) {
  if (name.empty()) return absl::InvalidArgumentError(absl::StrCat(kind, ": expected a name"));
  return CheckText(kind, name, kNameBytesMax);
}

absl::Status CheckLiteral(const Value& value) {
  return CheckValue(value, 0);
}

absl::Status CheckRecordSize(absl::string_view what, absl::string_view bytes) {
  if (bytes.size() <= storage::kValueBytesMax) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      what, ": expected at most ", storage::kValueBytesMax, " bytes, found ", bytes.size()));
}

absl::Status CheckRelation(const RelationInfo& relation) {
  FASTI_RETURN_IF_ERROR(CheckName(relation.is_attribute ? "attribute" : "relation", relation.name));
  for (const std::string& name :
       {relation.inverse, relation.unit, relation.subject_type, relation.object_type}) {
    if (!name.empty()) FASTI_RETURN_IF_ERROR(CheckName("declaration", name));
  }
  if (relation.key_qualifiers.size() > kKeyQualifiersMax) {
    return absl::InvalidArgumentError(absl::StrCat("'", relation.name, "': expected at most ",
                                                   kKeyQualifiersMax, " key qualifiers, found ",
                                                   relation.key_qualifiers.size()));
  }
  for (const std::string& name : relation.key_qualifiers) {
    FASTI_RETURN_IF_ERROR(CheckName("key qualifier", name));
  }
  if (relation.kind == RelationKind::kMetric && !relation.is_attribute) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", relation.name, "': a METRIC has values, so it must be an attribute"));
  }
  if (relation.is_attribute && (relation.symmetric || !relation.inverse.empty())) {
    return absl::InvalidArgumentError(
        absl::StrCat("'.", relation.name, "': an attribute has no other direction"));
  }
  return absl::OkStatus();
}

absl::Status CheckPeriods(const RelationTraits& relation, const Period& valid, Modality modality,
                          Instant known_from, Instant known_to) {
  FASTI_RETURN_IF_ERROR(CheckPeriod(valid));
  if (relation.kind == RelationKind::kEvent &&
      (valid.from_precision == Precision::kOpen || valid.to_precision == Precision::kOpen)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", relation.name, "' is an EVENT, whose ends may be unknown but not open, ",
                     "found ", FormatPeriod(valid)));
  }
  // What was only denied was never known, and nothing else is.
  const bool is_denied = modality == Modality::kDenied;
  if (is_denied ? known_from != known_to : known_from >= known_to) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", relation.name, "': expected ",
                     is_denied ? "no known period, since it is only denied"
                               : "a known period that ends after it begins"));
  }
  return absl::OkStatus();
}

absl::Status CheckDraft(const FactDraft& draft, const RelationInfo& relation) {
  if (draft.object.is_null()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", relation.name, "': a fact needs an object, found null"));
  }
  FASTI_RETURN_IF_ERROR(CheckKind(draft, relation));
  if (!draft.object.is(Value::Kind::kNode)) FASTI_RETURN_IF_ERROR(CheckLiteral(draft.object));
  FASTI_RETURN_IF_ERROR(CheckPeriods({.name = relation.name, .kind = relation.kind}, draft.valid,
                                     draft.modality, draft.known_from, draft.known_to));
  for (const auto& [key, value] : draft.qualifiers) {
    FASTI_RETURN_IF_ERROR(CheckName("qualifier", key));
    if (value.is_null()) {
      return absl::InvalidArgumentError(
          absl::StrCat("qualifier '", key, "': expected a value, found null"));
    }
    FASTI_RETURN_IF_ERROR(CheckLiteral(value));
  }
  return absl::OkStatus();
}

}  // namespace fasti::graph
