#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

#include "absl/strings/ascii.h"
#include "query/function/characters.h"
#include "tests/query/function_harness.h"

namespace fasti::function {
namespace {

constexpr int64_t kIntMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kIntMax = std::numeric_limits<int64_t>::max();
const Value kNull;

TEST(FunctionTableTest, NamesAreFoundInAnyCase) {
  EXPECT_EQ(FindFunction("DURATION.inseconds"), FindFunction("duration.inSeconds"));
  EXPECT_NE(FindFunction("duration.inSeconds"), nullptr);
  EXPECT_EQ(FindFunction("no.such"), nullptr);
}

TEST(FunctionTableTest, EveryRowHasTheEvaluatorOfItsForm) {
  for (const Function* function : AllFunctions()) {
    EXPECT_EQ(function->evaluate != nullptr, function->form == Form::kScalar) << function->name;
    EXPECT_EQ(function->accumulate != nullptr, function->form == Form::kAggregate)
        << function->name;
    EXPECT_EQ(function->evaluate_window != nullptr, function->form == Form::kWindow)
        << function->name;
    EXPECT_LE(function->args_min, function->args_max) << function->name;
    EXPECT_FALSE(function->result.is_empty()) << function->name;
    for (size_t i = 0; i < function->args_max && i < 3; ++i) {
      EXPECT_FALSE(function->parameter(i).is_empty()) << function->name << " " << i;
    }
  }
}

TEST(FunctionTableTest, FunctionsThatReadTheViewAreMarkedToUseTheContext) {
  for (const Function* function : AllFunctions()) {
    EXPECT_TRUE(!function->has(kUsesView) || function->has(kUsesContext)) << function->name;
  }
}

TEST(FunctionTableTest, TimesOfDayAreLeftOutWithAReason) {
  EXPECT_TRUE(WhyLeftOut("time").has_value());
  EXPECT_TRUE(WhyLeftOut("localTime.truncate").has_value());
  EXPECT_FALSE(WhyLeftOut("timestamp").has_value());
  EXPECT_EQ(FindFunction("localtime"), nullptr);
}

TEST(FunctionTableTest, NullArgumentsGiveNullUnlessTheFunctionSeesThem) {
  for (const Function* function : AllFunctions()) {
    if (function->form != Form::kScalar || function->has(kSeesNulls)) continue;
    const std::vector<Value> nulls(std::max<size_t>(1, function->args_min));
    if (function->args_max == 0) continue;
    EXPECT_EQ(Outcome(Call(*function, nulls, FakeContext())), "null") << function->name;
  }
}

TEST(StringFunctionsTest, PositionsCountCharacters) {
  EXPECT_EQ(Evaluate("substring", "perché", 3), "'ché'");
  EXPECT_EQ(Evaluate("substring", "perché no", 5, 2), "'é '");
  EXPECT_EQ(Evaluate("substring", "ab", 7), "''");
  EXPECT_EQ(Evaluate("left", "éa", 1), "'é'");
  EXPECT_EQ(Evaluate("right", "aé", 1), "'é'");
  EXPECT_EQ(Evaluate("right", "ab", 5), "'ab'");
  EXPECT_EQ(Evaluate("size", "perché"), "6");
  EXPECT_EQ(Evaluate("reverse", "né"), "'én'");
}

TEST(StringFunctionsTest, NegativeLengthsAreOutOfRange) {
  EXPECT_EQ(Evaluate("left", "ab", -1), "ArgumentError.NumberOutOfRange");
  EXPECT_EQ(Evaluate("right", "ab", -1), "ArgumentError.NumberOutOfRange");
  EXPECT_EQ(Evaluate("substring", "ab", -1), "ArgumentError.NumberOutOfRange");
  EXPECT_EQ(Evaluate("substring", "ab", 0, -1), "ArgumentError.NumberOutOfRange");
}

TEST(StringFunctionsTest, TextIsCutReplacedAndCased) {
  EXPECT_EQ(Evaluate("trim", "  a b\n"), "'a b'");
  EXPECT_EQ(Evaluate("lTrim", " a "), "'a '");
  EXPECT_EQ(Evaluate("rTrim", " a "), "' a'");
  EXPECT_EQ(Evaluate("toUpper", "straße é"), "'STRASSE É'");
  EXPECT_EQ(Evaluate("toLower", "ÀB"), "'àb'");
  EXPECT_EQ(Evaluate("replace", "banana", "an", "A"), "'bAAa'");
  EXPECT_EQ(Evaluate("replace", "ab", "", "x"), "'ab'");
  EXPECT_EQ(Evaluate("split", "one1two", "1"), "['one', 'two']");
  EXPECT_EQ(Evaluate("split", "", ","), "['']");
  EXPECT_EQ(Evaluate("split", "aé", ""), "['a', 'é']");
}

std::string RandomText(std::mt19937_64& random) {
  static constexpr absl::string_view kPieces[] = {"a", "B", " ", "é", "ß", "漢", "𝄞", ",", "ab"};
  std::string text;
  for (uint64_t left = random() % 8; left > 0; --left) {
    absl::StrAppend(&text, kPieces[random() % std::size(kPieces)]);
  }
  return text;
}

TEST(StringFunctionsTest, CutsOfRandomTextsAgreeWithEachOther) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 2'000; ++i) {
    const std::string text = RandomText(random);
    const auto size = static_cast<int64_t>(CharacterCount(text));
    const auto n = static_cast<int64_t>(random() % 10);
    EXPECT_EQ(Evaluate("left", text, n), Evaluate("substring", text, 0, n));
    if (n <= size) {
      EXPECT_EQ(Evaluate("right", text, size - n), Evaluate("substring", text, n));
      EXPECT_EQ(Of("left", text, n).as_string() + Of("substring", text, n).as_string(), text);
    }
    EXPECT_EQ(Of("reverse", Of("reverse", text)).as_string(), text);
    EXPECT_EQ(Evaluate("size", Of("reverse", text)), absl::StrCat(size));
    std::string joined;
    const Value parts = Of("split", text, ",");
    for (const Value& part : parts.as_list()) {
      absl::StrAppend(&joined, joined.empty() && &part == &parts.as_list()[0] ? "" : ",",
                      part.as_string());
    }
    EXPECT_EQ(joined, text);
  }
}

