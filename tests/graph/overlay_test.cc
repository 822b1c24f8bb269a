#include "engine/graph/overlay.h"

#include <map>
#include <random>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/graph/random_rows.h"

namespace fasti::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Row RowOf(uint64_t version, uint64_t subject = 1, uint32_t relation = 100) {
  Row row = TimelessRow(static_cast<EntityId>(subject), static_cast<RelationId>(relation),
                        Term::Entity(static_cast<EntityId>(2)));
  row.version = row.lineage = version;
  return row;
}

// Version and `gone` of the rows of the lists that are found, newest first within each list.
std::vector<std::pair<uint64_t, uint64_t>> Found(const Overlay& overlay, codec::Order order,
                                                 uint64_t anchor,
                                                 std::optional<uint32_t> relation) {
  Overlay::Heads heads;
  overlay.Find(order, anchor, relation, &heads);
  std::vector<std::pair<uint64_t, uint64_t>> rows;
  for (const Overlay::Node* node : heads) {
    for (; node != nullptr; node = Overlay::Next(node, order)) {
      rows.emplace_back(node->row.version, node->row.gone);
    }
  }
  return rows;
}

TEST(OverlayTest, ARetractionIsTheNewestRowOfItsVersionAndIsMetFirst) {
  Overlay overlay;
  Row gone = RowOf(1);
  gone.gone = 3;
  const Row rows[] = {RowOf(1), RowOf(2), gone};
  overlay.Append(rows);
  ASSERT_NE(overlay.FindVersion(1), nullptr);
  EXPECT_EQ(overlay.FindVersion(1)->gone, 3u);
  EXPECT_EQ(overlay.FindVersion(2)->gone, 0u);
  EXPECT_EQ(overlay.FindVersion(3), nullptr);
  EXPECT_THAT(Found(overlay, codec::Order::kOut, 1, 100),
              ElementsAre(std::pair(1, 3), std::pair(2, 0), std::pair(1, 0)));
}

TEST(OverlayTest, OfAVersionThatWasFoldedOnlyTheRetractionIsThere) {
  Overlay overlay;
  Row gone = RowOf(1);
  gone.gone = 9;
  overlay.AppendUnlinked(gone);
  overlay.AppendUnlinked(RowOf(9));
  ASSERT_NE(overlay.FindVersion(1), nullptr);
  EXPECT_EQ(overlay.FindVersion(1)->gone, 9u);
  EXPECT_EQ(overlay.FindVersion(5), nullptr);
}

TEST(OverlayTest, AllRelationsOfAnEntityAreThoseThatAreNotReserved) {
  Overlay overlay;
  const uint32_t first_user = Raw(kFirstUserRelation);
  const Row rows[] = {RowOf(1, 7, first_user - 1), RowOf(2, 7, first_user), RowOf(3, 8, first_user),
                      RowOf(4, 7, first_user + 1)};
  overlay.Append(rows);
  const auto found = Found(overlay, codec::Order::kOut, 7, std::nullopt);
  EXPECT_THAT(std::set(found.begin(), found.end()), ElementsAre(std::pair(2, 0), std::pair(4, 0)));
  EXPECT_EQ(overlay.Count(codec::Order::kOut, 7, std::nullopt), 2u);
  EXPECT_EQ(overlay.Count(codec::Order::kOut, 7, first_user - 1), 1u);
  EXPECT_THAT(Found(overlay, codec::Order::kOut, 9, std::nullopt), IsEmpty());
  EXPECT_EQ(overlay.Count(codec::Order::kOut, 9, first_user), 0u);
}

// Against the rows themselves, however they came and whenever they were asked for.
TEST(OverlayTest, EveryListHoldsTheRowsOfItsAnchorAndRelation) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  Overlay overlay;
  std::vector<Row> all;
  for (int step = 0; step < 60; ++step) {
    std::vector<Row> rows;
    for (uint64_t i = random() % 50; i > 0; --i) {
      Row row;
      if (!all.empty() && random() % 4 == 0) {
        row = all[random() % all.size()];
        if (row.gone == 0) row.gone = all.size() + rows.size() + 1;
      } else {
        row = RowOf(all.size() + rows.size() + 1, random() % 5,
                    Raw(kFirstUserRelation) - 1 + random() % 4);
        row.object = Term::Entity(static_cast<EntityId>(random() % 5)).bits();
      }
      rows.push_back(row);
    }
    if (random() % 3 == 0) {
      for (const Row& row : rows) overlay.AppendUnlinked(row);
    } else if (random() % 2 == 0) {
      Overlay other;
      other.Append(rows);
      overlay.Append(other);
    } else {
      overlay.Append(rows);
    }
    all.insert(all.end(), rows.begin(), rows.end());
    if (random() % 3 != 0) continue;

    ASSERT_EQ(overlay.size(), all.size());
    std::map<uint64_t, Row> newest;
    for (const Row& row : all) newest[row.version] = row;
    for (const auto& [version, row] : newest) {
      const Row* const found = overlay.FindVersion(version);
      ASSERT_NE(found, nullptr) << version;
      // Of two retractions the later one stands.
      EXPECT_EQ(*found, row) << version;
    }
    for (const codec::Order order : {codec::Order::kOut, codec::Order::kIn, codec::Order::kRel}) {
      const uint64_t anchor = order == codec::Order::kRel ? 0
                              : order == codec::Order::kOut
                                  ? random() % 5
                                  : Term::Entity(static_cast<EntityId>(random() % 5)).bits();
      const uint32_t relation = Raw(kFirstUserRelation) - 1 + random() % 4;
      std::vector<std::pair<uint64_t, uint64_t>> expected;
      for (const Row& row : all) {
        const bool is_of_anchor = order == codec::Order::kRel   ? true
                                  : order == codec::Order::kOut ? row.subject == anchor
                                                                : row.object == anchor;
        if (is_of_anchor && row.relation == relation) expected.emplace_back(row.version, row.gone);
      }
      std::reverse(expected.begin(), expected.end());
      EXPECT_EQ(Found(overlay, order, anchor, relation), expected);
      EXPECT_EQ(overlay.Count(order, anchor, relation), expected.size());
    }
  }
}

}  // namespace
}  // namespace fasti::graph
