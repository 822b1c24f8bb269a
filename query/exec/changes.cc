#include "query/exec/changes.h"

#include "engine/graph/label_term.h"
#include "fasti/status_macros.h"

namespace fasti::exec {

std::shared_ptr<const Fact> Changes::Current(const std::shared_ptr<const Fact>& fact) const {
  const auto it = newest_.find(fact->lineage);
  return it == newest_.end() ? fact : it->second;
}

absl::Status Changes::TouchNode(EntityId node) {
  if (created_nodes_.contains(node) || nodes_before_.contains(node)) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(nodes_before_[node], transaction_.view().Attributes(node, View()));
  return absl::OkStatus();
}

absl::Status Changes::TouchFact(const Fact& fact) {
  if (created_facts_.contains(fact.lineage) || facts_before_.contains(fact.lineage)) {
    return absl::OkStatus();
  }
  FASTI_ASSIGN_OR_RETURN(Map qualifiers, transaction_.view().Qualifiers(fact));
  facts_before_[fact.lineage] = {fact, std::move(qualifiers)};
  return absl::OkStatus();
}

absl::Status Changes::TouchLabel(LabelId label) {
  if (labels_before_.contains(label)) return absl::OkStatus();
  FASTI_ASSIGN_OR_RETURN(labels_before_[label], IsUsed(label));
  return absl::OkStatus();
}

absl::StatusOr<bool> Changes::IsUsed(LabelId label) const {
  Pattern pattern;
  pattern.object = graph::LabelTerm(label);
  pattern.relations = {kLabel};
  FASTI_ASSIGN_OR_RETURN(std::unique_ptr<FactCursor> cursor, transaction_.view().Scan(pattern));
  Fact fact;
  FASTI_ASSIGN_OR_RETURN(const size_t found, cursor->Next(absl::MakeSpan(&fact, 1)));
  return found > 0;
}

void Changes::FactCreated(const Fact& fact) {
  created_facts_.insert(fact.lineage);
  newest_[fact.lineage] = std::make_shared<const Fact>(fact);
}

void Changes::FactReplaced(const Fact& old_version, const Fact& new_version) {
  newest_[old_version.lineage] = std::make_shared<const Fact>(new_version);
}

void Changes::Compare(const Map& before, const Map& after, Effects* effects) {
  const auto has_same = [](const Map& map, const std::string& key, const Value& value) {
    const auto it = map.find(key);
    return it != map.end() && it->second.kind() == value.kind() && SameValue(it->second, value);
  };
  for (const auto& [key, value] : before) {
    if (!has_same(after, key, value)) ++effects->properties_removed;
  }
  for (const auto& [key, value] : after) {
    if (!has_same(before, key, value)) ++effects->properties_set;
  }
}

absl::StatusOr<Effects> Changes::NetEffects() const {
  const Snapshot& view = transaction_.view();
  Effects effects;
  for (EntityId node : created_nodes_) {
    if (IsDeleted(node)) continue;
    ++effects.nodes_created;
    FASTI_ASSIGN_OR_RETURN(const Map after, view.Attributes(node, View()));
    Compare({}, after, &effects);
  }
  for (EntityId node : deleted_nodes_) {
    if (!created_nodes_.contains(node)) ++effects.nodes_deleted;
  }
  for (const auto& [node, before] : nodes_before_) {
    Map after;
    if (!IsDeleted(node)) {
      FASTI_ASSIGN_OR_RETURN(after, view.Attributes(node, View()));
    }
    Compare(before, after, &effects);
  }
  const auto qualifiers_now = [&](VersionId lineage, const Fact* known) -> absl::StatusOr<Map> {
    const auto it = newest_.find(lineage);
    return view.Qualifiers(it != newest_.end() ? *it->second : *known);
  };
  for (VersionId lineage : created_facts_) {
    if (deleted_facts_.contains(lineage)) continue;
    if (!newest_.at(lineage)->object.is_entity()) continue;  // A property, counted with its node.
    if (newest_.at(lineage)->modality == Modality::kDenied) continue;  // No pattern finds it.
    ++effects.relationships_created;
    FASTI_ASSIGN_OR_RETURN(const Map after, qualifiers_now(lineage, nullptr));
    Compare({}, after, &effects);
  }
  for (const auto& [lineage, before] : facts_before_) {
    if (!before.first.object.is_entity()) continue;
    if (deleted_facts_.contains(lineage)) {
      ++effects.relationships_deleted;
      Compare(before.second, {}, &effects);
      continue;
    }
    FASTI_ASSIGN_OR_RETURN(const Map after, qualifiers_now(lineage, &before.first));
    Compare(before.second, after, &effects);
  }
  for (const auto& [label, was_used] : labels_before_) {
    FASTI_ASSIGN_OR_RETURN(const bool is_used, IsUsed(label));
    if (is_used && !was_used) ++effects.labels_added;
    if (!is_used && was_used) ++effects.labels_removed;
  }
  return effects;
}

}  // namespace fasti::exec
