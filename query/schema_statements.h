#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "fasti/database.h"
#include "fasti/result.h"
#include "query/parse/ast.h"

namespace fasti::query {

// CREATE TYPE and CREATE RELATION, each a transaction of its own.
absl::StatusOr<std::unique_ptr<Result>> Declare(const ast::CreateType& type, Database& database);
absl::StatusOr<std::unique_ptr<Result>> Declare(const ast::CreateRelation& relation,
                                                Database& database);

// SHOW types, relations, stats or denials.
absl::StatusOr<std::unique_ptr<Result>> Show(const ast::Show& show, const Database& database);

}  // namespace fasti::query
