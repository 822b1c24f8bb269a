#include "tools/ingest/vocabulary/vocabulary.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"

namespace fasti::ingest {
namespace {

std::optional<RelationKind> KindFromName(absl::string_view name) {
  static constexpr std::pair<absl::string_view, RelationKind> kKinds[] = {
      {"event", RelationKind::kEvent},
      {"state", RelationKind::kState},
      {"metric", RelationKind::kMetric},
  };
  for (const auto& [kind_name, kind] : kKinds) {
    if (kind_name == name) return kind;
  }
  return std::nullopt;
}

absl::StatusOr<RelationInfo> ReadRelation(const Record& record) {
  if (record.kind != "relation" || record.name.empty()) {
    return record.Complain("expected 'relation' and a name");
  }
  RelationInfo info;
  info.name = record.name;
  for (const Field& field : record.fields) {
    if (field.key == "kind") {
      const auto kind = KindFromName(field.value);
      if (!kind) return record.Complain(absl::StrCat("unknown kind '", field.value, "'"));
      info.kind = *kind;
    } else if (field.key == "window") {
      if (!absl::SimpleAtoi(field.value, &info.merge_window_days)) {
        return record.Complain(absl::StrCat("expected days, found '", field.value, "'"));
      }
    } else if (field.key == "key") {
      info.key_qualifiers = SplitList(field.value);
    } else if (field.key == "symmetric") {
      info.symmetric = field.value == "yes";
    } else if (field.key == "object") {
      info.is_attribute = field.value == "value";
    } else if (field.key == "unit") {
      info.unit = field.value;
    } else {
      return record.Complain(absl::StrCat("unknown field '", field.key, "'"));
    }
  }
  if (info.kind == RelationKind::kUndeclared) return record.Complain("expected a kind");
  if (info.kind == RelationKind::kMetric) info.is_attribute = true;
  return info;
}

}  // namespace

absl::StatusOr<Vocabulary> Vocabulary::Create(const Resources& resources) {
  Vocabulary vocabulary;
  for (const Record* record : resources.Records("", "relations")) {
    FASTI_ASSIGN_OR_RETURN(RelationInfo info, ReadRelation(*record));
    if (vocabulary.Find(info.name) != nullptr) return record->Complain("told twice");
    vocabulary.relations.push_back(std::move(info));
  }
  return vocabulary;
}

const RelationInfo* Vocabulary::Find(absl::string_view name) const {
  for (const RelationInfo& info : relations) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

}  // namespace fasti::ingest
