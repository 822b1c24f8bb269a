// Functions on lists, and those that take a list or a text.

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "query/function/characters.h"
#include "query/function/errors.h"
#include "query/function/registry.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;
using Args = absl::Span<const Value>;

// `range` is the one function with which a short text makes a long value.
constexpr uint64_t kRangeSizeMax = 10'000'000;

absl::StatusOr<Value> Head(Args args, const Context&) {
  const List& list = args[0].as_list();
  return list.empty() ? Value() : list.front();
}

absl::StatusOr<Value> Last(Args args, const Context&) {
  const List& list = args[0].as_list();
  return list.empty() ? Value() : list.back();
}

absl::StatusOr<Value> Tail(Args args, const Context&) {
  const List& list = args[0].as_list();
  return Value(list.empty() ? List() : List(list.begin() + 1, list.end()));
}

absl::StatusOr<Value> Reverse(Args args, const Context&) {
  if (args[0].is(Kind::kList)) {
    const List& list = args[0].as_list();
    return Value(List(list.rbegin(), list.rend()));
  }
  const std::vector<absl::string_view> characters = Characters(args[0].as_string());
  std::string reversed;
  reversed.reserve(args[0].as_string().size());
  for (auto character = characters.rbegin(); character != characters.rend(); ++character) {
    absl::StrAppend(&reversed, *character);
  }
  return Value(std::move(reversed));
}

absl::StatusOr<Value> Size(Args args, const Context&) {
  const size_t size =
      args[0].is(Kind::kList) ? args[0].as_list().size() : CharacterCount(args[0].as_string());
  return Value(static_cast<int64_t>(size));
}

// Both ends are included.  Its arguments are checked while running, which openCypher asks for even
// where they are literals.
absl::StatusOr<Value> Range(Args args, const Context&) {
  for (const Value& arg : args) {
    if (!arg.is(Kind::kInt)) {
      return RuntimeError(kBadArgumentType,
                          absl::StrCat("range(): expected integers, found ", KindName(arg.kind())));
    }
  }
  const int64_t first = args[0].as_int();
  const int64_t last = args[1].as_int();
  const int64_t step = args.size() > 2 ? args[2].as_int() : 1;
  if (step == 0) return RuntimeError(kOutOfRange, "range(): the step must not be 0");
  if (step > 0 ? first > last : first < last) return Value(List());

  // Unsigned, since the distance between two int64 need not fit one.
  const uint64_t distance = step > 0 ? static_cast<uint64_t>(last) - static_cast<uint64_t>(first)
                                     : static_cast<uint64_t>(first) - static_cast<uint64_t>(last);
  const uint64_t stride = step > 0 ? static_cast<uint64_t>(step) : -static_cast<uint64_t>(step);
  const uint64_t steps = distance / stride;
  if (steps >= kRangeSizeMax) {
    return RuntimeError("LimitError.Memory", absl::StrCat("range(): the list would have more than ",
                                                          kRangeSizeMax, " elements"));
  }
  List list;
  list.reserve(steps + 1);
  for (uint64_t i = 0; i <= steps; ++i) {
    list.emplace_back(
        static_cast<int64_t>(static_cast<uint64_t>(first) + i * static_cast<uint64_t>(step)));
  }
  return Value(std::move(list));
}

constexpr Kinds kList = Kinds::Of(Kind::kList);
constexpr Kinds kInt = Kinds::Of(Kind::kInt);
constexpr Kinds kListOrString = Kinds::Of(Kind::kList, Kind::kString);
constexpr Subject kSubject = Subject::kList;

constexpr Function kFunctions[] = {
    Scalar(kSubject, "head", 1, 1, {kList}, Kinds::Any(), Head),
    Scalar(kSubject, "last", 1, 1, {kList}, Kinds::Any(), Last),
    Scalar(kSubject, "range", 2, 3, {Kinds::Any(), Kinds::Any(), Kinds::Any()}, kList, Range),
    Scalar(kSubject, "reverse", 1, 1, {kListOrString}, kListOrString, Reverse),
    Scalar(kSubject, "size", 1, 1, {kListOrString}, kInt, Size),
    Scalar(kSubject, "tail", 1, 1, {kList}, kList, Tail),
};

}  // namespace

absl::Span<const Function> ListFunctions() {
  return kFunctions;
}

}  // namespace fasti::function
