#include "engine/graph/catalog.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/codec/catalog_record.h"
#include "engine/graph/scan_prefix.h"
#include "fasti/status_macros.h"

namespace fasti::graph {

Catalog::Catalog() {
  const std::pair<RelationId, absl::string_view> reserved[] = {
      {kExists, "exists"}, {kLabel, "label"}, {kSameAs, "same_as"}};
  relations_.resize(Raw(kFirstUserRelation));
  readings_.resize(relations_.size(), Reading::kState);
  for (const auto& [id, name] : reserved) {
    relations_[Raw(id)] = {.id = id, .name = std::string(name)};
  }
}

absl::StatusOr<std::shared_ptr<const Catalog>> Catalog::Load(const storage::Store& store) {
  auto catalog = std::make_shared<Catalog>();
  FASTI_RETURN_IF_ERROR(
      ScanPrefix(store, storage::Family::kDefault, codec::RelationPrefix(),
                 [&](absl::string_view, absl::string_view value) -> absl::Status {
                   FASTI_ASSIGN_OR_RETURN(RelationInfo info, codec::DecodeRelation(value));
                   if (Raw(info.id) < Raw(kFirstUserRelation)) {
                     return absl::DataLossError(absl::StrCat(
                         "catalog: relation '", info.name, "' has the reserved id ", Raw(info.id)));
                   }
                   catalog->Put(std::move(info));
                   return absl::OkStatus();
                 }));
  FASTI_RETURN_IF_ERROR(ScanPrefix(
      store, storage::Family::kDefault, codec::LabelPrefix(),
      [&](absl::string_view, absl::string_view value) -> absl::Status {
        FASTI_ASSIGN_OR_RETURN(LabelInfo info, codec::DecodeLabel(value));
        if (info.id == LabelId::kNone || Raw(info.id) > catalog->labels_.size() + 1) {
          return absl::DataLossError(absl::StrCat(
              "catalog: expected label ", catalog->labels_.size() + 1, ", found ", Raw(info.id)));
        }
        catalog->Put(std::move(info));
        return absl::OkStatus();
      }));
  return catalog;
}

const RelationInfo* Catalog::FindRelation(absl::string_view name) const {
  const auto it = relation_names_.find(name);
  return it == relation_names_.end() ? nullptr : &relations_[it->second];
}

const RelationInfo* Catalog::FindAttribute(absl::string_view key) const {
  const auto it = attribute_names_.find(key);
  return it == attribute_names_.end() ? nullptr : &relations_[it->second];
}

const LabelInfo* Catalog::FindLabel(absl::string_view name) const {
  const auto it = label_names_.find(name);
  return it == label_names_.end() ? nullptr : &labels_[it->second - 1];
}

const RelationInfo* Catalog::GetRelation(RelationId id) const {
  const uint32_t raw = Raw(id);
  return raw < relations_.size() && !relations_[raw].name.empty() ? &relations_[raw] : nullptr;
}

const LabelInfo* Catalog::GetLabel(LabelId id) const {
  const uint32_t raw = Raw(id);
  return raw >= 1 && raw <= labels_.size() ? &labels_[raw - 1] : nullptr;
}

std::vector<RelationInfo> Catalog::Relations() const {
  std::vector<RelationInfo> relations;
  for (size_t i = Raw(kFirstUserRelation); i < relations_.size(); ++i) {
    if (!relations_[i].name.empty()) relations.push_back(relations_[i]);
  }
  return relations;
}

std::vector<LabelId> Catalog::Subtypes(LabelId label) const {
  std::vector<LabelId> subtypes;
  for (const LabelInfo& info : labels_) {
    if (IsA(info.id, label)) subtypes.push_back(info.id);
  }
  return subtypes;
}

bool Catalog::IsA(LabelId label, LabelId ancestor) const {
  // Declarations refuse cycles; the bound keeps damaged records from looping for ever.
  for (size_t steps = 0; steps <= labels_.size(); ++steps) {
    if (label == ancestor) return true;
    const LabelInfo* info = GetLabel(label);
    if (info == nullptr || info->parent == LabelId::kNone) return false;
    label = info->parent;
  }
  return false;
}

RelationId Catalog::Put(RelationInfo info) {
  if (info.id == RelationId::kNone) {
    info.id = static_cast<RelationId>(relations_.size());
  }
  const RelationId id = info.id;
  if (Raw(id) >= relations_.size()) {
    relations_.resize(Raw(id) + 1);
    readings_.resize(relations_.size(), Reading::kState);
  }
  (info.is_attribute ? attribute_names_ : relation_names_)[info.name] = Raw(id);
  readings_[Raw(id)] = fasti::ReadingOf(info.kind);
  relations_[Raw(id)] = std::move(info);
  return id;
}

LabelId Catalog::Put(LabelInfo info) {
  if (info.id == LabelId::kNone) {
    info.id = static_cast<LabelId>(labels_.size() + 1);
  }
  const LabelId id = info.id;
  if (Raw(id) > labels_.size()) labels_.resize(Raw(id));
  label_names_[info.name] = Raw(id);
  labels_[Raw(id) - 1] = std::move(info);
  return id;
}

}  // namespace fasti::graph
