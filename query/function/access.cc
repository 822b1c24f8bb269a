// Indexing, slicing and property access: see operators.h.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "fasti/status_macros.h"
#include "query/function/errors.h"
#include "query/function/graph_access.h"
#include "query/function/operators.h"
#include "query/function/period_access.h"
#include "query/function/temporal_components.h"

namespace fasti::function {
namespace {

using Kind = Value::Kind;

absl::StatusOr<Value> Element(const List& list, const Value& index) {
  if (!index.is(Kind::kInt)) return OperandError("the index of a list", "an integer", index);
  const int64_t size = static_cast<int64_t>(list.size());
  const int64_t at = index.as_int() < 0 ? index.as_int() + size : index.as_int();
  if (at < 0 || at >= size) return Value();
  return list[static_cast<size_t>(at)];
}

Value Lookup(const Map& map, absl::string_view key) {
  const auto found = map.find(std::string(key));
  return found == map.end() ? Value() : found->second;
}

// A bound of a slice as a position within the list; bounds outside of it are its ends.
absl::StatusOr<int64_t> SliceBound(const Value& bound, int64_t size) {
  if (!bound.is(Kind::kInt)) return OperandError("the bound of a slice", "an integer", bound);
  const int64_t at = bound.as_int() < 0 ? bound.as_int() + size : bound.as_int();
  return std::clamp<int64_t>(at, 0, size);
}

absl::StatusOr<Value> OrNoComponent(const std::optional<Value>& component, const Value& base,
                                    absl::string_view key) {
  if (component.has_value()) return *component;
  return RuntimeError(kInvalidValue,
                      absl::StrCat("a ", KindName(base.kind()), " has no component `", key, "`"));
}

}  // namespace

absl::StatusOr<Value> Index(const Value& base, const Value& index, const Context& context) {
  if (base.is_null() || index.is_null()) return Value();
  switch (base.kind()) {
    case Kind::kList:
      return Element(base.as_list(), index);
    case Kind::kMap:
    case Kind::kNode:
    case Kind::kFact:
      if (!index.is(Kind::kString)) {
        return RuntimeError(
            "TypeError.MapElementAccessByNonString",
            absl::StrCat("a ", KindName(base.kind()), " is accessed by a string, found ",
                         KindName(index.kind())));
      }
      return Property(base, index.as_string(), context);
    default:
      return OperandError("`[]`", "a list, map, node or relationship", base);
  }
}

absl::StatusOr<Value> Slice(const Value& list, const std::optional<Value>& from,
                            const std::optional<Value>& to) {
  if (list.is_null()) return Value();
  if (!list.is(Kind::kList)) return OperandError("`[..]`", "a list", list);
  const List& elements = list.as_list();
  const int64_t size = static_cast<int64_t>(elements.size());
  if ((from.has_value() && from->is_null()) || (to.has_value() && to->is_null())) return Value();
  int64_t begin = 0;
  int64_t end = size;
  if (from.has_value()) {
    FASTI_ASSIGN_OR_RETURN(begin, SliceBound(*from, size));
  }
  if (to.has_value()) {
    FASTI_ASSIGN_OR_RETURN(end, SliceBound(*to, size));
  }
  if (begin >= end) return Value(List());
  return Value(List(elements.begin() + begin, elements.begin() + end));
}

absl::StatusOr<Value> Property(const Value& base, absl::string_view key, const Context& context) {
  switch (base.kind()) {
    case Kind::kNull:
      return Value();
    case Kind::kMap:
      return Lookup(base.as_map(), key);
    case Kind::kNode:
      return NodeProperty(base.as_node(), key, context);
    case Kind::kFact:
      return FactProperty(*base.as_fact(), key, context);
    case Kind::kDate:
    case Kind::kLocalDateTime:
    case Kind::kDateTime:
    case Kind::kDuration:
      return OrNoComponent(TemporalComponent(base, key), base, key);
    case Kind::kPeriod:
      return OrNoComponent(PeriodComponent(base.as_period(), key), base, key);
    case Kind::kQuantity:
      return OrNoComponent(QuantityComponent(base.as_quantity(), key), base, key);
    default:
      return OperandError("`.`", "a map, node, relationship, or a value with components", base);
  }
}

}  // namespace fasti::function
