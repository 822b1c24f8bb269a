#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fasti/period.h"

namespace fasti {

// The word with which a source softened a number.  The numbers are stored; do not change them.
enum class Hedge : uint8_t {
  kExact = 0,    // 14.3 billion             low = high
  kAbout = 1,    // about 14 billion         low = high
  kOver = 2,     // more than 10 billion     high absent
  kUpTo = 3,     // up to 65 billion         low absent
  kBetween = 4,  // between 66 and 72        both
  kOrder = 5,    // tens of billions         both: 1e10 to 1e11
};
absl::string_view HedgeName(Hedge hedge);  // "exact", "about", "over", "up_to", "between", "order"
std::optional<Hedge> HedgeFromName(absl::string_view name);

// A number, or a range of numbers, with a unit, as uncertain as its source left it.
// `low` absent: at most `high`; `high` absent: at least `low`; not both absent; low <= high;
// both finite.  The unit is an ISO 4217 code, "percent", "count", or any word; it may be empty.
struct Quantity {
  std::optional<double> low;
  std::optional<double> high;
  std::string unit;
  Hedge hedge = Hedge::kExact;

  friend bool operator==(const Quantity& a, const Quantity& b) {
    return a.low == b.low && a.high == b.high && a.unit == b.unit;
  }
  template <typename H>
  friend H AbslHashValue(H h, const Quantity& q) {
    return H::combine(std::move(h), q.low, q.high, q.unit);
  }

  static Quantity Exactly(double number, absl::string_view unit);
  static Quantity Range(std::optional<double> low, std::optional<double> high,
                        absl::string_view unit);

  // The number, or the middle of the range, or the one bound there is.
  double value() const;
};

absl::Status CheckQuantity(const Quantity& quantity);

// Comparisons over all the numbers each may stand for; kUnknown also when the units differ.
Truth QuantityEquals(const Quantity& a, const Quantity& b);
Truth QuantityLess(const Quantity& a, const Quantity& b);
// True if some number fits both: the test by which two figures are "compatible".
bool QuantityCompatible(const Quantity& a, const Quantity& b);

// Interval arithmetic.  INVALID_ARGUMENT when the units differ: nothing is converted silently.
absl::StatusOr<Quantity> Add(const Quantity& a, const Quantity& b);
absl::StatusOr<Quantity> Subtract(const Quantity& a, const Quantity& b);
absl::StatusOr<Quantity> Scale(const Quantity& a, double factor);
// The ratio of the values of two quantities of the same unit.
absl::StatusOr<double> Ratio(const Quantity& a, const Quantity& b);

// "14.3e9 USD", "66e9..72e9 USD", ">= 10e9 USD", "<= 65e9 USD", "~ 14e9 USD"; for people and logs.
std::string FormatQuantity(const Quantity& quantity);

}  // namespace fasti
