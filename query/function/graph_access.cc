#include "query/function/graph_access.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"

namespace fasti::function {
namespace {

absl::Status CheckNotDeleted(EntityId node, const Context& context) {
  if (!context.IsDeleted(node)) return absl::OkStatus();
  return RuntimeError(kDeletedEntity, "the node was deleted in this statement");
}

absl::Status CheckNotDeleted(const Fact& fact, const Context& context) {
  if (!context.IsDeleted(fact)) return absl::OkStatus();
  return RuntimeError(kDeletedEntity, "the relationship was deleted in this statement");
}

}  // namespace

absl::StatusOr<Value> NodeProperty(EntityId node, absl::string_view key, const Context& context) {
  FASTI_RETURN_IF_ERROR(CheckNotDeleted(node, context));
  const std::optional<RelationInfo> attribute = context.snapshot().FindAttribute(key);
  if (!attribute.has_value()) return Value();
  return context.snapshot().Attribute(node, attribute->id, context.view());
}

absl::StatusOr<Map> NodeProperties(EntityId node, const Context& context) {
  FASTI_RETURN_IF_ERROR(CheckNotDeleted(node, context));
  return context.snapshot().Attributes(node, context.view());
}

absl::StatusOr<std::vector<std::string>> NodeLabels(EntityId node, const Context& context) {
  FASTI_RETURN_IF_ERROR(CheckNotDeleted(node, context));
  FASTI_ASSIGN_OR_RETURN(const std::vector<LabelId> labels,
                         context.snapshot().Labels(node, context.view()));
  std::vector<std::string> names;
  names.reserve(labels.size());
  for (const LabelId label : labels) names.push_back(context.snapshot().GetLabel(label).name);
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<Value> FactProperty(const Fact& fact, absl::string_view key,
                                   const Context& context) {
  FASTI_RETURN_IF_ERROR(CheckNotDeleted(fact, context));
  if (!fact.has_qualifiers && !fact.has_claims) return Value();
  FASTI_ASSIGN_OR_RETURN(const Map properties, FactProperties(fact, context));
  const auto found = properties.find(std::string(key));
  return found == properties.end() ? Value() : found->second;
}

absl::StatusOr<Map> FactProperties(const Fact& fact, const Context& context) {
  FASTI_RETURN_IF_ERROR(CheckNotDeleted(fact, context));
  Map properties;
  if (fact.has_qualifiers) {
    FASTI_ASSIGN_OR_RETURN(properties, context.snapshot().Qualifiers(fact));
  }
  if (fact.has_claims) {
    FASTI_ASSIGN_OR_RETURN(Map figures,
                           context.snapshot().Figures(fact, context.view().as_of, std::nullopt));
    properties.merge(std::move(figures));  // a qualifier hides a figure of the same name
  }
  return properties;
}

Period ValidOf(const Fact& fact, const Context& context) {
  return fact.valid.As(ReadingOf(context.snapshot().GetRelation(fact.relation).kind));
}

}  // namespace fasti::function
