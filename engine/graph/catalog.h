#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/storage/store.h"
#include "fasti/fact.h"
#include "fasti/ids.h"
#include "fasti/relation.h"

namespace fasti::graph {

// The names of relations, attribute keys and labels, wholly in memory.  A Catalog that readers
// hold never changes: a transaction that brings a new name copies it first, and the commit puts
// the copy in its place.  Relations and attribute keys share one sequence of ids.
class Catalog {
 public:
  Catalog();  // the reserved relations only

  // Reads every record of family `default`.  DATA_LOSS if one does not decode.
  static absl::StatusOr<std::shared_ptr<const Catalog>> Load(const storage::Store& store);

  const RelationInfo* FindRelation(absl::string_view name) const;
  const RelationInfo* FindAttribute(absl::string_view key) const;
  const LabelInfo* FindLabel(absl::string_view name) const;
  // Null for an id that was never given out.
  const RelationInfo* GetRelation(RelationId id) const;
  const LabelInfo* GetLabel(LabelId id) const;

  // How vague dates of the relation's facts are read.
  Reading ReadingOf(RelationId id) const {
    const uint32_t raw = Raw(id);
    return raw < readings_.size() ? readings_[raw] : Reading::kState;
  }
  std::vector<RelationInfo> Relations() const;  // in order of id, reserved ones left out
  const std::vector<LabelInfo>& labels() const { return labels_; }
  // `label` and every label below it.
  std::vector<LabelId> Subtypes(LabelId label) const;
  // Whether `label` is `ancestor` or below it.
  bool IsA(LabelId label, LabelId ancestor) const;

  // Adds or replaces; the id is info.id, or the next free one if that is kNone.
  RelationId Put(RelationInfo info);
  LabelId Put(LabelInfo info);

 private:
  std::vector<RelationInfo> relations_;  // by id; the name is empty where none was given out
  std::vector<Reading> readings_;        // by id
  std::vector<LabelInfo> labels_;        // by id - 1
  absl::flat_hash_map<std::string, uint32_t> relation_names_;
  absl::flat_hash_map<std::string, uint32_t> attribute_names_;
  absl::flat_hash_map<std::string, uint32_t> label_names_;
};

}  // namespace fasti::graph
