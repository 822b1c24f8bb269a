#include "query/exec/changes.h"

#include <utility>

#include "engine/graph/label_term.h"
#include "fasti/status_macros.h"

namespace fasti::exec {

const Changes::Followed* Changes::Find(const Fact& fact) const {
  const auto bound = bound_of_.find(fact.version);
  const auto it = followed_.find(bound == bound_of_.end() ? fact.version : bound->second);
  return it == followed_.end() ? nullptr : &it->second;
}

bool Changes::IsDeleted(const Fact& fact) const {
  const Followed* const followed = Find(fact);
  return followed != nullptr && followed->standing.empty();
}

std::shared_ptr<const Fact> Changes::Current(const std::shared_ptr<const Fact>& fact) const {
  const Followed* const followed = Find(*fact);
  return followed == nullptr || followed->current == nullptr ? fact : followed->current;
}

std::vector<Fact> Changes::Standing(const Fact& fact) const {
  const Followed* const followed = Find(fact);
  return followed == nullptr ? std::vector<Fact>{fact} : followed->standing;
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
  created_facts_.emplace(fact.lineage, fact);
}

void Changes::FactReplaced(const Fact& old_version, std::vector<Fact> standing) {
  const auto bound = bound_of_.find(old_version.version);
  const VersionId key = bound == bound_of_.end() ? old_version.version : bound->second;
  const auto [it, is_new] = followed_.try_emplace(key);
  std::vector<Fact>& all = it->second.standing;
  std::erase_if(all, [&](const Fact& f) { return f.version == old_version.version; });
  for (const Fact& fact : standing) bound_of_.emplace(fact.version, key);
  all.insert(all.end(), standing.begin(), standing.end());
}

void Changes::FactChanged(const Fact& old_version, std::vector<Fact> standing,
                          const Fact& changed) {
  FactReplaced(old_version, std::move(standing));
  const auto bound = bound_of_.find(old_version.version);
  const VersionId key = bound == bound_of_.end() ? old_version.version : bound->second;
  bound_of_.emplace(changed.version, key);
  followed_[key].current = std::make_shared<const Fact>(changed);
}

absl::StatusOr<bool> Changes::IsGone(const Fact& before) const {
  if (!IsDeleted(before)) return false;
  // What was denied is still recorded.  Of what was deleted another portion may be left.
  FASTI_ASSIGN_OR_RETURN(const Fact now, transaction_.view().FindVersion(before.version));
  return now.gone == 0 ? true : transaction_.view().Withdrawn(before);
}

absl::StatusOr<Map> Changes::QualifiersNow(const Fact& before) const {
  const Followed* const followed = Find(before);
  const bool is_changed = followed != nullptr && followed->current != nullptr;
  return transaction_.view().Qualifiers(is_changed ? *followed->current : before);
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
  for (const auto& [lineage, created] : created_facts_) {
    if (IsDeleted(created)) continue;
    if (!created.object.is_entity()) continue;            // A property, counted with its node.
    if (created.modality == Modality::kDenied) continue;  // No pattern finds it.
    ++effects.relationships_created;
    FASTI_ASSIGN_OR_RETURN(const Map after, QualifiersNow(created));
    Compare({}, after, &effects);
  }
  for (const auto& [lineage, before] : facts_before_) {
    const auto& [fact, qualifiers] = before;
    if (!fact.object.is_entity()) continue;
    FASTI_ASSIGN_OR_RETURN(const bool is_gone, IsGone(fact));
    Map after;
    if (is_gone) {
      ++effects.relationships_deleted;
    } else {
      FASTI_ASSIGN_OR_RETURN(after, QualifiersNow(fact));
    }
    Compare(qualifiers, after, &effects);
  }
  for (const auto& [label, was_used] : labels_before_) {
    FASTI_ASSIGN_OR_RETURN(const bool is_used, IsUsed(label));
    if (is_used && !was_used) ++effects.labels_added;
    if (!is_used && was_used) ++effects.labels_removed;
  }
  return effects;
}

}  // namespace fasti::exec
