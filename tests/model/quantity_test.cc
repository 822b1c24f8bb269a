#include "fasti/quantity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

namespace fasti {
namespace {

// Quantities over the numbers 0 to 3, and the numbers each may stand for.  Bounds are whole, so
// halves between and beyond them show every order that two numbers can have.
std::vector<Quantity> Quantities() {
  std::vector<Quantity> quantities;
  for (int low = 0; low < 4; ++low) {
    quantities.push_back(Quantity::Range(low, std::nullopt, "USD"));
    quantities.push_back(Quantity::Range(std::nullopt, low, "USD"));
    for (int high = low; high < 4; ++high) quantities.push_back(Quantity::Range(low, high, "USD"));
  }
  return quantities;
}

std::vector<double> NumbersOf(const Quantity& q) {
  std::vector<double> numbers;
  for (double number = -1; number <= 4; number += 0.25) {
    if ((!q.low || *q.low <= number) && (!q.high || number <= *q.high)) numbers.push_back(number);
  }
  return numbers;
}

Truth OverChoices(const Quantity& a, const Quantity& b,
                  const std::function<bool(double, double)>& holds) {
  bool some = false;
  bool all = true;
  for (const double x : NumbersOf(a)) {
    for (const double y : NumbersOf(b)) {
      some |= holds(x, y);
      all &= holds(x, y);
    }
  }
  return all ? Truth::kTrue : some ? Truth::kUnknown : Truth::kFalse;
}

TEST(QuantityTest, ComparisonsAgreeWithTheDefinitionOnEveryPair) {
  for (const Quantity& a : Quantities()) {
    for (const Quantity& b : Quantities()) {
      const auto equal = [](double x, double y) { return x == y; };
      const auto less = [](double x, double y) { return x < y; };
      EXPECT_EQ(QuantityEquals(a, b), OverChoices(a, b, equal))
          << FormatQuantity(a) << " = " << FormatQuantity(b);
      EXPECT_EQ(QuantityLess(a, b), OverChoices(a, b, less))
          << FormatQuantity(a) << " < " << FormatQuantity(b);
      EXPECT_EQ(QuantityCompatible(a, b), OverChoices(a, b, equal) != Truth::kFalse);
    }
  }
}

TEST(QuantityTest, ArithmeticCoversEveryChoice) {
  for (const Quantity& a : Quantities()) {
    for (const double factor : {-2.0, 0.5}) {
      const absl::StatusOr<Quantity> scaled = Scale(a, factor);
      ASSERT_TRUE(scaled.ok()) << scaled.status();
      for (const double x : NumbersOf(a)) {
        EXPECT_TRUE(QuantityCompatible(*scaled, Quantity::Exactly(x * factor, "USD")));
      }
    }
    for (const Quantity& b : Quantities()) {
      const absl::StatusOr<Quantity> sum = Add(a, b);
      const absl::StatusOr<Quantity> difference = Subtract(a, b);
      for (const double x : NumbersOf(a)) {
        for (const double y : NumbersOf(b)) {
          if (sum.ok()) {
            EXPECT_TRUE(QuantityCompatible(*sum, Quantity::Exactly(x + y, "USD")));
          }
          if (difference.ok()) {
            EXPECT_TRUE(QuantityCompatible(*difference, Quantity::Exactly(x - y, "USD")));
          }
        }
      }
    }
  }
}

TEST(QuantityTest, UnlikeUnitsAreNeverMixed) {
  const Quantity dollars = Quantity::Exactly(1, "USD");
  const Quantity euros = Quantity::Exactly(1, "EUR");
  EXPECT_EQ(QuantityEquals(dollars, euros), Truth::kUnknown);
  EXPECT_EQ(QuantityLess(dollars, euros), Truth::kUnknown);
  EXPECT_FALSE(QuantityCompatible(dollars, euros));
  const absl::Status status =
      absl::InvalidArgumentError("quantity: expected the unit 'USD', found 'EUR'");
  EXPECT_EQ(Add(dollars, euros).status(), status);
  EXPECT_EQ(Subtract(dollars, euros).status(), status);
  EXPECT_EQ(Ratio(dollars, euros).status(), status);
}

TEST(QuantityTest, ResultsKeepHowVagueTheyAre) {
  Quantity about = Quantity::Exactly(14e9, "USD");
  about.hedge = Hedge::kAbout;
  const Quantity over = Quantity::Range(10e9, std::nullopt, "USD");
  const Quantity up_to = Quantity::Range(std::nullopt, 65e9, "USD");
  EXPECT_EQ(FormatQuantity(*Add(about, about)), "~ 28e9 USD");
  EXPECT_EQ(FormatQuantity(*Add(about, over)), ">= 24e9 USD");
  EXPECT_EQ(FormatQuantity(*Subtract(about, over)), "<= 4e9 USD");
  EXPECT_EQ(FormatQuantity(*Scale(up_to, -1)), ">= -65e9 USD");
  EXPECT_EQ(Add(over, up_to).status().message(),
            "quantity: the result has neither a least nor a greatest value");
  EXPECT_EQ(Scale(about, std::numeric_limits<double>::infinity()).status().message(),
            "quantity: expected finite numbers");
  EXPECT_EQ(*Ratio(about, Quantity::Range(6e9, 8e9, "USD")), 2.0);
}

TEST(QuantityTest, CheckRefusesWhatIsNoQuantity) {
  EXPECT_TRUE(CheckQuantity(Quantity::Exactly(1, "")).ok());
  EXPECT_FALSE(CheckQuantity(Quantity{}).ok());
  EXPECT_FALSE(CheckQuantity(Quantity::Range(2, 1, "USD")).ok());
  EXPECT_FALSE(CheckQuantity(Quantity::Exactly(std::nan(""), "USD")).ok());
  EXPECT_FALSE(
      CheckQuantity(Quantity::Exactly(std::numeric_limits<double>::infinity(), "USD")).ok());
}

TEST(QuantityTest, NumbersPrintInThousands) {
  const std::pair<double, const char*> kCases[] = {
      {0, "0"},
      {49, "49"},
      {-22, "-22"},
      {0.5, "0.5"},
      {1.5, "1.5"},
      {999999, "999999"},
      {1e6, "1e6"},
      {14.3e9, "14.3e9"},
      {12345678, "12.345678e6"},
      {500e9, "500e9"},
      {1e-5, "10e-6"},
      {-2.5e12, "-2.5e12"},
      {0.000123, "0.000123"},
      {100000, "100000"},
  };
  for (const auto& [number, text] : kCases) {
    EXPECT_EQ(FormatQuantity(Quantity::Exactly(number, "")), text);
  }
  EXPECT_EQ(FormatQuantity(Quantity::Range(66e9, 72e9, "USD")), "66e9..72e9 USD");
}

TEST(QuantityTest, HedgesHaveNames) {
  for (int i = 0; i <= static_cast<int>(Hedge::kOrder); ++i) {
    const auto hedge = static_cast<Hedge>(i);
    EXPECT_EQ(HedgeFromName(HedgeName(hedge)), hedge);
  }
  EXPECT_EQ(HedgeFromName("roughly"), std::nullopt);
}

}  // namespace
}  // namespace fasti
