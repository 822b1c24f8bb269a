#include "query/exec/merged_nodes.h"

#include <vector>

#include "fasti/status_macros.h"

namespace fasti::exec {

absl::StatusOr<std::optional<EntityId>> NodeIn(const View& view, std::optional<EntityId> node,
                                               const Snapshot& snapshot) {
  if (!node.has_value() || !snapshot.AnyMerged()) return node;
  FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> members, snapshot.Members(*node, view));
  return std::optional<EntityId>(members.front());
}

absl::StatusOr<bool> AnyMemberHas(const View& view, EntityId node, const std::string& key,
                                  const Value& wanted, const Snapshot& snapshot) {
  const std::optional<RelationInfo> attribute = snapshot.FindAttribute(key);
  if (!attribute.has_value() || !snapshot.AnyMerged()) return false;
  FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> members, snapshot.Members(node, view));
  if (members.size() == 1) return false;
  View apart = view;
  apart.apart = true;
  for (const EntityId member : members) {
    FASTI_ASSIGN_OR_RETURN(const Value own, snapshot.Attribute(member, attribute->id, apart));
    if (ValueEquals(own, wanted) == Truth::kTrue) return true;
  }
  return false;
}

}  // namespace fasti::exec
