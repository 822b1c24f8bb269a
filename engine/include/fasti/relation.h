#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fasti/fact.h"
#include "fasti/ids.h"

namespace fasti {

// How the figures of a fact are chosen among its claims.  The numbers are stored.
enum class Policy : uint8_t {
  kLatest = 0,    // of the latest publication
  kFirst = 1,     // of the first publication
  kMajority = 2,  // told most often
  kMedian = 3,
  kMin = 4,
  kMax = 5,
  kRange = 6,    // a quantity from the least to the greatest
  kTrusted = 7,  // of the claim with the highest confidence
};
absl::string_view PolicyName(Policy policy);
std::optional<Policy> PolicyFromName(absl::string_view name);

// What a relation, or the key of an attribute, was declared to be.  A name that was used without
// being declared has every default.
struct RelationInfo {
  RelationId id = RelationId::kNone;
  std::string name;
  bool is_attribute = false;  // `.revenue` rather than `revenue`: its objects are literals
  RelationKind kind = RelationKind::kUndeclared;
  bool symmetric = false;   // (a)-[r]->(b) is (b)-[r]->(a)
  bool functional = false;  // a subject has one object at a time
  std::string inverse;      // the name by which the same facts are told from the object's side
  std::string unit;         // of a metric
  Policy policy = Policy::kLatest;
  std::string subject_type;  // declared labels; empty: any
  std::string object_type;
  // Qualifiers that belong to the identity of a fact ("role"); every other one of a report is a
  // figure of its claim.
  std::vector<std::string> key_qualifiers;
  // Two dated tellings of one EVENT this many days apart are still one event.
  uint32_t merge_window_days = 0;
};

struct LabelInfo {
  LabelId id = LabelId::kNone;
  std::string name;
  LabelId parent = LabelId::kNone;  // CREATE TYPE Company IS Organization
};

// Relations that the engine uses for itself.  They never appear in patterns or properties.
inline constexpr RelationId kExists = static_cast<RelationId>(1);  // the entity, object 0
inline constexpr RelationId kLabel = static_cast<RelationId>(2);   // one row per label
inline constexpr RelationId kSameAs = static_cast<RelationId>(3);  // two entities are one
inline constexpr RelationId kFirstUserRelation = static_cast<RelationId>(16);

}  // namespace fasti
