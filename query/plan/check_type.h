#pragma once

#include <memory>
#include <string>

#include "query/function/kinds.h"

namespace fasti::plan {

// What is known of a value before the statement runs.  Null is always possible.
struct StaticType {
  function::Kinds kinds = function::Kinds::Any();  // none: only null is possible
  // What the elements are if the value is a list; null if that is not known.
  std::shared_ptr<const StaticType> element;

  template <typename... Kind>
  static StaticType Of(Kind... kinds) {
    return {function::Kinds::Of(kinds...), nullptr};
  }
  static StaticType Unknown() { return {}; }
  static StaticType Null() { return {function::Kinds(), nullptr}; }
  static StaticType ListOf(StaticType element);

  // Whether a value of this type can be one of `others`: false only if it never can.
  bool MayBe(function::Kinds others) const { return kinds.is_empty() || kinds.Meets(others); }
  // Whether a value of this type that is not null is surely one of `others`.
  bool IsSurely(function::Kinds others) const {
    return !kinds.is_empty() && (kinds | others) == others;
  }
  StaticType Element() const { return element == nullptr ? Unknown() : *element; }
  // "Node", "Integer or Float", "null", "a value", for messages.
  std::string Describe() const;
};

// A value that may be of either type.
StaticType Either(const StaticType& a, const StaticType& b);

// Sets of kinds that the language's rules speak of.
inline constexpr function::Kinds kBooleans = function::Kinds::Of(Value::Kind::kBool);
inline constexpr function::Kinds kIntegers = function::Kinds::Of(Value::Kind::kInt);
inline constexpr function::Kinds kNumbers =
    function::Kinds::Of(Value::Kind::kInt, Value::Kind::kDouble);
inline constexpr function::Kinds kLists = function::Kinds::Of(Value::Kind::kList);
inline constexpr function::Kinds kMaps = function::Kinds::Of(Value::Kind::kMap);
inline constexpr function::Kinds kNodes = function::Kinds::Of(Value::Kind::kNode);
inline constexpr function::Kinds kRelationships = function::Kinds::Of(Value::Kind::kFact);
inline constexpr function::Kinds kPaths = function::Kinds::Of(Value::Kind::kPath);
inline constexpr function::Kinds kEntities = kNodes | kRelationships;
inline constexpr function::Kinds kDurations = function::Kinds::Of(Value::Kind::kDuration);
inline constexpr function::Kinds kCalendar =
    function::Kinds::Of(Value::Kind::kDate, Value::Kind::kDateTime, Value::Kind::kLocalDateTime);
// What stands for a period: a date is its day, a fact is its valid period.
inline constexpr function::Kinds kPeriodic =
    kCalendar | kRelationships | function::Kinds::Of(Value::Kind::kPeriod);

}  // namespace fasti::plan
