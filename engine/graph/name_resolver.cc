#include "engine/graph/name_resolver.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/text.h"
#include "engine/graph/name_index.h"
#include "fasti/status_macros.h"

namespace fasti::graph {
namespace {

constexpr absl::string_view kNameKey = "name";
constexpr absl::string_view kAliasKey = "alias";

}  // namespace

absl::StatusOr<std::vector<EntityId>> NameResolver::Find(const EntityName& name) {
  const auto known = meanings_.find({name.name, name.label});
  if (known != meanings_.end()) return std::vector<EntityId>{known->second.entity};
  for (const std::string* text : {&name.name, &name.label}) {
    if (FindInvalidUtf8(*text)) {
      return absl::InvalidArgumentError(
          absl::StrCat("entity: expected valid UTF-8 text, found '", Excerpt(*text), "'"));
    }
  }
  if (!FoldedName(name.name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("entity: expected a name, found '", Excerpt(name.name), "'"));
  }
  FASTI_ASSIGN_OR_RETURN(std::vector<EntityId> entities, Candidates(name));
  if (entities.size() == 1) meanings_[{name.name, name.label}].entity = entities.front();
  return entities;
}

absl::StatusOr<EntityId> NameResolver::Resolve(const EntityName& name) {
  FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> entities, Find(name));
  FASTI_CHECK(entities.size() <= 1);
  Meaning& meaning = meanings_[{name.name, name.label}];
  if (entities.empty()) {
    FASTI_ASSIGN_OR_RETURN(meaning.entity, transaction_.CreateEntity());
    FASTI_RETURN_IF_ERROR(AddName(meaning.entity, kNameKey, name.name));
    ++created_;
  }
  if (!meaning.enriched || !name.aliases.empty()) {
    FASTI_RETURN_IF_ERROR(Enrich(meaning.entity, name));
  }
  meaning.enriched = true;
  return meaning.entity;
}

absl::StatusOr<std::vector<EntityId>> NameResolver::Candidates(const EntityName& name) const {
  const SnapshotImpl& view = transaction_.view();
  FASTI_ASSIGN_OR_RETURN(std::vector<EntityId> entities, view.BearersOf(name.name));
  if (entities.empty()) {
    std::set<EntityId> by_alias;
    for (const std::string& alias : name.aliases) {
      FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> found, view.BearersOf(alias));
      by_alias.insert(found.begin(), found.end());
    }
    FASTI_ASSIGN_OR_RETURN(entities, view.FirstOfEach({by_alias.begin(), by_alias.end()}));
  }
  if (entities.size() <= 1 || name.label.empty()) return entities;
  FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> labelled, WithLabel(entities, name.label));
  return labelled.size() == 1 ? labelled : entities;
}

absl::StatusOr<std::vector<EntityId>> NameResolver::WithLabel(const std::vector<EntityId>& entities,
                                                              absl::string_view label) const {
  const SnapshotImpl& view = transaction_.view();
  std::vector<EntityId> labelled;
  const LabelInfo* info = view.state().catalog->FindLabel(label);
  if (info == nullptr) return labelled;
  for (const EntityId entity : entities) {
    FASTI_ASSIGN_OR_RETURN(const std::vector<LabelId> labels, view.Labels(entity));
    if (std::any_of(labels.begin(), labels.end(),
                    [&](LabelId own) { return view.state().catalog->IsA(own, info->id); })) {
      labelled.push_back(entity);
    }
  }
  return labelled;
}

absl::Status NameResolver::Enrich(EntityId entity, const EntityName& name) {
  if (!name.label.empty()) {
    FASTI_ASSIGN_OR_RETURN(const LabelId label, transaction_.InternLabel(name.label));
    FASTI_RETURN_IF_ERROR(transaction_.AddLabel(entity, label));
  }
  std::vector<absl::string_view> names(name.aliases.begin(), name.aliases.end());
  names.push_back(name.name);  // found by an alias, it has gained a name
  for (const absl::string_view alias : names) {
    if (!FoldedName(alias)) continue;  // nothing by which it could be found
    FASTI_ASSIGN_OR_RETURN(const std::vector<EntityId> bearers,
                           transaction_.view().EntitiesNamed(alias));
    if (bearers.empty()) FASTI_RETURN_IF_ERROR(AddName(entity, kAliasKey, alias));
  }
  return absl::OkStatus();
}

absl::Status NameResolver::AddName(EntityId entity, absl::string_view key, absl::string_view name) {
  FASTI_ASSIGN_OR_RETURN(const RelationId attribute, transaction_.InternAttribute(key));
  return transaction_.Assert({.subject = entity, .relation = attribute, .object = Value(name)})
      .status();
}

}  // namespace fasti::graph
