// Functions that see the rows around theirs: SQL's, over `OVER (PARTITION BY ... ORDER BY ...)`.

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/registry.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;

constexpr int64_t kBackward = -1;
constexpr int64_t kForward = 1;

// lag(v [, n [, default]]) and lead(...): v of the row n before or after; the default, or null,
// where the partition has no such row.
template <int64_t kDirection>
absl::StatusOr<std::vector<Value>> Neighbour(const WindowPartition& partition) {
  const auto size = static_cast<int64_t>(partition.arguments.size());
  std::vector<Value> values;
  values.reserve(partition.arguments.size());
  for (int64_t row = 0; row < size; ++row) {
    const std::vector<Value>& args = partition.arguments[static_cast<size_t>(row)];
    int64_t distance = 1;
    if (args.size() > 1) {
      if (!args[1].is(Kind::kInt))
        return OperandError("the distance of a row", "an integer", args[1]);
      distance = args[1].as_int();
    }
    if (distance < 0) {
      return RuntimeError(kOutOfRange,
                          absl::StrCat("the distance of a row is 0 or more, found ", distance));
    }
    const bool inside = kDirection < 0 ? distance <= row : distance < size - row;
    if (inside) {
      values.push_back(partition.arguments[static_cast<size_t>(row + kDirection * distance)][0]);
    } else {
      values.push_back(args.size() > 2 ? args[2] : Value());
    }
  }
  return values;
}

absl::StatusOr<std::vector<Value>> RowNumber(const WindowPartition& partition) {
  std::vector<Value> values;
  values.reserve(partition.arguments.size());
  for (size_t row = 0; row < partition.arguments.size(); ++row) {
    values.emplace_back(static_cast<int64_t>(row + 1));
  }
  return values;
}

// Rows that tie have one rank, and the ranks after them are left out.
absl::StatusOr<std::vector<Value>> Rank(const WindowPartition& partition) {
  std::vector<Value> values;
  values.reserve(partition.arguments.size());
  for (const size_t first_peer : partition.peers_from) {
    values.emplace_back(static_cast<int64_t>(first_peer + 1));
  }
  return values;
}

absl::StatusOr<std::vector<Value>> FirstValue(const WindowPartition& partition) {
  std::vector<Value> values;
  values.reserve(partition.arguments.size());
  for (const size_t first : partition.frame_from) values.push_back(partition.arguments[first][0]);
  return values;
}

constexpr Kinds kAny = Kinds::Any();
constexpr Kinds kInt = Kinds::Of(Kind::kInt);

constexpr Function Window(absl::string_view name, uint8_t args_min, uint8_t args_max,
                          std::array<Kinds, 3> parameters, Kinds result, WindowEvaluator evaluate) {
  return {.name = name,
          .subject = Subject::kWindow,
          .form = Form::kWindow,
          .args_min = args_min,
          .args_max = args_max,
          .parameters = parameters,
          .result = result,
          .evaluate_window = evaluate,
          .traits = kSeesNulls};
}

constexpr Function kFunctions[] = {
    Window("first_value", 1, 1, {kAny}, kAny, FirstValue),
    Window("lag", 1, 3, {kAny, kInt, kAny}, kAny, Neighbour<kBackward>),
    Window("lead", 1, 3, {kAny, kInt, kAny}, kAny, Neighbour<kForward>),
    Window("rank", 0, 0, {}, kInt, Rank),
    Window("row_number", 0, 0, {}, kInt, RowNumber),
};

}  // namespace

absl::Span<const Function> WindowFunctions() {
  return kFunctions;
}

}  // namespace fasti::function
