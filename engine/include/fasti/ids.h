#pragma once

#include <cstdint>
#include <type_traits>

// The names by which the engine knows its things.  Each is a type of its own, so that an entity
// cannot be passed where a relation is meant; the number zero is never given out.

namespace fasti {

// An entity: a company, a person, a source.  Given out in order of creation, never reused.
enum class EntityId : uint64_t { kNone = 0 };

// A relation, or the key of an attribute.  Small and dense.
enum class RelationId : uint32_t { kNone = 0 };

// A label of entities ("Company").  Small and dense.
enum class LabelId : uint32_t { kNone = 0 };

// One version of a fact.  It is the position at which the version entered the log, so versions
// are ordered by when they were recorded; the first version of a fact is also its lineage.
enum class VersionId : uint64_t { kNone = 0 };

// The position of a commit in the log: everything with a version up to it belongs to its state.
using Sequence = uint64_t;

template <typename Id>
constexpr auto Raw(Id id) {
  return static_cast<std::underlying_type_t<Id>>(id);
}

}  // namespace fasti