TEST(ListFunctionsTest, EndsOfListsAndTheirRest) {
  EXPECT_EQ(Evaluate("head", ListOf(1, "a")), "1");
  EXPECT_EQ(Evaluate("last", ListOf(1, "a")), "'a'");
  EXPECT_EQ(Evaluate("tail", ListOf(1, "a", 2.5)), "['a', 2.5]");
  EXPECT_EQ(Evaluate("head", List()), "null");
  EXPECT_EQ(Evaluate("last", List()), "null");
  EXPECT_EQ(Evaluate("tail", List()), "[]");
  EXPECT_EQ(Evaluate("reverse", ListOf(1, kNull, 3)), "[3, null, 1]");
  EXPECT_EQ(Evaluate("size", ListOf(1, kNull)), "2");
}

TEST(ListFunctionsTest, RangeIncludesBothEnds) {
  EXPECT_EQ(Evaluate("range", 0, 3), "[0, 1, 2, 3]");
  EXPECT_EQ(Evaluate("range", 1381, -3412, -1298), "[1381, 83, -1215, -2513]");
  EXPECT_EQ(Evaluate("range", 0, 1, -1), "[]");
  EXPECT_EQ(Evaluate("range", 0, 0, -5), "[0]");
  EXPECT_EQ(Evaluate("range", kIntMin, kIntMax, kIntMax),
            "[-9223372036854775808, -1, 9223372036854775806]");
  EXPECT_EQ(Evaluate("range", kIntMax, kIntMin, kIntMin), "[9223372036854775807, -1]");
}

TEST(ListFunctionsTest, RangeRefusesWhatIsNoRange) {
  EXPECT_EQ(Evaluate("range", 2, 8, 0), "ArgumentError.NumberOutOfRange");
  EXPECT_EQ(Evaluate("range", 0.0, 8), "ArgumentError.InvalidArgumentType");
  EXPECT_EQ(Evaluate("range", 0, "8"), "ArgumentError.InvalidArgumentType");
  EXPECT_EQ(Evaluate("range", 0, kIntMax), "LimitError.Memory");
}

TEST(MathFunctionsTest, NumbersKeepOrLeaveTheirType) {
  EXPECT_EQ(Evaluate("abs", -3), "3");
  EXPECT_EQ(Evaluate("abs", -3.5), "3.5");
  EXPECT_EQ(Evaluate("abs", kIntMin), "ArithmeticError.IntegerOverflow");
  EXPECT_EQ(Evaluate("sign", -0.5), "-1");
  EXPECT_EQ(Evaluate("sign", 0), "0");
  EXPECT_EQ(Evaluate("ceil", 1.2), "2.0");
  EXPECT_EQ(Evaluate("floor", -1.2), "-2.0");
  EXPECT_EQ(Evaluate("sqrt", 12.96), "3.6");
  EXPECT_EQ(Evaluate("sqrt", -1), "NaN");
  EXPECT_EQ(Evaluate("exp", 0), "1.0");
  EXPECT_EQ(Evaluate("log", Of("e")), "1.0");
  EXPECT_EQ(Evaluate("atan2", 0, 1), "0.0");
  EXPECT_EQ(Evaluate("degrees", Of("pi")), "180.0");
  EXPECT_EQ(Evaluate("isNaN", Of("sqrt", -1)), "true");
  EXPECT_EQ(Evaluate("rand"), "0.25");
}

