#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "query/parse/ast_expression.h"

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
