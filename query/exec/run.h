#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "fasti/database.h"
#include "fasti/session.h"
#include "query/base/interrupt.h"
#include "query/exec/execution.h"
#include "query/plan/logical_plan.h"

namespace fasti::exec {

// Runs a plan that only reads, on the last commit.  Rows are computed as they are asked for.
absl::StatusOr<std::unique_ptr<Result>> RunReading(std::shared_ptr<Executions> executions,
                                                   const Database& database,
                                                   const Parameters& parameters,
                                                   const RunLimits& limits,
                                                   const Interrupt& interrupt);

// Runs a plan that writes, as one transaction: it takes the writer's place before it reads, and
// has been committed when this returns.  After an error nothing of it remains.
absl::StatusOr<std::unique_ptr<Result>> RunWriting(const plan::Plan& plan, Database& database,
                                                   const Parameters& parameters,
                                                   const RunLimits& limits,
                                                   const Interrupt& interrupt);

// A result whose rows are there already, such as those of EXPLAIN, SHOW and the schema.
std::unique_ptr<Result> MakeResult(std::vector<std::string> columns,
                                   std::vector<std::vector<Value>> rows,
                                   std::unique_ptr<Snapshot> snapshot);

}  // namespace fasti::exec
