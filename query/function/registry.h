#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fasti/value.h"
#include "query/function/aggregate.h"
#include "query/function/context.h"
#include "query/function/kinds.h"
#include "query/function/window.h"

// The function library is one table.  Its rows are grouped by subject, one file each; the binder
// reads names, numbers and kinds of arguments from it, the executor reads the evaluators.

namespace fasti::function {

enum class Subject : uint8_t {
  kString,
  kList,
  kMath,
  kConversion,
  kTime,
  kPeriod,
  kGraph,
  kEvidence,
  kAggregate,
  kWindow,
};

enum class Form : uint8_t {
  kScalar,     // one row in, one value out: `evaluate`
  kAggregate,  // many rows in, one value out: `accumulate`; also usable with OVER
  kWindow,     // one partition in, one value per row out: `evaluate_window`; only with OVER
};

using Evaluator = absl::StatusOr<Value> (*)(absl::Span<const Value> args, const Context& context);

// What sets a function apart from the usual one, which is null if an argument is null and depends
// on nothing but its arguments, so that a call on constants can be folded while binding.
enum Trait : uint8_t {
  kSeesNulls = 1,         // the evaluator decides what a null argument means
  kNotDeterministic = 2,  // each call may answer otherwise
  kUsesContext = 4,       // reads the moment of the statement or the graph
  kUsesView = 8,          // reads Context::view()
  kTakesStar = 16,        // may be called as `f(*)`, with no argument at all
  kUsesClauseView = 32,   // reads Context::view(), which is that of the clause it stands in
};

inline constexpr uint8_t kVariadic = std::numeric_limits<uint8_t>::max();

// A row of the table.
struct Function {
  absl::string_view name;  // in its documented spelling; look-up ignores case
  Subject subject = Subject::kString;
  Form form = Form::kScalar;
  uint8_t args_min = 0;
  uint8_t args_max = 0;  // kVariadic: any number
  // What each argument may be; arguments past the third are as the third.  An argument whose kinds
  // are known while binding and do not meet these is SyntaxError.InvalidArgumentType.
  std::array<Kinds, 3> parameters = {};
  Kinds result = {};
  Evaluator evaluate = nullptr;
  AccumulatorFactory accumulate = nullptr;
  WindowEvaluator evaluate_window = nullptr;
  uint8_t traits = 0;  // of Trait

  bool has(Trait trait) const { return (traits & trait) != 0; }
  Kinds parameter(size_t index) const { return parameters[index < 2 ? index : 2]; }
};

constexpr Function Scalar(Subject subject, absl::string_view name, uint8_t args_min,
                          uint8_t args_max, std::array<Kinds, 3> parameters, Kinds result,
                          Evaluator evaluate, uint8_t traits = 0) {
  return {.name = name,
          .subject = subject,
          .args_min = args_min,
          .args_max = args_max,
          .parameters = parameters,
          .result = result,
          .evaluate = evaluate,
          .traits = traits};
}

// The row of a function, or null.  The name may be in any case, with its namespace:
// "duration.inDays".
const Function* FindFunction(absl::string_view name);

// Why a function that openCypher has is not here ("a time of day has no place ..."); nullopt for
// any other name.
std::optional<absl::string_view> WhyLeftOut(absl::string_view name);

// Every row, in the order of the table: for completion and documentation.
const std::vector<const Function*>& AllFunctions();

// Calls a scalar: null for a null argument where the function says so, a TypeError for an argument
// of a kind it does not take, otherwise what its evaluator answers.
// REQUIRES: the form is kScalar and the number of arguments is within bounds.
absl::StatusOr<Value> Call(const Function& function, absl::Span<const Value> args,
                           const Context& context);

// An accumulator for one group.  With `distinct`, rows whose first argument was added before are
// left out.  REQUIRES: the form is kAggregate.
std::unique_ptr<Accumulator> MakeAccumulator(const Function& function, bool distinct,
                                             const Context& context);

// The tables of the subjects, each defined in the file of that name.
absl::Span<const Function> StringFunctions();
absl::Span<const Function> ListFunctions();
absl::Span<const Function> MathFunctions();
absl::Span<const Function> ConversionFunctions();
absl::Span<const Function> TimeFunctions();
absl::Span<const Function> PeriodFunctions();
absl::Span<const Function> GraphFunctions();
absl::Span<const Function> EvidenceFunctions();
absl::Span<const Function> AggregateFunctions();
absl::Span<const Function> WindowFunctions();

}  // namespace fasti::function
