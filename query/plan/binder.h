#pragma once

#include "absl/status/statusor.h"
#include "query/parse/ast.h"
#include "query/plan/logical_plan.h"

namespace fasti::plan {

// Turns the tree of a query into a plan: gives every variable a slot, finds every function,
// remembers for every node and relationship the view that bound it.  It needs no database: names
// of relations, labels and attributes are looked up when the plan runs, since the statement itself
// may bring them.
//
// The tree should have passed CheckSemantics; what the binder cannot bind is an error that names
// its place all the same.
absl::StatusOr<Plan> Bind(const ast::Query& query);

}  // namespace fasti::plan
