#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/torture/told_time.h"

// What a database is meant to answer, without one: rows in a list, and questions that try every
// combination of them.  Questions are trees that can be printed as statements of the query
// language.  Nothing here is shared with the engine.

namespace fasti::torture {

// A version of a fact between two entities or of an attribute.
struct Row {
  uint64_t lineage = 0;
  int subject = 0;
  std::string relation;               // ".size": an attribute
  std::variant<int, int64_t> object;  // an entity or a value
  Told valid;
  Micros known_from = kBegin;
  Micros known_to = kEnd;
  Micros recorded_from = 0;
  Micros recorded_to = kEnd;
  std::optional<int64_t> k;  // its only qualifier
};

// A view, resolved: nothing is left to look up.
struct Scope {
  enum class Kind : uint8_t { kAt, kDuring, kBefore, kAfter };
  Kind kind;
  Told time;
  Dating dating = Dating::kExact;
};
struct View {
  std::optional<Scope> valid;
  std::optional<std::string> valid_of;  // `valid`'s time is that of the fact bound to this
  std::optional<Told> as_of;
  std::optional<Told> as_recorded;
};

struct NodePattern {
  std::string variable;
  std::optional<std::string> name;
  std::optional<std::string> label;
};
struct EdgePattern {
  std::string variable;
  std::vector<std::string> relations;
  enum class Direction : uint8_t { kOut, kIn, kBoth } direction = Direction::kOut;
  std::optional<int64_t> k;
};

// A condition on what is bound.
struct Condition {
  enum class Kind : uint8_t {
    kAnd,      // of `parts`
    kOr,       // of `parts`
    kNot,      // of parts[0]
    kTime,     // fact `left` relates to fact `right`, or to `time`
    kName,     // left.name = text
    kNames,    // left.name < right.name
    kK,        // left.k > number
    kKIsNull,  // left.k IS NULL
    kSize,     // left.size < number
  };
  Kind kind;
  std::vector<Condition> parts;
  std::string left, right;
  Relate relate = Relate::kOverlaps;
  std::optional<int> gap_days;
  Told time;
  std::string text;
  int64_t number = 0;
};

struct Match {
  bool is_optional = false;
  int first = 0;  // FIRST n; LAST -n
  std::vector<NodePattern> nodes;
  std::vector<EdgePattern> edges;  // between them; one less
  View view;
  std::optional<Condition> where;
};

struct Item {
  enum class Kind : uint8_t { kName, kValid, kType, kK, kSize, kValue, kCount, kCountNames };
  Kind kind;
  std::string variable;
};

struct Question {
  View prefix;
  std::vector<Match> matches;
  bool is_distinct = false;
  std::vector<Item> items;
  // By all items, in order, so that no two different rows are equal; then a limit makes sense.
  bool is_ordered = false;
  bool is_descending = false;
  std::optional<uint64_t> limit;
};

// "@2025-06..", or a call where a literal cannot say it.
std::string Literal(const Told& told);
std::string TextOf(const Question& question);

// A cell as the language prints it.
using Cells = std::vector<std::string>;

class ReferenceModel {
 public:
  ReferenceModel(std::vector<std::string> names, std::vector<std::string> labels)
      : names_(std::move(names)), labels_(std::move(labels)) {}

  std::vector<Row> rows;
  Micros now = 0;

  // Rows in order if the question is ordered.
  std::vector<Cells> Answer(const Question& question) const;

  static Dating DatingOf(const std::string& relation);

 private:
  struct Bound {
    int node = -1;
    const Row* row = nullptr;
    View view;  // in which it was bound
  };
  using Bindings = std::map<std::string, Bound>;

  std::vector<Bindings> Apply(const Match& match, const View& prefix, const Bindings& before) const;
  void Extend(const Match& match, const View& view, size_t step, Bindings* bindings,
              std::vector<const Row*>* path,
              std::vector<std::pair<Bindings, std::vector<const Row*>>>* found) const;
  bool BindNode(const NodePattern& pattern, int node, const View& view, Bindings* bindings) const;
  bool IsSeen(const Row& row, const View& view) const;
  std::optional<int64_t> SizeOf(const Bound& node) const;
  std::optional<bool> Test(const Condition& condition, const Bindings& bindings) const;
  std::string CellOf(const Item& item, const Bindings& bindings) const;

  const std::vector<std::string> names_;
  const std::vector<std::string> labels_;  // of each entity
};

}  // namespace fasti::torture
