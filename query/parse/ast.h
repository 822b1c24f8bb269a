#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "fasti/value.h"

// The tree of a statement, as the grammar has it and nothing more: names are not looked up, types
// are not checked, no default is filled in.  Parse (parser.h) makes it, CheckSemantics and the
// binder (query/plan) read it.
//
// Every node is a plain struct that owns its children.  A choice of the grammar is a std::variant;
// readers go through it with std::visit and Overloaded:
//
//   std::visit(ast::Overloaded{[&](const ast::Literal& e) { ... },
//                              [&](const ast::Variable& e) { ... }, ...},
//              expression.node);
//
// An ExpressionPtr that the grammar makes optional is null when absent, and is marked "may be
// null"; every other one is set.

namespace fasti::ast {

// The greatest height of an expression.  Parse refuses deeper ones, so that recursive passes over
// a tree need no limit of their own.
inline constexpr uint32_t kHeightMax = 256;

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

// Where a node begins in the text of the statement.
struct Position {
  uint32_t line = 0;    // from 1
  uint32_t column = 0;  // in characters, from 1
  uint32_t offset = 0;  // in bytes, from 0
};

// A name with its place: variables, aliases.
struct Name {
  std::string text;
  Position position;
};

struct Expression;
struct Query;
using ExpressionPtr = std::unique_ptr<Expression>;

// ---------------------------------------------------------------------------------------------
// Patterns

// `:A:B` (all of them) or `:A|B` (any of them).
struct Labels {
  std::vector<std::string> names;  // empty if none were written
  bool any = false;                // `|`; false for a single label
  Position position;
};

// `(n:A {k: 1})`
struct NodePattern {
  std::optional<Name> variable;
  Labels labels;
  ExpressionPtr properties;  // a MapLiteral or a Parameter; may be null
  Position position;
};

// One alternative in `-[:a|.b|.*]->`.
struct RelationType {
  enum class Kind : uint8_t {
    kRelation,      // `KEY`: facts between entities
    kAttribute,     // `.KEY`: attribute facts of that key
    kAnyAttribute,  // `.*`: every attribute fact; `name` is empty
  };
  Kind kind = Kind::kRelation;
  std::string name;
  Position position;
};

// `*`, `*3` (both ends), `*2..`, `*..4`, `*2..4`.
struct LengthRange {
  std::optional<uint64_t> min;
  std::optional<uint64_t> max;
};

// kRight: `-->`, from the node before it to the node after it.  kEither: `--` and `<-->`.
enum class Direction : uint8_t { kRight, kLeft, kEither };

// `-[f:R*1..2 {k: 1}]->`
struct EdgePattern {
  std::optional<Name> variable;
  std::vector<RelationType> types;    // empty: any relation between entities
  std::optional<LengthRange> length;  // nullopt: exactly one, and `variable` is no list
  ExpressionPtr properties;           // a MapLiteral or a Parameter; may be null
  Direction direction = Direction::kRight;
  Position position;
};

// nodes.size() == edges.size() + 1; edges[i] lies between nodes[i] and nodes[i + 1].
struct Chain {
  std::vector<NodePattern> nodes;
  std::vector<EdgePattern> edges;
  Position position;
};

enum class Selector : uint8_t {
  kNone,
  kSequential,
  kContinuous,
  kEarliest,
  kLatest,
  kFastest,
  kAnyShortest,
  kAllShortest,
};

// `p = EARLIEST (a)-[:R*]->(b)`
struct PathPattern {
  std::optional<Name> variable;
  Selector selector = Selector::kNone;
  Chain chain;
  Position position;
};

using Pattern = std::vector<PathPattern>;

enum class ScopeKind : uint8_t { kAt, kDuring, kBefore, kAfter, kAsOf, kAsRecorded };

// `AT @2020`
struct Scope {
  ScopeKind kind = ScopeKind::kAt;
  ExpressionPtr operand;
  Position position;
};

// The scopes in the order written; a clock named more than once is narrowed by each.
using View = std::vector<Scope>;

// ---------------------------------------------------------------------------------------------
// Expressions

// null, booleans, integers, floats, strings, and the time literals `@2025-06` (a Period whose
// reading is kExact) and `@P30D` (a Duration).
struct Literal {
  Value value;
};

// `@now`
struct Now {};

// `$name`
struct Parameter {
  std::string name;
};

struct Variable {
  std::string name;
};

// `object.key`
struct Property {
  ExpressionPtr object;
  std::string key;
};

// `object[index]`
struct Subscript {
  ExpressionPtr object;
  ExpressionPtr index;
};

// `object[from..to]`
struct Slice {
  ExpressionPtr object;
  ExpressionPtr from;  // may be null
  ExpressionPtr to;    // may be null
};

// `object:A:B`; of a relationship, its type.
struct HasLabels {
  ExpressionPtr object;
  Labels labels;
};

enum class UnaryOperator : uint8_t { kNot, kPlus, kMinus, kIsNull, kIsNotNull };

// kMinus of 9223372036854775808 is folded into the literal, which could not be written otherwise;
// every other sign stays an operator.
struct Unary {
  UnaryOperator op = UnaryOperator::kNot;
  ExpressionPtr operand;
};

enum class LogicalOperator : uint8_t { kOr, kXor, kAnd };

// `a AND b AND c`: at least two operands, so that a long condition is no deep tree.
struct Logical {
  LogicalOperator op = LogicalOperator::kAnd;
  std::vector<ExpressionPtr> operands;
};

enum class ComparisonOperator : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
};

