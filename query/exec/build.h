#pragma once

#include <vector>

#include "query/exec/operator.h"
#include "query/plan/logical_plan.h"

namespace fasti::exec {

// The operators of a plan whose rows are `width` wide.  Its Argument leaves are put into `leaves`.
// The plan and the context must outlive them.
OperatorPtr Build(const plan::Node& node, int width, RunContext& context,
                  std::vector<ArgumentOperator*>* leaves);

}  // namespace fasti::exec
