#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fasti/value.h"
#include "query/function/registry.h"

// Bound expressions: what an expression of the syntax tree becomes once every name is a place in
// a row, every function is found and every variable knows in which view it was bound.  They are
// immutable, so plan nodes share them freely; that is the story of every shared_ptr here.

namespace fasti::plan {

// The position of a value in the rows of a plan.
using Slot = int;
inline constexpr Slot kNoSlot = -1;

// A place in the text of the statement, from 1; 0 where unknown.
struct Place {
  uint32_t line = 0;
  uint32_t column = 0;
};

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;
struct ViewSpec;
using ViewPtr = std::shared_ptr<const ViewSpec>;
struct Subplan;

// What stands in OVER (...).  The args of a kWindow are those of the function, then the keys of
// PARTITION BY, those of ORDER BY, and what stands before PRECEDING.
struct WindowSpec {
  enum class Frame : uint8_t {
    kAll,    // from the start of the partition
    kRows,   // from so many rows before
    kRange,  // from so much less in the order
  };
  size_t args = 0;
  size_t partition_keys = 0;
  std::vector<bool> descending;  // per key of ORDER BY
  Frame frame = Frame::kAll;
  friend bool operator==(const WindowSpec&, const WindowSpec&) = default;
};

// Operators on values; the kernels are in query/function/operators.h.
enum class Op : uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kNegate,
  kPlus,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kIn,
  kStartsWith,
  kEndsWith,
  kContains,
  kIndex,
  kSlice,
  kOverlaps,
  kDuring,
  kBefore,
  kAfter,
  kXor,
  kNot,
  kIsNull,
  kIsNotNull,
};
absl::string_view OpName(Op op);

struct Expression {
  enum class Kind : uint8_t {
    kConstant,   // constant
    kParameter,  // $name, number `slot` of the plan's
    kNow,        // the moment of the statement, as a period
    kSlot,       // slot of the row
    kLocal,      // variable number `slot` of the comprehensions around this expression
    kProperty,   // args[0].name, read in `view`
    kCall,       // function(args...), reading in `view`
    kOperator,   // op(args...); an absent bound of a slice is a null pointer
    kAnd,        // args..., three-valued, stops as soon as the answer is certain
    kOr,
    kCase,           // when, then, when, then, ..., else
    kList,           // [args...]
    kMap,            // {names[i]: args[i]}
    kHasLabels,      // args[0] has all of names
    kHasAnyLabel,    // args[0] has one of names
    kMatchesMap,     // every entry of the map args[1] equals that property of args[0], in `view`
    kComprehension,  // [slot IN args[0] WHERE args[1] | args[2]]; args[1], args[2] may be absent
    kQuantifier,     // name(slot IN args[0] WHERE args[1]); name is all, any, none or single
    kPath,           // the walk through nodes and relationships args..., a node first
    kExists,         // the subplan, given args, yields a row
    kCollect,        // the list of subplan->result over the rows of the subplan, given args
    kAggregate,      // only while binding: an aggregate function of args
    kWindow,         // only while binding: function(args...) OVER window
  };

  Kind kind = Kind::kConstant;
  Op op = Op::kAdd;
  bool distinct = false;  // of kAggregate and kWindow
  // Of kEqual in the map of a pattern: a node of merged entities has the property's value of each.
  bool of_any_member = false;
  Place place;
  std::vector<ExpressionPtr> args;
  Value constant;
  std::string name;
  std::vector<std::string> names;
  Slot slot = kNoSlot;
  const function::Function* function = nullptr;
  ViewPtr view;
  std::shared_ptr<const Subplan> subplan;
  std::shared_ptr<const WindowSpec> window;
};

// How facts are looked at: the axes that a statement or a pattern gave, their operands still
// expressions.
struct ViewSpec {
  enum class Axis : uint8_t { kAt, kDuring, kBefore, kAfter, kAsOf, kAsRecorded };
  struct Scope {
    Axis axis = Axis::kAt;
    ExpressionPtr operand;
  };
  std::vector<Scope> scopes;
  // Where a run keeps the evaluated view; -1 if it differs from row to row.
  int cache = -1;
};

struct Node;

// A plan inside an expression.  It runs once per evaluation, over one row of its own that holds
// the values of the expression's args in the slots `arguments`.
struct Subplan {
  Subplan();
  ~Subplan();

  std::vector<Slot> arguments;
  std::unique_ptr<Node> root;
  int width = 0;
  ExpressionPtr result;  // of kCollect
};

// The view, where it speaks of the known or the recorded clock, which tell which entities are one;
// else null.
ViewPtr ClocksOf(const ViewPtr& view);

ExpressionPtr Constant(Value value, Place place = {});
ExpressionPtr SlotReference(Slot slot, Place place = {});
ExpressionPtr Operator(Op op, std::vector<ExpressionPtr> args, Place place = {});
ExpressionPtr Conjunction(std::vector<ExpressionPtr> terms);

// The terms of a conjunction, each on its own.
void SplitConjunction(const ExpressionPtr& expression, std::vector<ExpressionPtr>* terms);

// True if both compute the same from the same row.
bool SameExpression(const Expression& a, const Expression& b);

// Calls `visit` for every slot of the row that the expression reads, those of its views included.
void ForEachSlot(const Expression& expression, const std::function<void(Slot)>& visit);
void ForEachSlot(const ViewSpec& view, const std::function<void(Slot)>& visit);

// The expression with every part that `replace` maps to another one replaced; `replace` answers
// null for a part that stays.  Parts that hold a replaced part are built anew.
ExpressionPtr Rewrite(const ExpressionPtr& expression,
                      const std::function<ExpressionPtr(const ExpressionPtr&)>& replace);

// True if the value is the same for all rows of one run.
bool IsRowIndependent(const Expression& expression);

// As text, for EXPLAIN.
std::string FormatExpression(const Expression& expression);

}  // namespace fasti::plan
