#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fasti/snapshot.h"
#include "query/plan/expression.h"

// A plan is a chain of nodes, each of which turns the rows of its input into rows.  A row is an
// array of values, one per slot; the binder gives every variable a slot of its own.
//
// The binder leaves each MATCH as one Match node, which says what is sought; the optimizer turns
// it into scans, expansions and filters, which say how.

namespace fasti::plan {

enum class Direction : uint8_t { kOut, kIn, kBoth };

// One name in [:A|.b|.*].
struct RelationName {
  std::string name;
  bool is_attribute = false;
  friend bool operator==(const RelationName&, const RelationName&) = default;
};

// What a relationship of a pattern may be.  No names: any fact between entities.
struct RelationFilter {
  std::vector<RelationName> names;
  bool any_attribute = false;  // .*
  // True if all of it are attributes, whose objects are literals.
  bool attributes_only() const;
  friend bool operator==(const RelationFilter&, const RelationFilter&) = default;
};

struct PatternNode {
  Slot slot = kNoSlot;
  bool bound = false;    // by a clause before this one
  bool literal = false;  // the value of an attribute rather than an entity
  std::string label;     // one that it surely has, for the choice of access path; may be empty
};

struct PatternEdge {
  Slot slot = kNoSlot;  // a relationship; a list of them if `var_length`
  bool bound = false;
  int from = 0;  // indexes among the nodes of the pattern, in the order written
  int to = 0;
  Direction direction = Direction::kOut;
  RelationFilter relations;
  bool var_length = false;
  uint32_t hops_min = 1;
  std::optional<uint32_t> hops_max;
  // What each relationship of a variable length must fulfil, as the local variable `hop`.
  std::vector<ExpressionPtr> hop_predicates;
  Slot hop = kNoSlot;
};

struct PatternGraph {
  std::vector<PatternNode> nodes;
  std::vector<PatternEdge> edges;
};

struct Node {
  enum class Kind : uint8_t {
    kUnit,
    kArgument,
    kMatch,
    kNodeScan,
    kRelationScan,
    kExpand,
    kVarExpand,
    kStartCount,
    kBoundEdge,
    kFilter,
    kProject,
    kAggregate,
    kWindow,
    kSort,
    kDistinct,
    kSkip,
    kLimit,
    kUnwind,
    kUnion,
    kOptional,
    kSelect,
    kRank,
    kCreate,
    kMerge,
    kSet,
    kDelete,
  };

