#include "engine/codec/extra_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/codec/sample_values.h"

namespace fasti::codec {
namespace {

Map SampleFields() {
  Map map;
  for (const Value& value : SampleValues()) map.emplace(absl::StrCat("f", map.size()), value);
  map.emplace("map", Value(Map{{"inner", Value(1)}, {"other", Value()}}));
  return map;
}

void ExpectSameMap(const Map& a, const Map& b) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [name, value] : a) {
    ASSERT_TRUE(b.count(name)) << name;
    EXPECT_EQ(b.at(name).kind(), value.kind()) << name;
    EXPECT_EQ(FormatValue(b.at(name)), FormatValue(value)) << name;
  }
}

ClaimRecord SampleClaim() {
  ClaimRecord record;
  record.claim.source = static_cast<EntityId>(12);
  record.claim.published = Period::Granule(0, Precision::kDay);
  record.claim.known_from = -5;
  record.claim.text = "Fiat gr\xc3\xbcndet ein Werk.";
  record.claim.span = {10, 33};
  record.claim.valid = Period::Unknown();
  record.claim.figures = {{"amount", Value(Quantity::Exactly(5e6, "EUR"))}};
  record.claim.stance = Stance::kDenies;
  record.claim.modality = Modality::kPlanned;
  record.claim.confidence = 0.75;
  record.claim.extractor = "frame:founded";
  record.retracts = 77;
  return record;
}

TEST(ExtraRecordTest, QualifiersComeBackWhole) {
  VersionExtra extra;
  extra.qualifiers = SampleFields();
  extra.supersedes = UINT64_MAX;
  const auto bytes = EncodeVersionExtra(extra);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const auto decoded = DecodeVersionExtra(*bytes);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  ExpectSameMap(extra.qualifiers, decoded->qualifiers);
  EXPECT_EQ(decoded->supersedes, UINT64_MAX);
}

TEST(ExtraRecordTest, AClaimComesBackWhole) {
  const ClaimRecord record = SampleClaim();
  const auto decoded = DecodeClaim(EncodeClaim(record).value());
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->claim.source, record.claim.source);
  EXPECT_EQ(decoded->claim.published, record.claim.published);
  EXPECT_EQ(decoded->claim.known_from, -5);
  EXPECT_EQ(decoded->claim.text, record.claim.text);
  EXPECT_EQ(decoded->claim.span, record.claim.span);
  EXPECT_EQ(decoded->claim.valid, record.claim.valid);
  ExpectSameMap(record.claim.figures, decoded->claim.figures);
  EXPECT_EQ(decoded->claim.stance, Stance::kDenies);
  EXPECT_EQ(decoded->claim.modality, Modality::kPlanned);
  EXPECT_EQ(decoded->claim.confidence, 0.75);
  EXPECT_EQ(decoded->claim.extractor, "frame:founded");
  EXPECT_EQ(decoded->retracts, 77u);
}

TEST(ExtraRecordTest, TheBytesAreThoseOfTheFormat) {
  VersionExtra extra;
  extra.qualifiers = {{"role", Value("CEO")}};
  extra.supersedes = 9;
  EXPECT_EQ(absl::BytesToHexString(EncodeVersionExtra(extra).value()),
            "100b500101010911011741040211052a510402010f726f6c65010400001101220743454f");
}

TEST(ExtraRecordTest, NestingIsBoundedAndWhatIsAcceptedCanBeRead) {
  for (const Value& deepest :
       {Nested(kListDepthMax - 1), Nested(1), NestedMaps(kListDepthMax - 1)}) {
    const auto bytes = EncodeVersionExtra({.qualifiers = {{"deep", deepest}}});
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    EXPECT_TRUE(DecodeVersionExtra(*bytes).ok());
  }
  const VersionExtra too_deep = {.qualifiers = {{"deep", Nested(kListDepthMax + 1)}}};
  EXPECT_TRUE(absl::IsInvalidArgument(EncodeVersionExtra(too_deep).status()));
  const VersionExtra node = {.qualifiers = {{"node", Value(static_cast<EntityId>(1))}}};
  EXPECT_TRUE(absl::IsInvalidArgument(EncodeVersionExtra(node).status()));
}

