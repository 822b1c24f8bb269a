#include "query/exec/subplan.h"

#include "fasti/status_macros.h"
#include "query/exec/build.h"

namespace fasti::exec {

SubplanRunner::SubplanRunner(const plan::Subplan& subplan, RunContext& context)
    : subplan_(subplan), evaluator_(context), rows_(subplan.width) {
  root_ = Build(*subplan.root, subplan.width, context, &arguments_);
}

void SubplanRunner::Rewind() {
  root_->Rewind();
  rows_.Clear();
}

void SubplanRunner::Start(std::vector<Value> arguments) {
  root_->Rewind();
  for (ArgumentOperator* leaf : arguments_) {
    Batch& row = leaf->Reset();
    row.AddRow();
    for (size_t i = 0; i < arguments.size(); ++i) row.Put(subplan_.arguments[i], arguments[i]);
  }
}

absl::StatusOr<bool> SubplanRunner::Exists(std::vector<Value> arguments) {
  Start(std::move(arguments));
  return root_->Next(&rows_);
}

absl::StatusOr<List> SubplanRunner::Collect(std::vector<Value> arguments) {
  Start(std::move(arguments));
  List result;
  while (true) {
    FASTI_ASSIGN_OR_RETURN(const bool more, root_->Next(&rows_));
    if (!more) return result;
    for (size_t i = 0; i < rows_.size(); ++i) {
      FASTI_ASSIGN_OR_RETURN(result.emplace_back(),
                             evaluator_.Evaluate(*subplan_.result, Row{&rows_, i}));
    }
  }
}

}  // namespace fasti::exec
