#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "query/exec/batch.h"
#include "query/exec/run_context.h"

namespace fasti::exec {

// Computes bound expressions over rows.  Cheap to make; every operator has one.
class Evaluator {
 public:
  explicit Evaluator(RunContext& context) : context_(context) {}

  // Errors carry the place of the part that failed.
  absl::StatusOr<Value> Evaluate(const plan::Expression& expression, const Row& row);
  // Whether a condition is true: false and null are not.  TypeError if it is not a boolean.
  absl::StatusOr<bool> IsTrue(const plan::Expression& condition, const Row& row);

  // The view a clause looks through, for a row.  Null if an operand is null: nothing is seen. Holds
  // until the next call, one that is the same for all rows as long as the run.
  absl::StatusOr<const View*> EvaluateView(const plan::ViewPtr& view, const Row& row);
  // Adds what scopes say for a row to a view; false if an operand is null.
  absl::StatusOr<bool> AddScopes(const std::vector<plan::ViewSpec::Scope>& scopes, const Row& row,
                                 View* view);

 private:
  using Expression = plan::Expression;

  absl::StatusOr<Value> EvaluateParts(const Expression& expression, const Row& row);
  absl::StatusOr<Value> Operate(const Expression& expression, const Row& row);
  absl::StatusOr<Value> Property(const Expression& expression, const Row& row);
  // Whether `shown`, what an expression gave, equals the value, or would for another of the
  // entities that its node is.
  absl::StatusOr<Value> AnyMemberEquals(const Expression& expression, const Value& shown,
                                        const Value& value, const Row& row);
  absl::StatusOr<Value> Call(const Expression& expression, const Row& row);
  absl::StatusOr<Value> Logical(const Expression& expression, const Row& row);
  absl::StatusOr<Value> Case(const Expression& expression, const Row& row);
  absl::StatusOr<Value> HasLabels(const Expression& expression, const Row& row);
  absl::StatusOr<Value> MatchesMap(const Expression& expression, const Row& row);
  absl::StatusOr<Value> Comprehension(const Expression& expression, const Row& row);
  absl::StatusOr<Value> Quantifier(const Expression& expression, const Row& row);
  absl::StatusOr<Value> Path(const Expression& expression, const Row& row);
  // What was just built, if there is memory for it: LimitError.Memory if not.
  absl::StatusOr<Value> IfRoomFor(absl::StatusOr<Value> built);
  absl::StatusOr<std::vector<Value>> Arguments(const Expression& expression, const Row& row);

  // The relationship that the expression names, if it is one that a scan found; else null.  Saves
  // making a value of it only to look inside.
  const Fact* FactOf(const Expression& expression, const Row& row) const;
  // As Evaluate, for an operand that is read as a period.
  absl::StatusOr<Value> EvaluatePeriod(const Expression& expression, const Row& row);

  // Lets the functions called next see the view of the expression.
  absl::Status UseView(const Expression& expression, const Row& row);
  // A relationship that this statement has changed is seen as it is now.
  Value Current(const Value& value) const;

  RunContext& context_;
  View view_;  // of the expression being evaluated, where it differs from row to row
};

}  // namespace fasti::exec
