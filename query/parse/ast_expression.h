#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "fasti/value.h"

// The part of the tree (ast.h, to be included instead) below the clauses: patterns and expressions,
// which hold each other.

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

}  // namespace fasti::ast
