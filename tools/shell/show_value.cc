#include <algorithm>
#include <cctype>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "fasti/fact.h"
#include "fasti/status_macros.h"
#include "tools/shell/render.h"

namespace fasti::shell {
namespace {

absl::StatusOr<std::string> Show(const Result& result, const Value& value, bool outermost);

// A name as the language would read it back.
std::string Quoted(absl::string_view name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c >= 0x80;
  });
  return plain ? std::string(name) : absl::StrCat("`", name, "`");
}

absl::StatusOr<std::string> ShowMap(const Result& result, const Map& map) {
  std::string out = "{";
  for (const auto& [key, value] : map) {
    FASTI_ASSIGN_OR_RETURN(const std::string text, Show(result, value, false));
    absl::StrAppend(&out, out.size() > 1 ? ", " : "", Quoted(key), ": ", text);
  }
  return absl::StrCat(out, "}");
}

absl::StatusOr<std::string> ShowNode(const Result& result, EntityId entity) {
  FASTI_ASSIGN_OR_RETURN(const NodeView node, result.Node(entity));
  std::string out = "(";
  for (const std::string& label : node.labels) absl::StrAppend(&out, ":", Quoted(label));
  if (!node.properties.empty()) {
    FASTI_ASSIGN_OR_RETURN(const std::string properties, ShowMap(result, node.properties));
    absl::StrAppend(&out, node.labels.empty() ? "" : " ", properties);
  }
  return absl::StrCat(out, ")");
}

absl::StatusOr<std::string> ShowRelationship(const Result& result, const Fact& fact) {
  FASTI_ASSIGN_OR_RETURN(const RelationshipView relationship, result.Relationship(fact));
  std::string out =
      absl::StrCat("[:", relationship.end == EntityId::kNone ? "." : "", Quoted(relationship.type));
  if (!relationship.properties.empty()) {
    FASTI_ASSIGN_OR_RETURN(const std::string properties, ShowMap(result, relationship.properties));
    absl::StrAppend(&out, " ", properties);
  }
  return absl::StrCat(out, "]");
}

absl::StatusOr<std::string> ShowPath(const Result& result, const Path& path) {
  std::string out;
  for (size_t i = 0; i < path.nodes.size(); ++i) {
    FASTI_ASSIGN_OR_RETURN(const std::string node, ShowNode(result, path.nodes[i]));
    absl::StrAppend(&out, node);
    if (i == path.facts.size()) break;
    FASTI_ASSIGN_OR_RETURN(const std::string step, ShowRelationship(result, *path.facts[i]));
    const bool forward = path.facts[i]->subject == path.nodes[i];
    absl::StrAppend(&out, forward ? "-" : "<-", step, forward ? "->" : "-");
  }
  return out;
}

absl::StatusOr<std::string> ShowList(const Result& result, const List& list) {
  std::vector<std::string> parts;
  for (const Value& value : list) {
    FASTI_ASSIGN_OR_RETURN(parts.emplace_back(), Show(result, value, false));
  }
  return absl::StrCat("[", absl::StrJoin(parts, ", "), "]");
}

absl::StatusOr<std::string> Show(const Result& result, const Value& value, bool outermost) {
  switch (value.kind()) {
    case Value::Kind::kNode:
      return ShowNode(result, value.as_node());
    case Value::Kind::kFact:
      return ShowRelationship(result, *value.as_fact());
    case Value::Kind::kPath:
      return ShowPath(result, value.as_path());
    case Value::Kind::kList:
      return ShowList(result, value.as_list());
    case Value::Kind::kMap:
      return ShowMap(result, value.as_map());
    case Value::Kind::kString:
      if (outermost) return value.as_string();
      return FormatValue(value);
    default:
      return FormatValue(value);
  }
}

}  // namespace

absl::StatusOr<std::string> ShowValue(const Result& result, const Value& value) {
  return Show(result, value, /*outermost=*/true);
}

}  // namespace fasti::shell
