#include "engine/graph/row_spool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "tests/graph/probe_store.h"

namespace fasti::graph {
namespace {

// Against a map, with chunks so small that there are many runs; some versions come again, as they
// were or retracted.
TEST(RowSpoolTest, EveryOrderHasEachVersionOnceInItsLastForm) {
  for (const size_t chunk_rows : {1, 7, 300, 100'000}) {
    SCOPED_TRACE(chunk_rows);
    ProbeStore store;
    RowSpool spool(store, chunk_rows);
    std::mt19937_64 random(11);
    std::map<uint64_t, Row> model;
    std::vector<Row> rows;
    for (uint64_t version = 1; version <= 1200; ++version) {
      Row row;
      row.subject = 1 + random() % 20;
      row.object = random() % 6 == 0 ? (random() << 3 | 5) : (1 + random() % 30) << 3;
      row.version = version;
      row.lineage = version;
      row.relation = random() % 5 == 0 ? 1 : 16 + static_cast<uint32_t>(random() % 3);
      row.from = static_cast<int64_t>(random() % 1'000'000);
      row.duration = random() % 100'000;
      row.flags = row.duration == 0 ? 0xe0 : 0x44;
      row.known_from = kInstantMin;
      row.known_to = kInstantMax;
      rows.push_back(row);
      if (random() % 3 == 0) rows.push_back(row);
      if (random() % 3 == 0) {
        row.gone = version + 1 + random() % 100;
        rows.push_back(row);
      }
      model[version] = row;
    }
    std::shuffle(rows.begin(), rows.end(), random);
    for (const Row& row : rows) ASSERT_TRUE(spool.Add(row).ok());
    ASSERT_TRUE(spool.Seal().ok());
    for (const codec::Order order : kAllOrders) {
      std::map<codec::PostKey, Row> expected;
      for (const auto& [version, row] : model) {
        if (!codec::OrderHolds(order, row)) continue;
        expected[codec::KeyOfRow(order, row)] =
            order == codec::Order::kId ? codec::IdRow(row) : row;
      }
      auto next = expected.begin();
      ASSERT_TRUE(spool
                      .ForEach(order,
                               [&](const Row& row) {
                                 EXPECT_NE(next, expected.end());
                                 EXPECT_EQ(row, (next++)->second);
                                 return absl::OkStatus();
                               })
                      .ok());
      EXPECT_EQ(next, expected.end());
    }
  }
}

}  // namespace
}  // namespace fasti::graph
