#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/value.h"

namespace fasti {

// What is wrong with a query and where.  Every error of a Session carries one (GetQueryError).
struct QueryError {
  // Stable, in openCypher's words: "SyntaxError.UndefinedVariable",
  // "TypeError.InvalidArgumentValue"; Fasti's own: "SyntaxError.NotSupportedYet",
  // "LimitError.Time", "LimitError.Rows", "LimitError.Memory", "Cancelled".
  std::string code;
  bool at_runtime = false;  // found while running rather than while preparing
  std::string message;      // a clause: what was expected, what was found, what to do
  uint32_t line = 0;        // from 1; 0 if the place is not known
  uint32_t column = 0;      // in characters, from 1
};
std::optional<QueryError> GetQueryError(const absl::Status& status);
absl::Status MakeQueryError(const QueryError& error);

// What a statement changed, counted as an observer sees it: the net difference.
struct Effects {
  int64_t nodes_created = 0, nodes_deleted = 0;
  int64_t relationships_created = 0, relationships_deleted = 0;
  int64_t properties_set = 0, properties_removed = 0;
  int64_t labels_added = 0, labels_removed = 0;
  bool any() const {
    return nodes_created || nodes_deleted || relationships_created || relationships_deleted ||
           properties_set || properties_removed || labels_added || labels_removed;
  }
};

struct NodeView {
  EntityId id = EntityId::kNone;
  std::vector<std::string> labels;  // sorted
  Map properties;
};

struct RelationshipView {
  VersionId id = VersionId::kNone;  // its lineage
  std::string type;
  EntityId start = EntityId::kNone;
  EntityId end = EntityId::kNone;  // none for an attribute fact
  Map properties;
};

// The rows of one statement, read once from first to last.  It holds its snapshot; a statement
// that writes has been committed before its Result exists.  Used by one thread.
class Result {
 public:
  virtual ~Result() = default;

  virtual const std::vector<std::string>& columns() const = 0;
  // Puts the next row into `row`; false at the end.  Errors: limits, cancellation, runtime types.
  virtual absl::StatusOr<bool> Next(std::vector<Value>* row) = 0;

  virtual const Effects& effects() const = 0;
  // The commit at which the statement read or, for one that writes, which it made.
  virtual Sequence sequence() const = 0;

  // What nodes and relationships in the rows look like, in the statement's view.
  virtual absl::StatusOr<NodeView> Node(EntityId entity) const = 0;
  virtual absl::StatusOr<RelationshipView> Relationship(const Fact& fact) const = 0;
};

}  // namespace fasti
