#include "tools/ingest/names/entity.h"

#include <utility>

namespace fasti::ingest {
namespace {

struct TypeWords {
  EntityType type;
  absl::string_view name;
  absl::string_view label;
};
constexpr TypeWords kTypes[] = {
    {EntityType::kUnknown, "", ""},
    {EntityType::kPerson, "person", "Person"},
    {EntityType::kOrganization, "org", "Organization"},
    {EntityType::kUnit, "unit", "Organization"},
    {EntityType::kProduct, "product", "Product"},
    {EntityType::kPlace, "place", "Place"},
    {EntityType::kProject, "project", "Project"},
    {EntityType::kFacility, "facility", "Facility"},
};

const TypeWords& WordsOf(EntityType type) {
  return kTypes[static_cast<size_t>(type)];
}

}  // namespace

absl::string_view EntityTypeName(EntityType type) {
  return WordsOf(type).name;
}

std::optional<EntityType> EntityTypeFromName(absl::string_view name) {
  for (const TypeWords& words : kTypes) {
    if (!name.empty() && words.name == name) return words.type;
  }
  return std::nullopt;
}

absl::string_view EntityLabel(EntityType type) {
  return WordsOf(type).label;
}

}  // namespace fasti::ingest
