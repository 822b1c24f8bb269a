#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/result.h"
#include "fasti/session.h"

// Values as JSON and back: plain where JSON has the type, else an object with one key that begins
// with '$' ($node $rel $path $date $datetime $localdatetime $duration $period $qty $float $map).
// docs/json_lines.md lists them.

namespace fasti::shell {

// The JSON text of a value; `result` tells what nodes and relationships look like.
absl::StatusOr<std::string> JsonValue(const Result& result, const Value& value);

// {"column": value, ...} for one row.
absl::StatusOr<std::string> JsonObject(const Result& result,
                                       const std::vector<std::string>& columns,
                                       const std::vector<Value>& row);

// A JSON string literal of valid UTF-8 text.
std::string JsonString(absl::string_view text);

}  // namespace fasti::shell
