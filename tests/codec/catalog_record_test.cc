#include "engine/codec/catalog_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/escaping.h"

namespace fasti::codec {
namespace {

RelationInfo SampleRelation() {
  RelationInfo relation;
  relation.id = static_cast<RelationId>(17);
  relation.name = "acquired";
  relation.is_attribute = true;
  relation.kind = RelationKind::kMetric;
  relation.symmetric = true;
  relation.functional = true;
  relation.inverse = "acquired_by";
  relation.unit = "EUR";
  relation.policy = Policy::kTrusted;
  relation.subject_type = "Company";
  relation.object_type = "Organization";
  relation.key_qualifiers = {"role", "segment"};
  relation.merge_window_days = 45;
  return relation;
}

TEST(CatalogRecordTest, ARelationComesBackWhole) {
  const RelationInfo relation = SampleRelation();
  const RelationInfo decoded = DecodeRelation(EncodeRelation(relation)).value();
  EXPECT_EQ(decoded.id, relation.id);
  EXPECT_EQ(decoded.name, relation.name);
  EXPECT_TRUE(decoded.is_attribute);
  EXPECT_EQ(decoded.kind, RelationKind::kMetric);
  EXPECT_TRUE(decoded.symmetric);
  EXPECT_TRUE(decoded.functional);
  EXPECT_EQ(decoded.inverse, relation.inverse);
  EXPECT_EQ(decoded.unit, relation.unit);
  EXPECT_EQ(decoded.policy, Policy::kTrusted);
  EXPECT_EQ(decoded.subject_type, relation.subject_type);
  EXPECT_EQ(decoded.object_type, relation.object_type);
  EXPECT_EQ(decoded.key_qualifiers, relation.key_qualifiers);
  EXPECT_EQ(decoded.merge_window_days, 45u);
}

TEST(CatalogRecordTest, FiguresComeBackWhole) {
  for (const std::map<std::string, uint64_t>& figures :
       {std::map<std::string, uint64_t>{}, {{"commits", 7}, {"folds", UINT64_MAX}}}) {
    EXPECT_EQ(*DecodeFigures(EncodeFigures(figures)), figures);
  }
}

TEST(CatalogRecordTest, ALabelAndTheFormatComeBackWhole) {
  const LabelInfo label =
      DecodeLabel(EncodeLabel({static_cast<LabelId>(3), "Company", static_cast<LabelId>(2)}))
          .value();
  EXPECT_EQ(label.id, static_cast<LabelId>(3));
  EXPECT_EQ(label.name, "Company");
  EXPECT_EQ(label.parent, static_cast<LabelId>(2));

  FormatRecord format;
  format.features = {"four-orders", "claims"};
  format.database_id = std::string("\0\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c\x0d\x0e\xff", 16);
  format.created = -1;
  const FormatRecord decoded = DecodeFormat(EncodeFormat(format)).value();
  EXPECT_EQ(decoded.major, kFormatMajor);
  EXPECT_EQ(decoded.minor, kFormatMinor);
  EXPECT_EQ(decoded.features, format.features);
  EXPECT_EQ(decoded.database_id, format.database_id);
  EXPECT_EQ(decoded.created, -1);
}

TEST(CatalogRecordTest, AnUnknownNumberIsDataLossRatherThanAGuess) {
  RelationInfo relation = SampleRelation();
  relation.policy = static_cast<Policy>(8);
  EXPECT_TRUE(absl::IsDataLoss(DecodeRelation(EncodeRelation(relation)).status()));
  relation = SampleRelation();
  relation.kind = static_cast<RelationKind>(4);
  EXPECT_TRUE(absl::IsDataLoss(DecodeRelation(EncodeRelation(relation)).status()));
}

TEST(CatalogRecordTest, DamagedBytesAreDataLossOrSafeToRead) {
  const std::string good = EncodeRelation(SampleRelation());
  for (size_t i = 0; i < good.size(); ++i) {
    EXPECT_TRUE(absl::IsDataLoss(DecodeRelation(good.substr(0, i)).status())) << i;
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 1 << bit);
      const auto decoded = DecodeRelation(bad);
      EXPECT_TRUE(decoded.ok() || absl::IsDataLoss(decoded.status())) << decoded.status();
    }
  }
}

TEST(CatalogKeyTest, KeysAreThoseOfTheFormat) {
  EXPECT_EQ(FormatKey(), "format");
  EXPECT_EQ(RelationKey(static_cast<RelationId>(0x01020304)), "relation:\1\2\3\4");
  EXPECT_EQ(LabelKey(static_cast<LabelId>(0x01020304)), "label:\1\2\3\4");
  EXPECT_EQ(BatchKey(0x0102030405060708), "batch:\1\2\3\4\5\6\7\x08");
  EXPECT_EQ(BatchKey(absl::MakeUint128(9, 0x0102030405060708)),
            absl::string_view("batch:\0\0\0\0\0\0\0\x09\1\2\3\4\5\6\7\x08", 22));
}

TEST(CatalogKeyTest, BatchIdsAreReadBack) {
  for (const absl::uint128 id : {absl::uint128(0), absl::uint128(1), absl::uint128(~uint64_t{0}),
                                 absl::MakeUint128(1, 0), absl::Uint128Max()}) {
    const auto decoded = DecodeBatchKey(BatchKey(id));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(*decoded, id);
  }
  const std::string key = BatchKey(absl::Uint128Max());
  for (size_t size = 0; size < key.size(); ++size) {
    if (size == BatchKey(1).size()) continue;
    EXPECT_TRUE(absl::IsDataLoss(DecodeBatchKey(key.substr(0, size)).status())) << size;
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeBatchKey(key + "x").status()));
}

TEST(PurgeKeyTest, KeysSortByTimeAndComeBack) {
  EXPECT_LT(PurgeKey(-1), PurgeKey(0));
  EXPECT_LT(PurgeKey(5), PurgeKey(300));
  EXPECT_EQ(DecodePurgeKey(PurgeKey(-7)).value(), -7);
  EXPECT_TRUE(absl::IsDataLoss(DecodePurgeKey(PurgePrefix()).status()));
  EXPECT_TRUE(absl::IsDataLoss(DecodePurgeKey(LabelKey(static_cast<LabelId>(3))).status()));
}

}  // namespace
}  // namespace fasti::codec
