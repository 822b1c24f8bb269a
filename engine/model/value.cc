#include "fasti/value.h"

#include <array>
#include <cmath>
#include <limits>
#include <tuple>

#include "absl/hash/hash.h"
#include "engine/base/check.h"
#include "engine/model/calendar.h"
#include "engine/model/names.h"
#include "fasti/fact.h"

namespace fasti {
namespace {

using Kind = Value::Kind;

// By the alternatives of Value's representation.
constexpr std::array<Kind, 16> kKinds = {
    Kind::kNull,     Kind::kBool,   Kind::kInt,           Kind::kDouble,
    Kind::kString,   Kind::kDate,   Kind::kLocalDateTime, Kind::kDateTime,
    Kind::kDuration, Kind::kPeriod, Kind::kQuantity,      Kind::kList,
    Kind::kMap,      Kind::kNode,   Kind::kFact,          Kind::kPath};

constexpr std::array<absl::string_view, 16> kKindNames = {
    "Map",      "Node",   "Relationship", "List",   "Path",    "DateTime", "LocalDateTime", "Date",
    "Duration", "Period", "Quantity",     "String", "Boolean", "Integer",  "Float",         "Null"};

constexpr double kTwo63 = 9223372036854775808.0;  // one more than the greatest integer

// Exact, also where an integer has no double of its own.  `number` is not NaN.
std::strong_ordering CompareExactly(int64_t integer, double number) {
  if (number >= kTwo63) return std::strong_ordering::less;
  if (number < -kTwo63) return std::strong_ordering::greater;
  const double floor = std::floor(number);
  const auto whole = static_cast<int64_t>(floor);
  if (integer != whole) return integer <=> whole;
  return floor < number ? std::strong_ordering::less : std::strong_ordering::equal;
}

bool IsNaN(const Value& value) {
  return value.is(Kind::kDouble) && std::isnan(value.as_double());
}

// REQUIRES: both are numbers, neither is NaN.
std::strong_ordering CompareNumbers(const Value& a, const Value& b) {
  if (a.is(Kind::kInt)) {
    return b.is(Kind::kInt) ? a.as_int() <=> b.as_int() : CompareExactly(a.as_int(), b.as_double());
  }
  if (b.is(Kind::kInt)) return 0 <=> CompareExactly(b.as_int(), a.as_double());
  if (a.as_double() == b.as_double()) return std::strong_ordering::equal;
  return a.as_double() < b.as_double() ? std::strong_ordering::less : std::strong_ordering::greater;
}

std::strong_ordering CompareText(absl::string_view a, absl::string_view b) {
  return a.compare(b) <=> 0;
}

auto Key(const DateTime& v) {
  return std::tie(v.seconds, v.nanoseconds, v.offset_seconds, v.zone);
}

// By length on average, then by parts, so that only equal durations tie.
auto Key(const Duration& v) {
  return std::make_tuple(AverageSeconds(v), v.months, v.days, v.seconds, v.nanoseconds);
}

auto Key(const Quantity& v) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return std::make_tuple(absl::string_view(v.unit), v.value(), v.low.value_or(-kInfinity),
                         v.high.value_or(kInfinity));
}

template <typename T>
std::weak_ordering Compare(const T& a, const T& b) {
  return a < b   ? std::weak_ordering::less
         : b < a ? std::weak_ordering::greater
                 : std::weak_ordering::equivalent;
}

VersionId LineageOf(const Value& fact) {
  return fact.as_fact()->lineage;
}

std::vector<uint64_t> Steps(const Path& path) {
  std::vector<uint64_t> steps;
  for (size_t i = 0; i < path.nodes.size(); ++i) {
    steps.push_back(Raw(path.nodes[i]));
    if (i < path.facts.size()) steps.push_back(Raw(path.facts[i]->lineage));
  }
  return steps;
}

Truth ListEquals(const List& a, const List& b) {
  if (a.size() != b.size()) return Truth::kFalse;
  Truth all = Truth::kTrue;
  for (size_t i = 0; i < a.size() && all != Truth::kFalse; ++i) {
    all = And(all, ValueEquals(a[i], b[i]));
  }
  return all;
}

Truth MapEquals(const Map& a, const Map& b) {
  if (a.size() != b.size()) return Truth::kFalse;
  Truth all = Truth::kTrue;
  for (auto i = a.begin(), j = b.begin(); i != a.end(); ++i, ++j) {
    if (i->first != j->first) return Truth::kFalse;
    all = And(all, ValueEquals(i->second, j->second));
  }
  return all;
}

// The first pair of elements that differ decides; an unknown pair before it leaves it open.
Truth ListLess(const List& a, const List& b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const Truth equal = ValueEquals(a[i], b[i]);
    if (equal == Truth::kTrue) continue;
    return equal == Truth::kUnknown ? equal : ValueLess(a[i], b[i]);
  }
  return ToTruth(a.size() < b.size());
}

