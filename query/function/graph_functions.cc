// Functions on nodes, relationships and paths.

#include <string>
#include <utility>

#include "fasti/status_macros.h"
#include "query/function/graph_access.h"
#include "query/function/registry.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;
using Args = absl::Span<const Value>;

absl::StatusOr<Map> PropertiesOf(const Value& value, const Context& context) {
  switch (value.kind()) {
    case Kind::kNode:
      return NodeProperties(value.as_node(), context);
    case Kind::kFact:
      return FactProperties(*value.as_fact(), context);
    default:
      return value.as_map();
  }
}

absl::StatusOr<Value> Properties(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(Map properties, PropertiesOf(args[0], context));
  return Value(std::move(properties));
}

absl::StatusOr<Value> Keys(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const Map properties, PropertiesOf(args[0], context));
  List keys;
  keys.reserve(properties.size());
  for (const auto& [key, value] : properties) keys.emplace_back(key);
  return Value(std::move(keys));
}

absl::StatusOr<Value> Labels(Args args, const Context& context) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                         NodeLabels(args[0].as_node(), context));
  List labels;
  labels.reserve(names.size());
  for (const std::string& name : names) labels.emplace_back(name);
  return Value(std::move(labels));
}

// The entities that are one with a node, if there are others.
absl::StatusOr<Value> Merged(Args args, const Context& context) {
  const Snapshot& snapshot = context.snapshot();
  View apart = context.view();
  FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> members,
                         snapshot.Members(args[0].as_node(), apart));
  apart.apart = true;
  const std::optional<RelationInfo> name = snapshot.FindAttribute("name");
  List merged;
  for (const EntityId member : members) {
    if (members.size() == 1) break;
    Map entity = {{"id", Value(static_cast<int64_t>(Raw(member)))}};
    if (name.has_value()) {
      FASTI_ASSIGN_OR_RETURN(entity["name"], snapshot.Attribute(member, name->id, apart));
    }
    FASTI_ASSIGN_OR_RETURN(const std::vector<LabelId> ids, snapshot.Labels(member, apart));
    List labels;
    for (const LabelId id : ids) labels.emplace_back(snapshot.GetLabel(id).name);
    entity["labels"] = Value(std::move(labels));
    merged.emplace_back(std::move(entity));
  }
  return Value(std::move(merged));
}

// The type of a deleted relationship can still be told: it is part of the value.
absl::StatusOr<Value> Type(Args args, const Context& context) {
  return Value(context.snapshot().GetRelation(args[0].as_fact()->relation).name);
}

// Of a relationship, its lineage: the same for all its versions.
absl::StatusOr<Value> Id(Args args, const Context&) {
  const uint64_t id =
      args[0].is(Kind::kNode) ? Raw(args[0].as_node()) : Raw(args[0].as_fact()->lineage);
  return Value(static_cast<int64_t>(id));
}

absl::StatusOr<Value> StartNode(Args args, const Context&) {
  return Value(args[0].as_fact()->subject);
}

// Null for the fact of an attribute, which ends in a literal.
absl::StatusOr<Value> EndNode(Args args, const Context&) {
  const Term object = args[0].as_fact()->object;
  return object.is_entity() ? Value(object.entity()) : Value();
}

absl::StatusOr<Value> Nodes(Args args, const Context&) {
  List nodes;
  for (const EntityId node : args[0].as_path().nodes) nodes.emplace_back(node);
  return Value(std::move(nodes));
}

absl::StatusOr<Value> Relationships(Args args, const Context&) {
  List relationships;
  for (const auto& fact : args[0].as_path().facts) relationships.emplace_back(fact);
  return Value(std::move(relationships));
}

absl::StatusOr<Value> Length(Args args, const Context&) {
  return Value(static_cast<int64_t>(args[0].as_path().facts.size()));
}

constexpr Kinds kNode = Kinds::Of(Kind::kNode);
constexpr Kinds kFact = Kinds::Of(Kind::kFact);
constexpr Kinds kPath = Kinds::Of(Kind::kPath);
constexpr Kinds kList = Kinds::Of(Kind::kList);
constexpr Kinds kInt = Kinds::Of(Kind::kInt);
constexpr Kinds kMap = Kinds::Of(Kind::kMap);
constexpr Subject kSubject = Subject::kGraph;
constexpr uint8_t kInView = kUsesContext | kUsesView;

constexpr Function kFunctions[] = {
    Scalar(kSubject, "endNode", 1, 1, {kFact}, kNode, EndNode),
    Scalar(kSubject, "id", 1, 1, {kNode | kFact}, kInt, Id),
    Scalar(kSubject, "keys", 1, 1, {kNode | kFact | kMap}, kList, Keys, kInView),
    Scalar(kSubject, "labels", 1, 1, {kNode}, kList, Labels, kInView),
    Scalar(kSubject, "length", 1, 1, {kPath}, kInt, Length),
    Scalar(kSubject, "merged", 1, 1, {kNode}, kList, Merged, kInView),
    Scalar(kSubject, "nodes", 1, 1, {kPath}, kList, Nodes),
    Scalar(kSubject, "properties", 1, 1, {kNode | kFact | kMap}, kMap, Properties, kInView),
    Scalar(kSubject, "relationships", 1, 1, {kPath}, kList, Relationships),
    Scalar(kSubject, "startNode", 1, 1, {kFact}, kNode, StartNode),
    Scalar(kSubject, "type", 1, 1, {kFact}, Kinds::Of(Kind::kString), Type, kUsesContext),
};

}  // namespace

absl::Span<const Function> GraphFunctions() {
  return kFunctions;
}

}  // namespace fasti::function
