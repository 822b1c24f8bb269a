#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tools/ingest/text/document.h"

// What the names of an article stand for.

namespace fasti::ingest {

enum class EntityType : uint8_t {
  kUnknown,
  kPerson,
  kOrganization,
  kUnit,  // a division, a brand or a service that acts under a name of its own
  kProduct,
  kPlace,
  kProject,
  kFacility,
};
// "person", "org", "unit", "product", "place", "project", "facility"; "" for kUnknown.
absl::string_view EntityTypeName(EntityType type);
std::optional<EntityType> EntityTypeFromName(absl::string_view name);
// The label under which the database keeps entities of this type: "Organization", ...
absl::string_view EntityLabel(EntityType type);

// A set of types: bit 1 << type.
using TypeMask = uint16_t;
constexpr TypeMask MaskOf(EntityType type) {
  return static_cast<TypeMask>(1u << static_cast<unsigned>(type));
}

// One entity of an article, under all the names the article gives it.
struct NamedEntity {
  std::string name;  // canonical
  EntityType type = EntityType::kUnknown;
  // The type was told (a gazetteer, an apposition, a legal form), not guessed from the shape.
  bool type_certain = false;
  // A newspaper, which tells news of others, or a family: no "company" means it.
  bool no_company = false;
  std::vector<std::string> forms;  // as written, each once
  uint32_t mentions = 0;           // how often the article names it
};

// A place where an entity is named.
struct Mention {
  TokenRange tokens;
  uint32_t entity = 0;  // index into Names::entities
};

// The named entities of one article.
struct Names {
  std::vector<NamedEntity> entities;
  std::vector<Mention> mentions;  // in order, without overlap
};

}  // namespace fasti::ingest
