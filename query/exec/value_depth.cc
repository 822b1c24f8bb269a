#include "query/exec/value_depth.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/base/text.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"

namespace fasti::exec {

namespace {

// Whether lists and maps lie within each other on more than `levels` levels.
bool IsDeeper(const Value& value, uint32_t levels) {
  const auto is_deep = [levels](const Value& item) { return IsDeeper(item, levels - 1); };
  if (value.is(Value::Kind::kList)) {
    return levels == 0 || std::any_of(value.as_list().begin(), value.as_list().end(), is_deep);
  }
  if (!value.is(Value::Kind::kMap)) return false;
  return levels == 0 || std::any_of(value.as_map().begin(), value.as_map().end(),
                                    [&](const auto& entry) { return is_deep(entry.second); });
}

// Whether every text in `value` is one.
bool HoldsTexts(const Value& value) {
  if (value.is(Value::Kind::kString)) return !FindInvalidUtf8(value.as_string()).has_value();
  if (value.is(Value::Kind::kList)) {
    return std::all_of(value.as_list().begin(), value.as_list().end(), HoldsTexts);
  }
  if (!value.is(Value::Kind::kMap)) return true;
  return std::all_of(value.as_map().begin(), value.as_map().end(), [](const auto& entry) {
    return !FindInvalidUtf8(entry.first).has_value() && HoldsTexts(entry.second);
  });
}

}  // namespace

absl::Status CheckDepth(const Value& value) {
  if (!IsDeeper(value, kValueDepthMax)) return absl::OkStatus();
  return function::RuntimeError(
      "LimitError.Depth",
      absl::StrCat("expected lists and maps on at most ", kValueDepthMax, " levels, found more"));
}

absl::Status CheckParameters(const std::vector<std::string>& names, const Parameters& parameters) {
  for (const std::string& name : names) {
    const auto it = parameters.find(name);
    if (it == parameters.end()) continue;  // whoever needs it will say so
    FASTI_RETURN_IF_ERROR(CheckDepth(it->second));
    if (HoldsTexts(it->second)) continue;
    return function::RuntimeError(
        function::kBadArgument,
        absl::StrCat("parameter $", name, ": expected valid UTF-8 text without NUL"));
  }
  return absl::OkStatus();
}

}  // namespace fasti::exec