// `a < b <= c`, which means `a < b AND b <= c`: operands.size() == ops.size() + 1 >= 2.
struct Comparison {
  std::vector<ExpressionPtr> operands;
  std::vector<ComparisonOperator> ops;
};

enum class BinaryOperator : uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kIn,
  kContains,
  kStartsWith,
  kEndsWith,
  kOverlaps,
  kDuring,
  kBefore,
  kAfter,
};

// All are left-associative, kPower included.
struct Binary {
  BinaryOperator op = BinaryOperator::kAdd;
  ExpressionPtr left;
  ExpressionPtr right;
  ExpressionPtr within;  // of kBefore and kAfter: `WITHIN d`; may be null
};

// `expression DESC`
struct SortItem {
  ExpressionPtr expression;
  bool descending = false;
};

// `OVER (PARTITION BY ... ORDER BY ... ROWS n PRECEDING)`
struct Window {
  enum class Unit : uint8_t { kRows, kRange };
  struct Frame {
    Unit unit = Unit::kRows;
    ExpressionPtr preceding;
  };
  std::vector<ExpressionPtr> partition_by;
  std::vector<SortItem> order_by;
  std::optional<Frame> frame;
  Position position;
};

// `count(DISTINCT x)`, `count(*)`, `date.truncate(...)`
struct Call {
  std::string name;     // in lower case, for look-up: "date.truncate"
  std::string written;  // as the user wrote it, for messages
  bool star = false;    // `(*)`
  bool distinct = false;
  std::vector<ExpressionPtr> arguments;
  std::unique_ptr<Window> over;  // may be null
};

struct ListLiteral {
  std::vector<ExpressionPtr> elements;
};

struct MapEntry {
  std::string key;
  ExpressionPtr value;
  Position position;
};
struct MapLiteral {
  std::vector<MapEntry> entries;  // as written: a key may occur twice, then the last one counts
};

struct CaseBranch {
  ExpressionPtr when;
  ExpressionPtr then;
};
struct Case {
  ExpressionPtr operand;  // `CASE x WHEN 1`; null in `CASE WHEN x = 1`
  std::vector<CaseBranch> branches;
  ExpressionPtr otherwise;  // ELSE; may be null
};

// `[x IN list WHERE p | projection]`
struct ListComprehension {
  Name variable;
  ExpressionPtr list;
  ExpressionPtr where;       // may be null
  ExpressionPtr projection;  // may be null: the element itself
};

// `[p = (a)-->(b) WHERE c | projection]`
struct PatternComprehension {
  std::optional<Name> variable;
  Chain chain;
  ExpressionPtr where;  // may be null
  ExpressionPtr projection;
};

enum class QuantifierKind : uint8_t { kAll, kAny, kNone, kSingle };

// `all(x IN list WHERE p)`
struct Quantifier {
  QuantifierKind kind = QuantifierKind::kAll;
  Name variable;
  ExpressionPtr list;
  ExpressionPtr where;  // may be null: then the element itself is the condition
};

// `EXISTS { pattern view WHERE c }` or `EXISTS { query }`
struct Exists {
  Pattern pattern;  // empty in the second form
  View view;
  ExpressionPtr where;           // may be null
  std::unique_ptr<Query> query;  // null in the first form
};

// `(a)-->(b)` as a condition.  At least one edge.
struct PatternPredicate {
  Chain chain;
};

struct Expression {
  using Node =
      std::variant<Literal, Now, Parameter, Variable, Property, Subscript, Slice, HasLabels, Unary,
                   Logical, Comparison, Binary, Call, ListLiteral, MapLiteral, Case,
                   ListComprehension, PatternComprehension, Quantifier, Exists, PatternPredicate>;

  Node node;
  Position position;
  // Levels of expressions from here down, itself included.
  uint32_t height = 1;

  template <typename T>
  bool Is() const {
    return std::holds_alternative<T>(node);
  }
  // The node as a T; null if it is something else.
  template <typename T>
  const T* As() const {
    return std::get_if<T>(&node);
  }
};

