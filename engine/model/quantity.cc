#include "fasti/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/model/names.h"
#include "fasti/status_macros.h"

namespace fasti {
namespace {

constexpr std::array<absl::string_view, 6> kHedgeNames = {"exact", "about",   "over",
                                                          "up_to", "between", "order"};

// A missing bound leaves the range open to infinity.
double Low(const Quantity& q) {
  return q.low.value_or(-std::numeric_limits<double>::infinity());
}
double High(const Quantity& q) {
  return q.high.value_or(std::numeric_limits<double>::infinity());
}
bool IsPoint(const Quantity& q) {
  return Low(q) == High(q);
}

absl::Status SameUnit(const Quantity& a, const Quantity& b) {
  if (a.unit == b.unit) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("quantity: expected the unit '", a.unit, "', found '", b.unit, "'"));
}

std::optional<double> Sum(std::optional<double> a, std::optional<double> b) {
  if (!a || !b) return std::nullopt;
  return *a + *b;
}

std::optional<double> Negated(std::optional<double> a) {
  if (!a) return std::nullopt;
  return -*a;
}

// The result of arithmetic on numbers softened as `a` and `b` were.
absl::StatusOr<Quantity> Result(std::optional<double> low, std::optional<double> high,
                                const Quantity& a, const Quantity& b) {
  if (!low && !high) {
    return absl::InvalidArgumentError(
        "quantity: the result has neither a least nor a greatest value");
  }
  Quantity result = Quantity::Range(low, high, a.unit);
  const bool vague = a.hedge != Hedge::kExact || b.hedge != Hedge::kExact;
  if (result.hedge == Hedge::kExact && vague) result.hedge = Hedge::kAbout;
  if (result.hedge == Hedge::kBetween && (a.hedge == Hedge::kOrder || b.hedge == Hedge::kOrder)) {
    result.hedge = Hedge::kOrder;
  }
  FASTI_RETURN_IF_ERROR(CheckQuantity(result));
  return result;
}

// Digits in groups of three go to the exponent: 14300000000 is "14.3e9".
std::string FormatNumber(double number) {
  if (number == 0) return "0";
  char buffer[32];
  const std::to_chars_result result =
      std::to_chars(buffer, buffer + sizeof(buffer), number, std::chars_format::scientific);
  FASTI_CHECK(result.ec == std::errc());
  const absl::string_view text(buffer, static_cast<size_t>(result.ptr - buffer));
  const size_t e = text.find('e');
  std::string digits;
  for (const char c : text.substr(0, e)) {
    if (c >= '0' && c <= '9') digits.push_back(c);
  }
  // from_chars takes no '+'.
  const size_t exponent_at = text[e + 1] == '+' ? e + 2 : e + 1;
  int exponent = 0;
  std::from_chars(text.data() + exponent_at, text.data() + text.size(), exponent);
  const bool plain = exponent >= -4 && exponent < 6;
  const int shown = plain ? 0 : exponent - ((exponent % 3) + 3) % 3;
  const int point = exponent - shown + 1;  // digits before the point
  if (point <= 0) digits.insert(0, static_cast<size_t>(1 - point), '0');
  const auto whole = static_cast<size_t>(std::max(point, 1));
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  std::string out = number < 0 ? "-" : "";
  absl::StrAppend(&out, digits.substr(0, whole));
  if (digits.size() > whole) absl::StrAppend(&out, ".", digits.substr(whole));
  if (shown != 0) absl::StrAppend(&out, "e", shown);
  return out;
}

}  // namespace

absl::string_view HedgeName(Hedge hedge) {
  return NameOf(kHedgeNames, hedge);
}
std::optional<Hedge> HedgeFromName(absl::string_view name) {
  return FromName<Hedge>(kHedgeNames, name);
}

Quantity Quantity::Exactly(double number, absl::string_view unit) {
  return {number, number, std::string(unit), Hedge::kExact};
}

Quantity Quantity::Range(std::optional<double> low, std::optional<double> high,
                         absl::string_view unit) {
  const Hedge hedge = !low            ? Hedge::kUpTo
                      : !high         ? Hedge::kOver
                      : *low == *high ? Hedge::kExact
                                      : Hedge::kBetween;
  return {low, high, std::string(unit), hedge};
}

double Quantity::value() const {
  if (!low) return high.value_or(0);
  if (!high) return *low;
  return *low + (*high - *low) / 2;
}

absl::Status CheckQuantity(const Quantity& quantity) {
  if (!quantity.low && !quantity.high) {
    return absl::InvalidArgumentError(
        "quantity: expected a least or a greatest value, found neither");
  }
  if (!std::isfinite(quantity.low.value_or(0)) || !std::isfinite(quantity.high.value_or(0))) {
    return absl::InvalidArgumentError("quantity: expected finite numbers");
  }
  if (Low(quantity) > High(quantity)) {
    return absl::InvalidArgumentError("quantity: the least value is above the greatest");
  }
  return absl::OkStatus();
}

bool QuantityCompatible(const Quantity& a, const Quantity& b) {
  return a.unit == b.unit && std::max(Low(a), Low(b)) <= std::min(High(a), High(b));
}

Truth QuantityEquals(const Quantity& a, const Quantity& b) {
  if (a.unit != b.unit) return Truth::kUnknown;
  if (!QuantityCompatible(a, b)) return Truth::kFalse;
  return IsPoint(a) && IsPoint(b) ? Truth::kTrue : Truth::kUnknown;
}

Truth QuantityLess(const Quantity& a, const Quantity& b) {
  if (a.unit != b.unit) return Truth::kUnknown;
  if (High(a) < Low(b)) return Truth::kTrue;
  return Low(a) < High(b) ? Truth::kUnknown : Truth::kFalse;
}

absl::StatusOr<Quantity> Add(const Quantity& a, const Quantity& b) {
  FASTI_RETURN_IF_ERROR(SameUnit(a, b));
  return Result(Sum(a.low, b.low), Sum(a.high, b.high), a, b);
}

absl::StatusOr<Quantity> Subtract(const Quantity& a, const Quantity& b) {
  FASTI_RETURN_IF_ERROR(SameUnit(a, b));
  return Result(Sum(a.low, Negated(b.high)), Sum(a.high, Negated(b.low)), a, b);
}

absl::StatusOr<Quantity> Scale(const Quantity& a, double factor) {
  if (factor == 0) return Result(0.0, 0.0, a, a);
  const auto scaled = [factor](std::optional<double> bound) {
    return bound ? std::optional<double>(*bound * factor) : std::nullopt;
  };
  return factor < 0 ? Result(scaled(a.high), scaled(a.low), a, a)
                    : Result(scaled(a.low), scaled(a.high), a, a);
}

absl::StatusOr<double> Ratio(const Quantity& a, const Quantity& b) {
  FASTI_RETURN_IF_ERROR(SameUnit(a, b));
  return a.value() / b.value();
}

std::string FormatQuantity(const Quantity& quantity) {
  std::string text;
  if (!quantity.low) {
    text = absl::StrCat("<= ", FormatNumber(quantity.high.value_or(0)));
  } else if (!quantity.high) {
    text = absl::StrCat(">= ", FormatNumber(*quantity.low));
  } else if (*quantity.low != *quantity.high) {
    text = absl::StrCat(FormatNumber(*quantity.low), "..", FormatNumber(*quantity.high));
  } else {
    text = absl::StrCat(quantity.hedge == Hedge::kAbout ? "~ " : "", FormatNumber(*quantity.low));
  }
  if (!quantity.unit.empty()) absl::StrAppend(&text, " ", quantity.unit);
  return text;
}

}  // namespace fasti