std::weak_ordering ListOrder(const List& a, const List& b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (const std::weak_ordering order = ValueOrder(a[i], b[i]); order != 0) return order;
  }
  return a.size() <=> b.size();
}

std::weak_ordering MapOrder(const Map& a, const Map& b) {
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end(); ++i, ++j) {
    if (const auto order = CompareText(i->first, j->first); order != 0) return order;
    if (const std::weak_ordering order = ValueOrder(i->second, j->second); order != 0) return order;
  }
  return a.size() <=> b.size();
}

// Integers and floats share a place in the order of kinds.
int Rank(Kind kind) {
  return static_cast<int>(kind == Kind::kDouble ? Kind::kInt : kind);
}

std::weak_ordering NumberOrder(const Value& a, const Value& b) {
  if (IsNaN(a) || IsNaN(b)) return IsNaN(a) <=> IsNaN(b);
  return CompareNumbers(a, b);
}

// What a hash is made of must agree with SameValue.
struct Hashed {
  const Value& value;

  template <typename H>
  friend H AbslHashValue(H h, const Hashed& hashed) {
    const Value& v = hashed.value;
    h = H::combine(std::move(h), Rank(v.kind()));
    switch (v.kind()) {
      case Kind::kNull:
        return h;
      case Kind::kBool:
        return H::combine(std::move(h), v.as_bool());
      case Kind::kInt:
        return H::combine(std::move(h), v.as_int());
      case Kind::kDouble:
        return HashDouble(std::move(h), v.as_double());
      case Kind::kString:
        return H::combine(std::move(h), v.as_string());
      case Kind::kDate:
        return H::combine(std::move(h), v.as_date().days);
      case Kind::kLocalDateTime:
        return H::combine(std::move(h), v.as_local_date_time().seconds,
                          v.as_local_date_time().nanoseconds);
      case Kind::kDateTime:
        return H::combine(std::move(h), Key(v.as_date_time()));
      case Kind::kDuration:
        return H::combine(std::move(h), Key(v.as_duration()));
      case Kind::kPeriod:
        return H::combine(std::move(h), v.as_period());
      case Kind::kQuantity:
        return H::combine(std::move(h), v.as_quantity());
      case Kind::kNode:
        return H::combine(std::move(h), v.as_node());
      case Kind::kFact:
        return H::combine(std::move(h), LineageOf(v));
      case Kind::kPath:
        return H::combine(std::move(h), Steps(v.as_path()));
      case Kind::kList:
        for (const Value& element : v.as_list()) h = H::combine(std::move(h), Hashed{element});
        return H::combine(std::move(h), v.as_list().size());
      case Kind::kMap:
        for (const auto& [key, element] : v.as_map()) {
          h = H::combine(std::move(h), key, Hashed{element});
        }
        return H::combine(std::move(h), v.as_map().size());
    }
    FASTI_CHECK(!"a kind of value");
    return h;
  }

  // A whole number hashes as the integer it equals, and all NaN as one.
  template <typename H>
  static H HashDouble(H h, double number) {
    if (std::isnan(number)) return H::combine(std::move(h), -1.5);
    if (number >= -kTwo63 && number < kTwo63 && number == std::floor(number)) {
      return H::combine(std::move(h), static_cast<int64_t>(number));
    }
    return H::combine(std::move(h), number);
  }
};

}  // namespace