  explicit Node(Kind node_kind) : kind(node_kind) {}
  virtual ~Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  const Kind kind;
  std::unique_ptr<Node> input;  // none for leaves and for Union
  double rows = 1;              // estimate of how many it yields
  // Slots of the input that rows above still need (the pass `FindLiveSlots`).
  std::vector<Slot> carry;
};
using NodePtr = std::unique_ptr<Node>;

struct Unit : Node {  // one row that holds nothing
  Unit() : Node(Kind::kUnit) {}
};

struct Argument : Node {  // the row for which an inner plan runs
  Argument() : Node(Kind::kArgument) {}
};

struct Assignment {
  Slot slot = kNoSlot;
  ExpressionPtr value;
};

struct Match : Node {
  Match() : Node(Kind::kMatch) {}
  PatternGraph graph;
  std::vector<Assignment> paths;
  std::vector<ExpressionPtr> predicates;  // all must be true
  ViewPtr view;
};

// Entities, for each row of the input.
struct NodeScan : Node {
  NodeScan() : Node(Kind::kNodeScan) {}
  enum class Access : uint8_t { kAll, kLabel, kAttribute };
  Access access = Access::kAll;
  Slot node = kNoSlot;
  std::string label;    // of kLabel; of kAttribute where the value has no index: may be empty
  std::string key;      // of kAttribute
  ExpressionPtr value;  // of kAttribute
  ViewPtr view;
};

// Facts of some relations with both their ends, for each row of the input.
struct RelationScan : Node {
  RelationScan() : Node(Kind::kRelationScan) {}
  Slot from = kNoSlot, edge = kNoSlot, to = kNoSlot;
  Direction direction = Direction::kOut;
  RelationFilter relations;
  std::vector<Slot> differs_from;  // relationships of the same MATCH
  ViewPtr view;
  std::optional<StartOrder> order;  // in which its facts come (the pass `RankByStart`)
};

// Facts of the entity in `from`.
struct Expand : Node {
  explicit Expand(Kind node_kind = Kind::kExpand) : Node(node_kind) {}
  Slot from = kNoSlot, edge = kNoSlot, to = kNoSlot;
  bool to_bound = false;  // `to` holds the other end already
  Direction direction = Direction::kOut;
  RelationFilter relations;
  std::vector<Slot> differs_from;
  ViewPtr view;
  // What else is asked of the valid time of a fact, by relationships of the same row (the pass
  // `ScopeExpansions`).
  std::vector<ViewSpec::Scope> scopes;
  std::optional<StartOrder> order;
};

// How many facts began in each granule of the calendar, for each row of the input: one row per
// granule, or more.  The pass `CountStarts` makes it.
struct StartCount : Node {
  StartCount() : Node(Kind::kStartCount) {}
  Slot from = kNoSlot, to = kNoSlot;  // ends that are known; kNoSlot: any
  Direction direction = Direction::kOut;
  RelationFilter relations;
  ViewPtr view;
  Precision precision = Precision::kCentury;
  Slot start = kNoSlot;  // the first day of the granule; null for facts without a start
  Slot count = kNoSlot;
};

// Walks from the entity in `from`, no relationship twice; `edge` holds the list.
struct VarExpand : Expand {
  VarExpand() : Expand(Kind::kVarExpand) {}
  uint32_t hops_min = 1;
  std::optional<uint32_t> hops_max;
  std::vector<ExpressionPtr> hop_predicates;
  Slot hop = kNoSlot;
  bool reversed = false;  // the pattern is written from `to` to `from`: the list is, too
};

// The ends of a relationship, or of a list of them, that a clause before bound.
struct BoundEdge : Node {
  BoundEdge() : Node(Kind::kBoundEdge) {}
  Slot from = kNoSlot, edge = kNoSlot, to = kNoSlot;
  bool from_bound = false, to_bound = false;
  Direction direction = Direction::kOut;
  RelationFilter relations;
  std::vector<Slot> differs_from;
  bool var_length = false;
  uint32_t hops_min = 1;
  std::optional<uint32_t> hops_max;
  ViewPtr view;
};

struct Filter : Node {
  Filter() : Node(Kind::kFilter) {}
  std::vector<ExpressionPtr> predicates;
};

struct Project : Node {
  Project() : Node(Kind::kProject) {}
  std::vector<Assignment> items;
};

struct Aggregate : Node {
  Aggregate() : Node(Kind::kAggregate) {}
  struct Call {
    Slot slot = kNoSlot;
    const function::Function* function = nullptr;
    bool distinct = false;
    std::vector<ExpressionPtr> args;
    Place place;
  };
  std::vector<Assignment> keys;
  std::vector<Call> calls;
  // Values that a group has if all its rows agree on them, else null: the operands of views.
  std::vector<Assignment> agreed;
};

struct Sort : Node {
  Sort() : Node(Kind::kSort) {}
  struct Key {
    ExpressionPtr value;
    bool descending = false;
  };
  std::vector<Key> keys;
  std::vector<Slot> ties;     // break ties in this order
  ExpressionPtr skip, limit;  // only rows in [skip, skip + limit) are wanted; may be absent
  // The first key is the valid time of a fact, and rows come in the order of its start (the pass
  // `RankByStart`).
  bool is_by_start = false;
};

// Adds to each row what functions see in the rows around it.
struct Window : Node {
  Window() : Node(Kind::kWindow) {}
  using Frame = WindowSpec::Frame;
  struct Call {
    Slot slot = kNoSlot;
    const function::Function* function = nullptr;
    bool distinct = false;
    std::vector<ExpressionPtr> args;
    std::vector<ExpressionPtr> partition_by;
    std::vector<Sort::Key> order_by;
    Frame frame = Frame::kAll;
    ExpressionPtr preceding;  // of other frames than kAll
    Place place;
  };
  std::vector<Call> calls;
};

struct Distinct : Node {
  Distinct() : Node(Kind::kDistinct) {}
  std::vector<Slot> slots;
};

struct Skip : Node {
  Skip() : Node(Kind::kSkip) {}
  ExpressionPtr count;
};

struct Limit : Node {
  Limit() : Node(Kind::kLimit) {}
  ExpressionPtr count;
};

struct Unwind : Node {
  Unwind() : Node(Kind::kUnwind) {}
  Slot slot = kNoSlot;
  ExpressionPtr list;
};

struct Union : Node {  // all rows of all branches
  Union() : Node(Kind::kUnion) {}
  std::vector<NodePtr> branches;
  std::vector<Slot> slots;
};

// For each row of the input the rows of `inner`, or if there are none, the row with `nulls` null.
struct Optional : Node {
  Optional() : Node(Kind::kOptional) {}
  NodePtr inner;
  std::vector<Slot> nulls;
  std::vector<Slot> argument;  // what `inner` is given of the row (the pass `FindLiveSlots`)
};

// For each row of the input those rows of `inner` that rank first or last by the moment at which
// all the facts in `edges` have begun.
struct Rank : Node {
  Rank() : Node(Kind::kRank) {}
  NodePtr inner;
  bool last = false;
  uint64_t count = 1;
  std::vector<Slot> edges;
  std::vector<Slot> argument;
  bool is_ordered = false;  // rows of `inner` come in the order of their only edge's start
};

// How one path of a MATCH is chosen among those between its ends.
struct PathChoice {
  enum class Kind : uint8_t {
    kSequential,  // all paths whose facts can hold one after the other
    kContinuous,  // all paths whose facts can hold at one instant
    kEarliest,    // of the sequential ones that with the least last instant
    kLatest,      //   with the greatest first instant
    kFastest,     //   with the least time between the two
    kAnyShortest,
    kAllShortest,
  };
  Kind kind = Kind::kSequential;
  Slot from = kNoSlot, to = kNoSlot;
  std::vector<Slot> edges;  // in the order of the path
};

// For each row of the input those rows of `inner` whose paths are chosen.
struct Select : Node {
  Select() : Node(Kind::kSelect) {}
  NodePtr inner;
  std::vector<PathChoice> choices;
  ViewPtr view;  // the instants of a path lie within its scope
  std::vector<Slot> argument;
};

// What writing clauses share: VALID and CLAIM.
struct WriteScope {
  ExpressionPtr valid, claim;  // may be absent
};

struct CreateNode {
  Slot slot = kNoSlot;
  std::vector<std::string> labels;
  ExpressionPtr properties;  // a map; may be absent
  Place place;
};
struct CreateEdge {
  Slot slot = kNoSlot, from = kNoSlot, to = kNoSlot;
  RelationName relation;
  ExpressionPtr properties;
  Place place;
};

struct Create : Node {
  Create() : Node(Kind::kCreate) {}
  std::vector<CreateNode> nodes;
  std::vector<CreateEdge> edges;
  WriteScope scope;
};

struct SetItem {
  enum class Kind : uint8_t { kProperty, kReplaceAll, kMergeAll, kAddLabels, kRemoveLabels };
  Kind kind = Kind::kProperty;
  ExpressionPtr target;  // the node or relationship
  std::string key;
  ExpressionPtr value;  // absent: remove
  std::vector<std::string> labels;
  Place place;
};

struct Set : Node {  // SET and REMOVE
  Set() : Node(Kind::kSet) {}
  std::vector<SetItem> items;
  WriteScope scope;
};

struct Merge : Node {
  Merge() : Node(Kind::kMerge) {}
  NodePtr inner;  // finds what is there
  std::vector<Slot> argument;
  std::vector<CreateNode> nodes;
  std::vector<CreateEdge> edges;
  std::vector<Assignment> paths;  // of what was created; `inner` computes those of what it finds
  std::vector<SetItem> on_create, on_match;
  WriteScope scope;
};

struct Delete : Node {
  Delete() : Node(Kind::kDelete) {}
  bool detach = false;
  std::vector<ExpressionPtr> targets;
  WriteScope scope;
};

// A whole statement.
struct Plan {
  NodePtr root;
  int width = 0;                        // slots of a row
  int locals = 0;                       // variables of comprehensions
  int views = 0;                        // evaluated once per run
  std::vector<std::string> parameters;  // their names, by number
  bool writes = false;
  bool explain = false;
  ViewPtr view;  // of the statement
  // Those of the expressions, inner ones first, for the optimizer.
  std::vector<std::shared_ptr<Subplan>> subplans;
  std::vector<std::string> columns;  // of the result
  std::vector<Slot> outputs;
};

// One line per node, with access path and estimate, inputs indented below.
std::vector<std::string> FormatPlan(const Plan& plan);

}  // namespace fasti::plan
