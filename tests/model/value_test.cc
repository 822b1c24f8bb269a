#include "fasti/value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "fasti/fact.h"

namespace fasti {

std::ostream& operator<<(std::ostream& out, const Value& value) {
  return out << FormatValue(value);
}

namespace {

const Value kNull;
const Value kNaN(std::nan(""));

Value L(List elements) {
  return Value(std::move(elements));
}

Value FactOf(uint64_t lineage, uint64_t version) {
  auto fact = std::make_shared<Fact>();
  fact->lineage = static_cast<VersionId>(lineage);
  fact->version = static_cast<VersionId>(version);
  return Value(std::shared_ptr<const Fact>(std::move(fact)));
}

Value Text(absl::string_view text) {
  return Value(*ParsePeriod(text));
}

struct Comparison {
  Value a;
  Value b;
  Truth expected;
};

TEST(ValueTest, EqualityHasThreeValues) {
  const Comparison kCases[] = {
      {kNull, kNull, Truth::kUnknown},
      {kNull, Value(1), Truth::kUnknown},
      {Value(1), Value(1.0), Truth::kTrue},
      {Value(1), Value("1"), Truth::kFalse},
      {kNaN, kNaN, Truth::kFalse},
      {kNaN, Value("a"), Truth::kFalse},
      {Value(int64_t{4611686018427387905}), Value(int64_t{4611686018427387900}), Truth::kFalse},
      {Value(int64_t{9007199254740993}), Value(9007199254740992.0), Truth::kFalse},
      {Value(INT64_MAX), Value(9223372036854775808.0), Truth::kFalse},
      {Value(INT64_MIN), Value(-9223372036854775808.0), Truth::kTrue},
      {Value(0), Value(-0.0), Truth::kTrue},
      {L({Value(1), Value(2)}), L({Value(1)}), Truth::kFalse},
      {L({kNull}), L({Value(1)}), Truth::kUnknown},
      {L({Value("a")}), L({Value(1)}), Truth::kFalse},
      {L({L({Value(1)})}), L({L({Value(1)}), L({kNull})}), Truth::kFalse},
      {L({L({Value(1)}), L({Value(2)})}), L({L({Value(1)}), L({kNull})}), Truth::kUnknown},
      {L({L({Value(1)}), L({Value(2), Value(3)})}), L({L({Value(1)}), L({kNull})}), Truth::kFalse},
      {L({kNull, Value(1)}), L({kNull, Value(2)}), Truth::kFalse},
      {Value(Map{}), Value(Map{{"k", kNull}}), Truth::kFalse},
      {Value(Map{{"k", kNull}}), Value(Map{{"k", kNull}}), Truth::kUnknown},
      {Value(Map{{"k", Value(1)}, {"l", kNull}}), Value(Map{{"k", kNull}, {"l", Value(1)}}),
       Truth::kUnknown},
      {Value(Map{{"k", Value(1)}, {"l", kNull}}), Value(Map{{"k", Value(2)}, {"l", kNull}}),
       Truth::kFalse},
      {FactOf(7, 7), FactOf(7, 9), Truth::kTrue},
      {FactOf(7, 9), FactOf(8, 9), Truth::kFalse},
      {Value(static_cast<EntityId>(3)), Value(3), Truth::kFalse},
      {Text("2025"), Text("2025"), Truth::kTrue},
      {Text("2025"), Text("2025-01..2025-12"), Truth::kFalse},
      {Value(Quantity::Range(66e9, 72e9, "USD")), Value(Quantity::Exactly(70e9, "USD")),
       Truth::kUnknown},
      {Value(Quantity::Exactly(1, "USD")), Value(Quantity::Exactly(1, "EUR")), Truth::kUnknown},
  };
  for (const Comparison& c : kCases) {
    EXPECT_EQ(ValueEquals(c.a, c.b), c.expected) << c.a << " = " << c.b;
    EXPECT_EQ(ValueEquals(c.b, c.a), c.expected) << c.b << " = " << c.a;
  }
}

TEST(ValueTest, LessHasThreeValues) {
  const Comparison kCases[] = {
      {Value(1), Value(3.14), Truth::kTrue},
      {Value(3.14), Value(1), Truth::kFalse},
      {Value(1), Value("a"), Truth::kUnknown},
      {kNull, Value(1), Truth::kUnknown},
      {kNaN, Value(1), Truth::kFalse},
      {Value(1), kNaN, Truth::kFalse},
      {kNaN, Value("a"), Truth::kUnknown},
      {Value(false), Value(true), Truth::kTrue},
      {Value("Z"), Value("a"), Truth::kTrue},
      {L({Value(1)}), L({Value(1), Value(0)}), Truth::kTrue},
      {L({Value(1)}), L({Value(1), kNull}), Truth::kTrue},
      {L({Value(1), kNull}), L({Value(1), Value(2)}), Truth::kUnknown},
      {L({Value(1), kNull}), L({Value(1), Value("a")}), Truth::kUnknown},
      {L({Value(3), kNull}), L({Value(1), Value(2)}), Truth::kFalse},
      {Value(Map{}), Value(Map{}), Truth::kUnknown},
      {Value(static_cast<EntityId>(1)), Value(static_cast<EntityId>(2)), Truth::kUnknown},
      {Value(Duration{0, 1, 0, 0}), Value(Duration{0, 2, 0, 0}), Truth::kUnknown},
      {Value(Date{1}), Value(Date{2}), Truth::kTrue},
      {Text("2024"), Text("2025"), Truth::kTrue},
      {Value(Quantity::Range(std::nullopt, 65e9, "USD")), Value(Quantity::Exactly(66e9, "USD")),
       Truth::kTrue},
      {Value(Quantity::Range(60e9, 65e9, "USD")), Value(Quantity::Exactly(61e9, "USD")),
       Truth::kUnknown},
  };
  for (const Comparison& c : kCases) {
    EXPECT_EQ(ValueLess(c.a, c.b), c.expected) << c.a << " < " << c.b;
  }
}

TEST(ValueTest, LessOrEqualIsSureWhereEitherSurelyHolds) {
  const Comparison kCases[] = {
      {Value(1), Value(1.0), Truth::kTrue},
      {kNaN, kNaN, Truth::kFalse},
      {Value(1), Value("a"), Truth::kUnknown},
      {Value(Quantity::Range(1, 2, "")), Value(Quantity::Range(2, 3, "")), Truth::kTrue},
      {Value(Quantity::Range(2, 3, "")), Value(Quantity::Range(1, 2, "")), Truth::kUnknown},
      {Value(Quantity::Range(3, 4, "")), Value(Quantity::Range(1, 2, "")), Truth::kFalse},
      {Value(Quantity::Exactly(1, "a")), Value(Quantity::Exactly(2, "b")), Truth::kUnknown},
      {L({Value(1), kNull}), L({Value(1), Value(2)}), Truth::kUnknown},
      {L({Value(1)}), L({Value(1)}), Truth::kTrue},
  };
  for (const Comparison& c : kCases) {
    EXPECT_EQ(ValueLessEqual(c.a, c.b), c.expected) << c.a << " <= " << c.b;
  }
}

TEST(ValueTest, UnlikeKindsSortInTheOrderOfTheLanguage) {
  Path path;
  path.nodes = {static_cast<EntityId>(1)};
  const std::vector<Value> sorted = {
      Value(Map{{"a", Value("map")}}),
      Value(static_cast<EntityId>(1)),
      FactOf(1, 1),
      L({Value("list")}),
      Value(path),
      Value(*ParseDateTime("2025-06-12T10:00Z")),
      Value(*ParseLocalDateTime("2025-06-12T10:00")),
      Value(*ParseDate("2025-06-12")),
      Value(*ParseDuration("P1D")),
      Text("2025"),
      Value(Quantity::Exactly(1, "USD")),
      Value("text"),
      Value(false),
      Value(true),
      Value(1),
      Value(1.5),
      kNaN,
      kNull,
  };
  for (size_t i = 0; i < sorted.size(); ++i) {
    for (size_t j = 0; j < sorted.size(); ++j) {
      EXPECT_EQ(ValueOrder(sorted[i], sorted[j]), i <=> j) << sorted[i] << ", " << sorted[j];
    }
  }
}

TEST(ValueTest, ListsSortElementByElement) {
  const std::vector<Value> sorted = {
      L({}),
      L({Value("a")}),
      L({Value("a"), Value(1)}),
      L({Value(1)}),
      L({Value(1), Value("a")}),
      L({Value(1), kNull}),
      L({kNull, Value(1)}),
      L({kNull, Value(2)}),
  };
  for (size_t i = 0; i + 1 < sorted.size(); ++i) {
    EXPECT_TRUE(ValueOrder(sorted[i], sorted[i + 1]) < 0) << sorted[i] << ", " << sorted[i + 1];
  }
}

// Values that are alike in many ways, so that ties and near misses are common.
class RandomValues {
 public:
  explicit RandomValues(unsigned seed) : random_(seed) {}

