#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/base/check.h"
#include "fasti/result.h"
#include "fasti/value.h"
#include "query/function/context.h"
#include "query/function/registry.h"

// What the tests of the function library share: a statement that reads no graph, and calls whose
// outcome is a text, so that a table of them can be read at a glance.

namespace fasti::function {

// 2025-06-12T14:30:05.000001Z by the statement's clock, one second later by the one on the wall.
class FakeContext : public Context {
 public:
  Instant now() const override { return 1'749'738'605'000'001; }
  Instant wall_clock() const override { return now() + 1'000'000; }
  double Random() const override { return 0.25; }
  const Snapshot& snapshot() const override {
    CheckFailed(__FILE__, __LINE__, "no graph in this test");
  }
  const View& view() const override { return view_; }
  bool IsDeleted(EntityId) const override { return false; }
  bool IsDeleted(const Fact&) const override { return false; }

 private:
  View view_;
};

// "{a: 1}" for a value, "TypeError.InvalidArgumentValue" for an error.
inline std::string Outcome(const absl::StatusOr<Value>& result) {
  if (result.ok()) return FormatValue(*result);
  const std::optional<QueryError> error = GetQueryError(result.status());
  return error.has_value() ? error->code : absl::StrCat("no code: ", result.status().message());
}

inline absl::StatusOr<Value> CallNamed(absl::string_view name, const std::vector<Value>& args) {
  const Function* function = FindFunction(name);
  FASTI_CHECK(function != nullptr);
  FASTI_CHECK(args.size() >= function->args_min);
  FASTI_CHECK(args.size() <= function->args_max);
  return Call(*function, args, FakeContext());
}

// Evaluate("left", "fact", 2) is "'fa'"; Value() stands for null.
template <typename... Args>
std::string Evaluate(absl::string_view name, const Args&... args) {
  return Outcome(CallNamed(name, {Value(args)...}));
}

// The value of a call that must succeed, for use within other calls.
template <typename... Args>
Value Of(absl::string_view name, const Args&... args) {
  absl::StatusOr<Value> result = CallNamed(name, {Value(args)...});
  FASTI_CHECK(result.ok());
  return *std::move(result);
}

template <typename... Elements>
Value ListOf(const Elements&... elements) {
  return Value(List{Value(elements)...});
}

}  // namespace fasti::function