TEST(ExtraRecordTest, DamagedBytesAreDataLossOrSafeToRead) {
  const std::string good = EncodeClaim(SampleClaim()).value();
  for (size_t i = 0; i < good.size(); ++i) {
    EXPECT_TRUE(absl::IsDataLoss(DecodeClaim(good.substr(0, i)).status())) << i;
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 1 << bit);
      const auto decoded = DecodeClaim(bad);
      EXPECT_TRUE(decoded.ok() || absl::IsDataLoss(decoded.status())) << decoded.status();
    }
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeClaim(good + std::string(1, '\0')).status()));
}

TEST(ExtraRecordTest, AFewBytesThatUnpackToGigabytesAreRefused) {
  // One segment of a million words, all zero, in runs of 256.
  std::string bytes("\x30\x00\x00\x00", 4);
  bytes = std::string("\x70\x00\x00\x10", 4);
  for (int i = 0; i < 4096; ++i) bytes += std::string("\x00\xff", 2);
  EXPECT_TRUE(absl::IsDataLoss(DecodeClaim(bytes).status()));
}

TEST(ExtraKeyTest, EveryKeyBeginsWithThePrefixesOfItsKindAlone) {
  const std::string prefixes[] = {AnyVersionExtraPrefix(), AnyClaimPrefix(), SourceClaimPrefix(4)};
  const std::string keys[] = {VersionExtraKey(5), ClaimKey(5, 6), SourceClaimKey(4, 5, 6)};
  for (size_t i = 0; i < std::size(keys); ++i) {
    for (size_t j = 0; j < std::size(prefixes); ++j) {
      EXPECT_EQ(absl::StartsWith(keys[i], prefixes[j]), i == j) << i << ", " << j;
    }
  }
}

TEST(ExtraKeyTest, WhatIsNoKeyOfItsKindIsDataLoss) {
  for (const std::string& key : {VersionExtraKey(5), ClaimKey(5, 6), SourceClaimKey(4, 5, 6)}) {
    const std::string others[] = {key.substr(0, key.size() - 1), key + "x", "\x09" + key.substr(1)};
    for (const std::string& other : others) {
      EXPECT_TRUE(absl::IsDataLoss(DecodeVersionExtraKey(other).status()));
      EXPECT_TRUE(absl::IsDataLoss(DecodeClaimKey(other).status()));
      EXPECT_TRUE(absl::IsDataLoss(DecodeSourceClaimKey(other).status()));
    }
  }
}

TEST(ExtraKeyTest, KeysAreThoseOfTheFormatAndSortAsNumbers) {
  EXPECT_EQ(absl::BytesToHexString(VersionExtraKey(5)),
            "01"
            "0000000000000005");
  EXPECT_EQ(absl::BytesToHexString(ClaimKey(5, 6)),
            "02"
            "0000000000000005"
            "0000000000000006");
  EXPECT_EQ(absl::BytesToHexString(SourceClaimKey(4, 5, 6)),
            "03"
            "0000000000000004"
            "0000000000000005"
            "0000000000000006");
  EXPECT_EQ(ClaimKey(5, 6).substr(0, 9), ClaimPrefix(5));
  EXPECT_EQ(SourceClaimKey(4, 5, 6).substr(0, 9), SourceClaimPrefix(4));
  EXPECT_LT(ClaimKey(5, UINT64_MAX), ClaimKey(6, 0));
}

TEST(ExtraKeyTest, KeysComeBackAndWhatIsNoKeyIsDataLoss) {
  const SourceClaim claim = DecodeSourceClaimKey(SourceClaimKey(4, 5, 6)).value();
  EXPECT_EQ(claim.source, 4u);
  EXPECT_EQ(claim.lineage, 5u);
  EXPECT_EQ(claim.sequence, 6u);
  EXPECT_EQ(DecodeClaimSequence(ClaimKey(5, 6)).value(), 6u);
  EXPECT_EQ(DecodeClaimKey(ClaimKey(5, 6)).value().lineage, 5u);
  EXPECT_EQ(DecodeVersionExtraKey(VersionExtraKey(12)).value(), 12u);
  EXPECT_TRUE(absl::IsDataLoss(DecodeVersionExtraKey(ClaimKey(5, 6)).status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeClaimKey(VersionExtraKey(12)).status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeSourceClaimKey(ClaimKey(5, 6)).status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeSourceClaimKey(SourceClaimKey(4, 5, 6) + "x").status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeClaimSequence(SourceClaimKey(4, 5, 6)).status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodeClaimSequence("").status()));
}

}  // namespace
}  // namespace fasti::codec