// ---------------------------------------------------------------------------------------------
// Clauses

// `OPTIONAL MATCH FIRST 3 pattern view WHERE c`
struct Match {
  struct Ranked {
    bool last = false;   // LAST rather than FIRST
    uint64_t count = 1;  // ranks that are kept
  };
  bool optional = false;
  std::optional<Ranked> ranked;
  Pattern pattern;
  View view;
  ExpressionPtr where;  // may be null
  Position position;
};

// `UNWIND list AS variable`
struct Unwind {
  ExpressionPtr list;
  Name variable;
  Position position;
};

// `expression AS name`
struct ProjectionItem {
  ExpressionPtr expression;
  std::string name;        // of the column: the alias, else the text as written
  bool has_alias = false;  // without one, only a Variable has a name that later clauses can use
  Position position;       // of the alias if there is one, else of the expression
};

// What RETURN and WITH share.
struct Projection {
  bool distinct = false;
  bool star = false;  // `*`, then `items` are the ones after it
  std::vector<ProjectionItem> items;
  std::vector<SortItem> order_by;
  ExpressionPtr skip;   // may be null
  ExpressionPtr limit;  // may be null
};

struct With {
  Projection projection;
  ExpressionPtr where;  // may be null
  Position position;
};

struct Return {
  Projection projection;
  Position position;
};

// What every writing clause may add: the portion of valid time it touches, and the claim that
// makes it a report rather than a correction of the record.
struct WriteScope {
  ExpressionPtr valid;  // may be null
  ExpressionPtr claim;  // may be null
};

struct Create {
  Pattern pattern;
  WriteScope scope;
  Position position;
};

// `SET n:A:B`
struct SetLabels {
  Name variable;
  Labels labels;
};
// `SET n = map` (all are replaced) or `SET n += map` (those named are)
struct SetProperties {
  Name variable;
  bool add = false;
  ExpressionPtr value;
};
// `SET object.key = value`
struct SetProperty {
  ExpressionPtr object;
  std::string key;
  ExpressionPtr value;
  Position position;  // of the object
};
using SetItem = std::variant<SetLabels, SetProperties, SetProperty>;

struct Set {
  std::vector<SetItem> items;
  WriteScope scope;
  Position position;
};

struct Merge {
  struct Action {  // `ON CREATE SET ...`
    bool on_create = false;
    std::vector<SetItem> items;
  };
  PathPattern path;
  std::vector<Action> actions;
  WriteScope scope;
  Position position;
};

// `REMOVE n:A`
struct RemoveLabels {
  Name variable;
  Labels labels;
};
// `REMOVE object.key`
struct RemoveProperty {
  ExpressionPtr object;
  std::string key;
  Position position;  // of the object
};
using RemoveItem = std::variant<RemoveLabels, RemoveProperty>;

struct Remove {
  std::vector<RemoveItem> items;
  WriteScope scope;
  Position position;
};

struct Delete {
  bool detach = false;
  std::vector<ExpressionPtr> expressions;
  WriteScope scope;
  Position position;
};

using Clause = std::variant<Match, Unwind, With, Return, Create, Merge, Set, Remove, Delete>;

// ---------------------------------------------------------------------------------------------
// Statements

// `view clause clause ... RETURN ...`: the clauses in order.  A Return is always the last one.
struct SingleQuery {
  View view;
  std::vector<Clause> clauses;
  Position position;
};

// `single UNION single UNION ALL single`
struct Query {
  std::vector<SingleQuery> parts;  // at least one
  std::vector<bool> union_all;     // one less than parts: what stands between them
  Position position;
};

// `CREATE TYPE Company IS Organization`
struct CreateType {
  std::string name;
  std::string parent;  // empty if none
};

enum class RelationTrait : uint8_t {
  kEvent,
  kState,
  kMetric,
  kSymmetric,
  kFunctional,
  kInverse,
  kUnit,
  kResolve,
};

// `CREATE RELATION .revenue (Organization) -> (Quantity) METRIC UNIT 'USD' RESOLVE latest`
struct CreateRelation {
  struct Trait {
    RelationTrait kind = RelationTrait::kEvent;
    std::string argument;  // of kInverse, kUnit and kResolve
    Position position;
  };
  bool is_attribute = false;  // `.`
  std::string name;
  std::string subject_type;
  std::string object_type;
  std::vector<Trait> traits;
};

// `SHOW types`
struct Show {
  Name what;
};

enum class StatementMode : uint8_t { kRun, kExplain, kProfile };

struct Statement {
  StatementMode mode = StatementMode::kRun;  // other than kRun only for a Query
  std::variant<Query, CreateType, CreateRelation, Show> body;
  Position position;
};

}  // namespace fasti::ast
