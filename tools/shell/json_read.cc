#include "tools/shell/json_read.h"

#include <simdjson.h>

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "tools/shell/json_value.h"

namespace fasti::shell {
namespace {

namespace dom = simdjson::dom;

constexpr int kDepthMax = 64;

absl::string_view View(std::string_view text) {
  return {text.data(), text.size()};
}

absl::StatusOr<Value> ReadValue(const dom::element& element, int depth);

absl::StatusOr<Map> ReadMap(const dom::object& object, int depth) {
  Map map;
  for (const auto& [key, element] : object) {
    FASTI_ASSIGN_OR_RETURN(map[std::string(key)], ReadValue(element, depth));
  }
  return map;
}

absl::StatusOr<double> ReadSpecialFloat(absl::string_view text) {
  if (text == "NaN") return std::nan("");
  if (text == "Inf") return std::numeric_limits<double>::infinity();
  if (text == "-Inf") return -std::numeric_limits<double>::infinity();
  return absl::InvalidArgumentError(
      absl::StrCat("$float: expected NaN, Inf or -Inf, found ", text));
}

absl::StatusOr<Value> ReadQuantity(const dom::element& element) {
  Quantity quantity;
  auto bound = [&element](const char* key) -> std::optional<double> {
    double number = 0;
    if (element[key].get(number) != simdjson::SUCCESS) return std::nullopt;
    return number;
  };
  quantity.low = bound("low");
  quantity.high = bound("high");
  std::string_view unit;
  if (element["unit"].get(unit) == simdjson::SUCCESS) quantity.unit = std::string(unit);
  std::string_view hedge;
  if (element["hedge"].get(hedge) == simdjson::SUCCESS) {
    const std::optional<Hedge> known = HedgeFromName(View(hedge));
    if (!known.has_value()) {
      return absl::InvalidArgumentError(absl::StrCat("$qty: no such hedge: ", View(hedge)));
    }
    quantity.hedge = *known;
  } else {
    quantity.hedge = Quantity::Range(quantity.low, quantity.high, quantity.unit).hedge;
  }
  FASTI_RETURN_IF_ERROR(CheckQuantity(quantity));
  return Value(std::move(quantity));
}

// A value written as an object with one key that begins with '$'.
absl::StatusOr<Value> ReadTagged(absl::string_view tag, const dom::element& element, int depth) {
  if (tag == "$map") {
    dom::object object;
    if (element.get(object) != simdjson::SUCCESS) {
      return absl::InvalidArgumentError("$map: expected an object");
    }
    FASTI_ASSIGN_OR_RETURN(Map map, ReadMap(object, depth));
    return Value(std::move(map));
  }
  if (tag == "$qty") return ReadQuantity(element);
  std::string_view std_text;
  if (element.get(std_text) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(absl::StrCat(tag, ": expected a string"));
  }
  const absl::string_view text = View(std_text);
  if (tag == "$float") {
    FASTI_ASSIGN_OR_RETURN(const double number, ReadSpecialFloat(text));
    return Value(number);
  }
  if (tag == "$date") {
    FASTI_ASSIGN_OR_RETURN(const Date date, ParseDate(text));
    return Value(date);
  }
  if (tag == "$datetime") {
    FASTI_ASSIGN_OR_RETURN(DateTime date_time, ParseDateTime(text));
    return Value(std::move(date_time));
  }
  if (tag == "$localdatetime") {
    FASTI_ASSIGN_OR_RETURN(const LocalDateTime date_time, ParseLocalDateTime(text));
    return Value(date_time);
  }
  if (tag == "$duration") {
    FASTI_ASSIGN_OR_RETURN(const Duration duration, ParseDuration(text));
    return Value(duration);
  }
  if (tag == "$period") {
    FASTI_ASSIGN_OR_RETURN(const Period period, ParsePeriod(text));
    return Value(period);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      tag, " is no value a parameter can have; a map with such a key is written {\"$map\": ...}"));
}

absl::StatusOr<Value> ReadObject(const dom::object& object, int depth) {
  if (object.size() == 1) {
    const auto field = *object.begin();
    if (!field.key.empty() && field.key[0] == '$') {
      return ReadTagged(View(field.key), field.value, depth);
    }
  }
  FASTI_ASSIGN_OR_RETURN(Map map, ReadMap(object, depth));
  return Value(std::move(map));
}

// A list or a map within `depth` others is one level more.
absl::StatusOr<Value> ReadValue(const dom::element& element, int depth) {
  if (depth == kDepthMax && (element.is_array() || element.is_object())) {
    return absl::InvalidArgumentError(absl::StrCat("nested deeper than ", kDepthMax, " levels"));
  }
  switch (element.type()) {
    case dom::element_type::NULL_VALUE:
      return Value();
    case dom::element_type::BOOL:
      return Value(element.get_bool().value_unsafe());
    case dom::element_type::INT64:
      return Value(element.get_int64().value_unsafe());
    case dom::element_type::UINT64:
      return absl::InvalidArgumentError("an integer is greater than 9223372036854775807");
    case dom::element_type::DOUBLE:
      return Value(element.get_double().value_unsafe());
    case dom::element_type::STRING:
      return Value(View(element.get_string().value_unsafe()));
    case dom::element_type::ARRAY: {
      List list;
      const dom::array array = element.get_array().value_unsafe();
      for (const dom::element item : array) {
        FASTI_ASSIGN_OR_RETURN(list.emplace_back(), ReadValue(item, depth + 1));
      }
      return Value(std::move(list));
    }
    case dom::element_type::OBJECT: {
      const dom::object object = element.get_object().value_unsafe();
      return ReadObject(object, depth + 1);
    }
  }
  return absl::InvalidArgumentError("not a JSON value");
}

}  // namespace

absl::StatusOr<JsonRequest> ReadJsonRequest(absl::string_view line) {
  dom::parser parser;
  dom::element root;
  const simdjson::padded_string padded(line.data(), line.size());
  if (const auto error = parser.parse(padded).get(root); error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(
        absl::StrCat("request: not JSON: ", simdjson::error_message(error)));
  }
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("request: expected a JSON object");
  }
  JsonRequest request;
  if (dom::element id; object["id"].get(id) == simdjson::SUCCESS) {
    if (int64_t number = 0; id.get(number) == simdjson::SUCCESS) {
      request.id = absl::StrCat(number);
    } else if (std::string_view text; id.get(text) == simdjson::SUCCESS) {
      request.id = JsonString(View(text));
    } else if (!id.is_null()) {
      return absl::InvalidArgumentError("request: \"id\" must be an integer, a string or null");
    }
  }
  if (std::string_view operation; object["op"].get(operation) == simdjson::SUCCESS) {
    if (operation != "reset") {
      return absl::InvalidArgumentError(
          absl::StrCat("request: no such \"op\": ", View(operation), "; there is \"reset\""));
    }
    request.reset = true;
    return request;
  }
  std::string_view statement;
  if (object["q"].get(statement) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("request: expected \"q\", the text of a statement");
  }
  request.statement = std::string(statement);
  if (dom::element parameters;
      object["params"].get(parameters) == simdjson::SUCCESS && !parameters.is_null()) {
    dom::object map;
    if (parameters.get(map) != simdjson::SUCCESS) {
      return absl::InvalidArgumentError("request: \"params\" must be an object");
    }
    FASTI_ASSIGN_OR_RETURN(request.parameters, ReadMap(map, 0));
  }
  return request;
}

}  // namespace fasti::shell