  Value Next(int depth = 2) {
    switch (Pick(depth > 0 ? 16 : 13)) {
      case 0:
        return kNull;
      case 1:
        return Value(Pick(2) == 0);
      case 2:
        return Value(int64_t{Pick(4)} - 1);
      case 3:
        return Value((int64_t{1} << 53) + Pick(3));
      case 4:
        return Value(Pick(4) / 2.0 - 0.5);
      case 5:
        return Value(std::ldexp(1.0, 53) + Pick(2) * 2);
      case 6:
        return Pick(2) == 0 ? kNaN : Value(-0.0);
      case 7:
        return Value(std::string(static_cast<size_t>(Pick(3)), "ab"[Pick(2)]));
      case 8:
        return Value(Date{Pick(3)});
      case 9:
        return Value(Duration{Pick(2), Pick(2) * 30, Pick(2), 0});
      case 10:
        return Text(Pick(2) == 0 ? "2025" : "2025-01..2025");
      case 11:
        return Value(Quantity::Range(Pick(2), 1 + Pick(2), Pick(2) == 0 ? "USD" : "EUR"));
      case 12:
        return Pick(2) == 0 ? Value(static_cast<EntityId>(Pick(2))) : FactOf(1, Pick(3));
      case 13: {
        List list;
        for (int i = Pick(3); i > 0; --i) list.push_back(Next(depth - 1));
        return Value(std::move(list));
      }
      case 14: {
        Map map;
        for (int i = Pick(3); i > 0; --i) map[Pick(2) == 0 ? "k" : "l"] = Next(depth - 1);
        return Value(std::move(map));
      }
      default:
        return Value(DateTime{Pick(2), 0, 3600 * Pick(2), Pick(2) == 0 ? "" : "Europe/Rome"});
    }
  }