Value::Kind Value::kind() const {
  return kKinds[rep_.index()];
}

absl::string_view KindName(Value::Kind kind) {
  return NameOf(kKindNames, kind);
}

Truth ValueEquals(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return Truth::kUnknown;
  if (Rank(a.kind()) != Rank(b.kind())) return Truth::kFalse;
  if (IsNaN(a) || IsNaN(b)) return Truth::kFalse;
  switch (a.kind()) {
    case Kind::kList:
      return ListEquals(a.as_list(), b.as_list());
    case Kind::kMap:
      return MapEquals(a.as_map(), b.as_map());
    case Kind::kQuantity:
      return QuantityEquals(a.as_quantity(), b.as_quantity());
    default:
      return ToTruth(ValueOrder(a, b) == 0);
  }
}

Truth ValueLess(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null() || Rank(a.kind()) != Rank(b.kind())) return Truth::kUnknown;
  if (IsNaN(a) || IsNaN(b)) return Truth::kFalse;
  switch (a.kind()) {
    case Kind::kList:
      return ListLess(a.as_list(), b.as_list());
    case Kind::kQuantity:
      return QuantityLess(a.as_quantity(), b.as_quantity());
    case Kind::kMap:
    case Kind::kNode:
    case Kind::kFact:
    case Kind::kPath:
    case Kind::kDuration:
      return Truth::kUnknown;  // openCypher: not comparable
    default:
      return ToTruth(ValueOrder(a, b) < 0);
  }
}

Truth ValueLessEqual(const Value& a, const Value& b) {
  const Truth less = ValueLess(a, b);
  if (less == Truth::kTrue) return less;
  const Truth greater = ValueLess(b, a);
  if (greater != Truth::kFalse) return Not(greater);
  // Surely not greater; where it is not surely anything else, it is NaN or equal.
  return less == Truth::kUnknown ? Truth::kTrue : ValueEquals(a, b);
}

std::weak_ordering ValueOrder(const Value& a, const Value& b) {
  const int rank_a = Rank(a.kind());
  const int rank_b = Rank(b.kind());
  if (rank_a != rank_b) return rank_a <=> rank_b;
  switch (a.kind()) {
    case Kind::kNull:
      return std::weak_ordering::equivalent;
    case Kind::kBool:
      return a.as_bool() <=> b.as_bool();
    case Kind::kInt:
    case Kind::kDouble:
      return NumberOrder(a, b);
    case Kind::kString:
      return CompareText(a.as_string(), b.as_string());
    case Kind::kDate:
      return a.as_date() <=> b.as_date();
    case Kind::kLocalDateTime:
      return a.as_local_date_time() <=> b.as_local_date_time();
    case Kind::kDateTime:
      return Compare(Key(a.as_date_time()), Key(b.as_date_time()));
    case Kind::kDuration:
      return Compare(Key(a.as_duration()), Key(b.as_duration()));
    case Kind::kPeriod:
      return Compare(a.as_period(), b.as_period());
    case Kind::kQuantity:
      return Compare(Key(a.as_quantity()), Key(b.as_quantity()));
    case Kind::kNode:
      return a.as_node() <=> b.as_node();
    case Kind::kFact:
      return LineageOf(a) <=> LineageOf(b);
    case Kind::kPath:
      return Compare(Steps(a.as_path()), Steps(b.as_path()));
    case Kind::kList:
      return ListOrder(a.as_list(), b.as_list());
    case Kind::kMap:
      return MapOrder(a.as_map(), b.as_map());
  }
  FASTI_CHECK(!"a kind of value");
  return std::weak_ordering::equivalent;
}

bool SameValue(const Value& a, const Value& b) {
  return ValueOrder(a, b) == 0;
}

size_t HashValue(const Value& value) {
  return absl::HashOf(Hashed{value});
}

}  // namespace fasti