TEST(MathFunctionsTest, HalvesRoundUp) {
  EXPECT_EQ(Evaluate("round", 2.5), "3.0");
  EXPECT_EQ(Evaluate("round", -1.5), "-1.0");
  EXPECT_EQ(Evaluate("round", 0.49999999999999994), "0.0");
  EXPECT_EQ(Evaluate("round", 3.14159, 2), "3.14");
  EXPECT_EQ(Evaluate("round", 1e300, 300), "1e+300");
  EXPECT_EQ(Evaluate("round", 1.5, -1), "ArgumentError.NumberOutOfRange");
}

TEST(ConversionFunctionsTest, TextThatCannotBeReadGivesNull) {
  EXPECT_EQ(Evaluate("toInteger", "42"), "42");
  EXPECT_EQ(Evaluate("toInteger", "1.7"), "1");
  EXPECT_EQ(Evaluate("toInteger", "foo"), "null");
  EXPECT_EQ(Evaluate("toInteger", ""), "null");
  EXPECT_EQ(Evaluate("toInteger", "99999999999999999999"), "null");
  EXPECT_EQ(Evaluate("toFloat", "3"), "3.0");
  EXPECT_EQ(Evaluate("toFloat", "x"), "null");
  EXPECT_EQ(Evaluate("toBoolean", "TRUE"), "true");
  EXPECT_EQ(Evaluate("toBoolean", " tru "), "null");
}

TEST(ConversionFunctionsTest, NumbersAreCutTowardsZero) {
  EXPECT_EQ(Evaluate("toInteger", 82.9), "82");
  EXPECT_EQ(Evaluate("toInteger", -82.9), "-82");
  EXPECT_EQ(Evaluate("toInteger", 1e300), "ArgumentError.NumberOutOfRange");
  EXPECT_EQ(Evaluate("toFloat", 3), "3.0");
}

TEST(ConversionFunctionsTest, KindsThatNeverConvertAreTypeErrors) {
  for (absl::string_view name : {"toBoolean", "toInteger", "toFloat", "toString"}) {
    EXPECT_EQ(Evaluate(name, List()), "TypeError.InvalidArgumentValue") << name;
    EXPECT_EQ(Evaluate(name, Map()), "TypeError.InvalidArgumentValue") << name;
    EXPECT_EQ(Evaluate(name, EntityId{7}), "TypeError.InvalidArgumentValue") << name;
  }
  EXPECT_EQ(Evaluate("toBoolean", 1.0), "TypeError.InvalidArgumentValue");
  EXPECT_EQ(Evaluate("toInteger", true), "TypeError.InvalidArgumentValue");
  EXPECT_EQ(Evaluate("toFloat", true), "TypeError.InvalidArgumentValue");
}

TEST(ConversionFunctionsTest, WhatIsPrintedCanBeRead) {
  EXPECT_EQ(Evaluate("toString", "a'b"), "'a\\'b'");
  EXPECT_EQ(Evaluate("toString", 1.0), "'1.0'");
  EXPECT_EQ(Evaluate("toString", true), "'true'");
  EXPECT_EQ(Evaluate("toString", Date{0}), "'1970-01-01'");
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 1'000; ++i) {
    const auto integer = static_cast<int64_t>(random());
    EXPECT_EQ(Of("toInteger", Of("toString", integer)).as_int(), integer);
    const double number = std::uniform_real_distribution<double>(-1e12, 1e12)(random);
    EXPECT_EQ(Of("toFloat", Of("toString", number)).as_double(), number);
  }
}

TEST(ConversionFunctionsTest, CoalesceGivesTheFirstThatIsNotNull) {
  EXPECT_EQ(Outcome(CallNamed("coalesce", {Value(), Value(), Value(3), Value(4)})), "3");
  EXPECT_EQ(Evaluate("coalesce", kNull), "null");
}

}  // namespace
}  // namespace fasti::function
