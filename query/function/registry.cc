#include "query/function/registry.h"

#include <string>
#include <utility>

#include "absl/base/macros.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"

namespace fasti::function {
namespace {

std::vector<const Function*> CollectFunctions() {
  std::vector<const Function*> all;
  for (absl::Span<const Function> subject :
       {StringFunctions(), ListFunctions(), MathFunctions(), ConversionFunctions(), TimeFunctions(),
        PeriodFunctions(), GraphFunctions(), EvidenceFunctions(), AggregateFunctions(),
        WindowFunctions()}) {
    for (const Function& function : subject) all.push_back(&function);
  }
  return all;
}

using FunctionsByName = absl::flat_hash_map<std::string, const Function*>;

FunctionsByName IndexFunctions() {
  FunctionsByName by_name;
  for (const Function* function : AllFunctions()) {
    const bool is_new = by_name.emplace(absl::AsciiStrToLower(function->name), function).second;
    FASTI_CHECK(is_new);
  }
  return by_name;
}

// The two values on which DISTINCT rests, as hash map policies.
struct HashOfValue {
  size_t operator()(const Value& value) const { return HashValue(value); }
};
struct SameValues {
  bool operator()(const Value& a, const Value& b) const { return SameValue(a, b); }
};

class DistinctAccumulator : public Accumulator {
 public:
  explicit DistinctAccumulator(std::unique_ptr<Accumulator> inner) : inner_(std::move(inner)) {}

  absl::Status Add(absl::Span<const Value> args) override {
    FASTI_CHECK(!args.empty());
    if (!args[0].is_null() && !seen_.insert(args[0]).second) return absl::OkStatus();
    return inner_->Add(args);
  }
  absl::StatusOr<Value> Finish() const override { return inner_->Finish(); }
  size_t kept_values() const override { return seen_.size() + inner_->kept_values(); }

 private:
  std::unique_ptr<Accumulator> inner_;
  absl::flat_hash_set<Value, HashOfValue, SameValues> seen_;
};

}  // namespace

const std::vector<const Function*>& AllFunctions() {
  static const auto* const all = new std::vector<const Function*>(CollectFunctions());
  return *all;
}

const Function* FindFunction(absl::string_view name) {
  static const auto* const by_name = new FunctionsByName(IndexFunctions());
  const auto found = by_name->find(absl::AsciiStrToLower(name));
  return found == by_name->end() ? nullptr : found->second;
}

std::optional<absl::string_view> WhyLeftOut(absl::string_view name) {
  const std::string lower = absl::AsciiStrToLower(name);
  for (absl::string_view prefix : {"time", "localtime"}) {
    if (lower == prefix || absl::StartsWith(lower, absl::StrCat(prefix, "."))) {
      return "a time of day has no place on the axis of time; use datetime or localdatetime";
    }
  }
  return std::nullopt;
}

absl::StatusOr<Value> Call(const Function& function, absl::Span<const Value> args,
                           const Context& context) {
  FASTI_DCHECK(function.form == Form::kScalar);
  FASTI_DCHECK(args.size() >= function.args_min);
  for (size_t i = 0; i < args.size(); ++i) {
    if (args[i].is_null()) {
      if (!function.has(kSeesNulls)) return Value();
      continue;
    }
    if (!function.parameter(i).Has(args[i].kind())) {
      return RuntimeError(kInvalidValue,
                          absl::StrCat(function.name, "(): argument ", i + 1, " cannot be of type ",
                                       KindName(args[i].kind())));
    }
  }
  return function.evaluate(args, context);
}

std::unique_ptr<Accumulator> MakeAccumulator(const Function& function, bool distinct,
                                             const Context& context) {
  FASTI_CHECK(function.form == Form::kAggregate);
  std::unique_ptr<Accumulator> accumulator = function.accumulate(context);
  if (!distinct) return accumulator;
  return std::make_unique<DistinctAccumulator>(std::move(accumulator));
}

}  // namespace fasti::function
