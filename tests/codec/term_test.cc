#include "engine/codec/term.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/escaping.h"
#include "engine/codec/bytes.h"
#include "tests/codec/sample_values.h"

namespace fasti::codec {
namespace {

bool SameTypeAndValue(const Value& a, const Value& b) {
  return a.kind() == b.kind() && SameValue(a, b);
}

TEST(TermTest, ValuesThatFitStandInPlaceAndComeBackWithTheirType) {
  for (const Value& value : SampleValues()) {
    const std::optional<Term> term = InlineTerm(value);
    if (!term) continue;
    EXPECT_NE(TagOf(*term), TermTag::kDictionary);
    EXPECT_TRUE(SameTypeAndValue(InlineValue(*term), value)) << FormatValue(value);
  }
  EXPECT_EQ(InlineTerm(Value(static_cast<EntityId>(7)))->bits(), 7u << 3);
  EXPECT_EQ(InlineValue(Term::FromBits(7 << 3)).as_node(), static_cast<EntityId>(7));
}

TEST(TermTest, TheBitsAreThoseOfTheFormat) {
  EXPECT_EQ(InlineTerm(Value(1))->bits(), 2u << 3 | 2);
  EXPECT_EQ(InlineTerm(Value(-1))->bits(), 1u << 3 | 2);
  EXPECT_EQ(InlineTerm(Value(Date{1}))->bits(), 2u << 3 | 3);
  EXPECT_EQ(InlineTerm(Value(true))->bits(), 1u << 3 | 4);
  EXPECT_EQ(InlineTerm(Value(1.0))->bits(), 0x3ff0000000000005u);
  EXPECT_EQ(DictionaryTerm(9).bits(), 9u << 3 | 1);
  EXPECT_EQ(LiteralOf(DictionaryTerm(9)), 9u);
}

TEST(TermTest, OnlyWhatFitsSixtyOneBitsStandsInPlace) {
  EXPECT_TRUE(InlineTerm(Value((int64_t{1} << 60) - 1)).has_value());
  EXPECT_FALSE(InlineTerm(Value(int64_t{1} << 60)).has_value());
  EXPECT_TRUE(InlineTerm(Value(-(int64_t{1} << 60))).has_value());
  EXPECT_FALSE(InlineTerm(Value(-(int64_t{1} << 60) - 1)).has_value());
  EXPECT_TRUE(InlineTerm(Value(0.5)).has_value());
  EXPECT_FALSE(InlineTerm(Value(0.1)).has_value());
  EXPECT_FALSE(InlineTerm(Value("text")).has_value());
  EXPECT_FALSE(InlineTerm(Value()).has_value());
}

TEST(TermTest, EqualDoublesAreOneTermAndIntegersAnother) {
  EXPECT_EQ(InlineTerm(Value(-0.0)), InlineTerm(Value(0.0)));
  EXPECT_EQ(InlineTerm(Value(std::nan("1"))), InlineTerm(Value(-std::nan("2"))));
  EXPECT_NE(InlineTerm(Value(1.0)), InlineTerm(Value(1)));
}

TEST(LiteralTest, EveryStorableValueComesBackWithItsType) {
  for (const Value& value : SampleValues()) {
    const auto bytes = EncodeLiteral(value);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    const auto decoded = DecodeLiteral(*bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_TRUE(SameTypeAndValue(*decoded, value)) << FormatValue(value);
    EXPECT_EQ(FormatValue(*decoded), FormatValue(value));  // hedges and zones, too
    EXPECT_EQ(EncodeLiteral(*decoded).value(), *bytes);
  }
}

TEST(LiteralTest, UnlikeValuesHaveUnlikeBytes) {
  const std::vector<Value> values = SampleValues();
  std::set<std::string> seen;
  for (const Value& value : values) seen.insert(EncodeLiteral(value).value());
  EXPECT_EQ(seen.size(), values.size());
}

TEST(LiteralTest, EqualValuesHaveEqualBytes) {
  EXPECT_EQ(EncodeLiteral(Value(List{Value(-0.0)})).value(),
            EncodeLiteral(Value(List{Value(0.0)})).value());
  EXPECT_EQ(EncodeLiteral(Value(Quantity::Exactly(-0.0, "m"))).value(),
            EncodeLiteral(Value(Quantity::Exactly(0.0, "m"))).value());
}

TEST(LiteralTest, TheBytesAreThoseOfTheFormat) {
  EXPECT_EQ(absl::BytesToHexString(EncodeLiteral(Value("Fiat")).value()),
            "01"
            "46696174");
  EXPECT_EQ(absl::BytesToHexString(EncodeLiteral(Value(1)).value()),
            "02"
            "8000000000000001");
  EXPECT_EQ(absl::BytesToHexString(EncodeLiteral(Value(Quantity::Exactly(1, "EUR"))).value()),
            "08"
            "03"
            "00"
            "3ff0000000000000"
            "3ff0000000000000"
            "455552");
  EXPECT_EQ(absl::BytesToHexString(EncodeLiteral(Value(List{Value("a"), Value(true)})).value()),
            "0a"
            "02"
            "0161"
            "02"
            "0b01");
}

TEST(LiteralTest, WhatNoAttributeCanHoldIsRefused) {
  const Value refused[] = {
      Value(),       Value(Map{{"k", Value(1)}}), Value(static_cast<EntityId>(1)),
      Value(Path{}), Value(List{Value(Map{})}),   Nested(kListDepthMax + 1)};
  for (const Value& value : refused) {
    EXPECT_TRUE(absl::IsInvalidArgument(EncodeLiteral(value).status())) << FormatValue(value);
  }
}

TEST(LiteralTest, TheDeepestListThatIsTakenComesBack) {
  const absl::StatusOr<std::string> bytes = EncodeLiteral(Nested(kListDepthMax));
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const absl::StatusOr<Value> value = DecodeLiteral(*bytes);
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(FormatValue(*value), FormatValue(Nested(kListDepthMax)));
}

TEST(LiteralTest, NumbersThatMakeNoTimeAreDataLoss) {
  const Value none[] = {
      Value(LocalDateTime{0, 1'000'000'000}),
      Value(LocalDateTime{0, -1}),
      Value(DateTime{INT64_MAX, 0, 3600, ""}),
      Value(DateTime{0, 0, 18 * 3600 + 1, ""}),
      Value(DateTime{0, INT32_MIN, 0, ""}),
      Value(Duration{0, 0, 0, INT32_MIN}),
      Value(Period{5, 5, Precision::kMicrosecond, Precision::kMicrosecond}),
      Value(Period{0, 5, Precision::kMicrosecond, static_cast<Precision>(11)}),
  };
  for (const Value& value : none) {
    const std::string bytes = EncodeLiteral(value).value();
    EXPECT_TRUE(absl::IsDataLoss(DecodeLiteral(bytes).status())) << absl::BytesToHexString(bytes);
  }
}

TEST(LiteralTest, FormsOfNumbersThatAreNeverWrittenAreDataLoss) {
  for (const char* hex : {"8000000000000000", "7ff8000000000001", "fff8000000000000"}) {
    const std::string number = absl::HexStringToBytes(hex);
    EXPECT_TRUE(absl::IsDataLoss(DecodeLiteral("\x03" + number).status())) << hex;
    // Of a quantity with a low bound.
    const std::string exact = absl::HexStringToBytes("080100");
    EXPECT_TRUE(absl::IsDataLoss(DecodeLiteral(absl::StrCat(exact, number, "USD")).status()));
  }
}

TEST(LiteralTest, DamagedBytesAreDataLossOrSafeToRead) {
  for (const Value& value : SampleValues()) {
    const std::string good = EncodeLiteral(value).value();
    for (size_t i = 0; i < std::min<size_t>(good.size(), 64); ++i) {
      const auto truncated = DecodeLiteral(good.substr(0, i));
      EXPECT_TRUE(truncated.ok() || absl::IsDataLoss(truncated.status()));
      for (int bit = 0; bit < 8; ++bit) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1 << bit);
        const auto decoded = DecodeLiteral(bad);
        EXPECT_TRUE(decoded.ok() || absl::IsDataLoss(decoded.status())) << decoded.status();
      }
    }
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeLiteral("").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeLiteral("\x0d").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeLiteral("\x0c").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeLiteral("\x0b\x02").status()));
  // Lists within lists without end.
  std::string deep;
  for (int i = 0; i < 100; ++i) {
    std::string outer = "\x0a";
    AppendVarint(deep.size(), &outer);
    deep = outer + deep;
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeLiteral(deep).status()));
}

TEST(DictKeyTest, KeysOfShortTextsKeepThemAndThoseOfLongTextsAreShort) {
  EXPECT_EQ(absl::BytesToHexString(DictValueKey("\x01"
                                                "Fiat")),
            "01"
            "01"
            "46696174");
  EXPECT_EQ(absl::BytesToHexString(DictIdKey(9, 2)),
            "02"
            "0000000000000009"
            "00000002");
  EXPECT_EQ(absl::BytesToHexString(DictFoldedKey("fiat", 9)),
            "03"
            "66696174"
            "00"
            "0000000000000009");
  EXPECT_EQ(DictValueKey(std::string(1024, 'x')).size(), 1025u);
  EXPECT_EQ(DictValueKey(std::string(1025, 'x')).size(), 81u);
  EXPECT_EQ(DictFoldedKey(std::string(1025, 'x'), 9).size(), 89u);
  EXPECT_NE(DictValueKey(std::string(1025, 'x')), DictValueKey(std::string(1026, 'x')));
  const DictChunk chunk = DecodeDictIdKey(DictIdKey(9, 2)).value();
  EXPECT_EQ(chunk.literal, 9u);
  EXPECT_EQ(chunk.chunk, 2u);
  EXPECT_TRUE(absl::IsDataLoss(DecodeDictIdKey(DictValueKey("x")).status()));
}

TEST(DictKeyTest, TheHashOfLongTextsNeverChanges) {
  EXPECT_EQ(absl::BytesToHexString(DictValueKey(std::string(1025, 'x')).substr(65)),
            "a16ad0beec59064712e07e9555bd2477");
}

TEST(DictKeyTest, AShortLiteralFollowsThePrefixOfItsKind) {
  EXPECT_EQ(DictValueKey("Fiat"), DictValuePrefix() + "Fiat");
  const std::string body = DictIdKey(9, 2);
  EXPECT_EQ(body.substr(0, DictIdPrefix().size()), DictIdPrefix());
  EXPECT_NE(DictIdPrefix(), DictValuePrefix());
  EXPECT_FALSE(DictIdPrefix().empty());
}

TEST(DictKeyTest, AFoldedPrefixFindsItsTextAlone) {
  const std::string prefix = DictFoldedPrefix("ford");
  EXPECT_EQ(DictFoldedKey("ford", 7).substr(0, prefix.size()), prefix);
  EXPECT_NE(DictFoldedKey("fordham", 7).substr(0, prefix.size()), prefix);
}

}  // namespace
}  // namespace fasti::codec
