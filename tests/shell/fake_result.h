#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fasti/fact.h"
#include "fasti/result.h"

namespace fasti::shell {

// Rows that a test wrote down, with nodes and relationships it describes.
class FakeResult : public Result {
 public:
  FakeResult(std::vector<std::string> columns, std::vector<std::vector<Value>> rows)
      : columns_(std::move(columns)), rows_(std::move(rows)) {}

  std::map<EntityId, NodeView> nodes;
  std::map<VersionId, RelationshipView> relationships;
  absl::Status end = absl::OkStatus();  // told instead of the end

  const std::vector<std::string>& columns() const override { return columns_; }
  absl::StatusOr<bool> Next(std::vector<Value>* row) override {
    if (next_ < rows_.size()) {
      *row = rows_[next_++];
      return true;
    }
    if (!end.ok()) return end;
    return false;
  }
  const Effects& effects() const override { return effects_; }
  Sequence sequence() const override { return 1; }
  absl::StatusOr<NodeView> Node(EntityId entity) const override { return nodes.at(entity); }
  absl::StatusOr<RelationshipView> Relationship(const Fact& fact) const override {
    return relationships.at(fact.lineage);
  }

 private:
  std::vector<std::string> columns_;
  std::vector<std::vector<Value>> rows_;
  size_t next_ = 0;
  Effects effects_;
};

// Two companies, a deal between them, and a path along it.
inline FakeResult DealResult(std::vector<std::string> columns,
                             std::vector<std::vector<Value>> rows) {
  FakeResult result(std::move(columns), std::move(rows));
  const EntityId a = static_cast<EntityId>(1), b = static_cast<EntityId>(2);
  result.nodes[a] = {a, {"Company"}, {{"name", Value("Orion")}}};
  result.nodes[b] = {b, {"Company", "Start up"}, {}};
  const VersionId id = static_cast<VersionId>(9);
  result.relationships[id] = {id, "invests_in", a, b, {{"stake", Value(int64_t{49})}}};
  return result;
}

inline Fact DealFact() {
  Fact fact;
  fact.subject = static_cast<EntityId>(1);
  fact.object = Term::Entity(static_cast<EntityId>(2));
  fact.version = fact.lineage = static_cast<VersionId>(9);
  return fact;
}

}  // namespace fasti::shell
