#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fasti/snapshot.h"
#include "query/plan/logical_plan.h"

namespace fasti::plan {

// Rough numbers about the database.  They choose between plans and never change an answer.
// A failure to read counts as nothing here: the run will meet and report it, if it stays.
class Estimates {
 public:
  explicit Estimates(const Snapshot& snapshot) : snapshot_(snapshot) {}

  double Entities() const;
  double WithLabel(const std::string& label) const;
  // Entities that have the value of an expression in an attribute.
  double WithAttribute(const std::string& key, const Expression& value) const;
  // Facts of the relations that a view shows.
  double Facts(const RelationFilter& filter, const ViewPtr& view) const;

  // Some entities of a node, of which the others are thought to be alike.
  std::vector<EntityId> SampleWithLabel(const std::string& label) const;
  std::vector<EntityId> SampleWithAttribute(const std::string& key, const Value& value) const;
  // Facts of those relations that one entity has, on the side that `direction` says: on average of
  // `sample`, or if that is empty, of all entities.  Whatever time a view shows of them.
  double Degree(const RelationFilter& filter, Direction direction,
                const std::vector<EntityId>& sample) const;

 private:
  // Nullopt if the filter names relations and none of them is known.
  std::optional<Pattern> PatternOf(const RelationFilter& filter) const;
  double Count(const Pattern& pattern) const;
  std::vector<EntityId> Subjects(const Pattern& pattern) const;

  const Snapshot& snapshot_;
  mutable std::optional<double> entities_;
};

}  // namespace fasti::plan
