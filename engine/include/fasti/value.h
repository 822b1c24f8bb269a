#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/ids.h"
#include "fasti/period.h"
#include "fasti/quantity.h"

namespace fasti {

struct Fact;
class Value;

// Calendar values, exactly as openCypher has them.
struct Date {
  int64_t days = 0;  // since 1970-01-01
  friend auto operator<=>(const Date&, const Date&) = default;
};
struct LocalDateTime {
  int64_t seconds = 0;  // since 1970-01-01T00:00:00 on a clock without zone
  int32_t nanoseconds = 0;
  friend auto operator<=>(const LocalDateTime&, const LocalDateTime&) = default;
};
struct DateTime {
  int64_t seconds = 0;  // since 1970-01-01T00:00:00 UTC
  int32_t nanoseconds = 0;
  int32_t offset_seconds = 0;
  std::string zone;  // a name of the time zone database, or empty when only the offset was given
  friend bool operator==(const DateTime&, const DateTime&) = default;
};
struct Duration {
  int64_t months = 0;
  int64_t days = 0;
  int64_t seconds = 0;
  int32_t nanoseconds = 0;  // of the sign of `seconds`, or any when `seconds` is zero
  friend bool operator==(const Duration&, const Duration&) = default;
};

using List = std::vector<Value>;
using Map = std::map<std::string, Value>;  // sorted by key, so that printing never varies

// A walk through the graph: nodes.size() == facts.size() + 1.
struct Path {
  std::vector<EntityId> nodes;
  std::vector<std::shared_ptr<const Fact>> facts;
};

// Any value of the query language: what an attribute holds, what a parameter brings, what a row
// shows.  A value is immutable; copies of long ones share their body.
class Value {
 public:
  // In the order in which ORDER BY sorts unlike kinds, except that kInt and kDouble are one kind
  // there and kNull comes last (openCypher's orderability).
  enum class Kind : uint8_t {
    kMap,
    kNode,
    kFact,
    kList,
    kPath,
    kDateTime,
    kLocalDateTime,
    kDate,
    kDuration,
    kPeriod,
    kQuantity,
    kString,
    kBool,
    kInt,
    kDouble,
    kNull,
  };

  Value() = default;  // null
  explicit Value(bool v) : rep_(v) {}
  explicit Value(int v) : rep_(static_cast<int64_t>(v)) {}
  explicit Value(int64_t v) : rep_(v) {}
  explicit Value(double v) : rep_(v) {}
  explicit Value(std::string v) : rep_(std::move(v)) {}
  explicit Value(absl::string_view v) : rep_(std::string(v)) {}
  explicit Value(const char* v) : rep_(std::string(v)) {}
  explicit Value(Date v) : rep_(v) {}
  explicit Value(LocalDateTime v) : rep_(v) {}
  explicit Value(DateTime v) : rep_(std::make_shared<const DateTime>(std::move(v))) {}
  explicit Value(Duration v) : rep_(std::make_shared<const Duration>(v)) {}
  explicit Value(Period v) : rep_(v) {}
  explicit Value(Quantity v) : rep_(std::make_shared<const Quantity>(std::move(v))) {}
  explicit Value(List v) : rep_(std::make_shared<const List>(std::move(v))) {}
  explicit Value(Map v) : rep_(std::make_shared<const Map>(std::move(v))) {}
  explicit Value(EntityId v) : rep_(v) {}
  explicit Value(std::shared_ptr<const Fact> v) : rep_(std::move(v)) {}
  explicit Value(Path v) : rep_(std::make_shared<const Path>(std::move(v))) {}
  explicit Value(Truth v) {
    if (v != Truth::kUnknown) rep_ = v == Truth::kTrue;
  }
  Value(const void*) = delete;  // no pointer becomes a bool

  Kind kind() const;
  bool is_null() const { return std::holds_alternative<std::monostate>(rep_); }
  bool is(Kind kind) const { return this->kind() == kind; }
  bool is_number() const { return is(Kind::kInt) || is(Kind::kDouble); }

