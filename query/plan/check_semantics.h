#pragma once

#include "absl/status/status.h"
#include "query/parse/ast.h"

namespace fasti::plan {

// Whether a statement that has a tree also has a meaning: every variable is defined, aggregates
// stand where they may, what is known of types before a row is read fits.  Errors carry a
// QueryError in openCypher's words: "SyntaxError.UndefinedVariable".
//
// It reads nothing but the tree and the table of functions, so it runs before binding and can be
// tested without a database.  What depends on values, on parameters or on what is stored is left
// to the run: an unknown type fits everywhere.
absl::Status CheckSemantics(const ast::Statement& statement);

}  // namespace fasti::plan