 private:
  int Pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  std::mt19937 random_;
};

TEST(ValueTest, OrderIsTotalAndHashAndEqualityAgreeWithIt) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  RandomValues values(seed);
  for (int i = 0; i < 50'000; ++i) {
    const Value a = values.Next();
    const Value b = values.Next();
    const Value c = values.Next();
    ASSERT_TRUE(ValueOrder(a, a) == 0) << a;
    ASSERT_EQ(ValueOrder(a, b), 0 <=> ValueOrder(b, a)) << a << ", " << b;
    if (ValueOrder(a, b) <= 0 && ValueOrder(b, c) <= 0) {
      ASSERT_TRUE(ValueOrder(a, c) <= 0) << a << ", " << b << ", " << c;
    }
    ASSERT_EQ(SameValue(a, b), ValueOrder(a, b) == 0);
    if (SameValue(a, b)) {
      ASSERT_EQ(HashValue(a), HashValue(b)) << a << ", " << b;
    }
    if (ValueEquals(a, b) == Truth::kTrue) {
      ASSERT_TRUE(SameValue(a, b)) << a << ", " << b;
    }
    if (ValueLess(a, b) == Truth::kTrue) {
      ASSERT_TRUE(ValueOrder(a, b) < 0 || a.is(Value::Kind::kQuantity) || a.is(Value::Kind::kList))
          << a << ", " << b;
      ASSERT_NE(ValueLess(b, a), Truth::kTrue) << a << ", " << b;
    }
  }
}

TEST(ValueTest, ValuesPrintAsTheLanguageWritesThem) {
  Path path;
  path.nodes = {static_cast<EntityId>(1), static_cast<EntityId>(2)};
  Fact fact;
  fact.subject = static_cast<EntityId>(2);
  fact.lineage = static_cast<VersionId>(9);
  path.facts = {std::make_shared<const Fact>(fact)};
  const std::pair<Value, const char*> kCases[] = {
      {kNull, "null"},
      {Value(true), "true"},
      {Value(-7), "-7"},
      {Value(1.0), "1.0"},
      {kNaN, "NaN"},
      {Value("it's\n\\"), "'it\\'s\\n\\\\'"},
      {L({Value(1), L({}), Value("a")}), "[1, [], 'a']"},
      {Value(Map{}), "{}"},
      {Value(Map{{"k", Value(1)}, {"two words", Value(2)}, {"1st", kNull}}),
       "{`1st`: null, k: 1, `two words`: 2}"},
      {Value(Date{20251}), "2025-06-12"},
      {Text("2025-Q2.."), "2025-Q2.."},
      {Value(Quantity::Exactly(14.3e9, "USD")), "14.3e9 USD"},
      {Value(static_cast<EntityId>(7)), "(#7)"},
      {FactOf(9, 12), "[#9]"},
      {Value(path), "(#1)<-[#9]-(#2)"},
  };
  for (const auto& [value, text] : kCases) EXPECT_EQ(FormatValue(value), text);
}

}  // namespace
}  // namespace fasti