  // REQUIRES for each: the value is of that kind.
  bool as_bool() const { return std::get<bool>(rep_); }
  int64_t as_int() const { return std::get<int64_t>(rep_); }
  double as_double() const { return std::get<double>(rep_); }
  const std::string& as_string() const ABSL_ATTRIBUTE_LIFETIME_BOUND {
    return std::get<std::string>(rep_);
  }
  Date as_date() const { return std::get<Date>(rep_); }
  LocalDateTime as_local_date_time() const { return std::get<LocalDateTime>(rep_); }
  const DateTime& as_date_time() const ABSL_ATTRIBUTE_LIFETIME_BOUND {
    return *std::get<std::shared_ptr<const DateTime>>(rep_);
  }
  const Duration& as_duration() const ABSL_ATTRIBUTE_LIFETIME_BOUND {
    return *std::get<std::shared_ptr<const Duration>>(rep_);
  }
  const Period& as_period() const ABSL_ATTRIBUTE_LIFETIME_BOUND { return std::get<Period>(rep_); }
  const Quantity& as_quantity() const ABSL_ATTRIBUTE_LIFETIME_BOUND {
    return *std::get<std::shared_ptr<const Quantity>>(rep_);
  }
  const List& as_list() const ABSL_ATTRIBUTE_LIFETIME_BOUND {
    return *std::get<std::shared_ptr<const List>>(rep_);
  }
  const Map& as_map() const ABSL_ATTRIBUTE_LIFETIME_BOUND {
    return *std::get<std::shared_ptr<const Map>>(rep_);
  }
  EntityId as_node() const { return std::get<EntityId>(rep_); }
  const std::shared_ptr<const Fact>& as_fact() const ABSL_ATTRIBUTE_LIFETIME_BOUND {
    return std::get<std::shared_ptr<const Fact>>(rep_);
  }
  const Path& as_path() const ABSL_ATTRIBUTE_LIFETIME_BOUND {
    return *std::get<std::shared_ptr<const Path>>(rep_);
  }

  // The number as a double.  REQUIRES: is_number().
  double number() const { return is(Kind::kInt) ? static_cast<double>(as_int()) : as_double(); }

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, Date, LocalDateTime,
               std::shared_ptr<const DateTime>, std::shared_ptr<const Duration>, Period,
               std::shared_ptr<const Quantity>, std::shared_ptr<const List>,
               std::shared_ptr<const Map>, EntityId, std::shared_ptr<const Fact>,
               std::shared_ptr<const Path>>
      rep_;
};

// The three relations between values that the language has.

// `=`: unknown if either is null or contains a null that decides; 1 = 1.0; values of unlike kinds
// are unequal; facts are equal if their lineages are.
Truth ValueEquals(const Value& a, const Value& b);

// `<`: unknown if either is null or if the kinds cannot be compared.
Truth ValueLess(const Value& a, const Value& b);
// `<=`.  Not the negation of the reverse `<`, which NaN refutes, nor "less or equal", which
// leaves two quantities unknown where one of both surely holds.
Truth ValueLessEqual(const Value& a, const Value& b);

// The total order of ORDER BY: every two values are ordered, null last, NaN after other numbers.
std::weak_ordering ValueOrder(const Value& a, const Value& b);

// The equality of DISTINCT and grouping: null is null, NaN is NaN, 1 is 1.0.
bool SameValue(const Value& a, const Value& b);
size_t HashValue(const Value& value);  // equal for values that SameValue holds equal

// The name of the kind in the language's words: "Integer", "String", "Node", "Relationship", ...
absl::string_view KindName(Value::Kind kind);

// The value as it is written in the language: 'text', 1.0, [1, 2], {k: 1}, 2025-06-12.  Nodes and
// relationships print as "(#7)" and "[#9]": their names are in the database, not in the value.
std::string FormatValue(const Value& value);

// Canonical text of calendar values (ISO 8601), and back.  INVALID_ARGUMENT says at which byte.
std::string FormatDate(Date date);
std::string FormatLocalDateTime(LocalDateTime value);
std::string FormatDateTime(const DateTime& value);
std::string FormatDuration(const Duration& value);
absl::StatusOr<Date> ParseDate(absl::string_view text);
absl::StatusOr<LocalDateTime> ParseLocalDateTime(absl::string_view text);
absl::StatusOr<DateTime> ParseDateTime(absl::string_view text);
absl::StatusOr<Duration> ParseDuration(absl::string_view text);

}  // namespace fasti
